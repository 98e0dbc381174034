#include "tools/topology/changes.h"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>

namespace tools::topology {
namespace {

using fabric::Server;
using fabric::ServerMode;
using fabric::ServerStatus;
using fabric::Topology;

Server server(const std::string& uuid, ServerStatus status) {
  return {
      .uuid = uuid,
      .group = "g1",
      .endpoint = {uuid, 3306, {}},
      .status = status,
      .mode = status == ServerStatus::kPrimary ? ServerMode::kReadWrite : ServerMode::kReadOnly};
}

const Server kPrimary = server("a", ServerStatus::kPrimary);
const Server kSecondary = server("b", ServerStatus::kSecondary);

Topology::Content content(std::vector<Server> servers, std::vector<fabric::ShardMap> maps = {}) {
  Topology::Content content;
  content.servers = std::move(servers);
  content.shard_maps = std::move(maps);
  return content;
}

fabric::ShardMap mapping(const std::string& type) {
  fabric::ShardMap map;
  map.mapping_id = 1;
  map.type_name = type;
  return map;
}

std::vector<std::string> texts(Topology::Content before, Topology::Content after) {
  std::vector<std::string> lines;
  for (const Change& change : changes_between(Topology(std::move(before), 1, false),
                                              Topology(std::move(after), 2, false))) {
    lines.push_back(change_text(change));
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(TopologyChanges, FindsNoneInTheSame) {
  EXPECT_EQ(texts(content({kPrimary}), content({kPrimary})), Lines{});
}

TEST(TopologyChanges, TellsAFailover) {
  Server next = kSecondary;
  next.status = ServerStatus::kPrimary;
  next.mode = ServerMode::kReadWrite;
  EXPECT_EQ(texts(content({kPrimary, kSecondary}), content({next})),
            (Lines{"g1: a:3306 is out: no longer listed (FAULTY, or removed), was PRIMARY "
                   "READ_WRITE",
                   "g1: b:3306: status SECONDARY -> PRIMARY",
                   "g1: b:3306: mode READ_ONLY -> READ_WRITE"}));
}

TEST(TopologyChanges, TellsANewMember) {
  EXPECT_EQ(texts(content({kPrimary}), content({kPrimary, kSecondary})),
            (Lines{"g1: b:3306 is in: SECONDARY READ_ONLY"}));
}

TEST(TopologyChanges, TellsWeightAndAddress) {
  Server moved = kPrimary;
  moved.weight = 2.5;
  moved.endpoint.port = 3307;
  EXPECT_EQ(texts(content({kPrimary}), content({moved})),
            (Lines{"g1: a:3307: address a:3306 -> a:3307", "g1: a:3307: weight 1 -> 2.5"}));
}

TEST(TopologyChanges, OfAServerThatMovedToAnotherGroupTellsBoth) {
  Server moved = kSecondary;
  moved.group = "g2";
  EXPECT_EQ(texts(content({kSecondary}), content({moved})).size(), 2U);
}

TEST(TopologyChanges, TellsMappings) {
  EXPECT_EQ(texts({}, content({}, {mapping("RANGE")})), (Lines{"mapping 1 is new"}));
  EXPECT_EQ(texts(content({}, {mapping("RANGE")}), {}), (Lines{"mapping 1 is gone"}));
  EXPECT_EQ(texts(content({}, {mapping("RANGE")}), content({}, {mapping("HASH")})),
            (Lines{"mapping 1 has changed"}));
}

TEST(TopologyChanges, AreOneJsonLineEach) {
  const std::string line = change_json("2026-11-26T13:02:11.123Z", {.group = "g1",
                                                                    .uuid = "a",
                                                                    .server = "a:3306",
                                                                    .what = "status",
                                                                    .from = "SECONDARY",
                                                                    .to = "PRIMARY"});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto object = Poco::JSON::Parser().parse(line).extract<Poco::JSON::Object::Ptr>();
  EXPECT_EQ(object->getValue<std::string>("change"), "status");
  EXPECT_EQ(object->getValue<std::string>("to"), "PRIMARY");
}

}  // namespace
}  // namespace tools::topology
