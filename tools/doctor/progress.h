// Says on stderr what is being waited for, once it takes longer than two seconds, and again every
// five. Thread-safe.
#pragma once

#include <list>
#include <ostream>
#include <string>

#include "fabric/base/clock.h"
#include "fabric/base/mutex.h"
#include "fabric/base/ticker.h"

namespace tools::doctor {

class Progress {
 public:
  explicit Progress(std::ostream& out) : out_(out) {}

  /// Lasts from its making to its end.
  class Step {
   public:
    Step(Progress& progress, std::string what);
    ~Step();
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    friend class Progress;
    Progress& progress_;
    const std::string what_;
    const fabric::base::SteadyTime since_;
    fabric::base::SteadyTime due_;  // guarded by the progress's mutex
    std::list<Step*>::iterator place_;
  };

 private:
  fabric::base::SteadyTime tell_due();

  std::ostream& out_;
  const fabric::base::SystemClock clock_;
  fabric::base::Mutex mutex_;
  std::list<Step*> steps_ GUARDED_BY(mutex_);
  fabric::base::Ticker ticker_{"doctor-progress", [this] { return tell_due(); }};
};

}  // namespace tools::doctor
