// SIGINT and SIGTERM for a command that runs until it is told to end. To be made before any thread:
// the signals are blocked from then on, and wait() takes them.
#pragma once

#include <signal.h>

namespace tools {

class EndSignals {
 public:
  EndSignals();
  /// Returns at the first of them.
  void wait() const;

 private:
  sigset_t ends_{};
};

}  // namespace tools
