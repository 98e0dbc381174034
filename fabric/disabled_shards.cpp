#include "fabric/disabled_shards.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>

namespace fabric {
namespace {

/// Shards by their numbers and by where they begin. Views into these shards.
class Places {
 public:
  explicit Places(const std::vector<Shard>& shards) {
    for (const Shard& one : shards) add(one);
  }
  void add(const Shard& shard) {
    ids_.insert(shard.id);
    bounds_.insert(shard.lower_bound);
  }
  [[nodiscard]] bool have(const Shard& shard) const {
    return ids_.contains(shard.id) || bounds_.contains(shard.lower_bound);
  }

 private:
  std::unordered_set<int> ids_;
  std::unordered_set<std::string_view> bounds_;
};

}  // namespace

void keep_disabled_shards(const std::vector<ShardMap>& before, std::vector<ShardMap>& now) {
  for (ShardMap& map : now) {
    const auto was = std::ranges::find_if(before, [&](const ShardMap& one) {
      return one.mapping_id == map.mapping_id && one.type == map.type;
    });
    if (was == before.end() || !map.problem.empty()) continue;
    Places taken(map.shards);
    std::vector<Shard> disabled;
    for (const Shard& old : was->shards) {
      if (taken.have(old)) continue;
      taken.add(old);
      disabled.push_back({old.lower_bound, old.id, {}});
    }
    map.shards.insert(map.shards.end(), disabled.begin(), disabled.end());
  }
}

}  // namespace fabric
