#include "tools/end_signals.h"

#include <pthread.h>

namespace tools {

EndSignals::EndSignals() {
  sigemptyset(&ends_);
  sigaddset(&ends_, SIGTERM);
  sigaddset(&ends_, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends_, nullptr);
}

void EndSignals::wait() const {
  int signal = 0;
  sigwait(&ends_, &signal);
}

}  // namespace tools
