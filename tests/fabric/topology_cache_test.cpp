#include "fabric/topology_cache.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/scripted_source.h"

namespace fabric {
namespace {

using std::chrono::seconds;
using test_support::a_farm;
using test_support::a_server;

const base::SteadyTime kFirstLook{std::chrono::hours(1)};

Topology::Content farm_with(ServerStatus status) { return a_farm({a_server("u1", "g1", status)}); }

TEST(TopologyCache, IsEmptyBeforeTheFirstAnswer) {
  const TopologyCache cache(seconds(60), 1);
  EXPECT_EQ(cache.snapshot(), nullptr);
  EXPECT_TRUE(cache.too_old(kFirstLook));
}

TEST(TopologyCache, KeepsSnapshotAndVersionWhileTheContentIsTheSame) {
  TopologyCache cache(seconds(60), 1);
  cache.publish(farm_with(ServerStatus::kPrimary), kFirstLook);
  const TopologyPtr first = cache.snapshot();
  EXPECT_EQ(first->version(), 1U);
  cache.publish(farm_with(ServerStatus::kPrimary), kFirstLook + seconds(30));
  EXPECT_EQ(cache.snapshot(), first);
  EXPECT_FALSE(cache.too_old(kFirstLook + seconds(90)));
  cache.publish(farm_with(ServerStatus::kSpare), kFirstLook + seconds(31));
  EXPECT_EQ(cache.snapshot()->version(), 2U);
}

TEST(TopologyCache, TellsChangesOfShardMapsFromThoseOfServers) {
  TopologyCache cache(seconds(60), 1);
  Topology::Content content = farm_with(ServerStatus::kPrimary);
  const auto sharding = [&] {
    cache.publish(content, kFirstLook);
    return cache.snapshot()->sharding_version();
  };
  EXPECT_EQ(sharding(), 1U);
  content.servers.front().status = ServerStatus::kSecondary;
  EXPECT_EQ(sharding(), 1U);
  cache.mark_stale(kFirstLook);
  EXPECT_EQ(cache.snapshot()->sharding_version(), 1U);
  content.shard_maps.emplace_back().tables.push_back({"shop", "orders", "id"});
  EXPECT_EQ(sharding(), 3U);
  content.servers.clear();
  EXPECT_EQ(sharding(), 3U);
  EXPECT_EQ(cache.snapshot()->version(), 4U);
}

TEST(TopologyCache, IsTooOldPastTheLimitAndNotBefore) {
  TopologyCache cache(seconds(60), 1);
  cache.publish(farm_with(ServerStatus::kPrimary), kFirstLook);
  EXPECT_FALSE(cache.too_old(kFirstLook + seconds(60)));
  EXPECT_TRUE(cache.too_old(kFirstLook + seconds(60) + std::chrono::nanoseconds(1)));
}

TEST(TopologyCache, IsTooOldPastThreeTtlsOfTheNode) {
  TopologyCache cache(seconds(60), 1);
  Topology::Content content = farm_with(ServerStatus::kPrimary);
  content.ttl = seconds(2);
  cache.publish(content, kFirstLook);
  EXPECT_FALSE(cache.too_old(kFirstLook + seconds(6)));
  EXPECT_TRUE(cache.too_old(kFirstLook + seconds(7)));
  EXPECT_NE(cache.servable(kFirstLook + seconds(6)), nullptr);
  EXPECT_EQ(cache.servable(kFirstLook + seconds(7)), nullptr);
  cache.publish(content, kFirstLook + seconds(7));
  EXPECT_FALSE(cache.too_old(kFirstLook + seconds(8)));
}

TEST(TopologyCache, IsDueBeforeTheShorterOfNodeTtlAndLimitEnds) {
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    TopologyCache cache(seconds(60), seed);
    Topology::Content content = farm_with(ServerStatus::kPrimary);
    content.ttl = seconds(10);
    cache.publish(content, kFirstLook);
    EXPECT_GE(cache.refresh_due(), kFirstLook + std::chrono::milliseconds(7500));
    EXPECT_LE(cache.refresh_due(), kFirstLook + std::chrono::milliseconds(9500));
    content.ttl = std::chrono::hours(1);
    cache.publish(content, kFirstLook);
    EXPECT_EQ(cache.ttl(), seconds(60));
    EXPECT_LE(cache.refresh_due(), kFirstLook + seconds(57));
  }
}

TEST(TopologyCache, SpreadsRefreshesOfManyProcesses) {
  TopologyCache one(seconds(60), 1);
  TopologyCache other(seconds(60), 99991);
  one.publish(farm_with(ServerStatus::kPrimary), kFirstLook);
  other.publish(farm_with(ServerStatus::kPrimary), kFirstLook);
  EXPECT_NE(one.refresh_due(), other.refresh_due());
}

TEST(TopologyCache, HasAFloorOfOneSecond) {
  TopologyCache cache(std::chrono::milliseconds(10), 1);
  Topology::Content content = farm_with(ServerStatus::kPrimary);
  content.ttl = seconds(0);
  cache.publish(content, kFirstLook);
  EXPECT_EQ(cache.ttl(), seconds(1));
  EXPECT_FALSE(cache.too_old(kFirstLook + seconds(1)));
}

TEST(TopologyCache, ServesTheLastAnswerAsStaleWhenNodesAreDown) {
  TopologyCache cache(seconds(60), 1);
  cache.mark_stale(kFirstLook);
  EXPECT_EQ(cache.snapshot(), nullptr);
  EXPECT_EQ(cache.servable(kFirstLook), nullptr);
  cache.publish(farm_with(ServerStatus::kPrimary), kFirstLook);
  cache.mark_stale(kFirstLook + seconds(100));
  EXPECT_TRUE(cache.snapshot()->stale());
  EXPECT_EQ(cache.servable(kFirstLook + seconds(1000)), cache.snapshot());
  EXPECT_EQ(cache.snapshot()->version(), 1U);
  EXPECT_EQ(cache.refresh_due(), kFirstLook + seconds(100));
  cache.publish(farm_with(ServerStatus::kPrimary), kFirstLook + seconds(101));
  EXPECT_FALSE(cache.snapshot()->stale());
  EXPECT_EQ(cache.snapshot()->version(), 1U);
}

TEST(TopologyCache, ReplacesAllAtOnceAndLeavesOldSnapshotsAsTheyWere) {
  TopologyCache cache(seconds(60), 1);
  Topology::Content content = a_farm(
      {a_server("u1", "g1", ServerStatus::kPrimary), a_server("u2", "g2", ServerStatus::kPrimary)});
  content.shard_maps.emplace_back().mapping_id = 5;
  cache.publish(content, kFirstLook);
  const TopologyPtr before = cache.snapshot();
  Topology::Content next = farm_with(ServerStatus::kPrimary);
  next.shard_maps.emplace_back().mapping_id = 6;
  cache.publish(next, kFirstLook);
  const TopologyPtr now = cache.snapshot();
  EXPECT_EQ(now->find_group("g2"), nullptr);
  EXPECT_EQ(now->find_server("u2"), nullptr);
  EXPECT_EQ(now->content().shard_maps, next.shard_maps);
  EXPECT_NE(before->find_group("g2"), nullptr);
  EXPECT_EQ(before->content().shard_maps, content.shard_maps);
}

TEST(TopologyCache, TakesServersAloneAndKeepsTheShardMaps) {
  TopologyCache cache(seconds(60), 1);
  cache.publish_servers({{a_server("u1", "g1", ServerStatus::kPrimary)}, seconds(1)});
  EXPECT_EQ(cache.snapshot(), nullptr) << "servers alone are no first answer";
  Topology::Content content = farm_with(ServerStatus::kPrimary);
  content.shard_maps.emplace_back().mapping_id = 5;
  cache.publish(content, kFirstLook);
  cache.publish_servers({{a_server("u2", "g1", ServerStatus::kPrimary)}, seconds(1)});
  const TopologyPtr now = cache.snapshot();
  EXPECT_EQ(now->version(), 2U);
  EXPECT_NE(now->find_server("u2"), nullptr);
  EXPECT_EQ(now->find_server("u1"), nullptr);
  EXPECT_EQ(now->content().shard_maps.size(), 1U);
}

TEST(TopologyCache, KeepsShardMapsThatCannotBeReadAnew) {
  TopologyCache cache(seconds(60), 1);
  Topology::Content content = farm_with(ServerStatus::kPrimary);
  content.shard_maps.emplace_back().mapping_id = 5;
  cache.publish(content, kFirstLook);
  Topology::Content broken = farm_with(ServerStatus::kSpare);
  broken.shard_maps_known = false;
  broken.sharding_problem = "dump.shard_maps failed";
  cache.publish(broken, kFirstLook);
  EXPECT_EQ(cache.snapshot()->content().shard_maps, content.shard_maps);
  EXPECT_TRUE(cache.snapshot()->content().shard_maps_known);
  EXPECT_EQ(cache.snapshot()->content().sharding_problem, "dump.shard_maps failed");
  EXPECT_EQ(cache.snapshot()->find_server("u1")->status, ServerStatus::kSpare);
}

TEST(TopologyCache, TakesShardMapsThoughSomethingElseIsWrong) {
  TopologyCache cache(seconds(60), 1);
  Topology::Content content = farm_with(ServerStatus::kPrimary);
  cache.publish(content, kFirstLook);
  content.shard_maps.emplace_back().mapping_id = 5;
  content.sharding_problem = "two servers of g1 take writes";
  cache.publish(content, kFirstLook);
  EXPECT_EQ(cache.snapshot()->content().shard_maps, content.shard_maps);
}

TEST(TopologyCache, SaysThatShardMapsWereNeverKnown) {
  TopologyCache cache(seconds(60), 1);
  Topology::Content broken = farm_with(ServerStatus::kPrimary);
  broken.shard_maps_known = false;
  cache.publish(broken, kFirstLook);
  cache.publish(broken, kFirstLook);
  EXPECT_FALSE(cache.snapshot()->content().shard_maps_known);
}

TEST(TopologyCache, WakesWaitersWithANewerVersionOnly) {
  TopologyCache cache(seconds(60), 1);
  cache.publish(farm_with(ServerStatus::kPrimary), kFirstLook);
  TopologyPtr seen;
  std::thread waiter([&] { seen = cache.wait_newer(1, base::Deadline::never()); });
  cache.mark_stale(kFirstLook);
  cache.publish(farm_with(ServerStatus::kPrimary), kFirstLook);
  cache.publish(farm_with(ServerStatus::kSpare), kFirstLook);
  waiter.join();
  EXPECT_EQ(seen->version(), 2U);
}

TEST(TopologyCache, ReturnsTheCurrentSnapshotToAWaiterAtItsDeadline) {
  TopologyCache cache(seconds(60), 1);
  EXPECT_EQ(cache.wait_newer(0, base::Deadline::at({})), nullptr);
  cache.publish(farm_with(ServerStatus::kPrimary), kFirstLook);
  EXPECT_EQ(cache.wait_newer(1, base::Deadline::at({}))->version(), 1U);
}

}  // namespace
}  // namespace fabric
