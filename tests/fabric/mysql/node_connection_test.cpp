// The MySQL-RPC port of a real Fabric node, replayed from captures: greeting without the usual
// capabilities, replies without a closing OK.
#include <gtest/gtest.h>

#include <string>

#include "tests/fabric/mysql/fake_connection.h"
#include "tests/support/captures.h"

namespace fabric::mysql {
namespace {

using test_support::captured_answer;
using test_support::real_node;

constexpr char kServers[] = "CALL dump.servers(0)";

std::unique_ptr<ServerConnection> open_node(FakeConnection& fake) {
  ConnectOptions options = fake.options();
  options.fabric_node = true;
  options.credentials.tls.mode = TlsMode::kPreferred;  // a node has none, and is not asked
  options.database = "ignored";
  return ServerConnection::open(options, fake.watchdog, soon());
}

std::size_t count_rows(Reply& reply) {
  std::size_t rows = 0;
  while (reply.fetch(soon()) != nullptr) ++rows;
  return rows;
}

TEST(NodeConnection, LogsInAndSendsNothingElse) {
  FakeConnection fake(real_node());
  const auto connection = open_node(fake);
  EXPECT_EQ(connection->server_version(), "1.5.5-fabric");
  EXPECT_FALSE(connection->encrypted());
  EXPECT_EQ(fake.server.counts().queries, 0u);
  EXPECT_EQ(fake.server.counts().connects, 1u);
}

TEST(NodeConnection, ReadsResultsThatEndWithoutAnOk) {
  FakeConnection fake(real_node());
  fake.server.on_query(
      [](std::string_view sql) { return captured_answer("c.dumps", std::string(sql)); });
  const auto connection = open_node(fake);
  for (int repetition = 0; repetition < 3; ++repetition) {
    const auto reply = connection->query(kServers, soon());
    EXPECT_EQ(reply->columns()[1].name, "ttl");
    EXPECT_EQ(count_rows(*reply), 1u);
    ASSERT_TRUE(reply->next_result(soon()));
    EXPECT_EQ(reply->columns()[0].name, "server_uuid");
    EXPECT_EQ(count_rows(*reply), 7u);
    EXPECT_TRUE(reply->finished());
    EXPECT_FALSE(reply->next_result(soon()));
  }
}

TEST(NodeConnection, SkipsResultsNobodyReads) {
  FakeConnection fake(real_node());
  fake.server.on_query(
      [](std::string_view sql) { return captured_answer("c.dumps", std::string(sql)); });
  const auto connection = open_node(fake);
  connection->run(kServers, soon());
  connection->query(kServers, soon());
  EXPECT_FALSE(connection->broken());
  EXPECT_TRUE(connection->looks_alive());
}

}  // namespace
}  // namespace fabric::mysql
