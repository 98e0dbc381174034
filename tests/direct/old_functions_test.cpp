// Functions of ODBC 1 and 2 for statements that ODBC 3 replaced: without a driver manager the
// driver's own, through one what the driver manager makes of them.
#include <gtest/gtest.h>

#include <array>

#include "tests/direct/odbc_rig.h"

namespace test_support {
namespace {

class OldFunctions : public testing::TestWithParam<Through> {
 protected:
  OldFunctions() {
    EXPECT_TRUE(SQL_SUCCEEDED(rig_.connect()));
    rig_.make_statement();
  }

  template <class... Values>
  SQLRETURN call(std::string_view name, Values... values) {
    return rig_(name, rig_.statement, values...);
  }
  /// "=" or the SQLSTATE.
  template <class... Values>
  std::string told(std::string_view name, Values... values) {
    return SQL_SUCCEEDED(call(name, values...)) ? "="
                                                : rig_.state_of(SQL_HANDLE_STMT, rig_.statement);
  }
  void run(const char* sql) {
    ASSERT_NE(call("SQLExecDirect", sql, SQL_NTS), SQL_ERROR)
        << sql << " " << rig_.state_of(SQL_HANDLE_STMT, rig_.statement);
  }
  SQLBIGINT value(const char* sql) {
    run(sql);
    SQLBIGINT found = -1;
    call("SQLFetch");
    call("SQLGetData", 1, SQL_C_SBIGINT, &found, 0, nullptr);
    call("SQLFreeStmt", SQL_CLOSE);
    return found;
  }
  SQLULEN attribute(SQLINTEGER id) {
    SQLULEN found = 99;
    call("SQLGetStmtAttr", id, &found, 0, nullptr);
    return found;
  }

  OdbcRig rig_{GetParam(), SQL_OV_ODBC2};
};

TEST_P(OldFunctions, SetAndGetOptionsOfStatements) {
  EXPECT_EQ(told("SQLSetStmtOption", SQL_MAX_ROWS, 2), "=");
  SQLULEN most = 99;
  EXPECT_EQ(told("SQLGetStmtOption", SQL_MAX_ROWS, &most), "=");
  EXPECT_EQ(most, SQLULEN{2});
  EXPECT_EQ(attribute(SQL_ATTR_MAX_ROWS), SQLULEN{2});
  run("SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3");
  int rows = 0;
  while (SQL_SUCCEEDED(call("SQLFetch"))) ++rows;
  EXPECT_EQ(rows, 2);
  EXPECT_EQ(told("SQLSetStmtOption", SQL_CURSOR_TYPE, SQL_CURSOR_STATIC), "24000");
  call("SQLFreeStmt", SQL_CLOSE);
  EXPECT_EQ(told("SQLSetStmtOption", 4711, 1), "S1092");
  EXPECT_EQ(told("SQLGetStmtOption", 4711, &most), "S1092");
}

TEST_P(OldFunctions, TakeArraysOfParameters) {
  run("DROP TABLE IF EXISTS old_functions");
  run("CREATE TABLE old_functions (n INT) ENGINE=InnoDB");
  std::array<SQLINTEGER, 3> numbers{5, 6, 7};
  SQLULEN processed = 99;
  call("SQLBindParameter", 1, SQL_PARAM_INPUT, SQL_C_LONG, SQL_INTEGER, 0, 0, numbers.data(), 0,
       nullptr);
  EXPECT_EQ(told("SQLParamOptions", numbers.size(), &processed), "=");
  run("INSERT INTO old_functions VALUES (?)");
  EXPECT_EQ(processed, numbers.size());
  EXPECT_EQ(told("SQLParamOptions", 1, nullptr), "=");
  call("SQLFreeStmt", SQL_RESET_PARAMS);
  EXPECT_EQ(value("SELECT SUM(n) FROM old_functions"), 18);
  EXPECT_EQ(told("SQLParamOptions", 0, nullptr),
            GetParam() == Through::kNothing ? "S1009" : "S1107");
}

TEST_P(OldFunctions, BindParametersForInput) {
  for (const char* function : {"SQLBindParam", "SQLSetParam"}) {
    SQLINTEGER number = 41;
    SQLLEN length = 0;
    EXPECT_EQ(told(function, 1, SQL_C_LONG, SQL_INTEGER, 0, 0, &number, &length), "=");
    number = 42;
    EXPECT_EQ(value("SELECT ?"), 42) << function;
    EXPECT_EQ(told(function, 1, 4711, SQL_INTEGER, 0, 0, &number, &length), "S1003") << function;
    call("SQLFreeStmt", SQL_RESET_PARAMS);
  }
}

TEST_P(OldFunctions, SetTheCursorAtOnce) {
  EXPECT_EQ(told("SQLSetScrollOptions", SQL_CONCUR_READ_ONLY, SQL_SCROLL_STATIC, 2), "=");
  EXPECT_EQ(attribute(SQL_ATTR_CURSOR_TYPE), SQLULEN{SQL_CURSOR_STATIC});
  EXPECT_EQ(attribute(SQL_ATTR_CONCURRENCY), SQLULEN{SQL_CONCUR_READ_ONLY});
  EXPECT_EQ(attribute(SQL_ROWSET_SIZE), SQLULEN{2});
  run("SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3");
  std::array<SQLUSMALLINT, 2> status{};
  SQLULEN rows = 0;
  EXPECT_EQ(told("SQLExtendedFetch", SQL_FETCH_LAST, 0, &rows, status.data()), "=");
  EXPECT_EQ(rows, SQLULEN{2});
  call("SQLFreeStmt", SQL_CLOSE);
  EXPECT_EQ(told("SQLSetScrollOptions", SQL_CONCUR_READ_ONLY, SQL_SCROLL_FORWARD_ONLY, 1), "=");
  EXPECT_EQ(attribute(SQL_ATTR_CURSOR_TYPE), SQLULEN{SQL_CURSOR_FORWARD_ONLY});
  EXPECT_NE(told("SQLSetScrollOptions", SQL_CONCUR_READ_ONLY, SQL_SCROLL_STATIC, 0), "=");
}

INSTANTIATE_TEST_SUITE_P(Direct, OldFunctions, testing::Values(Through::kNothing));
INSTANTIATE_TEST_SUITE_P(Managed, OldFunctions, testing::Values(Through::kDriverManager));

}  // namespace
}  // namespace test_support
