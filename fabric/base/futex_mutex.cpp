#include "fabric/base/futex_mutex.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace fabric::base {
namespace {

/// futex(2) itself: std::atomic's wait() and notify_one() count who waits in a table that each of
/// our libraries has of its own, and would not wake a thread that waits in another one.
void futex(std::atomic<int>& state, int operation, int value) {
  static_assert(sizeof(state) == sizeof(int) && std::atomic<int>::is_always_lock_free);
  syscall(SYS_futex, &state, operation, value, nullptr);
}

}  // namespace

void FutexMutex::wait() {
  while (state_.exchange(kWanted) != kFree) futex(state_, FUTEX_WAIT_PRIVATE, kWanted);
}

void FutexMutex::wake_one() { futex(state_, FUTEX_WAKE_PRIVATE, 1); }

}  // namespace fabric::base
