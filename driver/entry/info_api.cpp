// SQLGetInfo, SQLGetFunctions; W and A.
#include <variant>

#include "driver/call.h"
#include "driver/connection.h"
#include "driver/function_table.h"
#include "driver/info_table.h"
#include "driver/text/application_text.h"
#include "fabric/base/error.h"

namespace {

using driver::call;
using driver::Connection;
using fabric::base::Error;
using fabric::base::SqlState;

template <class Number>
void put(Number value, SQLPOINTER target, SQLSMALLINT* length) {
  if (target != nullptr) *static_cast<Number*>(target) = value;
  if (length != nullptr) *length = sizeof(Number);
}

/// What is asked of the server only for the types that need it.
driver::InfoContext context_for(Connection& connection, SQLUSMALLINT type) {
  driver::InfoContext context = connection.info_context();
  context.multi_statements = connection.settings().credentials.link.multi_statements;
  const driver::settings::PeerOptions& options = connection.settings().options;
  context.no_transactions = options.no_transactions;
  context.no_catalog = options.no_catalog;
  context.no_schema = options.no_schema;
  context.forward_only = options.forward_only;
  context.dynamic_cursor = options.dynamic_cursor && !options.forward_only;
  const bool letter_case = type == SQL_IDENTIFIER_CASE || type == SQL_QUOTED_IDENTIFIER_CASE;
  if (letter_case && connection.connected()) {
    const auto rows = connection.rows("SELECT @@lower_case_table_names");
    const std::string value = rows.at(0).at(0).value_or("0");
    context.lower_case_table_names = value == "0" ? 0 : value == "1" ? 1 : 2;
  }
  if (type == SQL_IDENTIFIER_QUOTE_CHAR && connection.connected()) {
    context.ansi_quotes = connection.ansi_quotes();
  }
  if (type == SQL_COLLATION_SEQ && connection.connected()) {
    context.collation = connection.rows("SELECT @@collation_server").at(0).at(0).value_or("");
  }
  if (type == SQL_DEFAULT_TXN_ISOLATION) {
    context.default_isolation = static_cast<SQLUINTEGER>(connection.isolation(true));
  }
  return context;
}

template <class Char>
SQLRETURN get_info(SQLHDBC handle, SQLUSMALLINT type, SQLPOINTER target, SQLSMALLINT capacity,
                   SQLSMALLINT* length) {
  return call<Connection>(handle, [&](Connection& connection) {
    const driver::InfoValue value = driver::info_value(type, context_for(connection, type));
    if (const auto* const text = std::get_if<std::string>(&value)) {
      if (capacity < 0) throw Error(SqlState::kHY090, "The buffer's length is negative");
      if (driver::text::to_application_bytes(*text, static_cast<Char*>(target), capacity, length) &&
          capacity > 0) {  // without any room only the length is asked for
        connection.diagnostics.warn(SqlState::k01004, "The information was cut");
      }
    } else if (const auto* const small = std::get_if<SQLUSMALLINT>(&value)) {
      put(*small, target, length);
    } else {
      put(std::get<SQLUINTEGER>(value), target, length);
    }
    return SQL_SUCCESS;
  });
}

}  // namespace

extern "C" {

SQLRETURN SQL_API SQLGetInfo(SQLHDBC handle, SQLUSMALLINT type, SQLPOINTER target,
                             SQLSMALLINT capacity, SQLSMALLINT* length) {
  return get_info<SQLCHAR>(handle, type, target, capacity, length);
}

SQLRETURN SQL_API SQLGetInfoW(SQLHDBC handle, SQLUSMALLINT type, SQLPOINTER target,
                              SQLSMALLINT capacity, SQLSMALLINT* length) {
  return get_info<SQLWCHAR>(handle, type, target, capacity, length);
}

SQLRETURN SQL_API SQLGetFunctions(SQLHDBC handle, SQLUSMALLINT id, SQLUSMALLINT* answer) {
  return call<Connection>(handle, [&](Connection&) {
    if (answer == nullptr) throw Error(SqlState::kHY009, "The answer's place is a null pointer");
    driver::get_functions(id, answer);
    return SQL_SUCCESS;
  });
}

}  // extern "C"
