// The functions of ODBC 2 that ODBC 3 replaced, for applications that link the driver without a
// driver manager. Each calls its successor; the library binds such calls to its own functions
// (-Bsymbolic-functions), and not to a driver manager's of the same name.
#include "driver/call.h"
#include "driver/connection.h"
#include "driver/environment.h"
#include "driver/statement.h"

namespace {

SQLPOINTER pointer(SQLULEN value) { return reinterpret_cast<SQLPOINTER>(value); }

/// The next record of the handle given last, which is told once.
template <class GetRecord>
SQLRETURN next_error(SQLHENV environment, SQLHDBC connection, SQLHSTMT statement,
                     const GetRecord& get) {
  SQLSMALLINT type = SQL_HANDLE_ENV;
  SQLHANDLE handle = environment;
  if (connection != SQL_NULL_HDBC) {
    type = SQL_HANDLE_DBC;
    handle = connection;
  }
  if (statement != SQL_NULL_HSTMT) {
    type = SQL_HANDLE_STMT;
    handle = statement;
  }
  const SQLRETURN result = get(type, handle);
  if (!SQL_SUCCEEDED(result)) return result;
  auto* told = static_cast<driver::Handle*>(handle);
  driver::MutexLock lock(told->mutex());
  told->diagnostics.drop_first();
  return result;
}

}  // namespace

extern "C" {

SQLRETURN SQL_API SQLAllocEnv(SQLHENV* output) {
  const SQLRETURN result = SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, output);
  if (result != SQL_SUCCESS) return result;
  return SQLSetEnvAttr(*output, SQL_ATTR_ODBC_VERSION, pointer(SQL_OV_ODBC2), 0);
}

SQLRETURN SQL_API SQLAllocConnect(SQLHENV environment, SQLHDBC* output) {
  return SQLAllocHandle(SQL_HANDLE_DBC, environment, output);
}

SQLRETURN SQL_API SQLAllocStmt(SQLHDBC connection, SQLHSTMT* output) {
  return SQLAllocHandle(SQL_HANDLE_STMT, connection, output);
}

SQLRETURN SQL_API SQLFreeEnv(SQLHENV environment) {
  return SQLFreeHandle(SQL_HANDLE_ENV, environment);
}

SQLRETURN SQL_API SQLFreeConnect(SQLHDBC connection) {
  return SQLFreeHandle(SQL_HANDLE_DBC, connection);
}

SQLRETURN SQL_API SQLError(SQLHENV environment, SQLHDBC connection, SQLHSTMT statement,
                           SQLCHAR* state, SQLINTEGER* native, SQLCHAR* text, SQLSMALLINT capacity,
                           SQLSMALLINT* length) {
  return next_error(environment, connection, statement, [&](SQLSMALLINT type, SQLHANDLE handle) {
    return SQLGetDiagRec(type, handle, 1, state, native, text, capacity, length);
  });
}

SQLRETURN SQL_API SQLErrorW(SQLHENV environment, SQLHDBC connection, SQLHSTMT statement,
                            SQLWCHAR* state, SQLINTEGER* native, SQLWCHAR* text,
                            SQLSMALLINT capacity, SQLSMALLINT* length) {
  return next_error(environment, connection, statement, [&](SQLSMALLINT type, SQLHANDLE handle) {
    return SQLGetDiagRecW(type, handle, 1, state, native, text, capacity, length);
  });
}

SQLRETURN SQL_API SQLTransact(SQLHENV environment, SQLHDBC connection, SQLUSMALLINT completion) {
  const auto type = static_cast<SQLSMALLINT>(completion);
  return connection != SQL_NULL_HDBC ? SQLEndTran(SQL_HANDLE_DBC, connection, type)
                                     : SQLEndTran(SQL_HANDLE_ENV, environment, type);
}

SQLRETURN SQL_API SQLColAttributes(SQLHSTMT statement, SQLUSMALLINT number, SQLUSMALLINT field,
                                   SQLPOINTER text, SQLSMALLINT capacity, SQLSMALLINT* length,
                                   SQLLEN* value) {
  return SQLColAttribute(statement, number, field, text, capacity, length, value);
}

SQLRETURN SQL_API SQLColAttributesW(SQLHSTMT statement, SQLUSMALLINT number, SQLUSMALLINT field,
                                    SQLPOINTER text, SQLSMALLINT capacity, SQLSMALLINT* length,
                                    SQLLEN* value) {
  return SQLColAttributeW(statement, number, field, text, capacity, length, value);
}

SQLRETURN SQL_API SQLSetConnectOption(SQLHDBC connection, SQLUSMALLINT option, SQLULEN value) {
  return SQLSetConnectAttr(connection, option, pointer(value), SQL_NTS);
}

SQLRETURN SQL_API SQLSetConnectOptionW(SQLHDBC connection, SQLUSMALLINT option, SQLULEN value) {
  return SQLSetConnectAttrW(connection, option, pointer(value), SQL_NTS);
}

SQLRETURN SQL_API SQLGetConnectOption(SQLHDBC connection, SQLUSMALLINT option, SQLPOINTER value) {
  return SQLGetConnectAttr(connection, option, value, SQL_MAX_OPTION_STRING_LENGTH, nullptr);
}

SQLRETURN SQL_API SQLGetConnectOptionW(SQLHDBC connection, SQLUSMALLINT option, SQLPOINTER value) {
  return SQLGetConnectAttrW(connection, option, value, SQL_MAX_OPTION_STRING_LENGTH, nullptr);
}

SQLRETURN SQL_API SQLSetStmtOption(SQLHSTMT statement, SQLUSMALLINT option, SQLULEN value) {
  return SQLSetStmtAttr(statement, option, pointer(value), 0);
}

SQLRETURN SQL_API SQLGetStmtOption(SQLHSTMT statement, SQLUSMALLINT option, SQLPOINTER value) {
  return SQLGetStmtAttr(statement, option, value, 0, nullptr);
}

SQLRETURN SQL_API SQLParamOptions(SQLHSTMT statement, SQLULEN sets, SQLULEN* processed) {
  const SQLRETURN result = SQLSetStmtAttr(statement, SQL_ATTR_PARAMSET_SIZE, pointer(sets), 0);
  if (!SQL_SUCCEEDED(result)) return result;
  return SQLSetStmtAttr(statement, SQL_ATTR_PARAMS_PROCESSED_PTR, processed, 0);
}

SQLRETURN SQL_API SQLSetParam(SQLHSTMT statement, SQLUSMALLINT number, SQLSMALLINT c_type,
                              SQLSMALLINT sql_type, SQLULEN size, SQLSMALLINT digits,
                              SQLPOINTER value, SQLLEN* length) {
  return SQLBindParameter(statement, number, SQL_PARAM_INPUT, c_type, sql_type, size, digits, value,
                          0, length);
}

SQLRETURN SQL_API SQLBindParam(SQLHSTMT statement, SQLUSMALLINT number, SQLSMALLINT c_type,
                               SQLSMALLINT sql_type, SQLULEN size, SQLSMALLINT digits,
                               SQLPOINTER value, SQLLEN* length) {
  return SQLSetParam(statement, number, c_type, sql_type, size, digits, value, length);
}

SQLRETURN SQL_API SQLSetScrollOptions(SQLHSTMT statement, SQLUSMALLINT concurrency, SQLLEN keyset,
                                      SQLUSMALLINT rowset) {
  SQLULEN type = SQL_CURSOR_KEYSET_DRIVEN;
  if (keyset == SQL_SCROLL_FORWARD_ONLY) type = SQL_CURSOR_FORWARD_ONLY;
  if (keyset == SQL_SCROLL_STATIC) type = SQL_CURSOR_STATIC;
  if (keyset == SQL_SCROLL_DYNAMIC) type = SQL_CURSOR_DYNAMIC;
  const auto set = [&](SQLINTEGER id, SQLULEN value) {
    return SQLSetStmtAttr(statement, id, pointer(value), 0);
  };
  SQLRETURN result = set(SQL_ATTR_CURSOR_TYPE, type);
  if (SQL_SUCCEEDED(result)) result = set(SQL_ATTR_CONCURRENCY, concurrency);
  if (SQL_SUCCEEDED(result) && keyset > 0) {
    result = set(SQL_ATTR_KEYSET_SIZE, static_cast<SQLULEN>(keyset));
  }
  return SQL_SUCCEEDED(result) ? set(SQL_ROWSET_SIZE, rowset) : result;
}

}  // extern "C"
