#include "pool/role_changes.h"

#include <gtest/gtest.h>

namespace {

using fabric::Server;
using fabric::ServerMode;
using fabric::ServerStatus;
using fabric::Topology;
using pool::RoleChanges;

const Server kPrimary{"a", "g1", {"db1", 3306, ""}, ServerStatus::kPrimary, ServerMode::kReadWrite,
                      1.0};
const Server kSecondary{
    "b", "g1", {"db2", 3306, ""}, ServerStatus::kSecondary, ServerMode::kReadOnly, 1.0};

Topology topology(std::vector<Server> servers) {
  Topology::Content content;
  content.servers = std::move(servers);
  return Topology(std::move(content), 1, false);
}

RoleChanges after(const Server& before, std::vector<Server> now) {
  return pool::role_changes(topology({before}), topology(std::move(now)));
}

Server with(Server server, ServerStatus status, ServerMode mode) {
  server.status = status;
  server.mode = mode;
  return server;
}

TEST(RoleChanges, AreNoneWhenNothingButTheWeightChanged) {
  Server heavier = kSecondary;
  heavier.weight = 3.0;
  const RoleChanges changes = after(kSecondary, {heavier});
  EXPECT_TRUE(changes.lost.empty());
  EXPECT_TRUE(changes.changed.empty());
}

TEST(RoleChanges, LoseAServerThatIsGone) {
  EXPECT_EQ(after(kSecondary, {}).lost, std::vector{kSecondary});
}

TEST(RoleChanges, LoseAServerThatMovedAsItWasBefore) {
  Server moved = kPrimary;
  moved.endpoint.port = 3307;
  const RoleChanges changes = after(kPrimary, {moved});
  EXPECT_EQ(changes.lost, std::vector{kPrimary});
  EXPECT_EQ(changes.changed, std::vector{moved});
}

TEST(RoleChanges, LoseAFaultyServer) {
  const Server faulty = with(kSecondary, ServerStatus::kFaulty, ServerMode::kReadOnly);
  EXPECT_EQ(after(kSecondary, {faulty}).lost, std::vector{kSecondary});
  EXPECT_TRUE(after(faulty, {faulty}).lost.empty());
}

TEST(RoleChanges, LoseADemotedPrimaryThoughItStillServesReads) {
  const Server demoted = with(kPrimary, ServerStatus::kSecondary, ServerMode::kReadOnly);
  EXPECT_EQ(after(kPrimary, {demoted}).lost, std::vector{kPrimary});
}

TEST(RoleChanges, LoseASecondaryThatServesNobodyNow) {
  const Server spare = with(kSecondary, ServerStatus::kSpare, ServerMode::kReadOnly);
  EXPECT_EQ(after(kSecondary, {spare}).lost, std::vector{kSecondary});
  const Server offline = with(kSecondary, ServerStatus::kSecondary, ServerMode::kOffline);
  EXPECT_EQ(after(kSecondary, {offline}).lost, std::vector{kSecondary});
}

TEST(RoleChanges, KeepTheConnectionsOfAPromotedSecondaryButNotItsPast) {
  const Server promoted = with(kSecondary, ServerStatus::kPrimary, ServerMode::kReadWrite);
  const RoleChanges changes = after(kSecondary, {promoted});
  EXPECT_TRUE(changes.lost.empty());
  EXPECT_EQ(changes.changed, std::vector{promoted});
}

TEST(RoleChanges, TellOfANewServer) {
  EXPECT_EQ(after(kPrimary, {kPrimary, kSecondary}).changed, std::vector{kSecondary});
}

}  // namespace
