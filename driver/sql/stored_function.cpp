#include "driver/sql/stored_function.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "driver/sql/pure_read.h"
#include "driver/sql/token_stream.h"
#include "fabric/base/ascii.h"

namespace driver::sql {
namespace {

using fabric::base::lower;

/// Types and statements of routines, and functions built into all servers that leave nothing.
constexpr std::array<std::string_view, 20> kHarmlessBeforeParenthesis{
    "BIT",     "DATETIME",  "DOUBLE",     "ELSEIF", "ENUM",   "FLOAT", "INT",
    "INTEGER", "MEDIUMINT", "RAND",       "RETURN", "SET",    "SLEEP", "SMALLINT",
    "TINYINT", "UNTIL",     "UUID_SHORT", "UUID",   "VALUES", "WHILE"};

class BodyCheck {
 public:
  BodyCheck(std::string_view body, ScanOptions options) : tokens_(body, options) {}

  bool leaves_nothing() {
    for (; tokens_.current().kind != TokenKind::kEnd; tokens_.advance()) {
      if (!harmless()) return false;
    }
    return true;
  }

 private:
  bool harmless() {
    const Token& token = tokens_.current();
    switch (token.kind) {
      case TokenKind::kUserVariable:
      case TokenKind::kSystemVariable:
      case TokenKind::kUnterminated:
        return false;
      case TokenKind::kWord:
        return harmless_word(token);
      case TokenKind::kQuotedIdentifier:
        return !tokens_.next().is('(');
      default:
        return true;
    }
  }

  bool harmless_word(const Token& word) {
    if (word.is_word("DECLARE")) return note_declared();
    if (word.is_word("SET") && !tokens_.previous().is_word("CHARACTER")) return sets_own();
    const bool opens = tokens_.next().is('(');
    const bool writes = tokens_.at_any({"INSERT", "REPLACE"}) && !opens;
    if (writes || tokens_.at_any({"UPDATE", "DELETE", "CALL", "LOAD", "TEMPORARY", "NEXT",
                                  "NEXTVAL", "PREPARE", "EXECUTE"})) {
      return false;
    }
    const bool known = !tokens_.previous().is('.') &&
                       (known_before_parenthesis(word.text) ||
                        std::ranges::any_of(kHarmlessBeforeParenthesis,
                                            [&](auto upper) { return word.is_word(upper); }));
    return !opens || known;
  }

  /// DECLARE a, b INT: the token at hand is DECLARE.
  bool note_declared() {
    do {
      tokens_.advance();
      if (is_identifier(tokens_.current()))
        declared_.insert(lower(unquoted_name(tokens_.current())));
      if (tokens_.next().is(',')) tokens_.advance();
    } while (tokens_.current().is(','));
    return true;
  }

  /// SET of a variable of the routine: any other may be the session's. Of several only the first
  /// is looked at, so there must be no other.
  bool sets_own() {
    tokens_.advance();
    if (!declared_.contains(lower(unquoted_name(tokens_.current())))) return false;
    for (int depth = 0; !tokens_.at_end(); tokens_.advance()) {
      if (tokens_.current().is('(')) ++depth;
      if (tokens_.current().is(')')) --depth;
      if (depth == 0 && tokens_.current().is(',')) return false;
      if (!harmless()) return false;
    }
    return tokens_.current().kind == TokenKind::kSemicolon;
  }

  TokenStream tokens_;
  std::set<std::string> declared_;
};

}  // namespace

bool may_leave_state(std::string_view body, ScanOptions options) {
  return body.empty() || !BodyCheck(body, options).leaves_nothing();
}

}  // namespace driver::sql
