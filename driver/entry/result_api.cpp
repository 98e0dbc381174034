// SQLFetch, SQLFetchScroll, SQLExtendedFetch, SQLGetData, SQLMoreResults, SQLCloseCursor,
// SQLRowCount, SQLNumResultCols, SQLSetPos, SQLBulkOperations.
#include "driver/call.h"
#include "driver/statement.h"
#include "fabric/base/error.h"

namespace {

using driver::call;
using driver::call_in_memory;
using driver::DataRequest;
using driver::MutexLock;
using driver::Sequence;
using driver::Statement;
using fabric::base::Error;
using fabric::base::SqlState;

/// Apart from what most calls need.
[[gnu::noinline]] SQLRETURN get_data(Statement& statement, const DataRequest& request) {
  const auto get = [&request](Statement& s) { return s.get_data(request); };
  return driver::call_held(statement, get, Sequence::kWhileOutputIsGiven);
}

}  // namespace

extern "C" SQLRETURN SQL_API SQLFetch(SQLHSTMT handle) {
  return call_in_memory<Statement>(handle, [](Statement& statement) { return statement.fetch(); });
}

extern "C" SQLRETURN SQL_API SQLFetchScroll(SQLHSTMT handle, SQLSMALLINT orientation,
                                            SQLLEN offset) {
  return call_in_memory<Statement>(
      handle, [&](Statement& s) { return s.fetch_scroll(orientation, offset); });
}

extern "C" SQLRETURN SQL_API SQLExtendedFetch(SQLHSTMT handle, SQLUSMALLINT orientation,
                                              SQLLEN offset, SQLULEN* rows, SQLUSMALLINT* status) {
  return call_in_memory<Statement>(
      handle, [&](Statement& s) { return s.extended_fetch(orientation, offset, rows, status); });
}

extern "C" SQLRETURN SQL_API SQLGetData(SQLHSTMT handle, SQLUSMALLINT number, SQLSMALLINT c_type,
                                        SQLPOINTER data, SQLLEN capacity, SQLLEN* length) {
  Statement* const statement = driver::resolve<Statement>(handle);
  if (statement == nullptr) return SQL_INVALID_HANDLE;
  const MutexLock lock(statement->mutex());
  const bool given = statement->gave_at_once(number, c_type, data, capacity, length);
  return given ? SQLRETURN{SQL_SUCCESS}
               : get_data(*statement, {number, c_type, data, capacity, length});
}

extern "C" SQLRETURN SQL_API SQLMoreResults(SQLHSTMT handle) {
  return call<Statement>(
      handle, [](Statement& s) { return s.more_results(); }, Sequence::kWhileOutputIsGiven);
}

extern "C" SQLRETURN SQL_API SQLCloseCursor(SQLHSTMT handle) {
  const auto close = [](Statement& statement) {
    statement.close_cursor();
    return SQL_SUCCESS;
  };
  return call<Statement>(handle, close, Sequence::kWhileOutputIsGiven);
}

extern "C" SQLRETURN SQL_API SQLRowCount(SQLHSTMT handle, SQLLEN* count) {
  return call<Statement>(handle, [&](Statement& statement) {
    if (count != nullptr) *count = statement.row_count();
    return SQL_SUCCESS;
  });
}

extern "C" SQLRETURN SQL_API SQLNumResultCols(SQLHSTMT handle, SQLSMALLINT* count) {
  return call<Statement>(handle, [&](Statement& statement) {
    if (count == nullptr) {
      throw Error(SqlState::kHY009, "The number of columns has no place to go: a null pointer");
    }
    *count = statement.column_count();
    return SQL_SUCCESS;
  });
}

extern "C" SQLRETURN SQL_API SQLSetPos(SQLHSTMT handle, SQLSETPOSIROW row, SQLUSMALLINT operation,
                                       SQLUSMALLINT lock) {
  return call<Statement>(handle,
                         [&](Statement& s) { return s.set_position(row, operation, lock); });
}

extern "C" SQLRETURN SQL_API SQLBulkOperations(SQLHSTMT handle, SQLSMALLINT operation) {
  return call<Statement>(handle, [&](Statement& statement) {
    return statement.bulk_operation(static_cast<SQLUSMALLINT>(operation));
  });
}
