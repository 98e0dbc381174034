// A scanner with its neighbourhood: the token at hand, the two before it and the one after.
#pragma once

#include <initializer_list>
#include <string_view>

#include "driver/sql_scan.h"

namespace driver {

class TokenStream {
 public:
  TokenStream(std::string_view sql, ScanOptions options) : scanner_(sql, options) {
    current_ = scanner_.next();
    next_ = scanner_.next();
  }

  [[nodiscard]] const Token& current() const { return current_; }
  [[nodiscard]] const Token& next() const { return next_; }
  [[nodiscard]] const Token& previous() const { return previous_; }
  [[nodiscard]] const Token& before_previous() const { return before_previous_; }
  [[nodiscard]] const SqlScanner& scanner() const { return scanner_; }

  void advance() {
    before_previous_ = previous_;
    previous_ = current_;
    current_ = next_;
    next_ = scanner_.next();
  }
  /// The end of the statement at hand, or of the text.
  [[nodiscard]] bool at_end() const {
    return current_.kind == TokenKind::kEnd || current_.kind == TokenKind::kSemicolon;
  }
  [[nodiscard]] bool at_word(std::string_view upper) const { return current_.is_word(upper); }
  [[nodiscard]] bool at_any(std::initializer_list<std::string_view> upper) const {
    for (const auto word : upper) {
      if (current_.is_word(word)) return true;
    }
    return false;
  }
  /// `next()` opens a parenthesis that closes at once: a call without arguments.
  [[nodiscard]] bool closes_next() const {
    SqlScanner ahead = scanner_;
    return next_.is('(') && ahead.next().is(')');
  }
  /// A new statement begins: what came before it is no neighbour of it.
  void forget_previous() { previous_ = before_previous_ = Token{}; }

 private:
  SqlScanner scanner_;
  Token before_previous_, previous_, current_, next_;
};

/// An unquoted or quoted name.
inline bool is_identifier(const Token& token) {
  return token.kind == TokenKind::kWord || token.kind == TokenKind::kQuotedIdentifier;
}

}  // namespace driver
