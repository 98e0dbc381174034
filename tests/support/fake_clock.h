// A clock that a test moves by hand. Thread-safe. Starts at the real steady time, so that deadlines
// made from it are sensible to code that waits in real time.
#pragma once

#include <atomic>
#include <chrono>

#include "fabric/base/clock.h"

namespace test_support {

class FakeClock final : public fabric::base::Clock {
 public:
  [[nodiscard]] fabric::base::SteadyTime now() const override {
    return fabric::base::SteadyTime(fabric::base::Duration(now_.load()));
  }
  void advance(fabric::base::Duration by) { now_ += by.count(); }

 private:
  std::atomic<fabric::base::Duration::rep> now_{
      std::chrono::steady_clock::now().time_since_epoch().count()};
};

}  // namespace test_support
