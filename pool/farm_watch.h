// Follows one farm's topology for the pools: as soon as a server loses its role its pools are
// retired, and whoever waits looks again. One per farm, with one thread if the farm can change.
// Owner: the GroupPools of the farm. Thread-safe.
#pragma once

#include <memory>

#include "fabric/base/mutex.h"
#include "fabric/base/worker.h"
#include "fabric/farm.h"

namespace pool {

class Pools;

class FarmWatch {
 public:
  FarmWatch(std::shared_ptr<fabric::Farm> farm, Pools& pools);
  ~FarmWatch();  ///< joins the thread: within a fifth of a second
  FarmWatch(const FarmWatch&) = delete;
  FarmWatch& operator=(const FarmWatch&) = delete;

  /// Acts upon a topology that somebody has seen, once for each version.
  void adopt(const fabric::TopologyPtr& topology);

 private:
  void run(const std::stop_token& stop);

  const std::shared_ptr<fabric::Farm> farm_;
  Pools& pools_;
  fabric::base::Mutex mutex_;
  fabric::TopologyPtr known_ GUARDED_BY(mutex_);
  fabric::base::Worker thread_ GUARDED_BY(mutex_);
};

}  // namespace pool
