// The current snapshot of a farm, its age and its waiters. Refreshing is the Refresher's; this is
// what it publishes to. Owner: Farm. Thread-safe; the lock is held for moments only.
#pragma once

#include <cstdint>
#include <random>

#include "fabric/base/clock.h"
#include "fabric/base/deadline.h"
#include "fabric/base/mutex.h"
#include "fabric/topology.h"
#include "fabric/topology_source.h"

namespace fabric {

class TopologyCache {
 public:
  /// `ttl_limit` caps what the node says (FABRIC_TTL); both have a floor of one second.
  TopologyCache(base::Duration ttl_limit, std::uint32_t jitter_seed);

  /// Null before the first answer of a node.
  [[nodiscard]] TopologyPtr snapshot() const;

  /// A whole answer to a question asked at `asked`. Where sharding could not be read, the maps of
  /// the last snapshot stay. The version rises only if the content differs.
  void publish(Topology::Content next, base::SteadyTime asked);
  /// An answer about the servers alone; shard maps, age and refresh time stay.
  void publish_servers(ServerList next);
  /// No node answered: what there is serves on, marked stale; to be asked again at `retry`.
  void mark_stale(base::SteadyTime retry);

  /// Waits until the snapshot is newer than `version`, or the deadline; returns the current one.
  TopologyPtr wait_newer(std::uint64_t version, base::Deadline deadline);

  /// When to ask again: before the TTL ends, with jitter.
  [[nodiscard]] base::SteadyTime refresh_due() const;
  /// The time for which an answer is good.
  [[nodiscard]] base::Duration ttl() const;
  /// Older than the limit, or than three TTLs, as when nobody has used the farm for a while: not to
  /// be served without asking.
  [[nodiscard]] bool too_old(base::SteadyTime now) const;
  /// The snapshot, unless it is too old; null then. A stale one is as good as it gets.
  [[nodiscard]] TopologyPtr servable(base::SteadyTime now) const;

 private:
  void store(std::shared_ptr<const Topology>& next) REQUIRES(mutex_);
  [[nodiscard]] bool loaded_too_long_ago(base::SteadyTime now) const REQUIRES(mutex_);
  [[nodiscard]] std::shared_ptr<const Topology> successor(Topology::Content next) const
      REQUIRES(mutex_);

  const base::Duration limit_;
  mutable base::Mutex mutex_;
  base::CondVar changed_;
  TopologyPtr current_ GUARDED_BY(mutex_);
  base::SteadyTime loaded_ GUARDED_BY(mutex_){};
  base::SteadyTime due_ GUARDED_BY(mutex_){};
  base::Duration ttl_ GUARDED_BY(mutex_);
  std::minstd_rand random_ GUARDED_BY(mutex_);
};

}  // namespace fabric
