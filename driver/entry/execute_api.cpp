// SQLPrepare, SQLExecute, SQLExecDirect, SQLParamData, SQLPutData, SQLCancel,
// SQLCancelHandle, SQLEndTran, SQLNativeSql.
#include <vector>

#include "driver/call.h"
#include "driver/cancel.h"
#include "driver/connection.h"
#include "driver/environment.h"
#include "driver/statement.h"
#include "driver/text/application_text.h"
#include "fabric/base/error.h"

namespace {

using driver::call;
using driver::Connection;
using driver::Environment;
using driver::Sequence;
using driver::Statement;
using fabric::base::Error;
using fabric::base::SqlState;

template <class Char>
std::string statement_text(const Char* text, SQLINTEGER length) {
  auto sql = driver::text::from_application(text, length);
  if (!sql) throw Error(SqlState::kHY009, "The statement's text is a null pointer");
  return std::move(*sql);
}

template <class Char>
std::string text_to_run(const Char* text, SQLINTEGER length) {
  if (text != nullptr && length == 0) {
    throw Error(SqlState::kHY090, "The statement's text has the length 0: give it, or SQL_NTS");
  }
  return statement_text(text, length);
}

template <class Char>
SQLRETURN prepare(SQLHSTMT handle, const Char* text, SQLINTEGER length) {
  return call<Statement>(handle, [&](Statement& statement) {
    statement.prepare(text_to_run(text, length));
    return SQL_SUCCESS;
  });
}

template <class Char>
SQLRETURN execute_direct(SQLHSTMT handle, const Char* text, SQLINTEGER length) {
  return call<Statement>(handle, [&](Statement& statement) {
    return statement.execute_direct(text_to_run(text, length));
  });
}

template <class Char>
SQLRETURN native_sql(SQLHDBC handle, const Char* text, SQLINTEGER length, Char* out,
                     SQLINTEGER capacity, SQLINTEGER* out_length) {
  return call<Connection>(handle, [&](Connection& connection) {
    connection.require_connected();
    driver::text::check_capacity(out, capacity);
    const std::string native = connection.native_sql(statement_text(text, length));
    if (driver::text::to_application(native, out, capacity, out_length)) {
      connection.diagnostics.warn(SqlState::k01004, "The native text was cut");
    }
    return SQL_SUCCESS;
  });
}

/// Takes no lock: the statement's connection may be busy with it. So no diagnostics either.
template <class T, class Body>
SQLRETURN cancel(SQLHANDLE raw, Body&& body) noexcept {
  T* handle = driver::resolve<T>(raw);
  if (handle == nullptr) return SQL_INVALID_HANDLE;
  try {
    body(*handle);
    return SQL_SUCCESS;
  } catch (...) {
    return SQL_ERROR;
  }
}

SQLRETURN end_connection(SQLHANDLE handle, bool commit) {
  return call<Connection>(handle, [&](Connection& connection) {
    connection.end_transaction(commit);
    return SQL_SUCCESS;
  });
}

/// Every connection is tried; the records of those that fail become the environment's. Its lock is
/// not held meanwhile.
SQLRETURN end_environment(Environment& environment, bool commit) {
  std::vector<driver::DiagnosticRecord> failures;
  for (Connection* each : environment.connections()) {
    call<Connection>(each->raw(), [&](Connection& connection) {
      try {
        if (connection.connected() || connection.browsing()) connection.end_transaction(commit);
      } catch (...) {
        record_current_exception(connection.diagnostics);
        const auto& records = connection.diagnostics.records();
        failures.insert(failures.end(), records.begin(), records.end());
        return SQL_ERROR;
      }
      return SQL_SUCCESS;
    });
  }
  return call<Environment>(environment.raw(), [&](Environment& its) {
    for (auto& record : failures) its.diagnostics.copy(std::move(record));
    return failures.empty() ? SQL_SUCCESS : SQL_ERROR;
  });
}

}  // namespace

extern "C" SQLRETURN SQL_API SQLPrepare(SQLHSTMT handle, SQLCHAR* text, SQLINTEGER length) {
  return prepare(handle, text, length);
}

extern "C" SQLRETURN SQL_API SQLPrepareW(SQLHSTMT handle, SQLWCHAR* text, SQLINTEGER length) {
  return prepare(handle, text, length);
}

extern "C" SQLRETURN SQL_API SQLExecDirect(SQLHSTMT handle, SQLCHAR* text, SQLINTEGER length) {
  return execute_direct(handle, text, length);
}

extern "C" SQLRETURN SQL_API SQLExecDirectW(SQLHSTMT handle, SQLWCHAR* text, SQLINTEGER length) {
  return execute_direct(handle, text, length);
}

extern "C" SQLRETURN SQL_API SQLExecute(SQLHSTMT handle) {
  return call<Statement>(handle, [](Statement& statement) { return statement.execute(); });
}

extern "C" SQLRETURN SQL_API SQLParamData(SQLHSTMT handle, SQLPOINTER* value) {
  return call<Statement>(
      handle, [&](Statement& s) { return s.param_data(value); }, Sequence::kWhileDataIsNeeded);
}

extern "C" SQLRETURN SQL_API SQLPutData(SQLHSTMT handle, SQLPOINTER data, SQLLEN length) {
  const auto put = [&](Statement& statement) {
    statement.put_data(data, length);
    return SQL_SUCCESS;
  };
  return call<Statement>(handle, put, Sequence::kWhileDataIsNeeded);
}

extern "C" SQLRETURN SQL_API SQLCancel(SQLHSTMT handle) {
  return cancel<Statement>(handle, [](Statement& statement) { statement.cancel(); });
}

extern "C" SQLRETURN SQL_API SQLCancelHandle(SQLSMALLINT type, SQLHANDLE handle) {
  if (type == SQL_HANDLE_STMT) return SQLCancel(handle);
  if (type != SQL_HANDLE_DBC) return SQL_INVALID_HANDLE;
  return cancel<Connection>(
      handle, [](Connection& connection) { connection.cancel_point().cancel(nullptr); });
}

extern "C" SQLRETURN SQL_API SQLEndTran(SQLSMALLINT type, SQLHANDLE handle,
                                        SQLSMALLINT completion) {
  const bool commit = completion == SQL_COMMIT;
  const auto check = [&] {
    if (!commit && completion != SQL_ROLLBACK) {
      throw Error(SqlState::kHY012, "The completion is neither SQL_COMMIT nor SQL_ROLLBACK");
    }
    return SQL_SUCCESS;
  };
  if (type == SQL_HANDLE_ENV) {
    const SQLRETURN valid = call<Environment>(handle, [&](Environment&) { return check(); });
    return valid == SQL_SUCCESS ? end_environment(*driver::resolve<Environment>(handle), commit)
                                : valid;
  }
  if (type != SQL_HANDLE_DBC) {
    return driver::refuse<Environment, Connection, Statement>(
        handle, {SqlState::kHY092,
                 "Only the transactions of a connection or an "
                 "environment end"});
  }
  const SQLRETURN valid = call<Connection>(handle, [&](Connection&) { return check(); });
  return valid == SQL_SUCCESS ? end_connection(handle, commit) : valid;
}

extern "C" SQLRETURN SQL_API SQLNativeSql(SQLHDBC handle, SQLCHAR* text, SQLINTEGER length,
                                          SQLCHAR* out, SQLINTEGER capacity,
                                          SQLINTEGER* out_length) {
  return native_sql(handle, text, length, out, capacity, out_length);
}

extern "C" SQLRETURN SQL_API SQLNativeSqlW(SQLHDBC handle, SQLWCHAR* text, SQLINTEGER length,
                                           SQLWCHAR* out, SQLINTEGER capacity,
                                           SQLINTEGER* out_length) {
  return native_sql(handle, text, length, out, capacity, out_length);
}
