// Follows one farm's topology for the pools: as soon as a server loses its role its pools are
// retired, and whoever waits looks again. One per farm; the farm tells it on a thread of its own.
// Owner: the GroupPools of the farm. Thread-safe.
#pragma once

#include <memory>

#include "fabric/base/mutex.h"
#include "fabric/farm.h"

namespace pool {

class Pools;

class FarmWatch : public std::enable_shared_from_this<FarmWatch> {
 public:
  explicit FarmWatch(Pools& pools) : pools_(&pools) {}

  /// Has the farm tell this object of every change. Call once, after make_shared.
  void listen_to(fabric::Farm& farm);

  /// Acts upon a topology that somebody has seen, once for each version. When it returns, no pool
  /// lends a connection to a server that had lost its role in it.
  void adopt(const fabric::TopologyPtr& topology);

  /// The pools are going: does nothing from now on.
  void leave();

 private:
  fabric::base::Mutex mutex_;  // held while pools are retired: they take their own locks below it
  Pools* pools_ GUARDED_BY(mutex_);
  fabric::TopologyPtr known_ GUARDED_BY(mutex_);
};

}  // namespace pool
