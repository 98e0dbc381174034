#include "driver/named_call.h"

#include <algorithm>

#include "driver/sql/literals.h"
#include "driver/sql/token_stream.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Error;
using fabric::base::SqlState;

std::optional<MarkerCall> marker_call(std::string_view sql, sql::ScanOptions options) {
  sql::TokenStream tokens(sql, options);
  if (!tokens.at_word("CALL")) return std::nullopt;
  tokens.advance();
  MarkerCall call;
  if (!sql::is_identifier(tokens.current())) return std::nullopt;
  call.procedure = sql::unquoted_name(tokens.current());
  tokens.advance();
  if (tokens.current().is('.')) {
    tokens.advance();
    if (!sql::is_identifier(tokens.current())) return std::nullopt;
    call.schema = std::move(call.procedure);
    call.procedure = sql::unquoted_name(tokens.current());
    tokens.advance();
  }
  if (!tokens.current().is('(')) return std::nullopt;
  do {
    tokens.advance();
    if (tokens.current().kind != sql::TokenKind::kMarker) return std::nullopt;
    tokens.advance();
  } while (tokens.current().is(','));
  return tokens.current().is(')') ? std::optional(call) : std::nullopt;
}

std::string parameter_names_query(const MarkerCall& call) {
  return "SELECT PARAMETER_NAME FROM information_schema.PARAMETERS WHERE SPECIFIC_SCHEMA = " +
         (call.schema.empty() ? "DATABASE()" : sql::sql_text(call.schema)) +
         " AND SPECIFIC_NAME = " + sql::sql_text(call.procedure) +
         " AND ROUTINE_TYPE = 'PROCEDURE' ORDER BY ORDINAL_POSITION";
}

std::vector<SQLSMALLINT> order_by_names(const MarkerCall& call,
                                        const std::vector<std::string>& given,
                                        const std::vector<rows::Record>& of_procedure) {
  std::vector<SQLSMALLINT> order;
  std::string names;
  for (const rows::Record& row : of_procedure) {
    const std::string name = row.at(0).value_or("");
    names += (names.empty() ? "" : ", ") + name;
    const auto found = std::ranges::find_if(
        given, [&name](const std::string& one) { return sql::equals_ignoring_case(one, name); });
    if (found != given.end()) order.push_back(static_cast<SQLSMALLINT>(found - given.begin() + 1));
  }
  if (order.size() == given.size() && of_procedure.size() == given.size()) return order;
  throw Error(SqlState::kHY000,
              "The parameters are bound by name (SQL_DESC_NAME), and are not those of procedure " +
                  call.procedure + ": " + names);
}

}  // namespace driver
