// What programs of ODBC 2 and of other systems ask by number, without a driver manager that would
// translate it.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "tests/direct/odbc_rig.h"

namespace test_support {
namespace {

constexpr SQLUSMALLINT kColumnKey = 1212;  // SQL_CA_SS_COLUMN_KEY of Microsoft's sqlncli.h

class Odbc2Habits : public testing::TestWithParam<ServerKind> {
 protected:
  static std::string server() {
    return "DRIVER={" + driver_under_test() + "};SERVER=127.0.0.1;PORT=" +
           std::to_string(TestServer::shared(GetParam()).endpoint().port) + ";";
  }
  void start(const OdbcRig& rig) {
    // A program of ODBC 2 is the one without a W call.
    ASSERT_EQ(rig("SQLDriverConnect", rig.connection, nullptr,
                  (server() + "UID=app;PWD=apppw;DATABASE=test;").c_str(), SQL_NTS, nullptr, 0,
                  nullptr, SQL_DRIVER_NOPROMPT),
              SQL_SUCCESS);
  }
};

TEST_P(Odbc2Habits, AskForColumnsByTheOldNumbers) {
  OdbcRig rig(Through::kNothing, SQL_OV_ODBC2);
  start(rig);
  const SQLHSTMT statement = rig.make_statement();
  rig("SQLExecDirect", statement, "DROP TABLE IF EXISTS old_numbers", SQL_NTS);
  rig("SQLExecDirect", statement,
      "CREATE TABLE old_numbers (id INT UNSIGNED PRIMARY KEY AUTO_INCREMENT, d DECIMAL(9,3), t "
      "VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL, w DATETIME NULL)",
      SQL_NTS);
  ASSERT_EQ(rig("SQLExecDirect", statement, "SELECT id, d, t, w FROM old_numbers", SQL_NTS),
            SQL_SUCCESS);
  const auto number = [&](SQLUSMALLINT column, SQLUSMALLINT field) {
    SQLLEN value = -7;
    EXPECT_EQ(rig("SQLColAttributes", statement, column, field, nullptr, 0, nullptr, &value),
              SQL_SUCCESS)
        << column << ' ' << field;
    return value;
  };
  using Row = std::array<SQLLEN, 4>;
  const std::vector<std::pair<int, Row>> expected{
      {SQL_COLUMN_COUNT, {4, 4, 4, 4}},
      {SQL_COLUMN_TYPE, {SQL_INTEGER, SQL_DECIMAL, SQL_VARCHAR, SQL_TIMESTAMP}},
      {SQL_COLUMN_PRECISION, {10, 9, 20, 19}},
      {SQL_COLUMN_SCALE, {0, 3, 0, 0}},
      {SQL_COLUMN_NULLABLE, {SQL_NULLABLE, SQL_NULLABLE, SQL_NO_NULLS, SQL_NULLABLE}},
      {SQL_COLUMN_UNSIGNED, {SQL_TRUE, SQL_FALSE, SQL_TRUE, SQL_TRUE}},
      {SQL_COLUMN_MONEY, {SQL_FALSE, SQL_FALSE, SQL_FALSE, SQL_FALSE}},
      {SQL_COLUMN_AUTO_INCREMENT, {SQL_TRUE, SQL_FALSE, SQL_FALSE, SQL_FALSE}},
      {SQL_COLUMN_CASE_SENSITIVE, {SQL_FALSE, SQL_FALSE, SQL_TRUE, SQL_FALSE}},
      {kColumnKey, {SQL_TRUE, SQL_FALSE, SQL_FALSE, SQL_FALSE}}};
  for (const auto& [field, row] : expected) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      EXPECT_EQ(number(static_cast<SQLUSMALLINT>(i + 1), static_cast<SQLUSMALLINT>(field)), row[i])
          << "field " << field << " of column " << i + 1;
    }
  }
  const auto text = [&](SQLUSMALLINT field) {
    std::array<char, 40> value{};
    SQLSMALLINT length = 0;
    EXPECT_EQ(
        rig("SQLColAttributes", statement, 2, field, value.data(), value.size(), &length, nullptr),
        SQL_SUCCESS)
        << field;
    EXPECT_EQ(static_cast<std::size_t>(length), std::string(value.data()).size());
    return std::string(value.data());
  };
  EXPECT_EQ(text(SQL_COLUMN_NAME), "d");
  EXPECT_EQ(text(SQL_COLUMN_LABEL), "d");
  EXPECT_EQ(text(SQL_COLUMN_TABLE_NAME), "old_numbers");
  EXPECT_EQ(text(SQL_COLUMN_QUALIFIER_NAME), "test");
  EXPECT_EQ(text(SQL_COLUMN_OWNER_NAME), "");
  EXPECT_EQ(text(SQL_COLUMN_TYPE_NAME), "decimal");
}

TEST_P(Odbc2Habits, AreToldTheTypesOfTheirTime) {
  std::map<SQLINTEGER, std::vector<std::string>> names;
  for (const SQLINTEGER version : {SQLINTEGER{SQL_OV_ODBC2}, SQLINTEGER{SQL_OV_ODBC3}}) {
    OdbcRig rig(Through::kNothing, version);
    start(rig);
    const SQLHSTMT statement = rig.make_statement();
    ASSERT_EQ(rig("SQLGetTypeInfo", statement, SQL_ALL_TYPES), SQL_SUCCESS);
    SQLSMALLINT columns = 0;
    rig("SQLNumResultCols", statement, &columns);
    EXPECT_EQ(columns, 19);
    std::array<char, 64> name{};
    SQLSMALLINT type = 0;
    SQLLEN length = 0;
    rig("SQLBindCol", statement, 1, SQL_C_CHAR, name.data(), name.size(), &length);
    rig("SQLBindCol", statement, 2, SQL_C_SSHORT, &type, 0, &length);
    SQLSMALLINT before = -100;
    while (SQL_SUCCEEDED(rig("SQLFetch", statement))) {
      EXPECT_GE(type, before) << name.data();  // in the order of their numbers
      before = type;
      names[version].push_back(name.data());
      const bool old = type >= SQL_DATE && type <= SQL_TIMESTAMP;
      const bool fresh = type >= SQL_TYPE_DATE && type <= SQL_TYPE_TIMESTAMP;
      EXPECT_FALSE(version == SQL_OV_ODBC2 ? fresh : old) << name.data() << ' ' << type;
    }
    rig("SQLFreeStmt", statement, SQL_CLOSE);
    rig("SQLFreeStmt", statement, SQL_UNBIND);
    ASSERT_EQ(rig("SQLGetTypeInfo", statement, SQL_TIMESTAMP), SQL_SUCCESS);
    EXPECT_TRUE(SQL_SUCCEEDED(rig("SQLFetch", statement)));  // the old number is known to both
  }
  EXPECT_FALSE(names[SQL_OV_ODBC3].empty());
  std::ranges::sort(names[SQL_OV_ODBC2]);
  std::ranges::sort(names[SQL_OV_ODBC3]);
  EXPECT_EQ(names[SQL_OV_ODBC2], names[SQL_OV_ODBC3]);
}

TEST_P(Odbc2Habits, AreShownNoWindow) {
  OdbcRig rig(Through::kNothing);
  const std::string whole = server() + "UID=app;PWD=apppw;";
  const auto connect = [&](const std::string& text, int completion) {
    const SQLRETURN result = rig("SQLDriverConnect", rig.connection, nullptr, text.c_str(), SQL_NTS,
                                 nullptr, 0, nullptr, completion);
    const std::string state =
        result == SQL_ERROR ? rig.state_of(SQL_HANDLE_DBC, rig.connection) : "00000";
    rig("SQLDisconnect", rig.connection);
    return state;
  };
  EXPECT_EQ(connect(whole, SQL_DRIVER_PROMPT), "HYC00");
  for (const int completion :
       {SQL_DRIVER_NOPROMPT, SQL_DRIVER_COMPLETE, SQL_DRIVER_COMPLETE_REQUIRED}) {
    EXPECT_EQ(connect(whole, completion), "00000") << completion;
    EXPECT_EQ(connect(server() + "UID=nobody;", completion), "28000") << completion;
  }
}

TEST_P(Odbc2Habits, SetAPacketSizeThatIsTheProtocols) {
  OdbcRig rig(Through::kNothing);
  EXPECT_EQ(rig("SQLSetConnectAttr", rig.connection, SQL_ATTR_PACKET_SIZE, 8192, 0),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(rig.state_of(SQL_HANDLE_DBC, rig.connection), "01S02");
  EXPECT_EQ(rig("SQLSetConnectAttr", rig.connection, SQL_ATTR_PACKET_SIZE, 16777215, 0),
            SQL_SUCCESS);
  SQLUINTEGER size = 0;
  rig("SQLGetConnectAttr", rig.connection, SQL_ATTR_PACKET_SIZE, &size, 0, nullptr);
  EXPECT_EQ(size, 16777215U);
}

INSTANTIATE_TEST_SUITE_P(Servers, Odbc2Habits, testing::ValuesIn(server_kinds()),
                         [](const auto& kind) { return name_of(kind.param); });

}  // namespace
}  // namespace test_support
