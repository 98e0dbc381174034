// ODBC 3.8, appendix B: functions of connections, environments and descriptors in each state,
// without a driver manager and through one.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <map>

#include "tests/direct/odbc_rig.h"
#include "tests/direct/state_table.h"

namespace test_support {
namespace {

class ConnectionTransitions : public testing::TestWithParam<Through> {
 protected:
  /// The SQLSTATE of `result`, or "=" if all went well.
  static std::string told(const OdbcRig& rig, SQLRETURN result, SQLSMALLINT kind,
                          SQLHANDLE handle) {
    return SQL_SUCCEEDED(result) ? "=" : rig.state_of(kind, handle);
  }

  static void enter(OdbcRig& rig, const std::string& state) {
    if (state == "C2") return;
    ASSERT_TRUE(SQL_SUCCEEDED(rig.connect())) << rig.state_of(SQL_HANDLE_DBC, rig.connection);
    if (state == "C4") return;
    rig.make_statement();
    if (state == "C5") return;
    rig("SQLSetConnectAttr", rig.connection, SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF, 0);
    rig("SQLExecDirect", rig.statement, "CREATE TABLE IF NOT EXISTS c6 (a INT) ENGINE=InnoDB",
        SQL_NTS);
    rig("SQLExecDirect", rig.statement, "INSERT INTO c6 VALUES (1)", SQL_NTS);
  }

  static SQLRETURN act(OdbcRig& rig, const std::string& function) {
    std::array<SQLCHAR, 64> text{};
    SQLSMALLINT small = 0;
    SQLINTEGER length = 0;
    SQLUSMALLINT found = 0;
    SQLHANDLE made = nullptr;
    const SQLHDBC connection = rig.connection;
    const std::map<std::string, std::function<SQLRETURN()>> actions{
        {"AllocHandle:statement",
         [&] { return rig("SQLAllocHandle", SQL_HANDLE_STMT, connection, &made); }},
        {"AllocHandle:descriptor",
         [&] { return rig("SQLAllocHandle", SQL_HANDLE_DESC, connection, &made); }},
        {"DriverConnect", [&] { return rig.connect(); }},
        {"Disconnect",
         [&] {
           const SQLRETURN result = rig("SQLDisconnect", connection);
           if (SQL_SUCCEEDED(result)) rig.statement = nullptr;
           return result;
         }},
        {"EndTran", [&] { return rig("SQLEndTran", SQL_HANDLE_DBC, connection, SQL_COMMIT); }},
        {"FreeHandle",
         [&] {
           const SQLRETURN result = rig("SQLFreeHandle", SQL_HANDLE_DBC, connection);
           if (SQL_SUCCEEDED(result)) rig.connection = nullptr;
           return result;
         }},
        {"GetConnectAttr",
         [&] {
           return rig("SQLGetConnectAttr", connection, SQL_ATTR_AUTOCOMMIT, &length, 0, nullptr);
         }},
        {"GetConnectAttr:catalog",
         [&] {
           return rig("SQLGetConnectAttr", connection, SQL_ATTR_CURRENT_CATALOG, text.data(),
                      text.size(), &length);
         }},
        {"GetFunctions",
         [&] { return rig("SQLGetFunctions", connection, SQL_API_SQLFETCH, &found); }},
        {"GetInfo",
         [&] {
           return rig("SQLGetInfo", connection, SQL_DBMS_NAME, text.data(), text.size(), &small);
         }},
        {"NativeSql",
         [&] {
           return rig("SQLNativeSql", connection, "SELECT 1", SQL_NTS, text.data(), text.size(),
                      &length);
         }},
        {"SetConnectAttr",
         [&] {
           return rig("SQLSetConnectAttr", connection, SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON, 0);
         }},
        {"SetConnectAttr:isolation",
         [&] {
           return rig("SQLSetConnectAttr", connection, SQL_ATTR_TXN_ISOLATION,
                      SQL_TXN_READ_COMMITTED, 0);
         }},
    };
    return actions.at(function)();
  }
};

TEST_P(ConnectionTransitions, AreThoseOfAppendixB) {
  for (const StateCell& cell : read_state_table("connection.txt")) {
    const std::string& expected = GetParam() == Through::kNothing ? cell.direct : cell.managed;
    if (expected == "-") continue;
    OdbcRig rig(GetParam());
    enter(rig, cell.from);
    const SQLRETURN result = act(rig, cell.function);
    EXPECT_EQ(told(rig, result, SQL_HANDLE_DBC, rig.connection), expected)
        << cell.function << " in " << cell.from;
  }
}

TEST_P(ConnectionTransitions, KeepTheEnvironmentWhileItHasConnections) {
  OdbcRig rig(GetParam());
  EXPECT_EQ(told(rig, rig("SQLFreeHandle", SQL_HANDLE_ENV, rig.environment), SQL_HANDLE_ENV,
                 rig.environment),
            "HY010");
  EXPECT_EQ(told(rig, rig("SQLSetEnvAttr", rig.environment, SQL_ATTR_ODBC_VERSION, SQL_OV_ODBC2, 0),
                 SQL_HANDLE_ENV, rig.environment),
            "HY010");
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
