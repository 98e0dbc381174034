#include "pool/farm_watch.h"

#include "pool/pools.h"
#include "pool/role_changes.h"
#include "pool/suspects.h"

namespace pool {
namespace {

using fabric::TopologyPtr;
using fabric::base::Deadline;
using fabric::base::MutexLock;

/// The farm cannot be told to stop a wait, so one wait is no longer than a destructor may take.
constexpr fabric::base::Duration kOneWait = std::chrono::milliseconds(200);

}  // namespace

FarmWatch::FarmWatch(std::shared_ptr<fabric::Farm> farm, Pools& pools)
    : farm_(std::move(farm)), pools_(pools) {}

FarmWatch::~FarmWatch() {
  fabric::base::Worker ending;  // joined after the unlock
  MutexLock lock(mutex_);
  std::swap(ending, thread_);
}

void FarmWatch::adopt(const TopologyPtr& topology) {
  RoleChanges changes;
  {
    MutexLock lock(mutex_);
    if (known_ != nullptr && known_->version() >= topology->version()) return;
    if (known_ != nullptr) changes = role_changes(*known_, *topology);
    known_ = topology;
    if (farm_->can_change() && !thread_.joinable()) {
      thread_ =
          fabric::base::Worker("fabric-roles", [this](const std::stop_token& stop) { run(stop); });
    }
  }
  for (const fabric::Server& server : changes.lost) pools_.retire(server.endpoint);
  for (const fabric::Server& server : changes.changed) pools_.suspects().forget(server.endpoint);
  pools_.suspects().bell().ring();
}

void FarmWatch::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::uint64_t version = 0;
    {
      MutexLock lock(mutex_);
      version = known_->version();
    }
    const TopologyPtr topology =
        farm_->wait_newer(version, Deadline::after(pools_.clock(), kOneWait));
    if (topology != nullptr) adopt(topology);
  }
}

}  // namespace pool
