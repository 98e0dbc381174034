// SQLBindCol, SQLBindParameter, SQLNumParams, SQLDescribeParam, SQLSetCursorName, SQLGetCursorName.
#include "driver/call.h"
#include "driver/statement.h"
#include "driver/text/application_text.h"
#include "fabric/base/error.h"

namespace {

using driver::call;
using driver::Sequence;
using driver::Statement;
using fabric::base::Error;
using fabric::base::SqlState;

template <class Char>
SQLRETURN get_cursor_name(SQLHSTMT handle, Char* name, SQLSMALLINT capacity, SQLSMALLINT* length) {
  return call<Statement>(handle, [&](Statement& statement) {
    driver::text::check_capacity(name, capacity);
    if (driver::text::to_application(statement.cursor_name(), name, capacity, length)) {
      statement.diagnostics.warn(SqlState::k01004, "The cursor's name was cut");
    }
    return SQL_SUCCESS;
  });
}

template <class Char>
SQLRETURN set_cursor_name(SQLHSTMT handle, const Char* name, SQLSMALLINT length) {
  return call<Statement>(handle, [&](Statement& statement) {
    const auto given = driver::text::terminated_from_application(name, length);
    if (!given) throw Error(SqlState::kHY009, "The cursor's name is a null pointer");
    statement.set_cursor_name(*given);
    return SQL_SUCCESS;
  });
}

}  // namespace

extern "C" SQLRETURN SQL_API SQLBindCol(SQLHSTMT handle, SQLUSMALLINT number, SQLSMALLINT c_type,
                                        SQLPOINTER data, SQLLEN capacity, SQLLEN* length) {
  return call<Statement>(handle, [&](Statement& statement) {
    statement.bind_column(number, c_type, data, capacity, length);
    return SQL_SUCCESS;
  });
}

extern "C" SQLRETURN SQL_API SQLBindParameter(SQLHSTMT handle, SQLUSMALLINT number,
                                              SQLSMALLINT input_output, SQLSMALLINT c_type,
                                              SQLSMALLINT sql_type, SQLULEN column_size,
                                              SQLSMALLINT decimal_digits, SQLPOINTER value,
                                              SQLLEN buffer_length, SQLLEN* length_or_indicator) {
  return call<Statement>(handle, [&](Statement& statement) {
    statement.bind_parameter({.number = number,
                              .input_output = input_output,
                              .c_type = c_type,
                              .sql_type = sql_type,
                              .column_size = column_size,
                              .decimal_digits = decimal_digits,
                              .value = value,
                              .buffer_length = buffer_length,
                              .length_or_indicator = length_or_indicator});
    return SQL_SUCCESS;
  });
}

extern "C" SQLRETURN SQL_API SQLNumParams(SQLHSTMT handle, SQLSMALLINT* count) {
  const auto get = [&](Statement& statement) {
    const SQLSMALLINT found = statement.parameter_count();
    if (count != nullptr) *count = found;
    return SQL_SUCCESS;
  };
  return call<Statement>(handle, get, Sequence::kWhileOutputIsGiven);
}

extern "C" SQLRETURN SQL_API SQLDescribeParam(SQLHSTMT handle, SQLUSMALLINT number,
                                              SQLSMALLINT* sql_type, SQLULEN* size,
                                              SQLSMALLINT* digits, SQLSMALLINT* nullable) {
  const auto describe = [&](Statement& statement) {
    const auto described = statement.describe_parameter(number);
    if (sql_type != nullptr) *sql_type = described.sql_type;
    if (size != nullptr) *size = described.size;
    if (digits != nullptr) *digits = 0;
    if (nullable != nullptr) *nullable = SQL_NULLABLE_UNKNOWN;
    return SQL_SUCCESS;
  };
  return call<Statement>(handle, describe, Sequence::kWhileOutputIsGiven);
}

extern "C" SQLRETURN SQL_API SQLGetCursorName(SQLHSTMT handle, SQLCHAR* name, SQLSMALLINT capacity,
                                              SQLSMALLINT* length) {
  return get_cursor_name(handle, name, capacity, length);
}

extern "C" SQLRETURN SQL_API SQLGetCursorNameW(SQLHSTMT handle, SQLWCHAR* name,
                                               SQLSMALLINT capacity, SQLSMALLINT* length) {
  return get_cursor_name(handle, name, capacity, length);
}

extern "C" SQLRETURN SQL_API SQLSetCursorName(SQLHSTMT handle, SQLCHAR* name, SQLSMALLINT length) {
  return set_cursor_name(handle, name, length);
}

extern "C" SQLRETURN SQL_API SQLSetCursorNameW(SQLHSTMT handle, SQLWCHAR* name,
                                               SQLSMALLINT length) {
  return set_cursor_name(handle, name, length);
}
