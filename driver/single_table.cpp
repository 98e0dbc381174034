#include "driver/single_table.h"

#include "driver/token_stream.h"

namespace driver {
namespace {

/// `db`.`table` or `table` at hand: its last part; the stream stands behind it.
std::optional<std::string> read_table(TokenStream& tokens) {
  if (!is_identifier(tokens.current())) return std::nullopt;
  std::string name = unquoted_name(tokens.current());
  tokens.advance();
  while (tokens.current().is('.')) {
    tokens.advance();
    if (!is_identifier(tokens.current())) return std::nullopt;
    name = unquoted_name(tokens.current());
    tokens.advance();
  }
  return name;
}

class SelectReader {
 public:
  SelectReader(std::string_view select, ScanOptions options) : tokens_(select, options) {}

  SingleTable read() {
    while (tokens_.current().kind == TokenKind::kSemicolon) tokens_.advance();
    if (!tokens_.at_word("SELECT")) return refused("they do not come from a SELECT");
    tokens_.advance();
    SingleTable answer;
    while (!tokens_.at_end() && answer.refusal.empty()) step(answer);
    while (tokens_.current().kind == TokenKind::kSemicolon) tokens_.advance();
    if (!answer.refusal.empty()) return refused(answer.refusal);
    if (tokens_.current().kind != TokenKind::kEnd) return refused("there are several statements");
    if (tokens_.scanner().saw_version_comment()) {
      return refused("the statement holds a version comment");
    }
    return answer.table.empty() ? refused("no table is named") : answer;
  }

 private:
  static SingleTable refused(std::string why) { return {.table = {}, .refusal = std::move(why)}; }

  void step(SingleTable& answer) {
    const Token& token = tokens_.current();
    if (token.kind == TokenKind::kUnterminated) {
      answer.refusal = "the statement is not understood";
    } else if (token.is('(')) {
      ++depth_;
    } else if (token.is(')')) {
      --depth_;
    } else if (depth_ == 0) {
      top_level(answer);
      if (read_ahead_) {
        read_ahead_ = false;
        return;
      }
    }
    tokens_.advance();
  }

  void top_level(SingleTable& answer) {
    if (tokens_.current().is(',')) {
      if (in_from_) answer.refusal = "they come from several tables";
    } else if (tokens_.current().kind != TokenKind::kWord || tokens_.previous().is('.')) {
      return;
    } else if (tokens_.at_any({"JOIN", "STRAIGHT_JOIN"})) {
      answer.refusal = "they come from several tables";
    } else if (tokens_.at_any({"DISTINCT", "DISTINCTROW", "GROUP", "HAVING"})) {
      answer.refusal = "each stands for several rows of the table";
    } else if (tokens_.at_any({"UNION", "INTERSECT", "EXCEPT", "MINUS", "PROCEDURE", "INTO"})) {
      answer.refusal = "they come from several SELECTs";
    } else if (tokens_.at_word("FROM") && answer.table.empty()) {
      read_from(answer);
    } else if (tokens_.at_any({"WHERE", "ORDER", "LIMIT", "USE", "FORCE", "IGNORE"})) {
      in_from_ = false;
    }
  }

  void read_from(SingleTable& answer) {
    tokens_.advance();
    in_from_ = true;
    read_ahead_ = true;  // what stands behind the table is looked at next
    if (auto table = read_table(tokens_)) {
      answer.table = std::move(*table);
    } else {
      answer.refusal = "they do not come from a table";
    }
  }

  TokenStream tokens_;
  int depth_ = 0;
  bool in_from_ = false;
  bool read_ahead_ = false;
};

}  // namespace

SingleTable single_table_of(std::string_view select, ScanOptions options) {
  return SelectReader(select, options).read();
}

std::optional<CurrentOf> current_of(std::string_view sql, ScanOptions options) {
  TokenStream tokens(sql, options);
  CurrentOf found;
  if (tokens.at_word("DELETE")) {
    tokens.advance();
    while (tokens.at_any({"LOW_PRIORITY", "QUICK", "IGNORE", "FROM"})) tokens.advance();
  } else if (tokens.at_word("UPDATE")) {
    tokens.advance();
    while (tokens.at_any({"LOW_PRIORITY", "IGNORE"})) tokens.advance();
  } else {
    return std::nullopt;
  }
  auto table = read_table(tokens);
  if (!table) return std::nullopt;
  found.table = std::move(*table);
  for (; !tokens.at_end(); tokens.advance()) {
    if (!tokens.at_word("WHERE") || !tokens.next().is_word("CURRENT")) continue;
    found.where = tokens.current().offset;
    tokens.advance();
    tokens.advance();
    if (!tokens.at_word("OF")) continue;
    tokens.advance();
    if (!is_identifier(tokens.current())) return std::nullopt;
    found.cursor = unquoted_name(tokens.current());
    tokens.advance();
    while (tokens.current().kind == TokenKind::kSemicolon) tokens.advance();
    if (tokens.current().kind != TokenKind::kEnd) return std::nullopt;
    return found;
  }
  return std::nullopt;
}

}  // namespace driver
