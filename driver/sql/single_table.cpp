#include "driver/sql/single_table.h"

#include <algorithm>

#include "driver/sql/statement_facts.h"
#include "driver/sql/token_stream.h"

namespace driver::sql {
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

namespace {

class AssignmentReader {
 public:
  AssignmentReader(std::string_view update, ScanOptions options)
      : update_(update), options_(options), tokens_(update, options) {}

  std::optional<Assignments> read() {
    if (!tokens_.at_word("UPDATE")) return std::nullopt;
    tokens_.advance();
    while (tokens_.at_any({"LOW_PRIORITY", "IGNORE"})) tokens_.advance();
    if (!read_target()) return std::nullopt;
    do {
      tokens_.advance();
      if (!read_assignment()) return std::nullopt;
    } while (tokens_.current().is(','));
    const bool whole = tokens_.current().kind == TokenKind::kEnd;
    if (!whole || tokens_.scanner().saw_version_comment()) return std::nullopt;
    return std::move(found_);
  }

 private:
  /// Up to SET.
  bool read_target() {
    const std::size_t begin = tokens_.current().offset;
    std::size_t end = begin;
    for (; !tokens_.at_word("SET"); tokens_.advance()) {
      const Token& token = tokens_.current();
      const bool joins = tokens_.at_any({"JOIN", "STRAIGHT_JOIN"});
      if (joins || (!is_identifier(token) && !token.is('.'))) return false;  // several tables
      end = token.offset + token.text.size();
    }
    found_.target = update_.substr(begin, end - begin);
    return end != begin;
  }

  bool read_assignment() {
    Assignment one;
    do {
      if (tokens_.current().is('.')) tokens_.advance();
      if (!is_identifier(tokens_.current())) return false;
      one.column = unquoted_name(tokens_.current());
      tokens_.advance();
    } while (tokens_.current().is('.'));
    if (!tokens_.current().is('=') && tokens_.current().text != ":=") return false;
    tokens_.advance();
    one.first_marker = markers_;
    read_value(one);
    if (one.value.empty()) return false;
    found_.list.push_back(std::move(one));
    return true;
  }

  void read_value(Assignment& one) {
    const std::size_t begin = tokens_.current().offset;
    std::size_t end = begin;
    one.foreseeable = true;
    for (int depth = 0; !tokens_.at_end(); tokens_.advance()) {
      const Token& token = tokens_.current();
      if (token.is(',') && depth == 0) break;
      if (token.is('(')) ++depth;
      if (token.is(')')) --depth;
      if (token.kind == TokenKind::kMarker) ++markers_;
      if (is_identifier(token) && changes_meanwhile(token)) one.foreseeable = false;
      const bool perhaps_name = token.kind == TokenKind::kString && token.text.front() == '"';
      if (perhaps_name) one.foreseeable = false;
      end = token.offset + token.text.size();
    }
    one.markers = markers_ - one.first_marker;
    one.value = update_.substr(begin, end - begin);
    one.foreseeable = one.foreseeable && facts_of("SELECT " + one.value, options_).pure_read;
  }

  /// Columns have their new values already in what stands behind their assignment, and clocks go
  /// on.
  bool changes_meanwhile(const Token& token) const {
    if (tokens_.at_any({"CURDATE", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "CURTIME",
                        "DEFAULT", "LOCALTIME", "LOCALTIMESTAMP", "NOW", "SYSDATE",
                        "UNIX_TIMESTAMP", "UTC_DATE", "UTC_TIME", "UTC_TIMESTAMP"})) {
      return true;
    }
    const std::string name = unquoted_name(token);
    return std::ranges::any_of(found_.list, [&name](const Assignment& before) {
      return equals_ignoring_case(before.column, name);
    });
  }

  std::string_view update_;
  ScanOptions options_;
  TokenStream tokens_;
  Assignments found_;
  std::size_t markers_ = 0;
};

}  // namespace

std::optional<Assignments> assignments_of(std::string_view update, ScanOptions options) {
  return AssignmentReader(update, options).read();
}

}  // namespace driver::sql
