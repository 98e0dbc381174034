// Limits, timeouts and defaults of pools. Plain values, validated once by validate().
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

#include "fabric/base/clock.h"

namespace pool {

enum class ResetPolicy : std::uint8_t { kAuto, kAlways, kNever };
/// Among the secondaries of a group.
enum class LoadBalance : std::uint8_t { kWeight, kLeastOutstanding };

struct PoolOptions {
  bool pooling = true;         ///< POOLING=0: every lease is a new connection, closed at give-back
  std::size_t max_size = 100;  ///< MAX_POOL_SIZE, physical connections per ServerPool
  std::size_t min_idle = 0;    ///< MIN_POOL_SIZE
  fabric::base::Duration idle_timeout = std::chrono::minutes(10);  ///< POOL_IDLE_TIMEOUT
  fabric::base::Duration max_lifetime =
      std::chrono::minutes(30);  ///< POOL_MAX_LIFETIME, with jitter
  fabric::base::Duration validate_after = std::chrono::milliseconds(500);  ///< POOL_VALIDATE_AFTER
  fabric::base::Duration keepalive = std::chrono::minutes(2);  ///< POOL_KEEPALIVE; zero: never
  fabric::base::Duration leak_warn{};                          ///< POOL_LEAK_WARN; zero: never
  fabric::base::Duration connect_timeout =
      std::chrono::seconds(10);  ///< one physical connect and login
  fabric::base::Duration detection_time = std::chrono::seconds(5);  ///< FAILURE_DETECTION_TIME
  ResetPolicy reset = ResetPolicy::kAuto;                           ///< CONNECTION_RESET
  std::size_t statement_cache = 20;                 ///< STATEMENT_CACHE_SIZE, per connection
  LoadBalance load_balance = LoadBalance::kWeight;  ///< LOAD_BALANCE

  friend auto operator<=>(const PoolOptions&, const PoolOptions&) = default;
};

/// The nearest usable values: at least one connection, no more idle ones than connections, no
/// negative time.
PoolOptions validated(PoolOptions options);

}  // namespace pool
