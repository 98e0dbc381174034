// Time is passed in: what waits or expires takes a Clock, so that tests move time by hand.
#pragma once

#include <chrono>

namespace fabric::base {

using Duration = std::chrono::steady_clock::duration;
using SteadyTime = std::chrono::steady_clock::time_point;

/// Steady time, never wall time. Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual SteadyTime now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] SteadyTime now() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace fabric::base
