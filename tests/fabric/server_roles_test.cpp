#include "fabric/server_roles.h"

#include <gtest/gtest.h>

namespace fabric {
namespace {

const ServerView kDown{.answers = false, .trouble = "refused"};
const ServerView kWritable{.answers = true};
const ServerView kReadOnly{.answers = true, .read_only = true};
const ServerView kReplica{.answers = true, .read_only = true, .replica = true, .replicating = true};
const ServerView kBroken{.answers = true, .read_only = true, .replica = true};
const ServerView kWritableReplica{.answers = true, .replica = true, .replicating = true};
const ServerView kSynced{.answers = true, .galera = true, .galera_live = true};
const ServerView kSplit{.answers = true, .galera = true};

FileGroup group_of(std::size_t servers) {
  FileGroup group{.name = "g", .servers = {}};
  for (std::size_t i = 0; i < servers; ++i) {
    group.servers.push_back({.endpoint = {std::string(1, static_cast<char>('a' + i)), 3306, ""}});
  }
  return group;
}

/// A letter each: Primary, Secondary, sPare (-), Faulty.
std::string roles(const FileGroup& group, const std::vector<ServerView>& views,
                  const std::string& before = "") {
  std::string text;
  for (const Server& server : roles_of(group, views, before).servers) {
    text += "F-SP"[static_cast<std::size_t>(server.status)];
    EXPECT_EQ(server.writable(), server.status == ServerStatus::kPrimary);
  }
  return text;
}

std::string roles(const std::vector<ServerView>& views, const std::string& before = "") {
  return roles(group_of(views.size()), views, before);
}

TEST(ServerRoles, FollowReadOnlyAndReplication) {
  EXPECT_EQ(roles({kWritable}), "P");
  EXPECT_EQ(roles({kReadOnly}), "S") << "readable, though nobody takes writes";
  EXPECT_EQ(roles({kReplica, kWritable, kReplica}), "SPS");
  EXPECT_EQ(roles({kWritable, kReadOnly}), "PS") << "where nobody may look at replication";
  EXPECT_EQ(roles({kWritable, kWritableReplica}), "PS") << "a replica without read_only";
  EXPECT_EQ(roles({kWritable, kBroken}), "P-") << "what is stale serves no reads";
  EXPECT_EQ(roles({kDown, kReplica}), "FS");
  EXPECT_EQ(roles({kDown, kDown}), "FF");
}

TEST(ServerRoles, GuessNoPrimaryAmongSeveral) {
  EXPECT_EQ(roles({kWritable, kWritable, kReplica}), "--S");
  const GroupRoles both = roles_of(group_of(2), {kWritable, kWritable}, "");
  EXPECT_EQ(both.problem,
            "group 'g': a:3306 and b:3306 accept writes, so none is taken for the primary: set "
            "read_only on the replicas");
  EXPECT_EQ(roles({kWritable, kWritable}, "b:3306"), "-P") << "an old primary has come back";
  EXPECT_EQ(roles({kWritable, kReplica}, "b:3306"), "PS") << "a switchover";
}

TEST(ServerRoles, OfGaleraTakeTheFirstLiveServer) {
  EXPECT_EQ(roles({kSynced, kSynced, kSynced}, "c:3306"), "PSS") << "for all processes alike";
  EXPECT_EQ(roles({kDown, kSynced, kSynced}), "FPS");
  EXPECT_EQ(roles({kSplit, kSynced, kSynced}), "FPS");
  EXPECT_EQ(roles({kSplit, kSplit}), "FF") << "no quorum";
  ServerView read_only = kSynced;
  read_only.read_only = true;
  EXPECT_EQ(roles({read_only, kSynced}), "SP");
}

TEST(ServerRoles, KeepToTheFile) {
  FileGroup group = group_of(3);
  group.servers[0].part = FileServer::Part::kSecondary;
  group.servers[2].part = FileServer::Part::kSpare;
  EXPECT_EQ(roles(group, {kSynced, kSynced, kSynced}), "SP-");
  EXPECT_EQ(roles(group, {kSynced, kDown, kSynced}), "SF-");
  EXPECT_EQ(roles(group, {kReplica, kWritable, kReplica}), "SP-");
}

}  // namespace
}  // namespace fabric
