// The classifier of reads: is fed every token of one SELECT (or SHOW, DESCRIBE) and says at the end
// what it reads, if it has no effect: whether running it again elsewhere, unseen, could differ in
// anything but the data. Strict: what it does not know is no read. Allocates nothing.
#pragma once

#include <algorithm>
#include <string_view>

#include "driver/sql/token_stream.h"

namespace driver::sql {

/// What the answer depends on; ordered.
enum class ReadScope : unsigned char {
  kData,     ///< tables alone: a pure read
  kServer,   ///< also which server answers, as whom and in which database
  kSession,  ///< also what the link and the statement before left
  kNoRead,   ///< may have an effect, or is not known
};

/// A word that opens no call of a stored function when a parenthesis follows: reserved, or the name
/// of a function built into all servers.
[[nodiscard]] bool known_before_parenthesis(std::string_view word);

class PureReadCheck {
 public:
  /// The token at hand of `tokens`, once each, in order.
  void feed(const TokenStream& tokens);
  [[nodiscard]] ReadScope scope() const {
    return over_awaited_ == OverState::kNone ? scope_ : ReadScope::kNoRead;
  }
  /// The statement reads as much, whatever its tokens say.
  void widen(ReadScope scope) { scope_ = std::max(scope_, scope); }

 private:
  enum class OverState : unsigned char { kNone, kInArguments, kNext };

  [[nodiscard]] bool allowed(const TokenStream& tokens);
  [[nodiscard]] bool allowed_word(const TokenStream& tokens);
  [[nodiscard]] bool allowed_call(const TokenStream& tokens);
  bool allowed_variable(const TokenStream& tokens);
  bool allowed_of_session(const TokenStream& tokens);
  void follow_parentheses(const Token& token);
  void follow_with(const TokenStream& tokens);

  ReadScope scope_ = ReadScope::kData;
  int depth_ = 0;
  OverState over_awaited_ = OverState::kNone;
  int window_depth_ = 0;  // of the call that waits for its OVER
  bool in_with_ = false;  // between WITH and its SELECT
  int with_depth_ = 0;
  bool cte_name_ = false;  // the token at hand names a common table expression
  bool cte_name_next_ = false;
};

}  // namespace driver::sql
