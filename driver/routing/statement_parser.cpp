#include "driver/routing/statement_parser.h"

namespace driver::routing {

namespace {

constexpr int kDeepest = 60;

}  // namespace

std::string near(const TokenList& tokens, std::size_t index) {
  if (index >= tokens.size()) return " at its end";
  constexpr std::size_t kShown = 40;
  return " near '" + std::string(tokens.at(index).text.substr(0, kShown)) + "'";
}

bool StatementParser::skip_word(std::string_view upper) {
  if (!at_word(upper)) return false;
  ++at_;
  return true;
}

bool StatementParser::skip(char c) {
  if (!current().is(c)) return false;
  ++at_;
  return true;
}

void StatementParser::expect(char c) {
  if (!skip(c)) not_understood();
}

void StatementParser::skip_words(std::initializer_list<std::string_view> upper) {
  while (at_any(upper)) ++at_;
}

void StatementParser::skip_parentheses(std::size_t block) {
  const std::size_t close = tokens_.partner(at_);
  if (!current().is('(') || close >= tokens_.size()) not_understood();
  ++at_;
  scan(block, {});
  if (at_ != close) not_understood();
  ++at_;
}

void StatementParser::not_understood() const {
  throw Refusal{"the driver does not understand the statement" + near(tokens_, at_)};
}

void StatementParser::enter() {
  if (++depth_ > kDeepest) throw Refusal{"the statement is nested too deeply for the driver"};
}

/// A query in parentheses or without, not a join or an expression.
bool StatementParser::query_at(std::size_t index) const {
  std::size_t first = index;
  while (tokens_.at(first).is('(')) ++first;
  if (!tokens_.is_any(first, {"SELECT", "WITH", "VALUES", "TABLE"})) return false;
  // ((SELECT ...) AS a JOIN b) is a join.
  for (; first > index; --first) {
    const std::size_t behind = tokens_.partner(first - 1) + 1;
    const bool query = first - 1 == index || tokens_.at(behind).is(')') ||
                       tokens_.is_any(behind, {"UNION", "EXCEPT", "INTERSECT", "ORDER", "LIMIT"});
    if (!query) return false;
  }
  return true;
}

Analysis StatementParser::read() {
  if (text_.facts.kind == sql::StatementKind::kExplain) {
    while (!at_end() && !current().is('(') &&
           !at_any({"SELECT", "INSERT", "REPLACE", "UPDATE", "DELETE", "WITH", "TABLE"})) {
      ++at_;
    }
  }
  if (at_word("WITH")) read_with();
  if (at_any({"INSERT", "REPLACE"})) {
    read_insert();
  } else if (at_word("UPDATE")) {
    read_update();
  } else if (at_word("DELETE")) {
    read_delete();
  } else if (query_at(at_)) {
    read_query(kNone);
  } else if (at_any({"SET", "DO"})) {
    scan(new_block(kNone), {});
  } else {
    not_understood();
  }
  if (!at_end()) not_understood();
  return std::move(analysis_);
}

}  // namespace driver::routing
