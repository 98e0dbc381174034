// All pools of the process: ServerPools by (server, credentials), the suspects, and the threads
// that connect, reset and keep house. Owner: the process's Runtime. Thread-safe.
#pragma once

#include <memory>

#include "fabric/base/clock.h"
#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/watchdog.h"
#include "pool/options.h"
#include "pool/stats.h"

namespace pool {

class ServerPool;
class Suspects;

class Pools {
 public:
  Pools(const fabric::base::Clock& clock, fabric::mysql::Watchdog& watchdog);
  ~Pools();  ///< ends the threads; waits for none longer than a connect attempt's deadline
  Pools(const Pools&) = delete;
  Pools& operator=(const Pools&) = delete;

  /// The pool of this server for these credentials; made on first use. When DSNs disagree about the
  /// limit, the larger counts; `*limit_differs` is set then (01S00 for the application).
  std::shared_ptr<ServerPool> of(const fabric::base::Endpoint& server,
                                 const fabric::mysql::Credentials& credentials,
                                 const PoolOptions& options, bool* limit_differs = nullptr);

  [[nodiscard]] Suspects& suspects();
  [[nodiscard]] const fabric::base::Clock& clock() const;
  /// Sums over all pools, copied out whole.
  [[nodiscard]] PoolStats stats() const;

  /// In a forked child: closes every inherited descriptor without a word on the wire. After it the
  /// object is only fit to be leaked.
  void abandon_after_fork() noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pool
