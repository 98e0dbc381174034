// Keeps SIGPIPE from the application while this thread writes to a TLS link: OpenSSL writes without
// MSG_NOSIGNAL. A SIGPIPE that was pending before stays pending.
#pragma once

#include <pthread.h>
#include <signal.h>
#include <time.h>

namespace fabric::mysql {

class SigpipeShield {
 public:
  explicit SigpipeShield(bool needed) {
    if (!needed) return;
    sigset_t pending;
    sigpending(&pending);
    if (sigismember(&pending, SIGPIPE) == 1) return;  // blocked already
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    active_ = pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_) == 0;
  }
  ~SigpipeShield() {
    if (!active_) return;
    const timespec at_once{};
    sigtimedwait(&sigpipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  SigpipeShield(const SigpipeShield&) = delete;
  SigpipeShield& operator=(const SigpipeShield&) = delete;

 private:
  sigset_t sigpipe_;  // the sets are filled when needed: rows are fetched under an idle shield
  sigset_t before_;
  bool active_ = false;
};

}  // namespace fabric::mysql
