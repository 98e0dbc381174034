// SQLGetDiagRec, SQLGetDiagField; W and A. They clear nothing and report nothing of their own.
#include <cstring>

#include "driver/connection.h"
#include "driver/descriptor.h"
#include "driver/environment.h"
#include "driver/statement.h"
#include "driver/text/application_text.h"

namespace {

using driver::Diagnostics;
using driver::Handle;

Handle* find(SQLSMALLINT type, SQLHANDLE raw) {
  switch (type) {
    case SQL_HANDLE_ENV:
      return driver::resolve<driver::Environment>(raw);
    case SQL_HANDLE_DBC:
      return driver::resolve<driver::Connection>(raw);
    case SQL_HANDLE_STMT:
      return driver::resolve<driver::Statement>(raw);
    case SQL_HANDLE_DESC:
      return driver::resolve<driver::Descriptor>(raw);
    default:
      return nullptr;
  }
}

SQLRETURN written(bool cut) {
  return static_cast<SQLRETURN>(cut ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS);
}

/// As call(), but leaves the diagnostics as they are.
template <class Body>
SQLRETURN look(SQLSMALLINT type, SQLHANDLE raw, Body&& body) noexcept {
  Handle* handle = find(type, raw);
  if (handle == nullptr) return SQL_INVALID_HANDLE;
  driver::MutexLock lock(handle->mutex());
  try {
    return static_cast<SQLRETURN>(body(handle->diagnostics));
  } catch (...) {
    return SQL_ERROR;
  }
}

template <class Char>
SQLRETURN get_record(SQLSMALLINT type, SQLHANDLE raw, SQLSMALLINT number, Char* state,
                     SQLINTEGER* native, Char* text, SQLSMALLINT capacity, SQLSMALLINT* length) {
  return look(type, raw, [&](const Diagnostics& diagnostics) -> SQLRETURN {
    if (number <= 0 || capacity < 0) return SQL_ERROR;
    if (static_cast<std::size_t>(number) > diagnostics.records().size()) return SQL_NO_DATA;
    const auto& record = diagnostics.records()[static_cast<std::size_t>(number - 1)];
    constexpr SQLINTEGER kStateCapacity = 6;
    SQLSMALLINT ignored = 0;
    static_cast<void>(
        driver::text::to_application(diagnostics.code_of(record), state, kStateCapacity, &ignored));
    if (native != nullptr) *native = record.native;
    const bool cut = driver::text::to_application(record.text, text, capacity, length);
    return written(cut && capacity != 0);  // no buffer is a question for the length
  });
}

template <class T>
SQLRETURN put(SQLPOINTER target, T value) {
  if (target != nullptr) std::memcpy(target, &value, sizeof value);
  return SQL_SUCCESS;
}

/// The standard in whose text the state's class is defined (ODBC 3.8, SQL_DIAG_CLASS_ORIGIN).
std::string_view origin_of(std::string_view code, bool subclass) {
  const bool odbc_class = code.starts_with("IM");
  const bool odbc_subclass =
      code.starts_with("HYT") || code.starts_with("S") || code.substr(2).starts_with("S") ||
      code == "HY095" || code == "HY097" || code == "HY098" || code == "HY099" || code == "HY100" ||
      code == "HY101" || code == "HY105" || code == "HY107" || code == "HY109" || code == "HY110" ||
      code == "HY111";
  return odbc_class || (subclass && odbc_subclass) ? "ODBC 3.0" : "ISO 9075";
}

/// SQL_DIAG_SERVER_NAME: what SQLGetInfo calls SQL_DATA_SOURCE_NAME.
std::string data_source_of(SQLSMALLINT type, SQLHANDLE raw) {
  const driver::Connection* connection = nullptr;
  if (type == SQL_HANDLE_DBC) connection = driver::resolve<driver::Connection>(raw);
  if (type == SQL_HANDLE_STMT) {
    connection = &driver::resolve<driver::Statement>(raw)->connection();
  }
  if (type == SQL_HANDLE_DESC) {
    connection = &driver::resolve<driver::Descriptor>(raw)->connection();
  }
  return connection == nullptr ? std::string() : connection->settings().dsn;
}

bool is_text_field(SQLSMALLINT id) {
  switch (id) {
    case SQL_DIAG_DYNAMIC_FUNCTION:
    case SQL_DIAG_SQLSTATE:
    case SQL_DIAG_MESSAGE_TEXT:
    case SQL_DIAG_CLASS_ORIGIN:
    case SQL_DIAG_SUBCLASS_ORIGIN:
    case SQL_DIAG_CONNECTION_NAME:
    case SQL_DIAG_SERVER_NAME:
      return true;
    default:
      return false;
  }
}

bool is_statement_field(SQLSMALLINT id) {
  return id == SQL_DIAG_ROW_COUNT || id == SQL_DIAG_CURSOR_ROW_COUNT ||
         id == SQL_DIAG_DYNAMIC_FUNCTION || id == SQL_DIAG_DYNAMIC_FUNCTION_CODE;
}

template <class Char>
SQLRETURN get_field(SQLSMALLINT type, SQLHANDLE raw, SQLSMALLINT number, SQLSMALLINT id,
                    SQLPOINTER value, SQLSMALLINT capacity, SQLSMALLINT* length) {
  return look(type, raw, [&](const Diagnostics& diagnostics) -> SQLRETURN {
    const auto text = [&](std::string_view found) {
      return written(
          driver::text::to_application_bytes(found, static_cast<Char*>(value), capacity, length));
    };
    if (is_text_field(id) && capacity < 0) return SQL_ERROR;
    if (is_statement_field(id) && type != SQL_HANDLE_STMT) return SQL_ERROR;
    switch (id) {
      case SQL_DIAG_NUMBER:
        return put(value, static_cast<SQLINTEGER>(diagnostics.records().size()));
      case SQL_DIAG_RETURNCODE:
        return put(value, diagnostics.return_code);
      case SQL_DIAG_ROW_COUNT:
      case SQL_DIAG_CURSOR_ROW_COUNT:
        return put(value, diagnostics.row_count);
      case SQL_DIAG_DYNAMIC_FUNCTION:
        return text(driver::resolve<driver::Statement>(raw)->dynamic_function().name);
      case SQL_DIAG_DYNAMIC_FUNCTION_CODE:
        return put(value, driver::resolve<driver::Statement>(raw)->dynamic_function().code);
      default:
        break;
    }
    if (number <= 0) return SQL_ERROR;
    if (static_cast<std::size_t>(number) > diagnostics.records().size()) return SQL_NO_DATA;
    const auto& record = diagnostics.records()[static_cast<std::size_t>(number - 1)];
    const std::string code = fabric::base::code_of(record.state);
    switch (id) {
      case SQL_DIAG_SQLSTATE:
        return text(diagnostics.code_of(record));
      case SQL_DIAG_NATIVE:
        return put(value, static_cast<SQLINTEGER>(record.native));
      case SQL_DIAG_MESSAGE_TEXT:
        return text(record.text);
      case SQL_DIAG_CLASS_ORIGIN:
        return text(origin_of(code, false));
      case SQL_DIAG_SUBCLASS_ORIGIN:
        return text(origin_of(code, true));
      case SQL_DIAG_CONNECTION_NAME:
        return text("");
      case SQL_DIAG_SERVER_NAME:
        return text(data_source_of(type, raw));
      case SQL_DIAG_ROW_NUMBER:
        return put(value, record.row_number);
      case SQL_DIAG_COLUMN_NUMBER:
        return put(value, record.column_number);
      default:
        return SQL_ERROR;
    }
  });
}

}  // namespace

extern "C" SQLRETURN SQL_API SQLGetDiagRec(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number,
                                           SQLCHAR* state, SQLINTEGER* native, SQLCHAR* text,
                                           SQLSMALLINT capacity, SQLSMALLINT* length) {
  return get_record(type, handle, number, state, native, text, capacity, length);
}

extern "C" SQLRETURN SQL_API SQLGetDiagRecW(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number,
                                            SQLWCHAR* state, SQLINTEGER* native, SQLWCHAR* text,
                                            SQLSMALLINT capacity, SQLSMALLINT* length) {
  return get_record(type, handle, number, state, native, text, capacity, length);
}

extern "C" SQLRETURN SQL_API SQLGetDiagField(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number,
                                             SQLSMALLINT id, SQLPOINTER value, SQLSMALLINT capacity,
                                             SQLSMALLINT* length) {
  return get_field<SQLCHAR>(type, handle, number, id, value, capacity, length);
}

extern "C" SQLRETURN SQL_API SQLGetDiagFieldW(SQLSMALLINT type, SQLHANDLE handle,
                                              SQLSMALLINT number, SQLSMALLINT id, SQLPOINTER value,
                                              SQLSMALLINT capacity, SQLSMALLINT* length) {
  return get_field<SQLWCHAR>(type, handle, number, id, value, capacity, length);
}
