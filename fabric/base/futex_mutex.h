// A mutex that is one atomic instruction while nobody waits for it, where the C library's are calls
// of some 20 instructions: rows and values are fetched by a call each. Fair to nobody, as those
// are. A child process may unlock what it held when it was forked.
#pragma once

#include <atomic>

namespace fabric::base {

class FutexMutex {
 public:
  void lock() {
    if (!try_lock()) wait();
  }
  bool try_lock() {
    int free = kFree;
    return state_.compare_exchange_strong(free, kHeld);
  }
  void unlock() {
    if (state_.exchange(kFree) == kWanted) wake_one();
  }

 private:
  static constexpr int kFree = 0;
  static constexpr int kHeld = 1;
  static constexpr int kWanted = 2;  ///< held, and others may wait

  void wait();
  void wake_one();

  std::atomic<int> state_{kFree};
};

}  // namespace fabric::base
