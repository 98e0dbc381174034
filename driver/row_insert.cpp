#include "driver/row_insert.h"

#include <charconv>

#include "driver/sql/literals.h"
#include "driver/sql/token_stream.h"

namespace driver {
namespace {

bool constant(const sql::Token& token) {
  if (token.conditional) return false;
  switch (token.kind) {
    case sql::TokenKind::kMarker:
    case sql::TokenKind::kString:
    case sql::TokenKind::kNumber:
      return true;
    case sql::TokenKind::kWord:
      return token.is_word("NULL") || token.is_word("DEFAULT") || token.is_word("TRUE") ||
             token.is_word("FALSE");
    default:
      return token.is(',') || token.is('-');
  }
}

/// Moves behind the name; false when there is none.
bool read_name(sql::TokenStream& tokens, RowInsert& insert) {
  if (!sql::is_identifier(tokens.current())) return false;
  insert.table = sql::unquoted_name(tokens.current());
  tokens.advance();
  if (!tokens.current().is('.')) return true;
  tokens.advance();
  if (!sql::is_identifier(tokens.current())) return false;
  insert.schema = std::move(insert.table);
  insert.table = sql::unquoted_name(tokens.current());
  tokens.advance();
  return true;
}

bool skip_columns(sql::TokenStream& tokens) {
  if (!tokens.current().is('(')) return true;
  for (tokens.advance(); !tokens.current().is(')'); tokens.advance()) {
    const bool name = sql::is_identifier(tokens.current()) || tokens.current().is(',');
    if (!name || tokens.current().conditional) return false;
  }
  tokens.advance();
  return true;
}

std::size_t number_from(const std::optional<std::string>& text) {
  std::size_t number = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), number);
  return number;
}

}  // namespace

std::optional<RowInsert> row_insert(std::string_view sql, sql::ScanOptions options) {
  sql::TokenStream tokens(sql, options);
  if (!tokens.at_word("INSERT")) return std::nullopt;
  tokens.advance();
  if (tokens.at_word("INTO")) tokens.advance();
  RowInsert insert;
  if (!read_name(tokens, insert) || !skip_columns(tokens)) return std::nullopt;
  if (!tokens.at_any({"VALUES", "VALUE"})) return std::nullopt;
  tokens.advance();
  if (!tokens.current().is('(')) return std::nullopt;
  insert.row = tokens.current().offset;
  for (tokens.advance(); constant(tokens.current()); tokens.advance()) {
    insert.has_null = insert.has_null || tokens.at_word("NULL");
  }
  if (!tokens.current().is(')')) return std::nullopt;
  insert.behind = tokens.current().offset + 1;
  tokens.advance();
  while (tokens.current().kind == sql::TokenKind::kSemicolon) tokens.advance();
  const bool whole = tokens.current().kind == sql::TokenKind::kEnd &&
                     !tokens.scanner().saw_version_comment() && !tokens.scanner().saw_hint();
  return whole ? std::optional(insert) : std::nullopt;
}

std::string with_rows(std::string_view sql, const RowInsert& insert,
                      std::span<const fabric::mysql::Parameter> values, std::size_t rows,
                      sql::ScanOptions options) {
  const std::string_view row = sql.substr(insert.row, insert.behind - insert.row);
  const std::size_t width = values.size() / rows;
  std::string text(sql.substr(0, insert.row));
  for (std::size_t index = 0; index < rows; ++index) {
    if (index > 0) text += ',';
    text += sql::with_literals(row, values.subspan(index * width, width), options);
  }
  text += sql.substr(insert.behind);
  return text;
}

std::string target_query(const RowInsert& insert) {
  const std::string schema = insert.schema.empty() ? "DATABASE()" : sql::sql_text(insert.schema);
  const std::string table = sql::sql_text(insert.table);
  return "SELECT @@max_allowed_packet, @@sql_mode, (SELECT MIN(engine = 'InnoDB') FROM "
         "information_schema.tables WHERE table_schema = " +
         schema + " AND table_name = " + table +
         "), (SELECT COUNT(*) FROM information_schema.triggers WHERE event_object_schema = " +
         schema + " AND event_object_table = " + table + ")";
}

InsertTarget target_from(const std::vector<rows::Record>& rows) {
  InsertTarget target;
  if (rows.size() != 1 || rows.front().size() != 4) return target;
  const rows::Record& row = rows.front();
  target.largest_packet = number_from(row[0]);
  target.strict = row[1] && row[1]->find("STRICT_") != std::string::npos;
  target.undone_whole = row[2] == "1" && row[3] == "0";
  return target;
}

}  // namespace driver
