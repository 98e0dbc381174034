// The snapshot as JSON, which keys are where, and who may ask. Without a farm.
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>

#include "tests/support/text.h"
#include "tools/serve/board.h"
#include "tools/serve/key_ranges.h"
#include "tools/serve/request_guard.h"
#include "tools/serve/view_json.h"

namespace tools::serve {
namespace {

using Poco::JSON::Object;

fabric::TopologyPtr topology_of(std::vector<fabric::Server> servers, std::uint64_t version) {
  fabric::Topology::Content content;
  content.servers = std::move(servers);
  return std::make_shared<const fabric::Topology>(std::move(content), version, false);
}

fabric::Server server_of(const std::string& uuid, const std::string& group,
                         fabric::ServerStatus status) {
  return {.uuid = uuid,
          .group = group,
          .endpoint = {uuid, 3306, {}},
          .status = status,
          .mode = fabric::ServerMode::kReadWrite};
}

Object::Ptr parsed(const FarmView& view) {
  Poco::JSON::Parser parser;
  return parser.parse(view_json(view)).extract<Object::Ptr>();
}

Object::Ptr first_server(const Object::Ptr& whole) {
  return whole->getArray("groups")->getObject(0)->getArray("servers")->getObject(0);
}

TEST(ServeView, AnEmptyBoardSaysThatNothingIsKnown) {
  const Board board("orders");
  const Object::Ptr whole = parsed(board.view());
  EXPECT_EQ(whole->getValue<std::string>("farm"), "orders");
  EXPECT_FALSE(whole->getObject("topology")->getValue<bool>("known"));
  EXPECT_FALSE(whole->getObject("topology")->isNull("problem"));
}

TEST(ServeView, ShowsWhatAServerSaysOfItself) {
  Board board("orders");
  board.topology_is(topology_of({server_of("a", "g1", fabric::ServerStatus::kPrimary)}, 1), "");
  EXPECT_EQ(first_server(parsed(board.view()))->getValue<std::string>("health"), "unknown");
  Diagnosis diagnosis{.at = now(), .facts = {}, .findings = {}};
  diagnosis.facts.asked = true;
  diagnosis.facts.version = "10.11.19-MariaDB";
  diagnosis.facts.variables = {{"read_only", "OFF"}, {"max_connections", "151"}};
  diagnosis.facts.status = {{"Threads_connected", "7"}};
  diagnosis.facts.grants = {"GRANT ALL ON *.* TO app IDENTIFIED BY PASSWORD '*SECRET'"};
  diagnosis.findings = {{.level = doctor::Level::kWarning, .text = "is full"}};
  board.server_is("a", diagnosis);
  const Object::Ptr one = first_server(parsed(board.view()));
  EXPECT_EQ(one->getValue<std::string>("health"), "warning");
  EXPECT_EQ(one->getValue<int>("connections"), 7);
  EXPECT_EQ(one->getValue<std::string>("read_only"), "OFF");
  EXPECT_EQ(one->getArray("findings")->getObject(0)->getValue<std::string>("text"), "is full");
  EXPECT_FALSE(test_support::contains(view_json(board.view()), "SECRET"));
}

TEST(ServeView, KeepsAServerThatNodesNoLongerList) {
  Board board("orders");
  const auto a = server_of("a", "g1", fabric::ServerStatus::kPrimary);
  const auto b = server_of("b", "g1", fabric::ServerStatus::kPrimary);
  board.topology_is(topology_of({a}, 1), "");
  board.topology_is(topology_of({b}, 2), "");
  const FarmView view = board.view();
  ASSERT_EQ(view.groups.size(), 1u);
  ASSERT_EQ(view.groups.front().servers.size(), 2u);
  EXPECT_EQ(view.groups.front().servers.front().server.uuid, "b");
  EXPECT_TRUE(view.groups.front().servers.back().unlisted);
  EXPECT_EQ(view.failovers.size(), 1u);
}

TEST(ServeView, ANodeThatIsSilentLeavesWhatWasKnown) {
  Board board("orders");
  board.topology_is(topology_of({server_of("a", "g1", fabric::ServerStatus::kPrimary)}, 1), "");
  board.topology_is(nullptr, "no node answers");
  const Object::Ptr whole = parsed(board.view());
  EXPECT_TRUE(whole->getObject("topology")->getValue<bool>("known"));
  EXPECT_EQ(whole->getObject("topology")->getValue<std::string>("problem"), "no node answers");
  EXPECT_EQ(whole->getArray("groups")->size(), 1u);
}

TEST(ServeView, NamesOfAnyBytesMakeJson) {
  Board board("orders");
  board.topology_is(
      topology_of({server_of("\"</script>\n\xFF", "g1", fabric::ServerStatus::kPrimary)}, 1), "");
  EXPECT_EQ(first_server(parsed(board.view()))->getValue<std::string>("uuid"),
            "\"</script>\n\xEF\xBF\xBD");
}

TEST(ServeKeyRanges, NumbersFollowAsNumbers) {
  fabric::ShardMap map;
  map.type = fabric::ShardType::kRangeInteger;
  map.shards = {{"1000", 1, "a"}, {"-5", 2, "b"}, {"999", 3, "c"}};
  const fabric::ShardMap sorted = in_key_order(map);
  EXPECT_EQ(sorted.shards.front().lower_bound, "-5");
  EXPECT_EQ(sorted.shards.back().lower_bound, "1000");
}

TEST(ServeGuard, TakesAddressesOfThisMachineAndItsNames) {
  const Guard guard{.remote = false, .names = {"farm.example"}};
  for (const char* host : {"127.0.0.1", "127.0.0.1:8306", "localhost:9", "LocalHost", "[::1]:80",
                           "127.8.8.8", "farm.example:8306"}) {
    EXPECT_TRUE(guard.takes(host)) << host;
  }
  for (const char* host : {"", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example",
                           "10.0.0.1:8306", "[::2]", "[::1", "[::1]x", "evil.example:127.0.0.1"}) {
    EXPECT_FALSE(guard.takes(host)) << host;
  }
}

TEST(ServeGuard, BeyondLoopbackTakesAnyAddressAndNoOtherName) {
  const Guard guard{.remote = true, .names = {}};
  EXPECT_TRUE(guard.takes("10.0.0.1:8306"));
  EXPECT_FALSE(guard.takes("evil.example"));
}

TEST(ServeGuard, KnowsLoopback) {
  EXPECT_TRUE(loopback_address("127.0.0.1"));
  EXPECT_TRUE(loopback_address("::1"));
  EXPECT_FALSE(loopback_address("0.0.0.0"));
  EXPECT_FALSE(loopback_address("::"));
  EXPECT_FALSE(loopback_address("localhost.example"));
}

}  // namespace
}  // namespace tools::serve
