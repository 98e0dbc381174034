// SQLDescribeCol, SQLColAttribute; W and A.
#include "driver/call.h"
#include "driver/statement.h"
#include "driver/text/application_text.h"

namespace {

using driver::call;
using driver::Statement;
using fabric::base::SqlState;

template <class Char>
SQLRETURN describe_column(SQLHSTMT handle, SQLUSMALLINT number, Char* name, SQLSMALLINT capacity,
                          SQLSMALLINT* length, SQLSMALLINT* type, SQLULEN* size,
                          SQLSMALLINT* digits, SQLSMALLINT* nullable) {
  return call<Statement>(handle, [&](Statement& statement) {
    driver::text::check_capacity(name, capacity);
    const driver::DescriptorRecord& record = statement.column(number);
    if (type != nullptr) *type = record.description.sql_type;
    if (size != nullptr) *size = record.description.column_size;
    if (digits != nullptr) *digits = record.description.decimal_digits;
    if (nullable != nullptr) *nullable = record.nullable;
    const std::string shown =
        statement.ird().text_field(static_cast<SQLSMALLINT>(number), SQL_DESC_NAME);
    if (driver::text::to_application(shown, name, capacity, length)) {
      statement.diagnostics.warn(SqlState::k01004, "The column's name was cut");
    }
    return SQL_SUCCESS;
  });
}

SQLUSMALLINT odbc3_field(SQLUSMALLINT field) {
  return field == SQL_COLUMN_NAME ? SQLUSMALLINT{SQL_DESC_NAME} : field;
}

template <class Char>
SQLRETURN column_attribute(SQLHSTMT handle, SQLUSMALLINT number, SQLUSMALLINT asked,
                           SQLPOINTER text, SQLSMALLINT capacity, SQLSMALLINT* length,
                           SQLLEN* value) {
  return call<Statement>(handle, [&](Statement& statement) {
    const SQLUSMALLINT field = odbc3_field(asked);
    const auto id = static_cast<SQLSMALLINT>(field);
    if (!driver::is_text_field(id)) {
      const SQLLEN found = statement.column_attribute(number, field);
      if (value != nullptr) *value = found;
      return SQL_SUCCESS;
    }
    driver::text::check_capacity(text, capacity);
    static_cast<void>(statement.column(number));
    const std::string found = statement.ird().text_field(static_cast<SQLSMALLINT>(number), id);
    if (driver::text::to_application_bytes(found, static_cast<Char*>(text), capacity, length)) {
      statement.diagnostics.warn(SqlState::k01004, "The column attribute was cut");
    }
    return SQL_SUCCESS;
  });
}

}  // namespace

extern "C" SQLRETURN SQL_API SQLDescribeCol(SQLHSTMT handle, SQLUSMALLINT number, SQLCHAR* name,
                                            SQLSMALLINT capacity, SQLSMALLINT* length,
                                            SQLSMALLINT* type, SQLULEN* size, SQLSMALLINT* digits,
                                            SQLSMALLINT* nullable) {
  return describe_column(handle, number, name, capacity, length, type, size, digits, nullable);
}

extern "C" SQLRETURN SQL_API SQLDescribeColW(SQLHSTMT handle, SQLUSMALLINT number, SQLWCHAR* name,
                                             SQLSMALLINT capacity, SQLSMALLINT* length,
                                             SQLSMALLINT* type, SQLULEN* size, SQLSMALLINT* digits,
                                             SQLSMALLINT* nullable) {
  return describe_column(handle, number, name, capacity, length, type, size, digits, nullable);
}

extern "C" SQLRETURN SQL_API SQLColAttribute(SQLHSTMT handle, SQLUSMALLINT number,
                                             SQLUSMALLINT field, SQLPOINTER text,
                                             SQLSMALLINT capacity, SQLSMALLINT* length,
                                             SQLLEN* value) {
  return column_attribute<SQLCHAR>(handle, number, field, text, capacity, length, value);
}

extern "C" SQLRETURN SQL_API SQLColAttributeW(SQLHSTMT handle, SQLUSMALLINT number,
                                              SQLUSMALLINT field, SQLPOINTER text,
                                              SQLSMALLINT capacity, SQLSMALLINT* length,
                                              SQLLEN* value) {
  return column_attribute<SQLWCHAR>(handle, number, field, text, capacity, length, value);
}
