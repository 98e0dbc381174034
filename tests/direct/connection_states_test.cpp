// ODBC 3.8, appendix B: functions of connections and environments in each state, without a driver
// manager and through one; and whose descriptors are whose.
#include <gtest/gtest.h>

#include "tests/direct/state_table.h"
#include "tests/direct/transitions.h"

namespace test_support {
namespace {

/// "C4" of "C4n"; what is behind it tells how the state was entered.
std::string plain(const std::string& state) { return state.substr(0, 2); }

class ConnectionTransitions : public testing::TestWithParam<Through> {
 protected:
  /// The SQLSTATE of `result`, or "=" if all went well.
  static std::string told(const OdbcRig& rig, SQLRETURN result, SQLSMALLINT kind,
                          SQLHANDLE handle) {
    return SQL_SUCCEEDED(result) ? "=" : rig.state_of(kind, handle);
  }

  static void enter(TransitionRig& rig, const std::string& state) {
    if (plain(state) == "C2") return;
    if (plain(state) == "C3") return enter_need_of_data(rig, state == "C3l");
    rig.connect();
    rig.make_descriptor();
    if (state == "C4") return;
    rig.make_statement();
    if (plain(state) == "C5") return;
    rig("SQLSetConnectAttr", rig.odbc.connection, SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF, 0);
    rig("SQLExecDirect", rig.odbc.statement, "INSERT INTO transition_rows VALUES ()", SQL_NTS);
    if (state != "C6n") return;
    rig("SQLFreeHandle", SQL_HANDLE_STMT, rig.odbc.statement);
    rig.odbc.statement = nullptr;
  }

  /// Of SQLBrowseConnect: who logs in, or behind that which database.
  static void enter_need_of_data(TransitionRig& rig, bool logged_in) {
    transition("BrowseConnect").call(rig);
    rig.browsed = "UID=app;PWD=apppw;";
    if (!logged_in) return;
    transition("BrowseConnect").call(rig);
    rig.browsed = "DATABASE=test;";
  }

  /// The state that the connection is in; leads it into another one.
  static std::string observed(TransitionRig& rig) {
    if (rig.odbc.connection == nullptr) return "C1";
    const std::string may_have_statements = transition_told(rig, "AllocHandle:statement");
    const bool has_statement = rig.odbc.statement != nullptr;
    const std::string left = transition_told(rig, "Disconnect");
    if (left == "25000") return "C6";
    if (may_have_statements == "=") return has_statement ? "C5" : "C4";
    return left == "=" ? "C3" : "C2";
  }

  /// "=" or the SQLSTATE.
  static std::string transition_told(TransitionRig& rig, const std::string& name) {
    const SQLRETURN result = transition(name).call(rig);
    return result == SQL_ERROR ? told_state(rig, name)
                               : (result == SQL_INVALID_HANDLE ? "IH" : "=");
  }

  static std::string outcome(TransitionRig& rig, const StateCell& cell) {
    const std::string told = transition_told(rig, cell.function);
    if (told != "=") return told;
    const std::string now = observed(rig);
    return now == plain(cell.from) ? "=" : now;
  }

  static void check_table(const std::string& name) {
    TransitionRig(GetParam()).fill_table();
    for (const StateCell& cell : read_state_table(name)) {
      const std::string& expected = GetParam() == Through::kNothing ? cell.direct : cell.managed;
      TransitionRig rig(GetParam());
      if (expected == "-" || !rig.odbc.has(odbc_call(function_of(cell.function)))) continue;
      enter(rig, cell.from);
      EXPECT_EQ(outcome(rig, cell), expected) << cell.function << " in " << cell.from;
    }
  }
};

TEST_P(ConnectionTransitions, AreThoseOfAppendixB) { check_table("connection.txt"); }

TEST_P(ConnectionTransitions, OfDescriptorsNeedNoStatement) {
  check_table("connection_descriptor.txt");
}

/// E0 is a freed one; "E1n": its version of ODBC is not set.
TEST_P(ConnectionTransitions, OfEnvironmentsAreThoseOfAppendixB) {
  for (const StateCell& cell : read_state_table("environment.txt")) {
    const std::string& expected = GetParam() == Through::kNothing ? cell.direct : cell.managed;
    TransitionRig rig(GetParam(), cell.from == "E1n" ? 0 : SQL_OV_ODBC3);
    if (cell.from != "E2" && rig.odbc.connection != nullptr) {
      rig("SQLFreeHandle", SQL_HANDLE_DBC, rig.odbc.connection);
      rig.odbc.connection = nullptr;
    }
    if (expected == "-") continue;
    EXPECT_EQ(transition_told(rig, cell.function), expected)
        << cell.function << " in " << cell.from;
  }
}

TEST_P(ConnectionTransitions, KeepImplementationDescriptorsFromBeingChanged) {
  OdbcRig rig(GetParam());
  ASSERT_TRUE(SQL_SUCCEEDED(rig.connect()));
  rig.make_statement();
  const auto descriptor = [&rig](SQLINTEGER id) {
    SQLHDESC found = nullptr;
    rig("SQLGetStmtAttr", rig.statement, id, &found, 0, nullptr);
    return found;
  };
  SQLHDESC ird = descriptor(SQL_ATTR_IMP_ROW_DESC);
  SQLHDESC ard = descriptor(SQL_ATTR_APP_ROW_DESC);
  EXPECT_EQ(told(rig, rig("SQLFreeHandle", SQL_HANDLE_DESC, ard), SQL_HANDLE_DESC, ard), "HY017");
  EXPECT_EQ(told(rig, rig("SQLCopyDesc", ard, ird), SQL_HANDLE_DESC, ird), "HY016");
  EXPECT_EQ(
      told(rig, rig("SQLSetDescField", ird, 1, SQL_DESC_TYPE, SQL_C_LONG, 0), SQL_HANDLE_DESC, ird),
      "HY016");
  SQLSMALLINT type = 0;
  EXPECT_EQ(told(rig, rig("SQLGetDescField", ird, 1, SQL_DESC_TYPE, &type, 0, nullptr),
                 SQL_HANDLE_DESC, ird),
            "HY007");
}

TEST_P(ConnectionTransitions, RefuseAnotherStatementsDescriptor) {
  OdbcRig rig(GetParam());
  ASSERT_TRUE(SQL_SUCCEEDED(rig.connect()));
  SQLHSTMT other = rig.make_statement();
  rig.make_statement();
  SQLHDESC theirs = nullptr;
  rig("SQLGetStmtAttr", other, SQL_ATTR_APP_PARAM_DESC, &theirs, 0, nullptr);
  EXPECT_EQ(told(rig, rig("SQLSetStmtAttr", rig.statement, SQL_ATTR_APP_PARAM_DESC, theirs, 0),
                 SQL_HANDLE_STMT, rig.statement),
            "HY017");
  rig("SQLFreeHandle", SQL_HANDLE_STMT, other);
  SQLINTEGER number = 7;
  EXPECT_TRUE(SQL_SUCCEEDED(rig("SQLBindParameter", rig.statement, 1, SQL_PARAM_INPUT, SQL_C_LONG,
                                SQL_INTEGER, 0, 0, &number, 0, nullptr)));
  EXPECT_TRUE(SQL_SUCCEEDED(rig("SQLExecDirect", rig.statement, "SELECT ?", SQL_NTS)));
}

INSTANTIATE_TEST_SUITE_P(Direct, ConnectionTransitions, testing::Values(Through::kNothing));
INSTANTIATE_TEST_SUITE_P(Managed, ConnectionTransitions, testing::Values(Through::kDriverManager));

}  // namespace
}  // namespace test_support
