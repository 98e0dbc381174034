// The shards of a mapping as their keys follow one another, so that each ends where the next
// begins. Pure.
#pragma once

#include "fabric/types.h"

namespace tools::serve {

fabric::ShardMap in_key_order(fabric::ShardMap map);

}  // namespace tools::serve
