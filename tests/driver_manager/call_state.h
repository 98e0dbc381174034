// How a call of a test ended. For fixtures to derive from.
#pragma once

#include <string>

#include "tests/driver_manager/odbc_fixture.h"

namespace test_support {

class CallState {
 protected:
  /// "00000", or the SQLSTATE that `call` fails with; the sentence is kept.
  template <class Call>
  std::string state_of(Call&& call) {
    sentence_.clear();
    try {
      call();
      return "00000";
    } catch (const OdbcError& error) {
      sentence_ = error.what();
      return error.state();
    }
  }
  [[nodiscard]] bool says(const std::string& words) const {
    return sentence_.find(words) != std::string::npos;
  }

  std::string sentence_;
};

}  // namespace test_support
