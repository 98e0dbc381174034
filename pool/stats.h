// Counters of one pool, or summed over pools: plain structs, copied out whole.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "fabric/base/clock.h"
#include "fabric/base/endpoint.h"

namespace pool {

/// Upper bounds of the classes of waits; a last class holds what waited longer.
inline constexpr std::array<fabric::base::Duration, 6> kWaitBounds{
    std::chrono::milliseconds(1),   std::chrono::milliseconds(5), std::chrono::milliseconds(20),
    std::chrono::milliseconds(100), std::chrono::seconds(1),      std::chrono::seconds(10)};

struct PoolStats {
  std::size_t connecting = 0, idle = 0, leased = 0, resetting = 0;  ///< connections now
  std::size_t waiting = 0;                                          ///< borrowers now
  std::uint64_t borrows = 0, waits = 0, timeouts = 0;
  std::uint64_t connects = 0, connect_failures = 0;
  std::uint64_t resets = 0, pings = 0;
  std::uint64_t closed_idle = 0, closed_lifetime = 0, closed_broken = 0, closed_retired = 0;

  std::map<std::string, std::uint64_t> pins;  ///< leases held outside transactions, by the reason

  std::array<std::uint64_t, kWaitBounds.size() + 1> waited{};  ///< ended waits by their class
  fabric::base::Duration waited_in_all{};

  PoolStats& operator+=(const PoolStats& other);
  void note_wait(fabric::base::Duration time);
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
