// A bounded set of threads that open, clean and probe connections, and send KILLs, so that neither
// borrowers nor the pool's lock wait for a server. Threads start when needed. The bound per server
// keeps a frozen server from holding them all, the place for first jobs keeps several frozen ones
// from it. Owner: Pools, shared with its ServerPools.
// Thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "fabric/base/endpoint.h"
#include "fabric/base/mutex.h"
#include "fabric/base/worker.h"

namespace pool {

enum class Lane : std::uint8_t { kConnect, kClean, kProbe, kKill };
inline constexpr std::size_t kLanes = 4;

class Connectors {
 public:
  /// Jobs of a lane that run at once: to one server, in all, and in all when the next is the only
  /// one to its server.
  struct Limit {
    std::size_t per_server;
    std::size_t total;
    std::size_t with_first;
  };
  static constexpr std::array<Limit, kLanes> kLimits{
      {{4, 14, 48}, {4, 10, 32}, {1, 48, 48}, {2, 8, 32}}};

  Connectors() = default;
  ~Connectors();  ///< stop()
  Connectors(const Connectors&) = delete;
  Connectors& operator=(const Connectors&) = delete;

  /// Runs `job` soon, in order of arrival within (lane, server). `job` must not throw. False when
  /// stopped: the job was not taken.
  bool submit(Lane lane, const fabric::base::Endpoint& server, std::function<void()> job);

  /// Drops the jobs that have not begun and joins the threads: waits for the calls in flight.
  void stop();

 private:
  struct Job {
    Lane lane;
    fabric::base::Endpoint server;
    std::function<void()> work;
  };
  using Place = std::pair<Lane, fabric::base::Endpoint>;

  void run();
  bool may_run(const Job& job) const REQUIRES(mutex_);
  std::size_t runnable() const REQUIRES(mutex_);
  bool take(Job& job) REQUIRES(mutex_);
  void release(const Job& job) REQUIRES(mutex_);

  fabric::base::Mutex mutex_;
  fabric::base::CondVar changed_;
  std::deque<Job> jobs_ GUARDED_BY(mutex_);
  std::map<Place, std::size_t> running_ GUARDED_BY(mutex_);
  std::array<std::size_t, kLanes> running_in_lane_ GUARDED_BY(mutex_){};
  std::size_t idle_ GUARDED_BY(mutex_) = 0;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::vector<fabric::base::Worker> threads_ GUARDED_BY(mutex_);
};

}  // namespace pool
