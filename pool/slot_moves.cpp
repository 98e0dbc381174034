// The bookkeeping of a ServerPool's slots, all of it under the pool's lock.
#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "pool/server_pool.h"

namespace pool {

using fabric::mysql::MysqlError;

void ServerPool::move(Slot& slot, SlotState to) {
  assert(allowed(slot.state, to));
  Slots& target = list_of(to);
  target.splice(target.end(), list_of(slot.state), slot.position);
  slot.state = to;
}

/// A clean connection that nobody holds: to the oldest waiter, else idle, else closed.
void ServerPool::settle(Slot& slot, Work& work) {
  slot.claimed = false;
  const bool wanted = options_.pooling || !waiters_.empty();
  if (!wanted || !reusable(slot)) return close(slot, work, CloseReason::kUnpooled);
  slot.heard_at = surroundings_.clock.now();
  Waiter* const oldest = waiters_.pop_front();
  if (oldest == nullptr) {
    if (std::exchange(slot.cleaning, Cleaning::kNone) == Cleaning::kKeepAlive) {
      return put_idle_again(slot);
    }
    slot.idle_since = slot.heard_at;
    return move(slot, SlotState::kIdle);
  }
  if (slot.state != SlotState::kLeased) move(slot, SlotState::kLeased);
  oldest->slot = &slot;
  oldest->outcome = Waiter::Outcome::kServed;
  oldest->wake.notify_one();
}

/// Where it was: having been kept alive is no use of it.
void ServerPool::put_idle_again(Slot& slot) {
  move(slot, SlotState::kIdle);
  Slots& idle = list_of(SlotState::kIdle);
  const auto younger = std::ranges::find_if(
      idle, [&slot](const Slot& other) { return other.idle_since > slot.idle_since; });
  idle.splice(younger, idle, slot.position);
}

/// For `reason`, unless it had to be closed anyhow.
void ServerPool::close(Slot& slot, Work& work, CloseReason reason) {
  if (!current(slot)) {
    reason = CloseReason::kRetired;
  } else if (slot.connection->broken()) {
    reason = CloseReason::kBroken;
  } else if (surroundings_.clock.now() >= slot.expires_at) {
    reason = CloseReason::kLifetime;
  }
  ++counters_.closed[static_cast<std::size_t>(reason)];
  slot.closed_for = reason;
  slot.claimed = false;
  move(slot, SlotState::kClosing);
  ++work.cleanings;
}

/// Begins as many connects as there are waiters whom nothing under way will serve.
void ServerPool::reserve(Work& work) {
  if (no_room_ && surroundings_.clock.now() < room_asked_again_at_) return;
  std::size_t coming = 0;
  for (const SlotState state : {SlotState::kConnecting, SlotState::kResetting}) {
    coming +=
        static_cast<std::size_t>(std::ranges::count_if(list_of(state), [this](const Slot& slot) {
          return current(slot) && !slot.for_its_opener;
        }));
  }
  for (; coming < waiters_.size() && open_places() > 0; ++coming) {
    add_slot();
    ++work.connects;
  }
}

Slot& ServerPool::add_slot() {
  Slots& connecting = list_of(SlotState::kConnecting);
  Slot& slot = connecting.emplace_back();
  slot.position = std::prev(connecting.end());
  slot.generation = generation_;
  return slot;
}

/// Newest first, so that surplus connections age; one that has the database already is preferred.
Slot* ServerPool::pick_idle(const std::string& database) {
  Slots& idle = list_of(SlotState::kIdle);
  if (idle.empty()) return nullptr;
  const auto fitting = std::find_if(idle.rbegin(), idle.rend(), [&database](const Slot& slot) {
    return slot.connection->database() == database;
  });
  return fitting == idle.rend() ? &idle.back() : &*fitting;
}

bool ServerPool::reusable(const Slot& slot) const {
  return current(slot) && !slot.connection->broken() && surroundings_.clock.now() < slot.expires_at;
}

void ServerPool::recall_waiters() {
  while (Waiter* const waiter = waiters_.pop_front()) {
    waiter->outcome = Waiter::Outcome::kRecalled;
    waiter->wake.notify_one();
  }
}

bool ServerPool::tell_oldest(const MysqlError& error) {
  Waiter* const oldest = waiters_.pop_front();
  if (oldest == nullptr) return false;
  oldest->error.emplace(own_copy(error));
  oldest->outcome = Waiter::Outcome::kFailed;
  oldest->wake.notify_one();
  return true;
}

/// The longest in `state` that no connector works on yet; null when another has taken it.
Slot* ServerPool::claim(SlotState state) {
  Slots& slots = list_of(state);
  const auto found = std::ranges::find(slots, false, &Slot::claimed);
  if (found == slots.end()) return nullptr;
  found->claimed = true;
  return &*found;
}

void ServerPool::remove(Slot& slot) {
  if (slot.state != SlotState::kClosing) move(slot, SlotState::kClosing);
  list_of(SlotState::kClosing).erase(slot.position);
}

std::size_t ServerPool::open_places() const {
  if (!options_.pooling) return std::numeric_limits<std::size_t>::max();
  std::size_t taken = 0;
  for (const Slots& slots : slots_) taken += slots.size();
  return options_.max_size > taken ? options_.max_size - taken : 0;
}

}  // namespace pool
