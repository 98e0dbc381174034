#include "fabric/refresher.h"

#include <algorithm>
#include <exception>

namespace fabric {

namespace {

constexpr base::Duration kRetry = std::chrono::seconds(1);
/// What a caller waits for nodes at most when there are older facts.
constexpr base::Duration kPatience = std::chrono::seconds(1);

base::Error as_error(const std::exception& error) {
  if (const auto* ours = dynamic_cast<const base::Error*>(&error)) return *ours;
  return {base::SqlState::k08001, error.what()};
}

}  // namespace

/// Counts a waiter for its scope.
class Refresher::Waiting {
 public:
  explicit Waiting(Refresher& refresher) : refresher_(refresher) {
    base::MutexLock lock(refresher_.mutex_);
    if (refresher_.waiters_++ == 0) refresher_.waiting_since_ = refresher_.clock_.now();
    refresher_.woken_ = true;
    refresher_.wake_.notify_one();
  }
  ~Waiting() {
    base::MutexLock lock(refresher_.mutex_);
    --refresher_.waiters_;
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  Refresher& refresher_;
};

Refresher::Refresher(std::unique_ptr<TopologySource> source, TopologyCache& cache,
                     RefresherOptions options, Hooks hooks, const base::Clock& clock)
    : source_(std::move(source)),
      cache_(cache),
      options_(std::move(options)),
      hooks_(std::move(hooks)),
      clock_(clock) {}

Refresher::~Refresher() { stop(); }

void Refresher::stop() {
  source_->cancel();
  base::Worker thread;  // joins after the unlock
  base::MutexLock lock(mutex_);
  stop_ = true;
  thread = std::move(thread_);
  wake_.notify_one();
  answered_.notify_all();
}

TopologyPtr Refresher::at_hand() {
  const base::SteadyTime now = clock_.now();
  use(now);
  return cache_.servable(now);
}

TopologyPtr Refresher::topology(base::Deadline deadline) {
  if (TopologyPtr snapshot = at_hand()) return snapshot;
  if (!cache_.snapshot()) return wait_for_answer(true, deadline);
  TopologyPtr snapshot =
      wait_for_answer(true, earliest(deadline, base::Deadline::after(clock_, kPatience)));
  if (snapshot->stale() || !cache_.too_old(clock_.now())) return snapshot;
  cache_.mark_stale(clock_.now() + kRetry);  // until the nodes have answered
  return cache_.snapshot();
}

TopologyPtr Refresher::refresh(base::Deadline deadline) {
  use(clock_.now());
  return wait_for_answer(false, deadline);
}

TopologyPtr Refresher::wait_newer(std::uint64_t version, base::Deadline deadline) {
  use(clock_.now());
  const Waiting waiting(*this);
  return cache_.wait_newer(version, deadline);
}

void Refresher::use(base::SteadyTime now) {
  last_use_ = now;
  if (!dormant_) return;
  base::MutexLock lock(mutex_);
  wake_.notify_one();
}

void Refresher::ask_servers() {
  base::MutexLock lock(mutex_);
  servers_wanted_ = true;
  wake_.notify_one();
}

void Refresher::wake() {
  base::MutexLock lock(mutex_);
  woken_ = true;
  wake_.notify_one();
}

bool Refresher::hopeless() const {
  base::MutexLock lock(mutex_);
  return finished_ >= wanted_ && cache_.snapshot() == nullptr;
}

void Refresher::start_thread() {
  if (stop_ || thread_.joinable()) return;
  thread_ = base::Worker("fabric-refresh", [this](const std::stop_token&) { run(); });
}

TopologyPtr Refresher::wait_for_answer(bool join_running, base::Deadline deadline) {
  base::MutexLock lock(mutex_);
  start_thread();
  const bool running = started_ > finished_;
  const std::uint64_t mine = running && join_running ? started_ : started_ + 1;
  wanted_ = std::max(wanted_, mine);
  wake_.notify_one();
  while (finished_ < mine && !stop_) {
    if (deadline.is_never()) {
      answered_.wait(mutex_);
      continue;
    }
    if (deadline.passed(std::chrono::steady_clock::now())) break;
    answered_.wait_until(mutex_, deadline.time());
  }
  std::optional<base::Error> error;
  // Copies share their text, by a count inside the library that TSan does not see.
  if (error_) error.emplace(error_->state(), std::string(error_->what()), error_->native());
  const bool ended = finished_ >= mine;
  lock.unlock();
  if (TopologyPtr snapshot = cache_.snapshot()) return snapshot;
  if (ended && error) throw base::Error(*error);
  throw base::Error(
      base::SqlState::k08001,
      error ? std::string("No Fabric node answered in time; before that: ") + error->what()
            : std::string("No Fabric node answered in time"));
}

RefreshState Refresher::state(std::optional<base::SteadyTime> polling) const {
  if (waiters_ > 0) polling = std::max(polling.value_or(waiting_since_), waiting_since_);
  return {.all_wanted = wanted_ > finished_,
          .servers_wanted = servers_wanted_,
          .loaded = cache_.snapshot() != nullptr,
          .due = cache_.refresh_due(),
          .last_use = last_use_,
          .ttl = cache_.ttl(),
          .polling_since = polling,
          .last_asked = last_asked_};
}

void Refresher::run() {
  for (;;) {
    const auto polling = hooks_.polling_since ? hooks_.polling_since() : std::nullopt;
    Ask ask = Ask::kNothing;
    {
      base::MutexLock lock(mutex_);
      if (stop_) return;
      const base::SteadyTime now = clock_.now();
      dormant_ = true;  // a use that the plan does not see wakes it
      const RefreshPlan plan = plan_refresh(state(polling), now);
      ask = plan.ask;
      dormant_ = plan.wake == base::SteadyTime::max();
      if (ask == Ask::kNothing && !woken_) {
        if (dormant_) {
          wake_.wait(mutex_);
        } else {
          wake_.wait_until(mutex_, plan.wake);
        }
      }
      dormant_ = false;
      woken_ = false;
      if (ask != Ask::kNothing) last_asked_ = now;
      if (ask != Ask::kNothing) servers_wanted_ = false;  // either answer tells the servers
      if (ask == Ask::kAll) ++started_;
    }
    perform(ask);
  }
}

void Refresher::perform(Ask ask) {
  if (ask == Ask::kNothing) return;
  if (ask == Ask::kAll) {
    ask_all();
  } else {
    ask_for_servers();
  }
  const TopologyPtr snapshot = cache_.snapshot();
  if (!snapshot || snapshot->stale()) return;
  options_.events->refreshed(*snapshot);
  if (hooks_.answered) hooks_.answered(*snapshot);
}

bool Refresher::pause_before_next_attempt() {
  base::MutexLock lock(mutex_);
  const base::SteadyTime until = clock_.now() + options_.attempt_delay;
  while (!stop_ && clock_.now() < until) wake_.wait_until(mutex_, until);
  return !stop_;
}

void Refresher::note_failure(const base::Error& error) {
  base::MutexLock lock(mutex_);
  error_ = error;
}

void Refresher::ask_all() {
  const unsigned attempts = cache_.snapshot() ? 1 : std::max(options_.attempts, 1U);
  std::optional<base::Error> error;
  for (unsigned attempt = 1; attempt <= attempts; ++attempt) {
    const base::SteadyTime asked = clock_.now();
    try {
      error.reset();
      cache_.publish(source_->fetch(base::Deadline::after(clock_, 2 * options_.node_timeout)),
                     asked);
      break;
    } catch (const std::exception& failure) {
      error = as_error(failure);
      note_failure(*error);
      if (dynamic_cast<const NodesRefused*>(&failure) != nullptr) break;
    }
    if (attempt < attempts && !pause_before_next_attempt()) break;
  }
  if (error) {
    options_.events->refresh_failed(error->what());
    cache_.mark_stale(clock_.now() + kRetry);
  }
  base::MutexLock lock(mutex_);
  error_ = error;
  finished_ = started_;
  answered_.notify_all();
}

void Refresher::ask_for_servers() {
  try {
    cache_.publish_servers(
        source_->fetch_servers(base::Deadline::after(clock_, 2 * options_.node_timeout)));
  } catch (const std::exception& error) {
    options_.events->refresh_failed(error.what());
    cache_.mark_stale(clock_.now() + kRetry);
  }
}

}  // namespace fabric
