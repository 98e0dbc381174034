// A farm's nodes, asked over XML-RPC or MySQL-RPC, each by its port or all alike. The node that
// answered last is asked first; after 100 ms without an answer the next one is asked as well, and
// the first useful answer counts. Used by one thread at a time (cancel(): any).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "fabric/base/clock.h"
#include "fabric/base/endpoint.h"
#include "fabric/farm_events.h"
#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/watchdog.h"
#include "fabric/node_client.h"
#include "fabric/node_order.h"
#include "fabric/rpc_protocol.h"
#include "fabric/topology_source.h"

namespace fabric {

struct RpcOptions {
  std::vector<base::Endpoint> nodes;                 ///< FABRIC_NODES, at least one
  std::optional<RpcProtocol> protocol;               ///< nothing: port 32274 is XML-RPC's
  mysql::Credentials credentials;                    ///< FABRIC_USER, FABRIC_PASSWORD
  bool user_of_servers = false;                      ///< it is UID: XML-RPC has users of its own
  base::Duration timeout = std::chrono::seconds(5);  ///< FABRIC_TIMEOUT, per node and question
  base::Duration hedge_after = std::chrono::milliseconds(100);
  base::Duration report_hedge_after = std::chrono::seconds(1);  ///< reports wait for commits
  std::shared_ptr<FarmEvents> events = std::make_shared<FarmEvents>(nullptr, "");
};

class RpcSource final : public TopologySource {
 public:
  /// `order` is shared by the sources of one farm. `watchdog` must outlive the source.
  RpcSource(RpcOptions options, std::shared_ptr<NodeOrder> order, mysql::Watchdog& watchdog,
            const base::Clock& clock);
  ~RpcSource() override;

  Topology::Content fetch(base::Deadline deadline) override;
  ServerList fetch_servers(base::Deadline deadline) override;
  void report(const FaultReport& report, base::Deadline deadline) override;
  void cancel() noexcept override;
  void abandon_after_fork() noexcept override;

 private:
  struct Round;

  Topology::Content ask(const NodeClient::Question& question, base::Duration hedge_after,
                        base::Deadline deadline);
  void start(const std::shared_ptr<Round>& round, std::size_t node,
             const NodeClient::Question& question, base::Deadline deadline);
  [[noreturn]] void throw_failures(Round& round) const;

  const RpcOptions options_;
  const std::shared_ptr<NodeOrder> order_;
  const base::Clock& clock_;
  std::vector<ShardMap> known_maps_;                  ///< of the last answer
  std::vector<std::unique_ptr<NodeClient>> clients_;  // one per node; threads start when needed
};

/// What the options say, else what the node's port says.
RpcProtocol protocol_of(const base::Endpoint& node, const RpcOptions& options);

/// How a node of RpcOptions is asked, in its protocol. `watchdog` must outlive the link.
std::unique_ptr<NodeLink> node_link(const base::Endpoint& node, const RpcOptions& options,
                                    mysql::Watchdog& watchdog);

/// What a Farm takes: makes sources that share one NodeOrder. `watchdog` and `clock` must outlive
/// them.
std::function<std::unique_ptr<TopologySource>()> rpc_sources(RpcOptions options,
                                                             mysql::Watchdog& watchdog,
                                                             const base::Clock& clock);

}  // namespace fabric
