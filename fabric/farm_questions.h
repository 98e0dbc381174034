// What is asked of a Fabric node, in calls: the whole farm, its servers alone, one report. Pure
// but for the calls themselves, which NodeClient makes.
#pragma once

#include "fabric/node_client.h"
#include "fabric/topology_source.h"

namespace fabric {

/// dump.servers.
Topology::Content ask_for_servers(const NodeClient::Caller& call);
/// dump.servers, and dump.shard_maps, shard_index and shard_tables where there are mappings. What
/// is wrong with sharding is told in the content and harms nothing else.
Topology::Content ask_for_all(const NodeClient::Caller& call);
/// threat.report_error or threat.report_failure, without waiting for what comes of it.
RpcCall report_call(const FaultReport& report);

}  // namespace fabric
