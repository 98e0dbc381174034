// A scanner with its neighbourhood: the token at hand, the two before it and the one after.
#pragma once

#include <array>
#include <initializer_list>
#include <string_view>

#include "driver/sql/scan.h"

namespace driver::sql {

class TokenStream {
 public:
  TokenStream(std::string_view sql, ScanOptions options) : scanner_(sql, options) {
    scanner_.next(at(0));
    scanner_.next(at(1));
  }

  [[nodiscard]] const Token& current() const { return at(0); }
  [[nodiscard]] const Token& next() const { return at(1); }
  [[nodiscard]] const Token& previous() const { return at(-1); }
  [[nodiscard]] const Token& before_previous() const { return at(-2); }
  [[nodiscard]] const SqlScanner& scanner() const { return scanner_; }

  void advance() {
    ++current_;
    scanner_.next(at(1));
  }
  /// The end of the statement at hand, or of the text.
  [[nodiscard]] bool at_end() const {
    return current().kind == TokenKind::kEnd || current().kind == TokenKind::kSemicolon;
  }
  [[nodiscard]] bool at_word(std::string_view upper) const { return current().is_word(upper); }
  [[nodiscard]] bool at_any(std::initializer_list<std::string_view> upper) const {
    for (const auto word : upper) {
      if (current().is_word(word)) return true;
    }
    return false;
  }
  /// `next()` opens a parenthesis that closes at once: a call without arguments.
  [[nodiscard]] bool closes_next() const {
    SqlScanner ahead = scanner_;
    return next().is('(') && ahead.next().is(')');
  }
  /// `next()` opens a parenthesis around a SELECT.
  [[nodiscard]] bool opens_subquery_next() const {
    SqlScanner ahead = scanner_;
    return next().is('(') && ahead.next().is_word("SELECT");
  }
  /// A new statement begins: what came before it is no neighbour of it.
  void forget_previous() { at(-1) = at(-2) = Token{}; }

 private:
  [[nodiscard]] const Token& at(int distance) const {
    return window_[(current_ + static_cast<unsigned>(distance)) % window_.size()];
  }
  [[nodiscard]] Token& at(int distance) {
    return window_[(current_ + static_cast<unsigned>(distance)) % window_.size()];
  }

  SqlScanner scanner_;
  std::array<Token, 4> window_{};
  unsigned current_ = 0;  // wraps around with the window, whose size is a power of two
};

}  // namespace driver::sql
