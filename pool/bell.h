// Wakes whoever waits for the world to change (a newer topology, a server that answers again).
// A listener notes the count, looks at the world, and then waits for a later ring: none is lost in
// between. Thread-safe.
#pragma once

#include <algorithm>
#include <cstdint>

#include "fabric/base/clock.h"
#include "fabric/base/deadline.h"
#include "fabric/base/mutex.h"

namespace pool {

class Bell {
 public:
  [[nodiscard]] std::uint64_t count() const {
    fabric::base::MutexLock lock(mutex_);
    return count_;
  }

  void ring() {
    fabric::base::MutexLock lock(mutex_);
    ++count_;
    rang_.notify_all();
  }

  /// Returns once the bell has rung since count() gave `heard`, or at the deadline.
  void wait(std::uint64_t heard, fabric::base::Deadline deadline,
            const fabric::base::Clock& clock) {
    fabric::base::MutexLock lock(mutex_);
    while (count_ == heard && !deadline.passed(clock.now())) {
      rang_.wait_until(mutex_, deadline.time());
    }
  }

 private:
  mutable fabric::base::Mutex mutex_;
  fabric::base::CondVar rang_;
  std::uint64_t count_ GUARDED_BY(mutex_) = 0;
};

}  // namespace pool
