// The descriptor that a thread works with, as other threads may end that work: cancel() shuts it
// down now, and each later one at once. Owner of the descriptor itself: the thread. Thread-safe.
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <atomic>

#include "fabric/base/mutex.h"

namespace fabric::base {

class SharedSocket {
 public:
  /// Called by the thread after opening (a descriptor) and before closing (-1).
  void set(int fd) {
    MutexLock lock(mutex_);
    fd_ = fd;
    if (cancelled_ && fd >= 0) shutdown(fd, SHUT_RDWR);
  }
  void cancel() noexcept {
    MutexLock lock(mutex_);
    cancelled_ = true;
    if (fd_ >= 0) shutdown(fd_, SHUT_RDWR);
  }
  [[nodiscard]] bool cancelled() {
    MutexLock lock(mutex_);
    return cancelled_;
  }
  /// In a forked child, where the lock may be held for ever: closes the inherited descriptor.
  void abandon_after_fork() noexcept {
    const int inherited = fd_.exchange(-1);
    if (inherited >= 0) close(inherited);
  }

 private:
  Mutex mutex_;
  std::atomic<int> fd_{-1};  // changed under the lock
  bool cancelled_ GUARDED_BY(mutex_) = false;
};

}  // namespace fabric::base
