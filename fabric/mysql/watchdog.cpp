#include "fabric/mysql/watchdog.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "fabric/base/mutex.h"
#include "fabric/base/worker.h"
#include "fabric/mysql/link_end.h"

namespace fabric::mysql {

constexpr std::chrono::milliseconds kAfterFailure{100};

struct Watchdog::State {
  struct Entry {
    int fd;
    base::SteadyTime started;
    base::Deadline deadline;
    std::shared_ptr<Liveness> liveness;
    base::SteadyTime look_at;
    Verdict verdict = Verdict::kInTime;
  };

  explicit State(const base::Clock& its_clock) : clock(its_clock) {}

  void run(const std::stop_token& stop, Watchdog& watchdog);
  /// Ends the call: its thread wakes from poll or recv.
  static void end(Entry& entry, Verdict verdict) {
    entry.verdict = verdict;
    entry.look_at = base::SteadyTime::max();
    give_up_link(entry.fd);
  }

  const base::Clock& clock;
  base::Mutex mutex;
  base::CondVar earlier;
  std::unordered_map<std::uint64_t, Entry> calls GUARDED_BY(mutex);
  std::uint64_t next_id GUARDED_BY(mutex) = 0;
  base::Deadline latest GUARDED_BY(mutex) = base::Deadline::never();
  /// When the thread looks next. It may be earlier than needed: disarming does not wake the thread.
  base::SteadyTime wake_at GUARDED_BY(mutex) = base::SteadyTime::max();
  bool stopping GUARDED_BY(mutex) = false;
  base::Worker thread;  // last: it uses the others
};

void Watchdog::State::run(const std::stop_token&, Watchdog& watchdog) {
  for (;;) {
    try {
      watchdog.sweep();
    } catch (...) {  // out of memory, or a probe that could not be started: look again soon
      base::MutexLock lock(mutex);
      wake_at = std::min(wake_at, clock.now() + kAfterFailure);
    }
    base::MutexLock lock(mutex);
    while (!stopping && clock.now() < wake_at) {
      if (wake_at == base::SteadyTime::max()) {
        earlier.wait(mutex);
      } else {
        const base::SteadyTime asleep_until = wake_at;
        earlier.wait_until(mutex, asleep_until);
        if (std::chrono::steady_clock::now() >= asleep_until) break;
      }
    }
    if (stopping) return;
  }
}

Watchdog::Watchdog(const base::Clock& clock) : state_(std::make_unique<State>(clock)) {
  state_->thread = base::Worker("fabric-watchdog",
                                [this](const std::stop_token& stop) { state_->run(stop, *this); });
}

Watchdog::~Watchdog() {
  if (state_ == nullptr) return;
  base::MutexLock lock(state_->mutex);
  state_->stopping = true;
  state_->earlier.notify_all();
  lock.unlock();
  state_->thread.join();
  lock.lock();
}

void Watchdog::abandon_after_fork() noexcept { static_cast<void>(state_.release()); }

const base::Clock& Watchdog::clock() const { return state_->clock; }

Watchdog::Call Watchdog::arm(int fd, base::Deadline deadline, std::shared_ptr<Liveness> liveness) {
  const base::SteadyTime now = state_->clock.now();
  base::SteadyTime look_at = deadline.time();
  if (liveness != nullptr) {
    // A started call is never silent yet, so this only says when the first question is due.
    look_at = std::min(look_at, liveness->review(now, now).value_or(now));
  }
  base::MutexLock lock(state_->mutex);
  deadline = earliest(deadline, state_->latest);
  look_at = std::min(look_at, deadline.time());
  const std::uint64_t id = state_->next_id++;
  state_->calls.emplace(id, State::Entry{fd, now, deadline, std::move(liveness), look_at});
  if (look_at < state_->wake_at) {
    state_->wake_at = look_at;
    state_->earlier.notify_one();
  }
  return Call(*this, id);
}

void Watchdog::end_all_by(base::Deadline latest) {
  base::MutexLock lock(state_->mutex);
  state_->latest = latest;
  for (auto& [id, entry] : state_->calls) {
    entry.deadline = earliest(entry.deadline, latest);
    if (entry.verdict == Verdict::kInTime) {
      entry.look_at = std::min(entry.look_at, entry.deadline.time());
    }
  }
  state_->wake_at = std::min(state_->wake_at, latest.time());
  state_->earlier.notify_one();
}

Watchdog::Verdict Watchdog::disarm(std::uint64_t id) {
  base::MutexLock lock(state_->mutex);
  const auto found = state_->calls.find(id);
  if (found == state_->calls.end()) return Verdict::kInTime;
  const Verdict verdict = found->second.verdict;
  state_->calls.erase(found);
  return verdict;
}

base::SteadyTime Watchdog::sweep() {
  struct Review {
    std::uint64_t id;
    base::SteadyTime started;
    std::shared_ptr<Liveness> liveness;
    std::optional<base::SteadyTime> look_again;
  };
  std::vector<Review> reviews;
  const base::SteadyTime now = state_->clock.now();
  {
    base::MutexLock lock(state_->mutex);
    for (auto& [id, entry] : state_->calls) {
      if (now < entry.look_at) continue;
      if (entry.deadline.passed(now)) {
        State::end(entry, Verdict::kDeadline);
      } else {
        reviews.push_back({id, entry.started, entry.liveness, std::nullopt});
      }
    }
  }
  // Off the lock: a review may ask for a probe, which is somebody else's code.
  for (Review& review : reviews) {
    review.look_again = review.liveness->review(review.started, now);
  }
  base::MutexLock lock(state_->mutex);
  for (const Review& review : reviews) {
    const auto found = state_->calls.find(review.id);
    if (found == state_->calls.end()) continue;
    if (review.look_again) {
      found->second.look_at = std::min(*review.look_again, found->second.deadline.time());
    } else {
      State::end(found->second, Verdict::kSilentServer);
    }
  }
  base::SteadyTime next = base::SteadyTime::max();
  for (const auto& [id, entry] : state_->calls) next = std::min(next, entry.look_at);
  state_->wake_at = next;
  return next;
}

Watchdog::Call::Call(Call&& other) noexcept
    : watchdog_(std::exchange(other.watchdog_, nullptr)), id_(other.id_) {}

Watchdog::Call::~Call() { finish(); }

Watchdog::Verdict Watchdog::Call::finish() {
  Watchdog* watchdog = std::exchange(watchdog_, nullptr);
  return watchdog == nullptr ? Verdict::kInTime : watchdog->disarm(id_);
}

}  // namespace fabric::mysql
