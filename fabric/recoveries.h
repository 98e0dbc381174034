// Follows who is primary of each group, and since when a lost one was missed: what a failover took.
// Not thread-safe. Owner: FailoverMonitor.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fabric/base/clock.h"
#include "fabric/base/endpoint.h"
#include "fabric/topology.h"

namespace fabric {

class Recoveries {
 public:
  /// A group has another primary.
  struct Change {
    std::string group;
    base::Endpoint from, to;
    std::optional<base::Duration> without;  ///< nothing: the one before was not missed
  };

  /// A primary failed a caller.
  void missed(const Server& server, base::SteadyTime now);
  /// It lives, or nobody misses it any more: the group has its primary, if the farm lists it still.
  void answered(const Server& server);
  std::vector<Change> observe(const Topology& topology, base::SteadyTime now);

 private:
  struct Primary {
    std::string uuid;
    base::Endpoint endpoint;
    bool listed = true;
    std::optional<base::SteadyTime> missed_since{};
  };
  std::map<std::string, Primary> primaries_;  // by group
};

}  // namespace fabric
