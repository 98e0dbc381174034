#include "driver/sql/statement_reader.h"

namespace driver::sql {
namespace {

bool names_insert_id(std::string_view variable) {
  return equals_ignoring_case(variable, "IDENTITY") ||
         equals_ignoring_case(variable, "INSERT_ID") ||
         equals_ignoring_case(variable, "LAST_INSERT_ID");
}

bool counts_conditions(std::string_view variable) {
  return equals_ignoring_case(variable, "WARNING_COUNT") ||
         equals_ignoring_case(variable, "ERROR_COUNT");
}

}  // namespace

void StatementReader::advance() {
  note(tokens_.current());
  if (watching_) check_.feed(tokens_);
  tokens_.advance();
}

bool StatementReader::skip_word(std::string_view upper) {
  if (!at_word(upper)) return false;
  advance();
  return true;
}

void StatementReader::skip_statement() {
  while (!at_end()) advance();
}

void StatementReader::skip_body() {
  while (tokens_.current().kind != TokenKind::kEnd) tokens_.advance();
}

void StatementReader::note(const Token& token) {
  switch (token.kind) {
    case TokenKind::kMarker:
      ++facts_.parameter_count;
      break;
    case TokenKind::kUserVariable:
      if (tokens_.next().text == ":=" || tokens_.previous().is_word("INTO")) {
        facts_.leaves.add(SessionEffect::kUserVariables);
      }
      break;
    case TokenKind::kSystemVariable:
      note_variable(token.bare());
      break;
    case TokenKind::kWord:
    case TokenKind::kQuotedIdentifier:
      note_call(token);
      break;
    default:
      break;
  }
}

void StatementReader::note_variable(std::string_view name) {
  facts_.reads_insert_id |= names_insert_id(name);
  facts_.reads_conditions |= counts_conditions(name);
}

void StatementReader::note_call(const Token& name) {
  const bool after_dot = tokens_.previous().is('.');
  if (after_dot && tokens_.before_previous().kind == TokenKind::kSystemVariable) {
    note_variable(name.text);
  }
  const auto is = [word = name.bare()](std::string_view upper) {
    return equals_ignoring_case(word, upper);
  };
  // A sequence in Oracle's way: s.NEXTVAL. In the standard's: NEXT VALUE FOR s.
  const bool standard = tokens_.next().is_word("VALUE");
  if ((after_dot && is("NEXTVAL")) || (standard && is("NEXT"))) {
    facts_.leaves.add(SessionEffect::kSequence);
  }
  if ((after_dot && is("CURRVAL")) || (standard && is("PREVIOUS"))) {
    facts_.reads_insert_id = facts_.reads_sequence = true;
  }
  if (is("SQL_CALC_FOUND_ROWS")) facts_.counts_found_rows = true;
  if (!tokens_.next().is('(')) return;
  note_function(name);
  if (is("GET_LOCK")) facts_.leaves.add(SessionEffect::kAdvisoryLock);
  facts_.reads_locks |= is("IS_FREE_LOCK") || is("IS_USED_LOCK");
  if (is("NEXTVAL") || is("SETVAL")) facts_.leaves.add(SessionEffect::kSequence);
  facts_.reads_row_count |= is("ROW_COUNT");
  facts_.reads_found_rows |= is("FOUND_ROWS");
  if (is("LASTVAL")) facts_.reads_insert_id = facts_.reads_sequence = true;
  if (is("LAST_INSERT_ID")) {
    facts_.reads_insert_id = true;
    facts_.sets_insert_id |= !tokens_.closes_next();
  }
}

/// A table of INSERT INTO t (a) looks the same, and so does VALUES.
void StatementReader::note_function(const Token& name) {
  const bool of_schema = tokens_.previous().is('.');
  const bool unknown = name.kind == TokenKind::kQuotedIdentifier ||
                       (!known_before_parenthesis(name.text) && !name.is_word("VALUES"));
  if (of_schema && is_identifier(tokens_.before_previous())) {
    facts_.called.push_back({unquoted_name(tokens_.before_previous()), unquoted_name(name)});
  } else if (unknown && !of_schema && !tokens_.previous().is_word("INTO")) {
    facts_.called.push_back({{}, unquoted_name(name)});
  }
}

}  // namespace driver::sql
