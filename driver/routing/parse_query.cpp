// Query blocks: SELECT with its clauses, WITH, set operations, subqueries anywhere.
#include "driver/routing/statement_parser.h"

namespace driver::routing {

std::size_t StatementParser::new_block(std::size_t parent) {
  blocks_.push_back({.parent = parent});
  return blocks_.size() - 1;
}

/// Reserved words on all servers that have these operators; elsewhere they are names.
bool StatementParser::at_set_operator() const {
  if (at_word("UNION")) return true;
  return at_any({"EXCEPT", "INTERSECT"}) &&
         (tokens_.at(at_ + 1).is('(') ||
          tokens_.is_any(at_ + 1, {"SELECT", "ALL", "DISTINCT", "VALUES", "TABLE"}));
}

void StatementParser::read_query(std::size_t parent) {
  enter();
  const std::size_t names = common_tables_.size();
  if (at_word("WITH")) read_with();
  read_query_term(parent);
  while (at_set_operator()) {
    ++at_;
    skip_words({"ALL", "DISTINCT"});
    read_query_term(parent);
  }
  if (at_any({"ORDER", "LIMIT"})) read_clauses(new_block(parent));
  common_tables_.resize(names);
  leave();
}

/// WITH [RECURSIVE] name [(columns)] AS (query), ...
void StatementParser::read_with() {
  ++at_;
  const bool recursive = skip_word("RECURSIVE");
  do {
    if (current().kind != sql::TokenKind::kWord &&
        current().kind != sql::TokenKind::kQuotedIdentifier) {
      not_understood();
    }
    std::string name = sql::unquoted_name(current());
    ++at_;
    if (current().is('(')) skip_parentheses(new_block(kNone));
    if (!skip_word("AS")) not_understood();
    if (recursive) common_tables_.push_back(name);
    expect('(');
    read_query(kNone);
    expect(')');
    if (!recursive) common_tables_.push_back(std::move(name));
  } while (skip(','));
}

void StatementParser::read_query_term(std::size_t parent) {
  if (skip('(')) {
    read_query(parent);
    return expect(')');
  }
  if (at_word("SELECT")) return read_select(parent);
  if (at_word("VALUES")) {
    ++at_;
    return scan(new_block(parent), {"ORDER", "LIMIT", "UNION", "EXCEPT", "INTERSECT"});
  }
  not_understood();
}

void StatementParser::read_select(std::size_t parent) {
  ++at_;
  const std::size_t block = new_block(parent);
  const std::size_t list = at_;
  // Columns of the list may hold subqueries, which mean the tables of FROM.
  for (; !at_end() && !current().is(')') && !at_word("FROM") && !at_set_operator() &&
         !at_any({"WHERE", "GROUP", "HAVING", "ORDER", "LIMIT"});
       ++at_) {
    if (current().kind == sql::TokenKind::kUnterminated || at_word("SELECT")) not_understood();
    if (current().is('(')) at_ = tokens_.partner(at_);
  }
  const std::size_t behind_list = at_;
  if (skip_word("FROM")) {
    Operand from = read_tables(block);
    blocks_[block].from = std::move(from);
  }
  blocks_[block].from_known = true;
  const std::size_t behind_tables = at_;
  at_ = list;
  scan(block,
       {"FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "EXCEPT", "INTERSECT"});
  if (at_ != behind_list) not_understood();
  at_ = behind_tables;
  read_where(block);
  read_clauses(block);
}

/// WINDOW name AS (...); the word alone may be a column's name.
bool StatementParser::at_window() const {
  return at_word("WINDOW") && sql::is_identifier(tokens_.at(at_ + 1)) &&
         tokens_.is_word(at_ + 2, "AS") && tokens_.at(at_ + 3).is('(');
}

void StatementParser::read_where(std::size_t block) {
  if (!skip_word("WHERE")) return;
  const std::size_t begin = at_;
  scan(block, {"GROUP", "HAVING", "ORDER", "LIMIT", "FOR", "LOCK", "PROCEDURE", "INTO", "UNION",
               "EXCEPT", "INTERSECT", "RETURNING", "WINDOW"});
  const Operand from = blocks_[block].from;
  read_condition({begin, at_}, {block, &from, &from});
}

/// What stands behind WHERE, and restricts no row before it is there.
void StatementParser::read_clauses(std::size_t block) {
  if (at_end() || current().is(')') || at_set_operator()) return;
  if (!at_any({"GROUP", "HAVING", "ORDER", "LIMIT", "FOR", "LOCK", "PROCEDURE", "INTO", "RETURNING",
               "WINDOW", "OFFSET", "FETCH"})) {
    not_understood();
  }
  // FOR SYSTEM_TIME belongs to a table, behind which others may stand.
  if (at_word("FOR") && !tokens_.is_any(at_ + 1, {"UPDATE", "SHARE"})) not_understood();
  const bool returning = at_word("RETURNING");
  const std::size_t begin = at_;
  scan(block, {"UNION", "EXCEPT", "INTERSECT"});
  // A column of such a name inside the condition would end it too early.
  for (std::size_t i = begin; returning && i < at_; ++i) {
    if (tokens_.is_any(i, {"OR", "XOR", "AND"}) || tokens_.at(i).is('|')) not_understood();
  }
}

void StatementParser::scan(std::size_t block, std::initializer_list<std::string_view> stops,
                           char stop) {
  for (; !at_end() && !current().is(')') && !current().is(stop); ++at_) {
    const bool name = (at_any({"EXCEPT", "INTERSECT"}) && !at_set_operator()) ||
                      (at_word("WINDOW") && !at_window());
    if (at_any(stops) && !name) return;
    if (current().kind == sql::TokenKind::kUnterminated) not_understood();
    if (current().kind == sql::TokenKind::kSemicolon && at_ + 1 < tokens_.size()) not_understood();
    if (at_any({"SELECT", "UNION"})) not_understood();
    if (!current().is('(')) continue;
    const std::size_t close = tokens_.partner(at_);
    if (close >= tokens_.size()) not_understood();
    enter();
    if (query_at(at_)) {
      ++at_;
      read_query(block);
    } else {
      ++at_;
      scan(block, {});
    }
    leave();
    if (at_ != close) not_understood();
  }
}

}  // namespace driver::routing
