#include "driver/sql/parameter_columns.h"

#include <algorithm>

#include "driver/sql/literals.h"
#include "driver/sql/token_stream.h"

namespace driver::sql {
namespace {

class MarkerReader {
 public:
  MarkerReader(std::string_view sql, ScanOptions options) : tokens_(sql, options) {}

  ParameterColumns read() {
    const bool update = tokens_.at_word("UPDATE");
    if (!update && !tokens_.at_any({"INSERT", "REPLACE"})) return {};
    tokens_.advance();
    while (tokens_.at_any({"LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "INTO"})) {
      tokens_.advance();
    }
    read_target();
    if (update && !sets_alone()) return {};
    if (!update && tokens_.current().is('(')) read_names();
    if (!update && tokens_.at_any({"VALUES", "VALUE"})) {
      tokens_.advance();
      read_rows();
    }
    in_set_ = tokens_.at_word("SET");
    while (tokens_.current().kind != TokenKind::kEnd) read_rest();
    if (tokens_.scanner().saw_version_comment()) return {};
    return std::move(found_);
  }

 private:
  void read_target() {
    while (is_identifier(tokens_.current())) {
      found_.table += sql_name(unquoted_name(tokens_.current()));
      tokens_.advance();
      if (!tokens_.current().is('.')) return;
      found_.table += '.';
      tokens_.advance();
    }
  }

  /// Of several tables a column might be another one's.
  bool sets_alone() {
    if (tokens_.at_word("AS")) tokens_.advance();
    if (!tokens_.at_word("SET") && is_identifier(tokens_.current())) tokens_.advance();
    return tokens_.at_word("SET");
  }

  void read_names() {
    for (tokens_.advance(); is_identifier(tokens_.current()); tokens_.advance()) {
      names_.push_back(unquoted_name(tokens_.current()));
      tokens_.advance();
      if (!tokens_.current().is(',')) break;
    }
    if (tokens_.current().is(')')) tokens_.advance();
  }

  /// (value, ...), ... where a value may be a marker alone.
  void read_rows() {
    int depth = 0;
    std::size_t at = 0;
    for (; tokens_.current().kind != TokenKind::kEnd; tokens_.advance()) {
      const Token& token = tokens_.current();
      if (depth == 0 && !token.is('(') && !token.is(',')) return;
      if (token.is('(') && ++depth == 1) at = 0;
      if (token.is(')')) --depth;
      if (token.is(',') && depth == 1) ++at;
      if (token.kind != TokenKind::kMarker) continue;
      const bool alone = depth == 1 && (tokens_.previous().is('(') || tokens_.previous().is(',')) &&
                         (tokens_.next().is(')') || tokens_.next().is(','));
      found_.markers.push_back(alone ? value_at(at) : ParameterColumns::Place{});
    }
  }

  [[nodiscard]] ParameterColumns::Place value_at(std::size_t at) const {
    if (names_.empty()) return {.column = {}, .position = at + 1};
    return {.column = at < names_.size() ? names_[at] : std::string(), .position = 0};
  }

  /// SET column = ?, ... and what follows.
  void read_rest() {
    const Token& token = tokens_.current();
    if (tokens_.at_any({"SET", "UPDATE"})) in_set_ = true;  // ON DUPLICATE KEY UPDATE
    if (tokens_.at_any({"WHERE", "ON", "ORDER", "LIMIT", "RETURNING"})) in_set_ = false;
    if (token.kind == TokenKind::kMarker) {
      const Token& next = tokens_.next();
      const bool ends = next.is(',') || next.kind == TokenKind::kEnd ||
                        next.kind == TokenKind::kSemicolon || next.is_word("WHERE") ||
                        next.is_word("ON") || next.is_word("ORDER") || next.is_word("LIMIT") ||
                        next.is_word("RETURNING");
      const bool assigned =
          in_set_ && ends && tokens_.previous().is('=') && is_identifier(tokens_.before_previous());
      found_.markers.push_back(
          assigned ? ParameterColumns::Place{unquoted_name(tokens_.before_previous()), 0}
                   : ParameterColumns::Place{});
    }
    tokens_.advance();
  }

  TokenStream tokens_;
  ParameterColumns found_;
  std::vector<std::string> names_;
  bool in_set_ = false;
};

}  // namespace

ParameterColumns parameter_columns(std::string_view sql, ScanOptions options) {
  return MarkerReader(sql, options).read();
}

}  // namespace driver::sql
