// All pools of the process: ServerPools by (server, credentials), the suspects, and the threads
// that connect, reset and keep house. Owner: the process's Runtime. Thread-safe.
#pragma once

#include <memory>
#include <vector>

#include "fabric/base/clock.h"
#include "fabric/base/log.h"
#include "fabric/base/mutex.h"
#include "fabric/farm.h"
#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/watchdog.h"
#include "pool/options.h"
#include "pool/stats.h"

namespace pool {

class Connectors;
class FarmWatch;
class ServerPool;
class Suspects;

class Pools {
 public:
  Pools(const fabric::base::Clock& clock, fabric::mysql::Watchdog& watchdog,
        fabric::base::Log& log);
  ~Pools();  ///< end()
  Pools(const Pools&) = delete;
  Pools& operator=(const Pools&) = delete;
  /// Ends the threads, waiting for none longer than a connect attempt's deadline, and closes what
  /// is pooled. Calls that other threads are in stay safe, though they get no new connection.
  void end();

  /// The pool of this server for these credentials; made on first use. When DSNs disagree about the
  /// limit, the larger counts; `*limit_differs` is set then (01S00 for the application).
  std::shared_ptr<ServerPool> of(const fabric::base::Endpoint& server,
                                 const fabric::mysql::Credentials& credentials,
                                 const PoolOptions& options, bool* limit_differs = nullptr);

  /// What follows this farm's role changes, one for all its GroupPools.
  std::shared_ptr<FarmWatch> watch(const std::shared_ptr<fabric::Farm>& farm);
  /// The server lost its role: ServerPool::retire_all() for all credentials.
  void retire(const fabric::base::Endpoint& server);
  /// The server failed somebody: ServerPool::doubt() for all credentials.
  void doubt(const fabric::base::Endpoint& server);

  [[nodiscard]] Suspects& suspects();
  /// For work on the side, such as KILLs.
  [[nodiscard]] Connectors& connectors();
  [[nodiscard]] const fabric::base::Clock& clock() const;
  [[nodiscard]] fabric::base::Log& log();
  /// Sums over all pools, copied out whole.
  [[nodiscard]] PoolStats stats() const;
  /// Of each pool that there is now, by server, user, and whether it pools.
  [[nodiscard]] std::vector<PoolReport> reports() const;

  // Around fork(): lock_for_fork() before it (waits for no I/O), then unlock_after_fork() in the
  // parent, or abandon_after_fork() in the child. Leases are not locked: a thread may be using one.
  void lock_for_fork() NO_THREAD_SAFETY_ANALYSIS;
  void unlock_after_fork() NO_THREAD_SAFETY_ANALYSIS;
  /// In a forked child: closes every inherited descriptor without a word on the wire, those of
  /// leases too. Takes no lock. After it the object is only fit to be leaked.
  void abandon_after_fork() noexcept NO_THREAD_SAFETY_ANALYSIS;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pool
