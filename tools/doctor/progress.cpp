#include "tools/doctor/progress.h"

#include <algorithm>
#include <utility>

namespace tools::doctor {

using fabric::base::MutexLock;
using fabric::base::SteadyTime;

namespace {

constexpr std::chrono::seconds kPatience{2};
constexpr std::chrono::seconds kAgain{5};

}  // namespace

Progress::Step::Step(Progress& progress, std::string what)
    : progress_(progress),
      what_(std::move(what)),
      since_(progress.clock_.now()),
      due_(since_ + kPatience) {
  {
    MutexLock lock(progress_.mutex_);
    place_ = progress_.steps_.insert(progress_.steps_.end(), this);
  }
  progress_.ticker_.wake_by(since_ + kPatience);
}

Progress::Step::~Step() {
  MutexLock lock(progress_.mutex_);
  progress_.steps_.erase(place_);
}

SteadyTime Progress::tell_due() {
  MutexLock lock(mutex_);
  const SteadyTime now = clock_.now();
  SteadyTime next = SteadyTime::max();
  for (Step* step : steps_) {
    if (step->due_ <= now) {
      const auto time = std::chrono::duration_cast<std::chrono::seconds>(now - step->since_);
      out_ << "... " << step->what_ << " (" << time.count() << " s)" << std::endl;
      step->due_ = now + kAgain;
    }
    next = std::min(next, step->due_);
  }
  return next;
}

}  // namespace tools::doctor
