#include "fabric/removed_shards.h"

#include <gtest/gtest.h>

#include <map>

namespace fabric {
namespace {

/// A node whose dumps lack shard 2. `lookup`: what it answers to the lookup of that shard's keys, a
/// server's uuid or its refusal.
struct Node {
  std::string lookup;
  NodeFailure::Kind kind = NodeFailure::Kind::kCommand;
  std::vector<std::string> asked = {};

  RpcAnswer operator()(const RpcCall& call) {
    asked.push_back(call.procedure);
    for (const RpcArgument& argument : call.arguments) {
      asked.back() += " " + std::get<std::string>(argument);
    }
    if (!lookup.starts_with("uuid-")) throw NodeFailure(kind, lookup);
    return {.ttl = {}, .tables = {{{"server_uuid", "address"}, {{lookup, "h:3306"}}}}};
  }
};

ShardMap map_of(ShardType type, std::vector<Shard> shards) {
  ShardMap map;
  map.mapping_id = 1;
  map.type = type;
  map.type_name = "RANGE";
  map.tables = {{"shop", "orders", "id"}};
  map.shards = std::move(shards);
  return map;
}

const ShardMap kRange =
    map_of(ShardType::kRange, {{"1", 1, "s1"}, {"1000", 2, ""}, {"2000", 3, "s3"}});

/// Whether shard 2 is still there.
bool kept(const ShardMap& map, Node& node) {
  Topology::Content content;
  for (const char* group : {"s1", "s2", "s3"}) {
    content.servers.push_back(
        {.uuid = std::string("uuid-") + group, .group = group, .endpoint = {}});
  }
  content.shard_maps = {map};
  drop_removed_shards(std::ref(node), content);
  return content.shard_maps.front().shards.size() == map.shards.size();
}

TEST(RemovedShards, AreTheNeighboursByTheNodesOwnLookup) {
  Node node{"uuid-s1"};
  EXPECT_FALSE(kept(kRange, node));
  EXPECT_EQ(node.asked,
            (std::vector<std::string>{"sharding.lookup_servers shop.orders 1000 LOCAL"}));
}

TEST(RemovedShards, AreNotThoseOfWhichTheNodeTellsNothing) {
  for (const char* words : {"sharding.lookup_servers failed at the node: Shard not enabled",
                            "sharding.lookup_servers failed at the node: Invalid Key 1000",
                            "uuid-s2", "uuid-s3", "uuid-unknown"}) {
    Node node{words};
    EXPECT_TRUE(kept(kRange, node)) << words;
  }
  for (const auto kind : {NodeFailure::Kind::kRefused, NodeFailure::Kind::kPassing}) {
    Node node{"user 'app' may not call sharding.lookup_servers", kind};
    EXPECT_TRUE(kept(kRange, node));
  }
}

TEST(RemovedShards, OfTheLowestBoundLeaveNobodyToOwnTheirKeys) {
  const ShardMap map = map_of(ShardType::kRange, {{"1", 1, ""}, {"1000", 2, "s2"}});
  Node removed{"sharding.lookup_servers failed at the node: Invalid Key 1"};
  EXPECT_FALSE(kept(map, removed));
  Node disabled{"sharding.lookup_servers failed at the node: Shard not enabled"};
  EXPECT_TRUE(kept(map, disabled));
}

TEST(RemovedShards, OfAHashAreAskedForByAKeyOfTheirs) {
  const ShardMap map = map_of(ShardType::kHash, {{"00000000000000000000000000000000", 1, "s1"},
                                                 {"80000000000000000000000000000000", 2, ""}});
  Node node{"uuid-s1"};
  EXPECT_FALSE(kept(map, node));
  // md5("0") begins with CF.
  EXPECT_EQ(node.asked, (std::vector<std::string>{"sharding.lookup_servers shop.orders 0 LOCAL"}));
}

TEST(RemovedShards, AreNotAskedForWhereALookupCannotTell) {
  Node node{"uuid-s1"};
  const ShardMap dates =
      map_of(ShardType::kRangeDatetime, {{"2000-01-01", 1, "s1"}, {"2020-06-01", 2, ""}});
  EXPECT_TRUE(kept(dates, node));
  const ShardMap odd = map_of(ShardType::kRangeString, {{"A", 1, "s1"}, {"L'a", 2, ""}});
  EXPECT_TRUE(kept(odd, node));
  EXPECT_TRUE(node.asked.empty());
}

}  // namespace
}  // namespace fabric
