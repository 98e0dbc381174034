// Counters of one pool, or summed over pools: plain structs, copied out whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "fabric/base/endpoint.h"

namespace pool {

struct PoolStats {
  std::size_t connecting = 0, idle = 0, leased = 0, resetting = 0;  ///< connections now
  std::size_t waiting = 0;                                          ///< borrowers now
  std::uint64_t borrows = 0, waits = 0, timeouts = 0;
  std::uint64_t connects = 0, connect_failures = 0;
  std::uint64_t resets = 0, pings = 0;
  std::uint64_t closed_idle = 0, closed_lifetime = 0, closed_broken = 0, closed_retired = 0;

  std::map<std::string, std::uint64_t> pins;  ///< leases held outside transactions, by the reason

  PoolStats& operator+=(const PoolStats& other);
};

/// One pool and its counters.
struct PoolReport {
  fabric::base::Endpoint server;
  std::string user;
  bool pooled = true;  ///< false: POOLING=0
  std::size_t max_size = 0;
  PoolStats stats;
};

}  // namespace pool
