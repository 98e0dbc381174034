#include "driver/routing/key_triggers.h"

#include "driver/routing/same_name.h"
#include "driver/routing/token_list.h"

namespace driver::routing {
namespace {

/// NEW.column at `index`.
bool names_new(const TokenList& tokens, std::size_t index, std::string_view column) {
  return sql::is_identifier(tokens.at(index)) &&
         sql::equals_ignoring_case(sql::unquoted_name(tokens.at(index)), "NEW") &&
         tokens.at(index + 1).is('.') && sql::is_identifier(tokens.at(index + 2)) &&
         same_name(sql::unquoted_name(tokens.at(index + 2)), column);
}

/// Behind INTO and the targets before it: variables and columns of NEW.
bool in_into_list(const TokenList& tokens, std::size_t index) {
  while (index > 1 && tokens.at(index - 1).is(',')) {
    const bool dotted = index > 3 && tokens.at(index - 3).is('.');
    index -= dotted ? 4 : 2;
  }
  return index > 0 && tokens.is_word(index - 1, "INTO");
}

bool assigned(const TokenList& tokens, std::size_t index) {
  if (index == 0) return false;
  const sql::Token& behind = tokens.at(index + 3);
  if (behind.text == ":=" || (behind.is(':') && tokens.at(index + 4).is('='))) return true;
  if (tokens.at(index - 1).is(':')) --index;  // sql_mode=ORACLE
  if (index == 0) return false;
  if (behind.is('=') && (tokens.is_word(index - 1, "SET") || tokens.at(index - 1).is(',')))
    return true;
  return in_into_list(tokens, index);
}

/// Past the arguments of a CALL, of which any may be an OUT parameter.
std::size_t end_of_arguments(const TokenList& tokens, std::size_t call) {
  for (std::size_t i = call + 1; i < tokens.size(); ++i) {
    if (tokens.at(i).is('(')) return tokens.partner(i);
    if (tokens.at(i).kind == sql::TokenKind::kSemicolon) break;
  }
  return call;
}

}  // namespace

bool sets_new_value(const Definition& trigger, std::string_view column) {
  const TokenList tokens(trigger.text, trigger.options);
  std::size_t called_until = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens.is_word(i, "CALL")) called_until = end_of_arguments(tokens, i);
    if (names_new(tokens, i, column) && (i < called_until || assigned(tokens, i))) return true;
  }
  return false;
}

}  // namespace driver::routing
