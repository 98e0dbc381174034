// The only process-wide object: the watchdog, the pools, the farms. Handles reach it once, through
// their environment. It outlives every handle (unixODBC frees and re-makes the driver's environment
// at each connect), joins its threads at exit, and a forked child starts with a new one.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "driver/farms.h"
#include "driver/query_timer.h"
#include "driver/read_ahead.h"
#include "driver/routing/fact_cache.h"
#include "driver/stats_file.h"
#include "fabric/base/clock.h"
#include "fabric/base/log.h"
#include "fabric/mysql/watchdog.h"
#include "pool/pools.h"

namespace driver {

class Runtime {
 public:
  Runtime();
  ~Runtime() = default;
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  /// The process's runtime, made on first use. Never null; valid until exit or fork. Thread-safe.
  static Runtime& current();
  /// Rises at each fork in the child: what was borrowed from an older runtime must be abandoned.
  static std::uint64_t generation() { return generation_; }
  static void end_generation() { ++generation_; }

  [[nodiscard]] const fabric::base::Clock& clock() const { return clock_; }
  [[nodiscard]] fabric::mysql::Watchdog& watchdog() { return watchdog_; }
  [[nodiscard]] pool::Pools& pools() { return *pools_; }
  [[nodiscard]] Farms& farms() { return farms_; }
  [[nodiscard]] routing::FactCaches& facts() { return facts_; }
  [[nodiscard]] ReadAhead& read_ahead() { return read_ahead_; }
  [[nodiscard]] QueryTimer& query_timer() { return query_timer_; }
  [[nodiscard]] StatsFile& stats_file() { return stats_file_; }
  [[nodiscard]] fabric::base::Log& log() { return log_; }
  /// Numbers the sessions of the process, for the log.
  [[nodiscard]] std::uint64_t next_session() { return ++sessions_; }
  /// At the end of the process: joins the threads and closes what is pooled. Leases that are still
  /// out belong to an older generation then.
  void end();

  /// Around fork(): in the parent nothing changes; in the child what was inherited is closed
  /// without a word on the wire, and the object is only fit to be leaked.
  void lock_for_fork();
  void unlock_after_fork();
  void abandon_after_fork() noexcept;

 private:
  [[nodiscard]] std::string stats();

  static inline std::atomic<std::uint64_t> generation_{1};

  fabric::base::SystemClock clock_;
  fabric::base::Log log_;
  std::atomic<std::uint64_t> sessions_{0};
  fabric::mysql::Watchdog watchdog_;
  std::unique_ptr<pool::Pools> pools_;
  routing::FactCaches facts_;
  Farms farms_;
  QueryTimer query_timer_;
  StatsFile stats_file_;
  ReadAhead read_ahead_;
};

}  // namespace driver
