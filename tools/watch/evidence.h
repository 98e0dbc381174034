// Whether a server is dead: never by one look. Pure; time is passed in.
#pragma once

#include <chrono>

#include "fabric/base/clock.h"
#include "fabric/fault_report.h"

namespace tools::watch {

struct Thresholds {
  unsigned probes = 3;                                          ///< failed looks in a row
  fabric::base::Duration dead_after = std::chrono::seconds(5);  ///< and as long since the first
};

class Evidence {
 public:
  void saw(fabric::ProbeOutcome outcome, fabric::base::SteadyTime now) {
    if (outcome == fabric::ProbeOutcome::kAnswers) {
      failures_ = 0;
    } else if (++failures_ == 1) {
      since_ = now;
    }
  }
  /// Another server receives from it: what is silent for us is not dead.
  void heard(fabric::base::SteadyTime now) { since_ = now; }

  [[nodiscard]] unsigned failures() const { return failures_; }
  [[nodiscard]] bool dead(const Thresholds& thresholds, fabric::base::SteadyTime now) const {
    return failures_ >= thresholds.probes && failures_ > 0 && now - since_ >= thresholds.dead_after;
  }

 private:
  unsigned failures_ = 0;
  fabric::base::SteadyTime since_{};
};

}  // namespace tools::watch
