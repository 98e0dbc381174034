// The functions of connections and environments.
#include "tests/direct/transitions.h"

namespace test_support {
namespace {

SQLRETURN connect_to_source(TransitionRig& r) {
  return r("SQLConnect", r.odbc.connection, kTransitionsSource, SQL_NTS, "app", SQL_NTS, "apppw",
           SQL_NTS);
}

SQLRETURN disconnect_all(TransitionRig& r) {
  const SQLRETURN result = r("SQLDisconnect", r.odbc.connection);
  if (SQL_SUCCEEDED(result)) r.odbc.statement = nullptr;
  return result;
}

SQLRETURN browse_on(TransitionRig& r) {
  return r("SQLBrowseConnect", r.odbc.connection, r.browsed.c_str(), SQL_NTS, r.text.data(),
           r.text.size(), nullptr);
}

void add_connecting(Transitions& all) {
  add_transition(all, ToldOn::kConnection, "Connect", connect_to_source);
  add_transition(all, ToldOn::kConnection, "Disconnect", disconnect_all);
  add_transition(all, ToldOn::kConnection, "BrowseConnect", browse_on);
  add_transition(all, ToldOn::kConnection, "DriverConnect",
                 [](TransitionRig& r) { return r.odbc.connect(); });
  add_transition(all, ToldOn::kConnection, "EndTran", [](TransitionRig& r) {
    return r("SQLEndTran", SQL_HANDLE_DBC, r.odbc.connection, SQL_COMMIT);
  });
  add_transition(all, ToldOn::kEnvironment, "EndTran:environment", [](TransitionRig& r) {
    return r("SQLEndTran", SQL_HANDLE_ENV, r.odbc.environment, SQL_ROLLBACK);
  });
  add_transition(all, ToldOn::kConnection, "CancelHandle:connection", [](TransitionRig& r) {
    return r("SQLCancelHandle", SQL_HANDLE_DBC, r.odbc.connection);
  });
}

void add_connection_attribute(Transitions& all, const char* name, SQLINTEGER attribute,
                              SQLULEN value) {
  add_transition(all, ToldOn::kConnection, name, [attribute, value](TransitionRig& r) {
    return r("SQLSetConnectAttr", r.odbc.connection, attribute, value, 0);
  });
}

void add_connection_attributes(Transitions& all) {
  add_connection_attribute(all, "SetConnectAttr", SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON);
  add_connection_attribute(all, "SetConnectAttr:manual", SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF);
  add_connection_attribute(all, "SetConnectAttr:isolation", SQL_ATTR_TXN_ISOLATION,
                           SQL_TXN_READ_COMMITTED);
  add_connection_attribute(all, "SetConnectAttr:packet", SQL_ATTR_PACKET_SIZE, 16777215);
  add_connection_attribute(all, "SetConnectAttr:cursors", SQL_ATTR_ODBC_CURSORS,
                           SQL_CUR_USE_DRIVER);
  add_connection_attribute(all, "SetConnectAttr:translate", SQL_ATTR_TRANSLATE_OPTION, 0);
  add_transition(all, ToldOn::kConnection, "SetConnectAttr:catalog", [](TransitionRig& r) {
    return r("SQLSetConnectAttr", r.odbc.connection, SQL_ATTR_CURRENT_CATALOG, "test", SQL_NTS);
  });
  add_transition(all, ToldOn::kConnection, "GetConnectAttr", [](TransitionRig& r) {
    return r("SQLGetConnectAttr", r.odbc.connection, SQL_ATTR_AUTOCOMMIT, &r.number, 0, nullptr);
  });
  add_transition(all, ToldOn::kConnection, "GetConnectAttr:catalog", [](TransitionRig& r) {
    return r("SQLGetConnectAttr", r.odbc.connection, SQL_ATTR_CURRENT_CATALOG, r.text.data(),
             r.text.size(), nullptr);
  });
  add_transition(all, ToldOn::kEnvironment, "SetEnvAttr", [](TransitionRig& r) {
    return r("SQLSetEnvAttr", r.odbc.environment, SQL_ATTR_ODBC_VERSION, SQL_OV_ODBC3, 0);
  });
  add_transition(all, ToldOn::kEnvironment, "SetEnvAttr:nts", [](TransitionRig& r) {
    return r("SQLSetEnvAttr", r.odbc.environment, SQL_ATTR_OUTPUT_NTS, SQL_TRUE, 0);
  });
  add_transition(all, ToldOn::kEnvironment, "GetEnvAttr", [](TransitionRig& r) {
    return r("SQLGetEnvAttr", r.odbc.environment, SQL_ATTR_OUTPUT_NTS, &r.number, 0, nullptr);
  });
}

void add_connection_facts(Transitions& all) {
  add_transition(all, ToldOn::kConnection, "GetFunctions", [](TransitionRig& r) {
    return r("SQLGetFunctions", r.odbc.connection, SQL_API_SQLFETCH, &r.status);
  });
  add_transition(all, ToldOn::kConnection, "GetInfo", [](TransitionRig& r) {
    return r("SQLGetInfo", r.odbc.connection, SQL_DBMS_NAME, r.text.data(), r.text.size(), nullptr);
  });
  add_transition(all, ToldOn::kConnection, "NativeSql", [](TransitionRig& r) {
    return r("SQLNativeSql", r.odbc.connection, "SELECT 1", SQL_NTS, r.text.data(), r.text.size(),
             nullptr);
  });
  add_transition(all, ToldOn::kConnection, "GetDiagRec:connection", [](TransitionRig& r) {
    return r("SQLGetDiagRec", SQL_HANDLE_DBC, r.odbc.connection, 1, r.text.data(), nullptr, nullptr,
             0, nullptr);
  });
  add_transition(all, ToldOn::kEnvironment, "GetDiagRec:environment", [](TransitionRig& r) {
    return r("SQLGetDiagRec", SQL_HANDLE_ENV, r.odbc.environment, 1, r.text.data(), nullptr,
             nullptr, 0, nullptr);
  });
}

}  // namespace

void add_connection_transitions(Transitions& all) {
  add_connecting(all);
  add_connection_attributes(all);
  add_connection_facts(all);
}

}  // namespace test_support
