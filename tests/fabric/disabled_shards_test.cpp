#include "fabric/disabled_shards.h"

#include <gtest/gtest.h>

#include "fabric/shard_lookup.h"

namespace fabric {
namespace {

ShardMap map_of(std::vector<Shard> shards, ShardType type = ShardType::kRange) {
  ShardMap map;
  map.mapping_id = 1;
  map.type = type;
  map.type_name = "RANGE";
  map.shards = std::move(shards);
  return map;
}

/// Where the key goes after the node's second answer, or the refusal.
std::string owner(std::int64_t key, const ShardMap& before, ShardMap now) {
  std::vector<ShardMap> maps{std::move(now)};
  keep_disabled_shards({before}, maps);
  const ShardLookup lookup(maps.front());
  const ShardAnswer answer = lookup.find(ShardKey(key));
  return answer.found() ? std::string(answer.group) : answer.error;
}

const ShardMap kBefore = map_of({{"1", 1, "s1"}, {"1000", 2, "s2"}, {"2000", 3, "s3"}});

TEST(DisabledShards, AreNotTakenForTheirLowerNeighbour) {
  const ShardMap now = map_of({{"1", 1, "s1"}, {"2000", 3, "s3"}});
  EXPECT_EQ(owner(999, kBefore, now), "s1");
  EXPECT_EQ(owner(1000, kBefore, now),
            "shard mapping 1 (RANGE): the key '1000' lies in shard 2, which is disabled: enable it "
            "(sharding.enable_shard), or state the group");
  EXPECT_EQ(owner(2000, kBefore, now), "s3");
  EXPECT_NE(owner(5, kBefore, map_of({})).find("shard 1, which is disabled"), std::string::npos);
}

TEST(DisabledShards, AreKeptUntilTheyAreBack) {
  std::vector<ShardMap> second{map_of({{"1", 1, "s1"}, {"2000", 3, "s3"}})};
  keep_disabled_shards({kBefore}, second);
  EXPECT_NE(
      owner(1000, second.front(), map_of({{"1", 1, "s1"}, {"2000", 3, "s3"}})).find("disabled"),
      std::string::npos);
  EXPECT_EQ(owner(1000, second.front(), kBefore), "s2");
}

TEST(DisabledShards, AreNotThoseThatWereSplitOrMoved) {
  const ShardMap split =
      map_of({{"1", 1, "s1"}, {"1000", 4, "s2"}, {"1500", 5, "s4"}, {"2000", 3, "s3"}});
  EXPECT_EQ(owner(1000, kBefore, split), "s2");
  EXPECT_EQ(owner(1500, kBefore, split), "s4");
  const ShardMap moved = map_of({{"1", 1, "s1"}, {"1000", 2, "s9"}, {"2000", 3, "s3"}});
  EXPECT_EQ(owner(1000, kBefore, moved), "s9");
}

TEST(DisabledShards, AreOfTheSameMapping) {
  ShardMap other = map_of({{"1", 1, "s1"}});
  other.mapping_id = 2;
  EXPECT_EQ(owner(5000, kBefore, other), "s1");
  EXPECT_EQ(owner(5000, kBefore, map_of({{"1", 7, "s1"}}, ShardType::kRangeInteger)), "s1");
}

}  // namespace
}  // namespace fabric
