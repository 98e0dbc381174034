#include "pool/farm_watch.h"

#include "fabric/names.h"
#include "pool/pools.h"
#include "pool/role_changes.h"
#include "pool/suspects.h"

namespace pool {

using fabric::TopologyPtr;
using fabric::base::MutexLock;

void FarmWatch::listen_to(fabric::Farm& farm) {
  farm.on_change([weak = weak_from_this()](const TopologyPtr& topology) {
    const auto watch = weak.lock();
    if (watch == nullptr) return false;
    try {
      watch->adopt(topology);
    } catch (const std::exception&) {  // no memory: the next borrower does it
    }
    return true;
  });
}

void FarmWatch::adopt(const TopologyPtr& topology) {
  MutexLock lock(mutex_);
  if (pools_ == nullptr) return;
  if (known_ != nullptr && known_->version() >= topology->version()) return;
  if (known_ != nullptr) {
    const RoleChanges changes = role_changes(*known_, *topology);
    for (const fabric::Server& server : changes.lost) {
      pools_->log().note(fabric::base::LogLevel::kInfo, [&] {
        return "server " + server.endpoint.text() + " of group " + server.group +
               " lost its role: its connections are closed";
      });
      pools_->retire(server.endpoint);
    }
    for (const fabric::Server& server : changes.changed) {
      pools_->log().note(fabric::base::LogLevel::kInfo, [&] {
        return "server " + server.endpoint.text() + " of group " + server.group + " is " +
               fabric::status_name(server.status) + " now";
      });
      pools_->suspects().forget(server.endpoint);
    }
  }
  known_ = topology;
  pools_->suspects().bell().ring();
}

void FarmWatch::leave() {
  MutexLock lock(mutex_);
  pools_ = nullptr;
}

}  // namespace pool
