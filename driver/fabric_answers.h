// The result sets of SHOW FABRIC: their columns, and rows made of what the process knows of its
// farm and its pools. Pure; any thread.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "driver/fabric_statements.h"
#include "driver/rows/memory_reply.h"
#include "driver/settings/connection_settings.h"
#include "fabric/farm_events.h"
#include "fabric/topology.h"
#include "pool/pools.h"

namespace driver {

/// Of its answer; none for SET.
std::vector<fabric::mysql::Column> fabric_columns(const FabricStatement& statement);

/// What SHOW FABRIC STATUS tells beside the settings: of one connection, now.
struct FabricPlace {
  std::string server;   ///< host:port it is on; empty: none
  std::string group;    ///< that server's
  std::string mapping;  ///< the id of the mapping that led there
  std::string pinned;   ///< why it stays there; empty: it may move
};

using FabricRows = std::vector<rows::Record>;
/// `topology` is null where no node has answered; `farm`: what happened to it in this process.
FabricRows status_rows(const settings::ConnectionSettings& settings, const FabricPlace& place,
                       const fabric::Topology* topology, const fabric::FarmStats& farm);
FabricRows group_rows(const fabric::Topology& topology);
/// `place`: which of them the connection is on.
FabricRows server_rows(const fabric::Topology& topology, const FabricPlace& place);
FabricRows shard_rows(const fabric::Topology& topology);
FabricRows pool_rows(const std::vector<pool::PoolReport>& pools);

}  // namespace driver
