// A shard that was disabled and one that was removed for good look alike in a node's dumps: its
// keys seem to belong to the neighbour below (disabled_shards.h). The node's own lookup knows.
#pragma once

#include "fabric/node_client.h"

namespace fabric {

/// Of shards without a group, drops those whose keys the node itself gives to the neighbour. Those
/// of which it tells nothing (no right to ask, no answer) stay. Throws nothing of the node's.
void drop_removed_shards(const NodeClient::Caller& call, Topology::Content& content);

}  // namespace fabric
