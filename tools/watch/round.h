// What the steps of a round share. Lives as long as the Watch.
#pragma once

#include <string>
#include <vector>

#include "fabric/base/clock.h"
#include "fabric/base/error.h"
#include "tools/watch/lease.h"
#include "tools/watch/log.h"
#include "tools/watch/node_store.h"
#include "tools/watch/options.h"
#include "tools/watch/servers.h"

namespace tools::watch {

struct Round {
  const Options& options;
  NodeStore& node;
  Lease& lease;
  Servers& servers;
  Log& log;
  const fabric::base::Clock& clock;
  std::vector<WatchedGroup> groups{};  ///< as the node said at its start

  /// For one statement on a server: none is sent without the lease, none outlives it.
  [[nodiscard]] fabric::base::Deadline step() const { return lease.within(options.step_timeout); }
  /// A change in the node under the lease; `arguments` follow the epoch. Throws LeaseLost.
  void change(const std::string& procedure, std::vector<fabric::RpcArgument> arguments);
  /// The primary of the group that the server there belongs to, or that endpoint itself.
  [[nodiscard]] fabric::base::Endpoint current_primary(const fabric::base::Endpoint& source) const;
  [[nodiscard]] Account replication() const {
    return {options.replication_user, options.replication_password};
  }
};

/// Why a change of primary does not go on now; the next round tries again.
class Held final : public fabric::base::Error {
 public:
  explicit Held(const std::string& why) : Error(fabric::base::SqlState::kHY000, why) {}
};

std::string name_of(const fabric::Server& server);

}  // namespace tools::watch
