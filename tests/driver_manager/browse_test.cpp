// SQLBrowseConnect, through unixODBC and directly.
#include <dlfcn.h>

#include <array>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

SQLCHAR* bytes(const std::string& text) {
  return const_cast<SQLCHAR*>(reinterpret_cast<const SQLCHAR*>(text.data()));
}

/// The functions of this test, of unixODBC or of the driver itself.
struct Functions {
  decltype(&SQLAllocHandle) alloc = SQLAllocHandle;
  decltype(&SQLFreeHandle) free = SQLFreeHandle;
  decltype(&SQLSetEnvAttr) set_env = SQLSetEnvAttr;
  decltype(&SQLBrowseConnect) browse = SQLBrowseConnect;
  decltype(&SQLDriverConnect) connect = SQLDriverConnect;
  decltype(&SQLDisconnect) disconnect = SQLDisconnect;
  decltype(&SQLGetDiagRec) diagnostic = SQLGetDiagRec;
  decltype(&SQLGetConnectAttr) get_attribute = SQLGetConnectAttr;
};

template <class Function>
void load(void* library, const char* name, Function& into) {
  into = reinterpret_cast<Function>(dlsym(library, name));
  ASSERT_NE(into, nullptr) << name;
}

Functions of_driver() {
  static void* const library = dlopen(FABRIC_ODBC_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  Functions found;
  load(library, "SQLAllocHandle", found.alloc);
  load(library, "SQLFreeHandle", found.free);
  load(library, "SQLSetEnvAttr", found.set_env);
  load(library, "SQLBrowseConnect", found.browse);
  load(library, "SQLDriverConnect", found.connect);
  load(library, "SQLDisconnect", found.disconnect);
  load(library, "SQLGetDiagRec", found.diagnostic);
  load(library, "SQLGetConnectAttr", found.get_attribute);
  return found;
}

class Browse : public testing::TestWithParam<bool> {
 protected:
  Browse() : odbc_(GetParam() ? of_driver() : Functions()) {
    use_private_odbc_configuration();
    odbc_.alloc(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment_);
    odbc_.set_env(environment_, SQL_ATTR_ODBC_VERSION, attribute_value(SQL_OV_ODBC3), 0);
    odbc_.alloc(SQL_HANDLE_DBC, environment_, &connection_);
  }
  ~Browse() override {
    odbc_.disconnect(connection_);
    odbc_.free(SQL_HANDLE_DBC, connection_);
    odbc_.free(SQL_HANDLE_ENV, environment_);
  }

  SQLRETURN browse(const std::string& text, SQLSMALLINT capacity = 2000) {
    std::array<SQLCHAR, 2000> out{};
    const SQLRETURN result =
        odbc_.browse(connection_, bytes(text), SQL_NTS, out.data(), capacity, &length_);
    out_ = reinterpret_cast<const char*>(out.data());
    return result;
  }
  std::string state() {
    std::array<SQLCHAR, 6> state{};
    std::array<SQLCHAR, 1000> text{};
    SQLINTEGER native = 0;
    SQLSMALLINT length = 0;
    const SQLRETURN found = odbc_.diagnostic(SQL_HANDLE_DBC, connection_, 1, state.data(), &native,
                                             text.data(), 1000, &length);
    sentence_ = reinterpret_cast<const char*>(text.data());
    return SQL_SUCCEEDED(found) ? reinterpret_cast<const char*>(state.data()) : "00000";
  }
  std::string catalog() {
    std::array<SQLCHAR, 100> name{};
    SQLINTEGER length = 0;
    odbc_.get_attribute(connection_, SQL_ATTR_CURRENT_CATALOG, name.data(), 100, &length);
    return reinterpret_cast<const char*>(name.data());
  }
  [[nodiscard]] std::string server() const {
    return "SERVER=127.0.0.1;PORT=" + std::to_string(server_.endpoint().port) + ";";
  }

  Functions odbc_;
  TestServer& server_ = TestServer::shared(ServerKind::kMariaDb);
  SQLHENV environment_ = nullptr;
  SQLHDBC connection_ = nullptr;
  std::string out_, sentence_;
  SQLSMALLINT length_ = 0;
};

TEST_P(Browse, AsksLevelByLevel) {
  ASSERT_EQ(browse("DRIVER={fabric}"), SQL_NEED_DATA) << state() << sentence_;
  EXPECT_EQ(out_, "SERVER:Server=?;*PORT:Port=?;UID:User=?;PWD:Password=?;");
  EXPECT_EQ(length_, static_cast<SQLSMALLINT>(out_.size()));
  ASSERT_EQ(browse(server()), SQL_NEED_DATA);
  EXPECT_EQ(out_, "UID:User=?;PWD:Password=?;");
  ASSERT_EQ(browse("UID=app;PWD=apppw"), SQL_NEED_DATA) << state() << sentence_;
  EXPECT_TRUE(out_.starts_with("*DATABASE:Database={")) << out_;
  EXPECT_NE(out_.find("test"), std::string::npos) << out_;
  ASSERT_EQ(browse("DATABASE=test"), SQL_SUCCESS) << state() << sentence_;
  EXPECT_EQ(out_, "DRIVER=fabric;" + server() + "UID=app;DATABASE=test;");
  EXPECT_EQ(catalog(), "test");
}

TEST_P(Browse, EndsAtOnceWhenAllIsGiven) {
  ASSERT_EQ(browse("DRIVER={fabric};" + server() + "UID=app;PWD=apppw;DATABASE=mysql"),
            SQL_SUCCESS);
  EXPECT_EQ(catalog(), "mysql");
}

TEST_P(Browse, TakesTheEntriesOfADataSource) {
  write_dsn("browsed", "SERVER = 127.0.0.1\nPORT = " + std::to_string(server_.endpoint().port) +
                           "\nDATABASE = test\n");
  ASSERT_EQ(browse("DSN=browsed"), SQL_NEED_DATA) << state() << sentence_;
  EXPECT_EQ(out_, "UID:User=?;PWD:Password=?;");
  ASSERT_EQ(browse("UID=app;PWD=apppw"), SQL_SUCCESS) << state() << sentence_;
  EXPECT_EQ(out_, "DSN=browsed;UID=app;");
}

TEST_P(Browse, NeedsNoDatabase) {
  ASSERT_EQ(browse("DRIVER={fabric};" + server() + "UID=app;PWD=apppw"), SQL_NEED_DATA);
  ASSERT_EQ(browse(""), SQL_SUCCESS) << state() << sentence_;
  EXPECT_EQ(catalog(), "null");  // as other drivers
}

TEST_P(Browse, WarnsOfUnknownKeywordsAndCutText) {
  ASSERT_EQ(browse("DRIVER={fabric};SERVR=x", 5), SQL_NEED_DATA);
  EXPECT_EQ(out_, "SERV");
  EXPECT_GT(length_, 40);
  const std::string first = state();
  EXPECT_TRUE(first == "01S00" || first == "01004") << first << sentence_;
}

TEST_P(Browse, WarnsOfWhatItWasGivenAtEachLevelAndAtTheEnd) {
  ASSERT_EQ(browse("DRIVER={fabric};SERVR=x"), SQL_NEED_DATA);
  EXPECT_EQ(state(), "01S00");
  ASSERT_EQ(browse(server() + "UIDD=y"), SQL_NEED_DATA);
  EXPECT_EQ(state(), "01S00");
  ASSERT_EQ(browse("UID=app;PWD=apppw"), SQL_NEED_DATA) << state() << sentence_;
  ASSERT_EQ(browse("DATABASE=test;PORTT=1"), SQL_SUCCESS_WITH_INFO) << state() << sentence_;
  EXPECT_EQ(state(), "01S00");
  ASSERT_EQ(odbc_.disconnect(connection_), SQL_SUCCESS) << state() << sentence_;
  ASSERT_EQ(browse("DRIVER={fabric};SERVR=x;" + server() + "UID=app;PWD=apppw;DATABASE=test"),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(state(), "01S00");
}

TEST_P(Browse, EndsWithAnError) {
  ASSERT_EQ(browse("DRIVER={fabric};" + server()), SQL_NEED_DATA);
  ASSERT_EQ(browse("UID=app;PWD=wrong"), SQL_ERROR);
  EXPECT_EQ(state(), "28000");
  ASSERT_EQ(browse("DRIVER={fabric};" + server() + "UID=app;PWD=apppw"), SQL_NEED_DATA)
      << "it may begin anew";
  ASSERT_EQ(browse("DATABASE=nowhere"), SQL_ERROR);
  ASSERT_EQ(browse("DRIVER={fabric};" + server() + "UID=app;PWD=apppw;DATABASE=test"), SQL_SUCCESS)
      << state() << sentence_;
}

TEST_P(Browse, IsGivenUpByDisconnecting) {
  ASSERT_EQ(browse("DRIVER={fabric}"), SQL_NEED_DATA);
  ASSERT_EQ(odbc_.disconnect(connection_), SQL_SUCCESS) << state() << sentence_;
  ASSERT_EQ(browse("DRIVER={fabric};" + server() + "UID=app;PWD=apppw"), SQL_NEED_DATA);
  ASSERT_EQ(odbc_.disconnect(connection_), SQL_SUCCESS) << state() << sentence_;
  ASSERT_EQ(browse("DRIVER={fabric};" + server() + "UID=app;PWD=apppw;DATABASE=test"), SQL_SUCCESS);
  EXPECT_EQ(browse("DRIVER={fabric}"), SQL_ERROR);
  EXPECT_EQ(state(), "08002");
}

INSTANTIATE_TEST_SUITE_P(Of, Browse, testing::Bool(),
                         [](const auto& direct) { return direct.param ? "Driver" : "UnixOdbc"; });

}  // namespace
}  // namespace test_support
