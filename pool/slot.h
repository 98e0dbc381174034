// A place in a ServerPool: one physical connection, its state and its age. Owned by the pool; the
// connection and the lease's marks belong to the lease's thread while kLeased, to the thread that
// opens, cleans or closes it while kConnecting, kResetting or kClosing, and to the pool's lock
// otherwise.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "fabric/base/clock.h"
#include "fabric/mysql/server_connection.h"
#include "pool/options.h"
#include "pool/residue.h"
#include "pool/statement_cache.h"
#include "pool/stats.h"

namespace pool {

enum class SlotState : std::uint8_t { kConnecting, kIdle, kLeased, kResetting, kClosing };
inline constexpr std::size_t kSlotStates = 5;

constexpr std::size_t index_of(SlotState state) { return static_cast<std::size_t>(state); }

/// Rows: from; columns: to. A slot begins kConnecting and ends kClosing.
inline constexpr std::array<std::array<bool, kSlotStates>, kSlotStates> kAllowedMoves{{
    // kConnecting, kIdle, kLeased, kResetting, kClosing
    {false, true, true, false, true},    // kConnecting
    {false, false, true, true, true},    // kIdle: kResetting is a check of a connection in doubt
    {false, true, false, true, true},    // kLeased: to the next waiter it stays kLeased
    {false, true, true, false, true},    // kResetting
    {false, false, false, false, false}  // kClosing
}};

constexpr bool allowed(SlotState from, SlotState to) {
  return kAllowedMoves[index_of(from)][index_of(to)];
}

struct Slot {
  std::unique_ptr<fabric::mysql::ServerConnection> connection;  ///< null while kConnecting
  std::shared_ptr<StatementCache> statements;                   ///< of that connection
  SlotState state = SlotState::kConnecting;
  std::list<Slot>::iterator position;  ///< in the pool's list of its state
  bool claimed = false;                ///< a thread works on it
  bool for_its_opener = false;         ///< comes to no waiter
  bool for_nobody = false;             ///< opened ahead of need: wanted even without a waiter
  bool fresh = true;                   ///< not lent yet
  bool spotless = true;                ///< nothing was run on it since it was opened or cleaned
  std::uint64_t generation = 0;
  std::uint32_t server_thread = 0;
  fabric::base::SteadyTime idle_since{};
  fabric::base::SteadyTime heard_at{};  ///< the server last answered, while nobody held it
  fabric::base::SteadyTime expires_at = fabric::base::SteadyTime::max();
  Cleaning cleaning = Cleaning::kNone;          ///< what a connector is to do while kResetting
  CloseReason closed_for = CloseReason::kIdle;  ///< while kClosing

  // Of the current or last lease.
  Residue residue = Residue::kNothing;
  ResetPolicy reset = ResetPolicy::kAuto;
  std::string database;

  // Who holds it, under the pool's lock.
  std::shared_ptr<const std::string> holder;
  fabric::base::SteadyTime lent_at{};
  fabric::base::SteadyTime leak_at = fabric::base::SteadyTime::max();
  bool leaking = false;  ///< was warned of
};

}  // namespace pool
