// Counters of one pool, or summed over pools: plain structs, copied out whole.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "fabric/base/clock.h"
#include "fabric/base/endpoint.h"
#include "fabric/base/histogram.h"

namespace pool {

inline constexpr std::array<fabric::base::Duration, 6> kWaitBounds{
    std::chrono::milliseconds(1),   std::chrono::milliseconds(5), std::chrono::milliseconds(20),
    std::chrono::milliseconds(100), std::chrono::seconds(1),      std::chrono::seconds(10)};

/// Why connections are closed.
enum class CloseReason : std::uint8_t {
  kIdle,
  kLifetime,
  kBroken,
  kRetired,      ///< the server lost its role
  kUncleanable,  ///< its session left what no reset clears
  kUnpooled,     ///< POOLING=0
  kLongRow       ///< one passed through it, and the C library's buffer never shrinks
};
inline constexpr std::array<const char*, 7> kCloseReasons{
    "idle", "lifetime", "broken", "retired", "uncleanable", "unpooled", "long_row"};

/// How connections are cleaned.
enum class ResetKind : std::uint8_t { kRollback, kReset, kChangeUser };
inline constexpr std::array<const char*, 3> kResetKinds{"rollback", "reset", "change_user"};

struct PoolStats {
  std::size_t connecting = 0, idle = 0, leased = 0, resetting = 0;  ///< connections now
  std::size_t waiting = 0;                                          ///< borrowers now
  std::uint64_t borrows = 0, waits = 0, timeouts = 0;
  std::uint64_t connects = 0, connect_failures = 0;
  std::uint64_t pings = 0;       ///< checks before a loan, or of a server in doubt
  std::uint64_t keepalives = 0;  ///< POOL_KEEPALIVE
  std::uint64_t leaks = 0;       ///< leases held longer than POOL_LEAK_WARN
  std::uint64_t retries = 0;     ///< statements run again unseen after this server failed them
  std::uint64_t prepared_hits = 0, prepared_misses = 0;  ///< statements kept, or prepared anew
  std::array<std::uint64_t, kResetKinds.size()> resets{};
  std::array<std::uint64_t, kCloseReasons.size()> closed{};

  [[nodiscard]] std::uint64_t resets_by(ResetKind kind) const {
    return resets[static_cast<std::size_t>(kind)];
  }
  [[nodiscard]] std::uint64_t closed_for(CloseReason reason) const {
    return closed[static_cast<std::size_t>(reason)];
  }

  std::map<std::string, std::uint64_t> pins;  ///< leases held outside transactions, by the reason

  fabric::base::Histogram<kWaitBounds> waited;  ///< ended waits

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
