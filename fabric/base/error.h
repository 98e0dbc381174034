// The one exception type: what a caller acts on is carried as data (SQLSTATE, native number).
#pragma once

#include <stdexcept>
#include <string>

#include "fabric/base/sqlstate.h"

namespace fabric::base {

class Error : public std::runtime_error {
 public:
  /// `native` is the server's or C library's error number, 0 when the error is ours.
  Error(SqlState state, const std::string& text, int native = 0)
      : std::runtime_error(text), state_(state), native_(native) {}

  [[nodiscard]] SqlState state() const { return state_; }
  [[nodiscard]] int native() const { return native_; }

 private:
  SqlState state_;
  int native_;
};

}  // namespace fabric::base
