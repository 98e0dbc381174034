// A ServerPool's life between loans: role changes, doubts, ages, and what a fork needs.
#include <algorithm>

#include "pool/server_pool.h"

namespace pool {
namespace {

using fabric::base::Duration;
using fabric::base::MutexLock;
using fabric::base::SteadyTime;

constexpr Duration kVerifiedWhileUsed = std::chrono::minutes(5);
constexpr Duration kAbandonedAfter = std::chrono::minutes(10);

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
    while (!idle.empty()) close(idle.front(), work);
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

bool ServerPool::widen(const PoolOptions& options) {
  const PoolOptions other = validated(options);
  MutexLock lock(mutex_);
  const bool differ = other.max_size != options_.max_size || other.min_idle != options_.min_idle;
  options_.max_size = std::max(options_.max_size, other.max_size);
  options_.min_idle = std::max(options_.min_idle, other.min_idle);
  options_.connect_timeout = std::max(options_.connect_timeout, other.connect_timeout);
  if (differ) waiters_.wake_all();
  return differ;
}

void ServerPool::sweep(SteadyTime now) {
  Work work;
  {
    MutexLock lock(mutex_);
    Slots& idle = list_of(SlotState::kIdle);
    for (auto next = idle.begin(); next != idle.end();) {
      Slot& slot = *next++;
      const Duration idle_for = now - slot.idle_since;
      const bool surplus = options_.idle_timeout > Duration::zero() &&
                           idle_for >= options_.idle_timeout && idle.size() > options_.min_idle;
      const bool near_wait_timeout = wait_timeout_ && idle_for >= *wait_timeout_ / 4 * 3;
      const bool expired = now >= slot.expires_at;
      if (!expired && !surplus && !near_wait_timeout) continue;
      if (!expired) ++counters_.closed_idle;
      close(slot, work);
    }
    const bool may_open = options_.pooling && in_service_ && now >= ahead_again_at_;
    std::size_t ready =
        count(SlotState::kIdle) + count(SlotState::kConnecting) + count(SlotState::kResetting);
    for (; may_open && ready < options_.min_idle && open_places() > 0; ++ready) {
      add_slot().for_nobody = true;
      ++work.connects;
    }
  }
  prober_->sweep(now);
  dispatch(work);
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

bool ServerPool::abandoned(SteadyTime now) const {
  MutexLock lock(mutex_);
  return now - last_borrow_ >= kAbandonedAfter && waiters_.empty() &&
         std::ranges::all_of(slots_, [](const Slots& slots) { return slots.empty(); });
}

PoolStats ServerPool::stats() const {
  MutexLock lock(mutex_);
  PoolStats stats = counters_;
  stats.connecting = count(SlotState::kConnecting);
  stats.idle = count(SlotState::kIdle);
  stats.leased = count(SlotState::kLeased);
  stats.resetting = count(SlotState::kResetting);
  stats.waiting = waiters_.size();
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
