#include "fabric/mysql/liveness.h"

#include <algorithm>
#include <utility>

namespace fabric::mysql {

Liveness::Liveness(base::Duration detection_time, std::function<void()> ask)
    : ask_(std::move(ask)), detection_time_(detection_time) {}

void Liveness::shorten(base::Duration detection_time) {
  base::MutexLock lock(mutex_);
  detection_time_ = std::min(detection_time_, detection_time);
}

void Liveness::answered(base::SteadyTime when) {
  base::SteadyTime last = last_answer_.load(std::memory_order_relaxed);
  while (last < when &&
         !last_answer_.compare_exchange_weak(last, when, std::memory_order_relaxed)) {
  }
}

std::optional<base::SteadyTime> Liveness::review(base::SteadyTime started, base::SteadyTime now) {
  bool ask_now = false;
  base::SteadyTime look_again;
  {
    base::MutexLock lock(mutex_);
    const base::Duration step = std::max<base::Duration>(detection_time_ / 5, base::Duration(1));
    // A process that was stopped for so long has heard nobody, whoever spoke.
    if (now - last_review_ >= detection_time_) resumed_ = now;
    last_review_ = now;
    const base::SteadyTime silent_since = std::max({started, last_answer_.load(), resumed_});
    const base::SteadyTime end = silent_since + detection_time_;
    if (now >= end) return std::nullopt;
    const base::SteadyTime next_question = std::max(silent_since, last_asked_) + step;
    ask_now = now >= next_question;
    if (ask_now) last_asked_ = now;
    look_again = std::min(end, ask_now ? now + step : next_question);
  }
  if (ask_now && ask_) ask_();
  return look_again;
}

}  // namespace fabric::mysql
