// The driver called without a driver manager: what it exports, the functions of ODBC 2, and
// diagnostics as the driver itself gives them.
#include <array>
#include <fstream>

#include "tests/driver_manager/direct_driver.h"
#include "tests/driver_manager/server_case.h"
#include "tests/support/source_tree.h"

namespace test_support {
namespace {

SQLCHAR* text(const char* value) { return reinterpret_cast<SQLCHAR*>(const_cast<char*>(value)); }

class Direct : public testing::TestWithParam<ServerKind> {
 protected:
  /// Connected as an application of ODBC 2 would be.
  Direct() {
    driver_.call(&SQLAllocEnv, "SQLAllocEnv", &environment_);
    driver_.call(&SQLAllocConnect, "SQLAllocConnect", environment_, &connection_);
    std::string string = connection_string(TestServer::shared(GetParam()).endpoint());
    string.erase(0, string.find(';') + 1);  // DRIVER= is the driver manager's
    SQLSMALLINT length = 0;
    EXPECT_EQ(
        driver_.call(&SQLDriverConnect, "SQLDriverConnect", connection_, SQLHWND{nullptr},
                     text(string.c_str()), SQLSMALLINT{SQL_NTS}, static_cast<SQLCHAR*>(nullptr),
                     SQLSMALLINT{0}, &length, SQLUSMALLINT{SQL_DRIVER_NOPROMPT}),
        SQL_SUCCESS)
        << driver_.state(SQL_HANDLE_DBC, connection_);
    driver_.call(&SQLAllocStmt, "SQLAllocStmt", connection_, &statement_);
  }
  ~Direct() override {
    driver_.call(&SQLDisconnect, "SQLDisconnect", connection_);
    driver_.call(&SQLFreeConnect, "SQLFreeConnect", connection_);
    EXPECT_EQ(driver_.call(&SQLFreeEnv, "SQLFreeEnv", environment_), SQL_SUCCESS);
  }

  SQLRETURN execute(const char* sql) {
    return driver_.call(&SQLExecDirect, "SQLExecDirect", statement_, text(sql),
                        SQLINTEGER{SQL_NTS});
  }
  /// The next state by SQLError; "no data" at the end.
  std::string next_error() {
    std::array<SQLCHAR, 6> state{};
    SQLINTEGER native = 0;
    SQLSMALLINT length = 0;
    const SQLRETURN result =
        driver_.call(&SQLError, "SQLError", environment_, connection_, statement_, state.data(),
                     &native, static_cast<SQLCHAR*>(nullptr), SQLSMALLINT{0}, &length);
    return result == SQL_NO_DATA ? "no data" : reinterpret_cast<const char*>(state.data());
  }
  template <class T>
  T number_field(SQLSMALLINT record, SQLSMALLINT id) {
    T value = 0;
    driver_.call(&SQLGetDiagField, "SQLGetDiagField", SQLSMALLINT{SQL_HANDLE_STMT}, statement_,
                 record, id, SQLPOINTER{&value}, SQLSMALLINT{0},
                 static_cast<SQLSMALLINT*>(nullptr));
    return value;
  }
  std::string text_field(SQLSMALLINT record, SQLSMALLINT id) {
    std::array<char, 400> value{};
    SQLSMALLINT length = 0;
    const SQLRETURN result = field(record, id, value.data(), value.size(), &length);
    return SQL_SUCCEEDED(result) ? value.data() : "refused";
  }
  SQLRETURN field(SQLSMALLINT record, SQLSMALLINT id, SQLPOINTER value, std::size_t capacity,
                  SQLSMALLINT* length) {
    return driver_.call(&SQLGetDiagField, "SQLGetDiagField", SQLSMALLINT{SQL_HANDLE_STMT},
                        statement_, record, id, value, static_cast<SQLSMALLINT>(capacity), length);
  }

  DirectDriver driver_;
  SQLHENV environment_ = nullptr;
  SQLHDBC connection_ = nullptr;
  SQLHSTMT statement_ = nullptr;
};
FOR_EVERY_SERVER(Direct);

TEST(DirectExports, AreTheFunctionsOfTheConformancePage) {
  const DirectDriver driver;
  std::ifstream page(source_file("docs/conformance.md"));
  int checked = 0;
  for (std::string line; std::getline(page, line) && line != "## Environment attributes";) {
    if (!line.starts_with("| `SQL")) continue;
    const std::string name = line.substr(3, line.find('`', 3) - 3);
    const bool ours = line.find("` | driver |") != std::string::npos ||
                      line.find("` | driver, for ODBC 2 |") != std::string::npos;
    EXPECT_EQ(driver.find(name.c_str()) != nullptr, ours) << name;
    ++checked;
  }
  EXPECT_GT(checked, 70);
}

TEST_P(Direct, FunctionsOfOdbc2Work) {
  driver_.call(&SQLSetConnectOption, "SQLSetConnectOption", connection_,
               SQLUSMALLINT{SQL_AUTOCOMMIT}, SQLULEN{SQL_AUTOCOMMIT_OFF});
  SQLUINTEGER mode = 7;
  driver_.call(&SQLGetConnectOption, "SQLGetConnectOption", connection_,
               SQLUSMALLINT{SQL_AUTOCOMMIT}, SQLPOINTER{&mode});
  EXPECT_EQ(mode, SQLUINTEGER{SQL_AUTOCOMMIT_OFF});
  driver_.call(&SQLSetStmtOption, "SQLSetStmtOption", statement_, SQLUSMALLINT{SQL_MAX_ROWS},
               SQLULEN{1});
  SQLINTEGER value = 5;
  SQLLEN length = 0;
  ASSERT_EQ(driver_.call(&SQLSetParam, "SQLSetParam", statement_, SQLUSMALLINT{1},
                         SQLSMALLINT{SQL_C_SLONG}, SQLSMALLINT{SQL_INTEGER}, SQLULEN{0},
                         SQLSMALLINT{0}, SQLPOINTER{&value}, &length),
            SQL_SUCCESS);
  ASSERT_EQ(execute("SELECT DATE '2026-01-02' AS d, ? UNION SELECT NULL, 2"), SQL_SUCCESS);
  SQLLEN type = 0;
  SQLSMALLINT ignored = 0;
  EXPECT_EQ(driver_.call(&SQLColAttributes, "SQLColAttributes", statement_, SQLUSMALLINT{1},
                         SQLUSMALLINT{SQL_COLUMN_TYPE}, SQLPOINTER{nullptr}, SQLSMALLINT{0},
                         &ignored, &type),
            SQL_SUCCESS);
  EXPECT_EQ(type, SQL_DATE);
  EXPECT_EQ(driver_.call(&SQLFetch, "SQLFetch", statement_), SQL_SUCCESS);
  EXPECT_EQ(driver_.call(&SQLFetch, "SQLFetch", statement_), SQL_NO_DATA);
  driver_.call(&SQLFreeStmt, "SQLFreeStmt", statement_, SQLUSMALLINT{SQL_CLOSE});
  EXPECT_EQ(driver_.call(&SQLTransact, "SQLTransact", environment_, connection_,
                         SQLUSMALLINT{SQL_ROLLBACK}),
            SQL_SUCCESS);
  EXPECT_EQ(driver_.call(&SQLFreeStmt, "SQLFreeStmt", statement_, SQLUSMALLINT{SQL_DROP}),
            SQL_SUCCESS);
}

TEST_P(Direct, SqlErrorTellsEachRecordOnce) {
  EXPECT_EQ(execute("SELECT * FROM no_such_table"), SQL_ERROR);
  EXPECT_EQ(next_error(), "S0002");
  EXPECT_EQ(next_error(), "no data");
}

TEST_P(Direct, DiagnosticFieldsOfARecord) {
  EXPECT_EQ(execute("SELECT * FROM no_such_table"), SQL_ERROR);
  EXPECT_EQ(text_field(1, SQL_DIAG_SQLSTATE), "S0002");
  EXPECT_EQ(text_field(1, SQL_DIAG_CLASS_ORIGIN), "ISO 9075");
  EXPECT_EQ(text_field(1, SQL_DIAG_SUBCLASS_ORIGIN), "ODBC 3.0");
  EXPECT_EQ(text_field(1, SQL_DIAG_SERVER_NAME), "");
  EXPECT_EQ(text_field(1, SQL_DIAG_CONNECTION_NAME), "");
  EXPECT_EQ(number_field<SQLINTEGER>(1, SQL_DIAG_NATIVE), 1146);
  EXPECT_EQ(number_field<SQLLEN>(1, SQL_DIAG_ROW_NUMBER), SQL_NO_ROW_NUMBER);
  EXPECT_EQ(number_field<SQLINTEGER>(1, SQL_DIAG_COLUMN_NUMBER), SQL_NO_COLUMN_NUMBER);
  EXPECT_EQ(number_field<SQLINTEGER>(0, SQL_DIAG_NUMBER), 1);
  EXPECT_EQ(number_field<SQLRETURN>(0, SQL_DIAG_RETURNCODE), SQL_ERROR);
  std::array<char, 4> cut{};
  SQLSMALLINT length = 0;
  EXPECT_EQ(field(1, SQL_DIAG_SQLSTATE, cut.data(), cut.size(), &length), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(length, 5);
  EXPECT_STREQ(cut.data(), "S00");
  EXPECT_EQ(field(2, SQL_DIAG_SQLSTATE, cut.data(), cut.size(), &length), SQL_NO_DATA);
  EXPECT_EQ(field(0, SQL_DIAG_SQLSTATE, cut.data(), cut.size(), &length), SQL_ERROR);
  EXPECT_EQ(field(-1, SQL_DIAG_SQLSTATE, cut.data(), cut.size(), &length), SQL_ERROR);
  EXPECT_EQ(field(1, 7777, cut.data(), cut.size(), &length), SQL_ERROR);
  EXPECT_EQ(driver_.call(&SQLGetDiagField, "SQLGetDiagField", SQLSMALLINT{SQL_HANDLE_STMT},
                         statement_, SQLSMALLINT{1}, SQLSMALLINT{SQL_DIAG_SQLSTATE},
                         SQLPOINTER{cut.data()}, SQLSMALLINT{-4}, &length),
            SQL_ERROR);
}

TEST_P(Direct, DiagnosticHeaderAfterStatements) {
  ASSERT_EQ(execute("CREATE TEMPORARY TABLE header (id INT)"), SQL_SUCCESS);
  EXPECT_EQ(text_field(0, SQL_DIAG_DYNAMIC_FUNCTION), "CREATE TABLE");
  ASSERT_EQ(execute("INSERT INTO header VALUES (1), (2)"), SQL_SUCCESS);
  EXPECT_EQ(text_field(0, SQL_DIAG_DYNAMIC_FUNCTION), "INSERT");
  EXPECT_EQ(number_field<SQLINTEGER>(0, SQL_DIAG_DYNAMIC_FUNCTION_CODE), SQL_DIAG_INSERT);
  EXPECT_EQ(number_field<SQLLEN>(0, SQL_DIAG_ROW_COUNT), 2);
  EXPECT_EQ(number_field<SQLINTEGER>(0, SQL_DIAG_NUMBER), 0);
  EXPECT_EQ(number_field<SQLRETURN>(0, SQL_DIAG_RETURNCODE), SQL_SUCCESS);
  SQLINTEGER code = 0;
  EXPECT_EQ(driver_.call(&SQLGetDiagField, "SQLGetDiagField", SQLSMALLINT{SQL_HANDLE_DBC},
                         connection_, SQLSMALLINT{0}, SQLSMALLINT{SQL_DIAG_DYNAMIC_FUNCTION_CODE},
                         SQLPOINTER{&code}, SQLSMALLINT{0}, static_cast<SQLSMALLINT*>(nullptr)),
            SQL_ERROR);
}

TEST_P(Direct, ColumnsOfATableOfEveryType) {
  ASSERT_EQ(
      execute("CREATE TEMPORARY TABLE every_type (a BIGINT UNSIGNED NOT NULL, b DECIMAL(8,3), "
              "c VARCHAR(7), d TIMESTAMP(2) NULL, e BLOB, f ENUM('x','yy'), g BIT(9), h YEAR)"),
      SQL_SUCCESS);
  ASSERT_EQ(execute("SELECT * FROM every_type"), SQL_SUCCESS);
  const auto attribute = [&](SQLUSMALLINT column, SQLUSMALLINT id) {
    SQLLEN value = -999;
    const SQLRETURN result = driver_.call(&SQLColAttribute, "SQLColAttribute", statement_, column,
                                          id, SQLPOINTER{nullptr}, SQLSMALLINT{0},
                                          static_cast<SQLSMALLINT*>(nullptr), &value);
    return result == SQL_SUCCESS ? value : SQLLEN{-999};
  };
  EXPECT_EQ(attribute(0, SQL_DESC_COUNT), 8);
  EXPECT_EQ(attribute(1, SQL_DESC_UNSIGNED), SQL_TRUE);
  EXPECT_EQ(attribute(1, SQL_DESC_NULLABLE), SQL_NO_NULLS);
  EXPECT_EQ(attribute(1, SQL_DESC_PRECISION), 20);
  EXPECT_EQ(attribute(2, SQL_DESC_PRECISION), 8);
  EXPECT_EQ(attribute(2, SQL_DESC_SCALE), 3);
  EXPECT_EQ(attribute(2, SQL_DESC_DISPLAY_SIZE), 10);
  EXPECT_EQ(attribute(3, SQL_DESC_LENGTH), 7);
  EXPECT_EQ(attribute(4, SQL_DESC_CONCISE_TYPE), SQL_TIMESTAMP) << "an ODBC 2 application";
  EXPECT_EQ(attribute(4, SQL_DESC_DISPLAY_SIZE), 22);
  EXPECT_EQ(attribute(5, SQL_DESC_CONCISE_TYPE), SQL_LONGVARBINARY);
  EXPECT_EQ(attribute(6, SQL_DESC_LENGTH), 2);
  EXPECT_EQ(attribute(7, SQL_DESC_OCTET_LENGTH), 2);
  EXPECT_EQ(attribute(8, SQL_DESC_CONCISE_TYPE), SQL_SMALLINT);
  EXPECT_EQ(attribute(0, SQL_DESC_TYPE), -999);
  EXPECT_EQ(driver_.state(SQL_HANDLE_STMT, statement_), "S1002");
  EXPECT_EQ(attribute(1, SQL_DESC_DATA_PTR), -999);
  EXPECT_EQ(driver_.state(SQL_HANDLE_STMT, statement_), "S1091");
  EXPECT_EQ(attribute(9, SQL_DESC_TYPE), -999);
  EXPECT_EQ(driver_.state(SQL_HANDLE_STMT, statement_), "S1002");
}

}  // namespace
}  // namespace test_support
