#include "fabric/disabled_shards.h"

#include <algorithm>

namespace fabric {

void keep_disabled_shards(const std::vector<ShardMap>& before, std::vector<ShardMap>& now) {
  for (ShardMap& map : now) {
    const auto was = std::ranges::find_if(before, [&](const ShardMap& one) {
      return one.mapping_id == map.mapping_id && one.type == map.type;
    });
    if (was == before.end() || !map.problem.empty()) continue;
    for (const Shard& old : was->shards) {
      const auto in_its_place = [&](const Shard& one) {
        return one.id == old.id || one.lower_bound == old.lower_bound;
      };
      if (std::ranges::any_of(map.shards, in_its_place)) continue;
      map.shards.push_back({old.lower_bound, old.id, {}});
    }
  }
}

}  // namespace fabric
