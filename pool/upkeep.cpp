// A ServerPool's life between loans: role changes, doubts, ages, and what a fork needs.
#include <algorithm>

#include "pool/server_pool.h"

namespace pool {
namespace {

using fabric::base::Duration;
using fabric::base::MutexLock;
using fabric::base::SteadyTime;

constexpr Duration kVerifiedWhileUsed = std::chrono::minutes(5);

/// Zero: never.
void shorten(Duration& time, Duration other) {
  if (other > Duration::zero()) time = time > Duration::zero() ? std::min(time, other) : other;
}

}  // namespace

void ServerPool::retire_all() {
  Work work;
  {
    MutexLock lock(mutex_);
    ++generation_;
    in_service_ = false;
    no_room_.reset();
    wait_timeout_.reset();
    Slots& idle = list_of(SlotState::kIdle);
    while (!idle.empty()) close(idle.front(), work, CloseReason::kRetired);
    recall_waiters();
  }
  dispatch(work);
}

void ServerPool::doubt() {
  Work work;
  {
    MutexLock lock(mutex_);
    Slots& idle = list_of(SlotState::kIdle);
    while (!idle.empty()) {
      idle.front().cleaning = Cleaning::kCheck;
      move(idle.front(), SlotState::kResetting);
      ++work.cleanings;
    }
    recall_waiters();
  }
  dispatch(work);
}

void ServerPool::make_room_for_statements() {
  Work work;
  {
    MutexLock lock(mutex_);
    Slots& idle = list_of(SlotState::kIdle);
    for (auto next = idle.begin(); next != idle.end();) {
      Slot& slot = *next++;
      if (slot.statements->empty()) continue;
      slot.cleaning = Cleaning::kReset;
      move(slot, SlotState::kResetting);
      ++work.cleanings;
    }
  }
  log(fabric::base::LogLevel::kWarning, [] {
    return std::string(
        "the server takes no more prepared statements: raise its "
        "max_prepared_stmt_count or lower STATEMENT_CACHE_SIZE");
  });
  dispatch(work);
}

bool ServerPool::widen(const PoolOptions& options) {
  const PoolOptions other = validated(options);
  prober_->shorten(other.detection_time);
  MutexLock lock(mutex_);
  const bool differ = other.max_size != options_.max_size || other.min_idle != options_.min_idle;
  options_.max_size = std::max(options_.max_size, other.max_size);
  options_.min_idle = std::max(options_.min_idle, other.min_idle);
  options_.connect_timeout = std::max(options_.connect_timeout, other.connect_timeout);
  options_.statement_cache = std::max(options_.statement_cache, other.statement_cache);
  options_.validate_after = std::min(options_.validate_after, other.validate_after);
  shorten(options_.keepalive, other.keepalive);
  shorten(options_.idle_timeout, other.idle_timeout);
  shorten(options_.max_lifetime, other.max_lifetime);
  if (differ) waiters_.wake_all();
  return differ;
}

void ServerPool::sweep(SteadyTime now) {
  Work work;
  std::vector<Leak> leaks;
  {
    MutexLock lock(mutex_);
    close_aged(now, work);
    keep_alive(now, work);
    open_minimum(now, work);
    leaks = find_leaks(now);
  }
  prober_->sweep(now);
  dispatch(work);
  for (const Leak& leak : leaks) {
    log(fabric::base::LogLevel::kWarning, [&] {
      return "server thread " + std::to_string(leak.server_thread) + " has been held for " +
             in_seconds(leak.held) + " by " + holder_name(leak.holder) +
             ", longer than its POOL_LEAK_WARN";
    });
  }
}

/// Idle for longer than POOL_IDLE_TIMEOUT or most of wait_timeout, unless they are kept by
/// MIN_POOL_SIZE; about to be closed by the server; or older than POOL_MAX_LIFETIME.
void ServerPool::close_aged(SteadyTime now, Work& work) {
  const Duration never = Duration::max();
  const Duration cut_after = wait_timeout_ ? *wait_timeout_ / 4 * 3 : never;
  const Duration idle_timeout =
      options_.idle_timeout > Duration::zero() ? options_.idle_timeout : never;
  Slots& idle = list_of(SlotState::kIdle);
  for (auto next = idle.begin(); next != idle.end();) {
    Slot& slot = *next++;
    const bool surplus = now - slot.idle_since >= std::min(idle_timeout, cut_after) &&
                         idle.size() > options_.min_idle;
    const bool near_its_cut = now - slot.heard_at >= cut_after;
    if (surplus || near_its_cut || now >= slot.expires_at) close(slot, work, CloseReason::kIdle);
  }
}

/// Half of the idle ones at a time: the others serve meanwhile.
void ServerPool::keep_alive(SteadyTime now, Work& work) {
  if (options_.keepalive <= Duration::zero()) return;
  const Duration every =
      wait_timeout_ ? std::min(options_.keepalive, *wait_timeout_ / 2) : options_.keepalive;
  Slots& idle = list_of(SlotState::kIdle);
  std::size_t most = (idle.size() + 1) / 2;
  for (auto next = idle.begin(); next != idle.end() && most > 0;) {
    Slot& slot = *next++;
    if (now - slot.heard_at < every) continue;
    slot.cleaning = Cleaning::kKeepAlive;
    move(slot, SlotState::kResetting);
    ++work.cleanings;
    --most;
  }
}

void ServerPool::open_minimum(SteadyTime now, Work& work) {
  if (!options_.pooling || !in_service_ || now < ahead_again_at_) return;
  std::size_t ready =
      count(SlotState::kIdle) + count(SlotState::kConnecting) + count(SlotState::kResetting);
  for (; ready < options_.min_idle && open_places() > 0; ++ready) {
    add_slot().for_nobody = true;
    ++work.connects;
  }
}

std::vector<ServerPool::Leak> ServerPool::find_leaks(SteadyTime now) {
  std::vector<Leak> leaks;
  for (Slot& slot : list_of(SlotState::kLeased)) {
    if (now < slot.leak_at) continue;
    slot.leak_at = SteadyTime::max();
    slot.leaking = true;
    ++counters_.leaks;
    leaks.push_back({slot.holder, now - slot.lent_at, slot.server_thread});
  }
  return leaks;
}

void ServerPool::verify(SteadyTime now) {
  Work work;
  {
    MutexLock lock(mutex_);
    const bool used = in_service_ && now - last_borrow_ < kVerifiedWhileUsed;
    const bool under_way = count(SlotState::kConnecting) > 0;
    if (!options_.pooling || !used || under_way || open_places() == 0) return;
    add_slot().for_nobody = true;
    work.connects = 1;
  }
  dispatch(work);
}

bool ServerPool::empty() const {
  MutexLock lock(mutex_);
  return waiters_.empty() &&
         std::ranges::all_of(slots_, [](const Slots& slots) { return slots.empty(); });
}

std::size_t ServerPool::outstanding() const {
  MutexLock lock(mutex_);
  return count(SlotState::kLeased) + waiters_.size();
}

PoolStats ServerPool::stats() const {
  MutexLock lock(mutex_);
  PoolStats stats = counters_;
  stats.connecting = count(SlotState::kConnecting);
  stats.idle = count(SlotState::kIdle);
  stats.leased = count(SlotState::kLeased);
  stats.resetting = count(SlotState::kResetting);
  stats.waiting = waiters_.size();
  stats.prepared_hits = prepared_hits_;
  stats.prepared_misses = prepared_misses_;
  return stats;
}

std::size_t ServerPool::max_size() const {
  MutexLock lock(mutex_);
  return options_.max_size;
}

void ServerPool::lock_for_fork() {
  mutex_.lock();
  prober_->lock_for_fork();
}

void ServerPool::unlock_after_fork() {
  prober_->unlock_after_fork();
  mutex_.unlock();
}

void ServerPool::abandon_after_fork() noexcept {
  for (Slots& slots : slots_) {
    for (Slot& slot : slots) {
      if (slot.connection != nullptr) slot.connection->abandon();
    }
  }
  prober_->abandon_after_fork();
}

}  // namespace pool
