// What a driver manager refuses before its driver is asked, and what it hides: arguments that make
// no sense, names of cursors, descriptors in use.
#include <gtest/gtest.h>

#include <array>

#include "tests/direct/odbc_rig.h"

namespace test_support {
namespace {

class RefusedArguments : public testing::Test {
 protected:
  RefusedArguments() : rig_(Through::kNothing) {
    if (!SQL_SUCCEEDED(rig_.connect())) throw std::runtime_error("cannot connect");
    rig_.make_statement();
  }
  std::string state(SQLRETURN result) const { return state(result, rig_.statement); }
  std::string state(SQLRETURN result, SQLHSTMT statement) const {
    return result == SQL_ERROR ? rig_.state_of(SQL_HANDLE_STMT, statement) : "00000";
  }
  std::string cursor_name(SQLHSTMT statement) const {
    std::array<char, 80> name{};
    SQLSMALLINT length = 0;
    EXPECT_EQ(rig_("SQLGetCursorName", statement, name.data(), name.size(), &length), SQL_SUCCESS);
    return name.data();
  }

  OdbcRig rig_;
};

TEST_F(RefusedArguments, AreLengthsBelowZeroAndNoText) {
  std::array<char, 20> text{};
  SQLSMALLINT length = 0;
  EXPECT_EQ(state(rig_("SQLPrepare", rig_.statement, "", 0)), "HY090");
  EXPECT_EQ(state(rig_("SQLExecDirect", rig_.statement, "SELECT 1", 0)), "HY090");
  EXPECT_EQ(state(rig_("SQLGetCursorName", rig_.statement, text.data(), -1, &length)), "HY090");
  rig_("SQLExecDirect", rig_.statement, "SELECT 1", SQL_NTS);
  EXPECT_EQ(state(rig_("SQLDescribeCol", rig_.statement, 1, text.data(), -1, &length, nullptr,
                       nullptr, nullptr, nullptr)),
            "HY090");
  EXPECT_EQ(state(rig_("SQLColAttribute", rig_.statement, 1, SQL_DESC_NAME, text.data(), -1,
                       &length, nullptr)),
            "HY090");
}

TEST_F(RefusedArguments, AreQuestionsForTheNumberOfColumnsWithoutAPlaceForIt) {
  rig_("SQLExecDirect", rig_.statement, "SELECT 1", SQL_NTS);
  EXPECT_EQ(state(rig_("SQLNumResultCols", rig_.statement, nullptr)), "HY009");
}

TEST_F(RefusedArguments, AreHandlesOfNoKnownTypeOrPlace) {
  EXPECT_EQ(rig_("SQLAllocHandle", SQL_HANDLE_STMT, rig_.connection, nullptr), SQL_ERROR);
  EXPECT_EQ(rig_.state_of(SQL_HANDLE_DBC, rig_.connection), "HY009");
  SQLHANDLE made = nullptr;
  EXPECT_EQ(rig_("SQLAllocHandle", 77, rig_.connection, &made), SQL_ERROR);
  EXPECT_EQ(rig_.state_of(SQL_HANDLE_DBC, rig_.connection), "HY092");
  EXPECT_EQ(rig_("SQLEndTran", SQL_HANDLE_STMT, rig_.statement, SQL_COMMIT), SQL_ERROR);
  EXPECT_EQ(rig_.state_of(SQL_HANDLE_STMT, rig_.statement), "HY092");
  EXPECT_EQ(rig_("SQLEndTran", SQL_HANDLE_STMT, nullptr, SQL_COMMIT), SQL_INVALID_HANDLE);
}

TEST_F(RefusedArguments, AreDecimalsThatNoColumnHolds) {
  SQLLEN length = 1;
  const auto bind = [&](SQLULEN size, int digits) {
    return state(rig_("SQLBindParameter", rig_.statement, 1, SQL_PARAM_INPUT, SQL_C_CHAR,
                      SQL_DECIMAL, size, digits, "1", 1, &length));
  };
  EXPECT_EQ(bind(200, 0), "HY104");
  EXPECT_EQ(bind(10, 200), "HY104");
  EXPECT_EQ(bind(10, -1), "HY104");
  EXPECT_EQ(bind(65, 30), "00000");
  EXPECT_EQ(bind(0, 0), "00000");
}

TEST_F(RefusedArguments, AreNamesThatTheDriverGivesItself) {
  const SQLHSTMT first = rig_.statement;
  const SQLHSTMT second = rig_.make_statement();
  EXPECT_EQ(cursor_name(second), "SQL_CUR0");  // in the order they are asked for
  EXPECT_EQ(cursor_name(first), "SQL_CUR1");
  rig_("SQLFreeHandle", SQL_HANDLE_STMT, first);
  EXPECT_EQ(cursor_name(second), "SQL_CUR0");
  const SQLHSTMT third = rig_.make_statement();
  EXPECT_EQ(cursor_name(third), "SQL_CUR2");
  const auto name = [&](SQLHSTMT statement, const char* given) {
    return state(rig_("SQLSetCursorName", statement, given, SQL_NTS), statement);
  };
  EXPECT_EQ(name(second, "abc"), "00000");
  EXPECT_EQ(name(third, "ABC"), "3C000");
  EXPECT_EQ(name(second, "Abc"), "00000");
  for (const char* given : {"SQL_CUR7", "sql_cur7", "SqlCurX"}) {
    EXPECT_EQ(name(third, given), "34000") << given;
  }
  rig_("SQLFreeHandle", SQL_HANDLE_STMT, second);
}

TEST_F(RefusedArguments, AreFieldsOfADescriptorWhoseStatementWaitsForData) {
  SQLHDESC rows = nullptr;
  rig_("SQLGetStmtAttr", rig_.statement, SQL_ATTR_APP_ROW_DESC, &rows, SQL_IS_POINTER, nullptr);
  const auto set_size = [&](std::size_t size) {
    const SQLRETURN result = rig_("SQLSetDescField", rows, 0, SQL_DESC_ARRAY_SIZE, size, 0);
    return result == SQL_ERROR ? rig_.state_of(SQL_HANDLE_DESC, rows) : "00000";
  };
  EXPECT_EQ(set_size(0), "HY024");
  EXPECT_EQ(set_size(3), "00000");
  SQLLEN later = SQL_DATA_AT_EXEC;
  rig_("SQLBindParameter", rig_.statement, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0,
       nullptr, 0, &later);
  ASSERT_EQ(rig_("SQLExecDirect", rig_.statement, "SELECT ?", SQL_NTS), SQL_NEED_DATA);
  EXPECT_EQ(set_size(2), "HY010");
  rig_("SQLCancel", rig_.statement);
  EXPECT_EQ(set_size(2), "00000");
}

TEST_F(RefusedArguments, AreQuestionsForTheRowOfNoCursor) {
  SQLULEN row = 7;
  const auto row_number = [&] {
    return state(rig_("SQLGetStmtAttr", rig_.statement, SQL_ATTR_ROW_NUMBER, &row, 0, nullptr));
  };
  EXPECT_EQ(row_number(), "24000");
  rig_("SQLExecDirect", rig_.statement, "DO 0", SQL_NTS);
  EXPECT_EQ(row_number(), "24000");
  rig_("SQLExecDirect", rig_.statement, "SELECT 1", SQL_NTS);
  EXPECT_EQ(row_number(), "00000");
  EXPECT_EQ(row, 0U);
  rig_("SQLFetch", rig_.statement);
  EXPECT_EQ(row_number(), "00000");
  EXPECT_EQ(row, 1U);
}

}  // namespace
}  // namespace test_support
