// Nodes tell nothing of a shard that is disabled: its neighbour below seems to own its keys. What
// was there before and is gone without another in its place is kept as a shard without a group, so
// that its keys are refused instead of going to the neighbour. Pure.
#pragma once

#include <vector>

#include "fabric/types.h"

namespace fabric {

/// Adds to `now`, a node's answer, what its maps lack of the same maps `before`. A shard that was
/// split or moved has another in its place: of its number, or of its lower bound.
void keep_disabled_shards(const std::vector<ShardMap>& before, std::vector<ShardMap>& now);

}  // namespace fabric
