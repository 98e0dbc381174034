// When a farm's nodes are asked, and for how much: pure functions of times that are passed in.
#pragma once

#include <cstdint>
#include <optional>

#include "fabric/base/clock.h"

namespace fabric {

struct RefreshState {
  bool all_wanted = false;      ///< a caller waits for a whole answer
  bool servers_wanted = false;  ///< something has just changed at a node
  bool loaded = false;          ///< there is a snapshot
  base::SteadyTime due{};       ///< of the snapshot, before its TTL ends
  base::SteadyTime last_use{};  ///< when the process last looked at the topology
  base::Duration ttl{};
  std::optional<base::SteadyTime> polling_since;  ///< a failover is waited out since then
  base::SteadyTime last_asked{};
};

enum class Ask : std::uint8_t { kNothing, kServers, kAll };

struct RefreshPlan {
  Ask ask = Ask::kNothing;
  base::SteadyTime wake = base::SteadyTime::max();  ///< with kNothing: when to look again
};

/// Whether the process used the topology within the last five TTLs, or half a minute if that is
/// longer; if not, nodes are left alone.
bool in_use(const RefreshState& state, base::SteadyTime now);

/// How far apart the questions of a failover lie that began `age` ago: 50 ms at first, 100 ms for
/// as long as statements usually wait for a new primary, then a second.
base::Duration poll_interval(base::Duration age);

RefreshPlan plan_refresh(const RefreshState& state, base::SteadyTime now);

}  // namespace fabric
