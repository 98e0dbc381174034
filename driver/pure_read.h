// The classifier of pure reads: is fed every token of one SELECT (or SHOW, DESCRIBE) and says at
// the end whether running it again elsewhere, unseen, could differ in anything but the data.
// Strict: what it does not know is not pure. Allocates nothing.
#pragma once

#include "driver/token_stream.h"

namespace driver {

class PureReadCheck {
 public:
  /// The token at hand of `tokens`, once each, in order.
  void feed(const TokenStream& tokens);
  [[nodiscard]] bool pure() const { return pure_ && over_awaited_ == OverState::kNone; }

 private:
  enum class OverState : unsigned char { kNone, kInArguments, kNext };

  [[nodiscard]] bool allowed(const TokenStream& tokens);
  [[nodiscard]] bool allowed_word(const TokenStream& tokens);
  [[nodiscard]] bool allowed_call(const TokenStream& tokens);
  void follow_parentheses(const Token& token);
  void follow_with(const TokenStream& tokens);

  bool pure_ = true;
  int depth_ = 0;
  OverState over_awaited_ = OverState::kNone;
  int window_depth_ = 0;  // of the call that waits for its OVER
  bool in_with_ = false;  // between WITH and its SELECT
  int with_depth_ = 0;
  bool cte_name_ = false;  // the token at hand names a common table expression
  bool cte_name_next_ = false;
};

}  // namespace driver
