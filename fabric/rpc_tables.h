// The dump.* answers of a node as servers and shard maps. Pure. A value that does not fit makes the
// servers' answer as a whole unusable (NodeFailure, malformed), but of sharding only its mapping.
// Source: fabric-protocol reference, sections 2.1 to 2.6.
#pragma once

#include <vector>

#include "fabric/rpc_call.h"
#include "fabric/types.h"

namespace fabric {

/// kUnknown for a name that no node of today uses.
ShardType shard_type_of(const std::string& name);

/// dump.servers.
std::vector<Server> servers_of(const RpcAnswer& answer);

/// dump.shard_maps: mappings without tables and shards.
std::vector<ShardMap> shard_maps_of(const RpcAnswer& answer);
/// dump.shard_tables and dump.shard_index: fill in what they tell of the mappings given. Rows of
/// other mappings (made between two calls) are left out.
void add_tables(std::vector<ShardMap>& maps, const RpcAnswer& answer);
void add_shards(std::vector<ShardMap>& maps, const RpcAnswer& answer);

/// dump.sharding_information: the tables of mappings whose shards are known already, for a node
/// whose dump.shard_tables fails.
void add_tables_by_shard(std::vector<ShardMap>& maps, const RpcAnswer& answer);

}  // namespace fabric
