// ODBC 3.8, appendix B: each function in each state of a statement, without a driver manager and
// through one. What a state is, is seen by what the statement answers then.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <map>

#include "tests/direct/odbc_rig.h"
#include "tests/direct/state_table.h"

namespace test_support {
namespace {

constexpr const char* kNothing = "DO 0";
constexpr const char* kRows = "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3";
constexpr const char* kAsksData = "SELECT ?";

struct Buffers {
  std::array<SQLCHAR, 64> text{};
  SQLLEN length = 0;
  SQLLEN at_execution = SQL_DATA_AT_EXEC;
  std::int64_t number = 0;
  SQLUSMALLINT status = 0;
  SQLPOINTER token = nullptr;
};

class StatementStates {
 public:
  explicit StatementStates(Through through) : rig_(through), through_(through) {
    if (!SQL_SUCCEEDED(rig_.connect())) throw std::runtime_error("cannot connect");
  }

  void check(const StateCell& cell) {
    const std::string& expected = through_ == Through::kNothing ? cell.direct : cell.managed;
    if (expected == "-" || !rig_.has(odbc_call("SQL" + name_of(cell.function)))) return;
    rig_.make_statement();
    enter(cell.from);
    const SQLRETURN result = act(cell.function);
    const bool of_connection = cell.function == "EndTran" || cell.function == "Disconnect";
    std::string state;  // a handle that was freed without a driver manager is not to be looked at
    if (of_connection) {
      state = rig_.state_of(SQL_HANDLE_DBC, rig_.connection);
    } else if (cell.function != "FreeHandle" || result == SQL_ERROR) {
      state = rig_.state_of(SQL_HANDLE_STMT, rig_.statement);
    }
    EXPECT_EQ(outcome(cell, expected, result, state), expected)
        << cell.function << " in " << cell.from << " gave " << result << " " << state;
    if (rig_.statement != nullptr) rig_.free_statement();
    if (cell.function == "Disconnect") rig_.connect();  // 08002 when it is connected still
  }

 private:
  /// The part before the colon.
  static std::string name_of(const std::string& function) {
    return function.substr(0, function.find(':'));
  }
  SQLHSTMT statement() const { return rig_.statement; }

  void enter(const std::string& state) {
    const bool prepared = state.ends_with('p');
    const char level = state.size() > 2 && state[2] == '0' ? 'A' : state[1];
    if (level >= '8') {
      rig_("SQLBindParameter", statement(), 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0,
           &buffers_, 0, &buffers_.at_execution);
    }
    const char* sql = level >= '8' ? kAsksData : level >= '5' || level == '3' ? kRows : kNothing;
    const bool only_prepared = level == '2' || level == '3';
    if (prepared || only_prepared) rig_("SQLPrepare", statement(), sql, SQL_NTS);
    if (prepared) rig_("SQLExecute", statement());
    if (!prepared && level >= '4') rig_("SQLExecDirect", statement(), sql, SQL_NTS);
    if (level == '6') rig_("SQLFetch", statement());
    if (level == '7') {
      rig_("SQLExtendedFetch", statement(), SQL_FETCH_NEXT, 0, &buffers_.number, &buffers_.status);
    }
    if (level >= '9') rig_("SQLParamData", statement(), &buffers_.token);
    if (level >= 'A') rig_("SQLPutData", statement(), "x", 1);
  }

  SQLRETURN act(const std::string& function);

  /// In the words of the table.
  std::string outcome(const StateCell& cell, const std::string& expected, SQLRETURN result,
                      const std::string& state) {
    if (result == SQL_ERROR || result == SQL_INVALID_HANDLE) return state;
    if (cell.function == "FreeHandle") {
      rig_.statement = nullptr;
      return "=";
    }
    if (cell.function == "Disconnect") {
      rig_.statement = nullptr;
      return "=";
    }
    const std::string from = cell.from.ends_with('p') ? cell.from.substr(0, 2) : cell.from;
    const std::string now = observed();
    if (result == SQL_NO_DATA && expected == "none") return now == from ? "none" : now;
    return expected == "=" && now == from ? "=" : now;
  }

  /// The state that the statement is in; leads it into another one.
  std::string observed() {
    SQLSMALLINT columns = 0;
    if (!SQL_SUCCEEDED(rig_("SQLNumResultCols", statement(), &columns))) {
      if (SQL_SUCCEEDED(rig_("SQLPutData", statement(), "y", 1))) {
        return rig_("SQLParamData", statement(), &buffers_.token) != SQL_ERROR ? data_state_ : "?";
      }
      return rig_("SQLParamData", statement(), &buffers_.token) == SQL_NEED_DATA ? "S8" : "S1";
    }
    SQLLEN count = 0;
    const bool executed = SQL_SUCCEEDED(rig_("SQLRowCount", statement(), &count));
    if (columns == 0) return executed ? "S4" : "S2";
    if (!executed) return "S3";
    if (rig_("SQLGetData", statement(), 1, SQL_C_CHAR, buffers_.text.data(), buffers_.text.size(),
             &buffers_.length) == SQL_ERROR) {
      return "S5";
    }
    const SQLRETURN fetched = rig_("SQLFetch", statement());
    return fetched == SQL_ERROR ? "S7" : "S6";
  }

  OdbcRig rig_;
  Through through_;
  Buffers buffers_;
  std::string data_state_;
};

SQLRETURN StatementStates::act(const std::string& function) {
  Buffers& b = buffers_;
  const auto statement = this->statement();
  const std::map<std::string, std::function<SQLRETURN()>> actions{
      {"BindCol",
       [&] { return rig_("SQLBindCol", statement, 1, SQL_C_CHAR, b.text.data(), 8, &b.length); }},
      {"BindParameter",
       [&] {
         return rig_("SQLBindParameter", statement, 1, SQL_PARAM_INPUT, SQL_C_SBIGINT, SQL_BIGINT,
                     0, 0, &b.number, 0, nullptr);
       }},
      {"Cancel", [&] { return rig_("SQLCancel", statement); }},
      {"CloseCursor", [&] { return rig_("SQLCloseCursor", statement); }},
      {"ColAttribute",
       [&] {
         return rig_("SQLColAttribute", statement, 1, SQL_DESC_NULLABLE, nullptr, 0, nullptr,
                     &b.length);
       }},
      {"DescribeCol",
       [&] {
         return rig_("SQLDescribeCol", statement, 1, nullptr, 0, nullptr, nullptr, nullptr, nullptr,
                     nullptr);
       }},
      {"Tables",
       [&] {
         return rig_("SQLTables", statement, nullptr, 0, nullptr, 0, "none", SQL_NTS, nullptr, 0);
       }},
      {"Columns",
       [&] {
         return rig_("SQLColumns", statement, nullptr, 0, nullptr, 0, "none", SQL_NTS, nullptr, 0);
       }},
      {"GetTypeInfo", [&] { return rig_("SQLGetTypeInfo", statement, SQL_ALL_TYPES); }},
      {"DescribeParam",
       [&] { return rig_("SQLDescribeParam", statement, 1, nullptr, nullptr, nullptr, nullptr); }},
      {"ExecDirect:nothing", [&] { return rig_("SQLExecDirect", statement, kNothing, SQL_NTS); }},
      {"ExecDirect:rows", [&] { return rig_("SQLExecDirect", statement, kRows, SQL_NTS); }},
      {"ExecDirect:wrong", [&] { return rig_("SQLExecDirect", statement, "SELEC 1", SQL_NTS); }},
      {"Execute", [&] { return rig_("SQLExecute", statement); }},
      {"Fetch", [&] { return rig_("SQLFetch", statement); }},
      {"FetchScroll", [&] { return rig_("SQLFetchScroll", statement, SQL_FETCH_NEXT, 0); }},
      {"ExtendedFetch",
       [&] {
         return rig_("SQLExtendedFetch", statement, SQL_FETCH_NEXT, 0, &b.number, &b.status);
       }},
      {"FreeStmt:close", [&] { return rig_("SQLFreeStmt", statement, SQL_CLOSE); }},
      {"FreeStmt:unbind", [&] { return rig_("SQLFreeStmt", statement, SQL_UNBIND); }},
      {"FreeStmt:params", [&] { return rig_("SQLFreeStmt", statement, SQL_RESET_PARAMS); }},
      {"GetCursorName",
       [&] { return rig_("SQLGetCursorName", statement, b.text.data(), b.text.size(), nullptr); }},
      {"GetData",
       [&] {
         return rig_("SQLGetData", statement, 1, SQL_C_CHAR, b.text.data(), b.text.size(),
                     &b.length);
       }},
      {"GetStmtAttr",
       [&] { return rig_("SQLGetStmtAttr", statement, SQL_ATTR_MAX_ROWS, &b.number, 0, nullptr); }},
      {"GetStmtAttr:row",
       [&] {
         return rig_("SQLGetStmtAttr", statement, SQL_ATTR_ROW_NUMBER, &b.number, 0, nullptr);
       }},
      {"MoreResults", [&] { return rig_("SQLMoreResults", statement); }},
      {"NumParams", [&] { return rig_("SQLNumParams", statement, &b.status); }},
      {"NumResultCols", [&] { return rig_("SQLNumResultCols", statement, &b.status); }},
      {"ParamData", [&] { return rig_("SQLParamData", statement, &b.token); }},
      {"Prepare:nothing", [&] { return rig_("SQLPrepare", statement, kNothing, SQL_NTS); }},
      {"Prepare:rows", [&] { return rig_("SQLPrepare", statement, kRows, SQL_NTS); }},
      {"PutData", [&] { return rig_("SQLPutData", statement, "z", 1); }},
      {"RowCount", [&] { return rig_("SQLRowCount", statement, &b.length); }},
      {"SetCursorName", [&] { return rig_("SQLSetCursorName", statement, "mine", SQL_NTS); }},
      {"SetPos", [&] { return rig_("SQLSetPos", statement, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE); }},
      {"SetStmtAttr", [&] { return rig_("SQLSetStmtAttr", statement, SQL_ATTR_MAX_ROWS, 0, 0); }},
      {"SetStmtAttr:cursor",
       [&] {
         return rig_("SQLSetStmtAttr", statement, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC, 0);
       }},
      {"FreeHandle", [&] { return rig_("SQLFreeHandle", SQL_HANDLE_STMT, statement); }},
      {"EndTran", [&] { return rig_("SQLEndTran", SQL_HANDLE_DBC, rig_.connection, SQL_COMMIT); }},
      {"Disconnect", [&] { return rig_("SQLDisconnect", rig_.connection); }},
  };
  data_state_ = function == "PutData" ? "S10" : "S9";
  return actions.at(function)();
}

class StatementTransitions : public testing::TestWithParam<Through> {};

TEST_P(StatementTransitions, AreThoseOfAppendixB) {
  StatementStates states(GetParam());
  for (const StateCell& cell : read_state_table("statement.txt")) states.check(cell);
}

INSTANTIATE_TEST_SUITE_P(Direct, StatementTransitions, testing::Values(Through::kNothing));
INSTANTIATE_TEST_SUITE_P(Managed, StatementTransitions, testing::Values(Through::kDriverManager));

}  // namespace
}  // namespace test_support
