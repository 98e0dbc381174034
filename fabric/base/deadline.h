// A point in time after which a caller no longer waits. Deadlines are passed down, never durations,
// so that retries cannot add up past the limit; of several the earliest counts.
#pragma once

#include <algorithm>

#include "fabric/base/clock.h"

namespace fabric::base {

class Deadline {
 public:
  static Deadline never() { return Deadline(SteadyTime::max()); }
  static Deadline at(SteadyTime when) { return Deadline(when); }
  /// `after` in any unit; saturates instead of overflowing.
  static Deadline after(const Clock& clock, Duration after) {
    const SteadyTime now = clock.now();
    return after >= SteadyTime::max() - now ? never() : Deadline(now + after);
  }

  [[nodiscard]] bool is_never() const { return when_ == SteadyTime::max(); }
  [[nodiscard]] bool passed(SteadyTime now) const { return now >= when_; }
  [[nodiscard]] SteadyTime time() const { return when_; }
  /// Zero when passed.
  [[nodiscard]] Duration left(SteadyTime now) const {
    return passed(now) ? Duration::zero() : when_ - now;
  }

  friend Deadline earliest(Deadline a, Deadline b) { return Deadline(std::min(a.when_, b.when_)); }
  friend bool operator==(Deadline a, Deadline b) = default;

 private:
  explicit Deadline(SteadyTime when) : when_(when) {}
  SteadyTime when_;
};

}  // namespace fabric::base
