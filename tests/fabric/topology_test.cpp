#include "fabric/topology.h"

#include <gtest/gtest.h>

namespace fabric {
namespace {

Server server(const std::string& uuid, const std::string& group, ServerStatus status) {
  Server one;
  one.uuid = uuid;
  one.group = group;
  one.endpoint = {.host = "127.0.0.1", .port = 3306, .socket = {}};
  one.status = status;
  one.mode = status == ServerStatus::kPrimary ? ServerMode::kReadWrite : ServerMode::kReadOnly;
  return one;
}

Topology::Content content() {
  Topology::Content all;
  all.servers = {server("u1", "g1", ServerStatus::kPrimary),
                 server("u2", "g10", ServerStatus::kPrimary),
                 server("u3", "g1", ServerStatus::kSecondary)};
  ShardMap map;
  map.mapping_id = 3;
  map.type = ShardType::kRange;
  map.type_name = "RANGE";
  map.tables = {{.schema = "shop", .table = "orders", .column = "id"},
                {.schema = "shop", .table = "lines", .column = "order_id"}};
  map.shards = {{.lower_bound = "1", .id = 1, .group = "g1"},
                {.lower_bound = "100", .id = 2, .group = "g10"}};
  all.shard_maps = {ShardMap{}, map};
  return all;
}

TEST(Topology, GroupsServersInTheNodesOrder) {
  const Topology topology(content(), 4, false);
  const Group* group = topology.find_group("g1");
  ASSERT_NE(group, nullptr);
  ASSERT_EQ(group->servers.size(), 2U);
  EXPECT_EQ(group->servers[0].uuid, "u1");
  EXPECT_EQ(group->servers[1].uuid, "u3");
  EXPECT_EQ(topology.version(), 4U);
  EXPECT_FALSE(topology.stale());
}

TEST(Topology, ComparesNamesExactly) {
  const Topology topology(content(), 1, false);
  EXPECT_EQ(topology.find_group("G1"), nullptr);
  EXPECT_EQ(topology.find_group("g"), nullptr);
  EXPECT_EQ(topology.find_shard_map("shop", "Orders"), nullptr);
  EXPECT_EQ(topology.find_shard_map("", "shop.orders"), nullptr);
  EXPECT_EQ(topology.find_server("u9"), nullptr);
}

TEST(Topology, FindsServersByUuid) {
  const Topology topology(content(), 1, false);
  ASSERT_NE(topology.find_server("u2"), nullptr);
  EXPECT_EQ(topology.find_server("u2")->group, "g10");
}

TEST(Topology, LeadsFromATableToTheGroupOfAKey) {
  const Topology topology(content(), 1, false);
  const ShardMap* map = topology.find_shard_map("shop", "lines");
  ASSERT_NE(map, nullptr);
  EXPECT_EQ(map, topology.find_shard_map("shop", "orders"));
  EXPECT_EQ(topology.lookup(*map).find(std::int64_t{99}).group, "g1");
  EXPECT_EQ(topology.lookup(*map).find(std::int64_t{100}).group, "g10");
  EXPECT_FALSE(topology.lookup(topology.content().shard_maps[0]).problem().empty());
}

TEST(Server, ServesByStatusAndMode) {
  Server one = server("u", "g", ServerStatus::kPrimary);
  EXPECT_TRUE(one.writable() && one.readable_primary() && !one.readable_secondary());
  one.mode = ServerMode::kWriteOnly;
  EXPECT_TRUE(one.writable() && !one.readable_primary());
  one = server("u", "g", ServerStatus::kSecondary);
  EXPECT_TRUE(one.readable_secondary() && !one.writable());
  one.mode = ServerMode::kOffline;
  EXPECT_FALSE(one.readable_secondary());
  one.status = ServerStatus::kSpare;
  one.mode = ServerMode::kReadOnly;
  EXPECT_FALSE(one.readable_secondary() || one.writable() || one.readable_primary());
}

}  // namespace
}  // namespace fabric
