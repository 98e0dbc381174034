// ODBC 3.8, appendix B: each function in each state of a statement, without a driver manager and
// through one. What a state is, is seen by what the statement answers then.
#include <gtest/gtest.h>

#include "tests/direct/state_table.h"
#include "tests/direct/transitions.h"

namespace test_support {
namespace {

class StatementStates {
 public:
  explicit StatementStates(Through through) : rig_(through), through_(through) {
    rig_.fill_table();
  }

  void check(const StateCell& cell) {
    const std::string& expected = through_ == Through::kNothing ? cell.direct : cell.managed;
    if (expected == "-" || !rig_.odbc.has(odbc_call(function_of(cell.function)))) return;
    rig_.make_statement();
    enter(cell.from);
    const SQLRETURN result = transition(cell.function).call(rig_);
    // What was freed without a driver manager is not to be looked at.
    const std::string state = SQL_SUCCEEDED(result) ? "" : told_state(rig_, cell.function);
    EXPECT_EQ(outcome(cell, expected, result, state), expected)
        << cell.function << " in " << cell.from << " gave " << result << " " << state;
    if (rig_.odbc.statement != nullptr) rig_.odbc.free_statement();
    if (cell.function == "Disconnect") rig_.odbc.connect();  // 08002 when it is connected still
  }

 private:
  template <class... Values>
  SQLRETURN call(std::string_view name, Values... values) const {
    return rig_(name, rig_.odbc.statement, values...);
  }

  void enter(const std::string& state) {
    const bool prepared = state.find('p') != std::string::npos;
    if (state.starts_with("S8") || state.starts_with("S9") || state.starts_with("S10")) {
      enter_need_of_data(state, prepared);
    } else if (state == "S2" || state == "S3") {
      call("SQLPrepare", state == "S2" ? kAsksNothing : kAsksRows, SQL_NTS);
    } else if (state != "S1") {
      execute(state[1] == '4' ? kAsksNothing : kAsksRows, prepared);
      fetch_for(state[1]);
    }
  }

  void execute(const char* sql, bool prepared) {
    if (prepared) call("SQLPrepare", sql, SQL_NTS);
    if (prepared) {
      call("SQLExecute");
    } else {
      call("SQLExecDirect", sql, SQL_NTS);
    }
  }

  void fetch_for(char level) {
    if (level == '6') call("SQLFetch");
    if (level == '7') {
      call("SQLExtendedFetch", SQL_FETCH_NEXT, 0, &rig_.number, &rig_.status);
    }
  }

  /// "S9": for a parameter; "S9b5": for SQLBulkOperations in S5; "S9s6": for SQLSetPos in S6.
  void enter_need_of_data(const std::string& state, bool prepared) {
    const std::string level = state.starts_with("S10") ? "S10" : state.substr(0, 2);
    const std::string rest = state.substr(level.size());
    if (rest.empty() || prepared) {
      rig_.parameter_length = SQL_DATA_AT_EXEC;
      call("SQLBindParameter", 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, &rig_.parameter,
           0, &rig_.parameter_length);
      execute(kAsksRows, prepared);
    } else {
      execute(kAsksRows, false);
      fetch_for(rest[1]);
      transition(rest[0] == 'b' ? "BulkOperations:data" : "SetPos:data").call(rig_);
    }
    if (level != "S8") call("SQLParamData", &rig_.token);
    if (level == "S10") call("SQLPutData", "0", 1);
  }

  /// In the words of the table.
  std::string outcome(const StateCell& cell, const std::string& expected, SQLRETURN result,
                      const std::string& state) {
    if (result == SQL_ERROR || result == SQL_INVALID_HANDLE) return state;
    if (cell.function == "FreeHandle:statement" || cell.function == "Disconnect") return "=";
    const std::string from = cell.from.starts_with("S10") ? "S10" : cell.from.substr(0, 2);
    const std::string now = observed();
    if (now != from || (expected != "=" && expected != "none")) return now;
    return result == SQL_NO_DATA ? "none" : "=";
  }

  /// The state that the statement is in; leads it into another one.
  std::string observed() {
    SQLSMALLINT columns = 0;
    if (!SQL_SUCCEEDED(call("SQLNumResultCols", &columns))) {
      const SQLRETURN asked = call("SQLParamData", &rig_.token);
      if (asked != SQL_ERROR) return asked == SQL_NEED_DATA ? "S8" : "S10";
      return SQL_SUCCEEDED(call("SQLPutData", "0", 1)) ? "S9" : "S1";
    }
    SQLLEN count = 0;
    const bool executed = SQL_SUCCEEDED(call("SQLRowCount", &count));
    if (columns == 0) return executed ? "S4" : "S2";
    if (!executed) return "S3";
    if (call("SQLGetData", 1, SQL_C_CHAR, rig_.text.data(), rig_.text.size(), &rig_.length) ==
        SQL_ERROR) {
      return "S5";
    }
    return call("SQLFetch") == SQL_ERROR ? "S7" : "S6";
  }

  TransitionRig rig_;
  Through through_;
};

class StatementTransitions : public testing::TestWithParam<Through> {
 protected:
  static void check_table(const std::string& name) {
    StatementStates states(GetParam());
    for (const StateCell& cell : read_state_table(name)) states.check(cell);
  }
};

TEST_P(StatementTransitions, AreThoseOfAppendixB) { check_table("statement.txt"); }

TEST_P(StatementTransitions, OfCatalogFunctionsAreThoseOfAppendixB) { check_table("catalog.txt"); }

TEST_P(StatementTransitions, OfDescriptorsAreThoseOfAppendixB) { check_table("descriptor.txt"); }

TEST_P(StatementTransitions, ForTheDataOfRowsAreThoseOfAppendixB) { check_table("row_data.txt"); }

INSTANTIATE_TEST_SUITE_P(Direct, StatementTransitions, testing::Values(Through::kNothing));
INSTANTIATE_TEST_SUITE_P(Managed, StatementTransitions, testing::Values(Through::kDriverManager));

}  // namespace
}  // namespace test_support
