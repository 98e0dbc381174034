// The node in SQL as the watch uses it: what the groups are, and changes under its lease. Of
// several nodes the one that answered last is asked first. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "driver/settings/connection_settings.h"
#include "fabric/mysql/watchdog.h"
#include "fabric/mysqlrpc_link.h"
#include "fabric/types.h"

namespace tools::watch {

/// A change of primary that was asked for or has begun.
struct Promotion {
  std::string leaving;  ///< uuid; empty: not begun
  std::string wanted;   ///< uuid; empty: the best
  bool planned = false;
  std::string problem;  ///< why it does not go on, as last said
};

struct WatchedGroup {
  std::string name;
  std::vector<fabric::Server> servers;  ///< heaviest first
  std::optional<Promotion> promotion;
  std::optional<fabric::base::Endpoint> upstream;  ///< from which its primary replicates

  [[nodiscard]] const fabric::Server* primary() const;
  [[nodiscard]] const fabric::Server* find(const std::string& uuid) const;
};

class NodeStore {
 public:
  NodeStore(const driver::settings::ConnectionSettings& settings,
            fabric::mysql::Watchdog& watchdog);

  /// All REPLICATED groups that have servers.
  std::vector<WatchedGroup> look();
  /// The new epoch; nothing when another holds the lease, who is named in `holder`.
  std::optional<int> take(const std::string& who, fabric::base::Duration time, std::string& holder);
  /// Any procedure; its first argument is the epoch where it makes a change under the lease. Throws
  /// fabric::NodeFailure: kCommand with the node's sentence, else no node could be asked.
  fabric::RpcAnswer call(const std::string& procedure, std::vector<fabric::RpcArgument> arguments);

 private:
  const fabric::base::Clock& clock_;
  const fabric::base::Duration timeout_;
  std::vector<std::unique_ptr<fabric::MysqlRpcLink>> nodes_;
  std::size_t first_ = 0;  // the one that answered last
};

}  // namespace tools::watch
