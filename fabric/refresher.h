// The thread of a farm that asks the nodes: before the TTL ends, when a caller wants it, and every
// 50-100 ms while a failover is waited out. One question at a time, so whoever asks meanwhile
// shares its answer. Owner: Farm. Thread-safe; no lock is held while a node is asked.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "fabric/base/clock.h"
#include "fabric/base/deadline.h"
#include "fabric/base/error.h"
#include "fabric/base/mutex.h"
#include "fabric/base/worker.h"
#include "fabric/farm_events.h"
#include "fabric/refresh_schedule.h"
#include "fabric/topology_cache.h"
#include "fabric/topology_source.h"

namespace fabric {

struct RefresherOptions {
  base::Duration node_timeout = std::chrono::seconds(5);
  unsigned attempts = 3;  ///< of the first load only; later ones come again by themselves
  base::Duration attempt_delay = std::chrono::seconds(1);
  std::shared_ptr<FarmEvents> events = std::make_shared<FarmEvents>(nullptr, "");
};

class Refresher {
 public:
  /// Called by the thread, without a lock. `polling_since` says since when a failover is watched,
  /// if one is; `answered` sees each snapshot that a node confirmed.
  struct Hooks {
    std::function<std::optional<base::SteadyTime>()> polling_since;
    std::function<void(const Topology&)> answered;
  };

  Refresher(std::unique_ptr<TopologySource> source, TopologyCache& cache, RefresherOptions options,
            Hooks hooks, const base::Clock& clock);
  ~Refresher();
  Refresher(const Refresher&) = delete;
  Refresher& operator=(const Refresher&) = delete;

  /// As Farm::at_hand().
  TopologyPtr at_hand();
  /// As Farm::topology().
  TopologyPtr topology(base::Deadline deadline);
  /// As Farm::refresh().
  TopologyPtr refresh(base::Deadline deadline);
  /// As Farm::wait_newer(): while somebody waits, the nodes are polled.
  TopologyPtr wait_newer(std::uint64_t version, base::Deadline deadline);
  /// Asks for the servers now, behind.
  void ask_servers();
  /// Has the thread look at its hooks again.
  void wake();
  /// As Farm::hopeless().
  [[nodiscard]] bool hopeless() const;
  /// As TopologySource::abandon_after_fork().
  void abandon_after_fork() noexcept { source_->abandon_after_fork(); }
  /// Ends the thread and waits for it; no hook is called after that. Callers that wait return.
  void stop();

 private:
  class Waiting;

  TopologyPtr wait_for_answer(bool join_running, base::Deadline deadline);
  void use(base::SteadyTime now);
  void run();
  void start_thread() REQUIRES(mutex_);
  [[nodiscard]] RefreshState state(std::optional<base::SteadyTime> polling) const REQUIRES(mutex_);
  void perform(Ask ask);
  void ask_all();
  void ask_for_servers();
  /// For who will not wait for the attempts to come.
  void note_failure(const base::Error& error);
  /// False when the thread is to end.
  bool pause_before_next_attempt();

  const std::unique_ptr<TopologySource> source_;
  TopologyCache& cache_;
  const RefresherOptions options_;
  const Hooks hooks_;
  const base::Clock& clock_;

  // Stored and looked at in this order by who uses the topology, in the other one by the thread
  // before it sleeps: one of them sees the other.
  std::atomic<base::SteadyTime> last_use_{};
  std::atomic<bool> dormant_ = true;  // sleeps without end: use() wakes it

  mutable base::Mutex mutex_;
  base::CondVar wake_;      // the thread
  base::CondVar answered_;  // callers
  bool stop_ GUARDED_BY(mutex_) = false;
  bool woken_ GUARDED_BY(mutex_) = false;
  bool servers_wanted_ GUARDED_BY(mutex_) = false;
  std::uint64_t wanted_ GUARDED_BY(mutex_) = 0;          // number of the whole answer asked for
  std::uint64_t started_ GUARDED_BY(mutex_) = 0;         // number of the one last begun
  std::uint64_t finished_ GUARDED_BY(mutex_) = 0;        // number of the one last ended
  std::optional<base::Error> error_ GUARDED_BY(mutex_);  // of the last attempt
  unsigned waiters_ GUARDED_BY(mutex_) = 0;
  base::SteadyTime waiting_since_ GUARDED_BY(mutex_){};
  base::SteadyTime last_asked_ GUARDED_BY(mutex_){};
  base::Worker thread_ GUARDED_BY(mutex_);
};

}  // namespace fabric
