// A Farm over the Fabric node in SQL, installed on a real MariaDB.
#include "tests/support/sql_node.h"

#include <gtest/gtest.h>

#include "fabric/farm.h"
#include "fabric/rpc_source.h"
#include "tests/protocol/server_fixture.h"
#include "tests/support/text.h"

namespace fabric {
namespace {

using mysql::soon;
using test_support::contains;
using test_support::ServerKind;
using test_support::TestServer;

/// One server with the node for all tests here; each begins with the same small farm, whose
/// servers are registered at addresses where nobody listens.
class SqlNode : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    // What is committed is to be there after a kill.
    server_ = std::make_unique<TestServer>(
        ServerKind::kMariaDb, std::vector<std::string>{"--innodb-flush-log-at-trx-commit=2"});
    test_support::install_sql_node(*server_);
    run("CREATE USER farm IDENTIFIED BY 'farmpw'; GRANT EXECUTE ON dump.* TO farm;"
        "GRANT EXECUTE ON threat.* TO farm; CREATE USER nobody IDENTIFIED BY 'nobodypw'");
    run("CALL `group`.`create`('g1', 'a group', 'true')");
    run("CALL `group`.`create`('g2', 'another', 'true')");
    run("CALL server.register('u1', '127.0.0.1:1')");
    run("CALL server.register('u2', '127.0.0.1:2')");
    run("CALL `group`.`add`('g1', '127.0.0.1:1', 5, 'false', 'true')");
    run("CALL `group`.`add`('g1', '127.0.0.1:2', 5, 'false', 'true')");
    run("CALL `group`.promote('g1', 'u1', 'false', 'true')");
    run("CALL sharding.create_definition('RANGE', 'g1', 'true')");
    run("CALL sharding.add_table(1, 'shop.orders', 'id', 'true')");
    run("CALL sharding.add_shard(1, 'g1/1,g2/1000', 'ENABLED', 'true')");
  }
  static void TearDownTestSuite() { server_.reset(); }

  /// As the administrator; the node's refusals fail the test.
  static void run(const std::string& sql) { rows_of(sql); }

  static std::vector<mysql::Texts> rows_of(const std::string& sql) {
    const base::SystemClock clock;
    mysql::Watchdog watchdog(clock);
    mysql::ConnectOptions options = server_->connect_options();
    options.credentials.link.multi_statements = true;
    const auto connection = mysql::ServerConnection::open(options, watchdog, soon());
    const auto reply = connection->query(sql, soon());
    std::vector<mysql::Texts> rows = mysql::all_rows(*reply);
    if (!rows.empty() && rows[0].size() == 3 && reply->columns()[2].name == "message") {
      EXPECT_EQ(rows[0][2], std::nullopt) << sql;
    }
    while (reply->next_result(soon())) mysql::all_rows(*reply);
    return rows;
  }

  [[nodiscard]] RpcOptions options() const {
    RpcOptions asked;
    asked.nodes = {server_->endpoint()};
    asked.credentials.user = "farm";
    asked.credentials.password = "farmpw";
    return asked;
  }
  Farm& farm() {
    if (!farm_) farm_.emplace(rpc_sources(options(), watchdog_, clock_), FarmOptions{}, clock_);
    return *farm_;
  }
  std::string failure(const RpcOptions& asked) {
    try {
      rpc_sources(asked, watchdog_, clock_)()->fetch(soon());
    } catch (const NodesRefused& error) {
      return error.what();
    }
    return "no failure for good";
  }

  static std::unique_ptr<TestServer> server_;
  const base::SystemClock clock_;
  mysql::Watchdog watchdog_{clock_};
  std::optional<Farm> farm_;
};

std::unique_ptr<TestServer> SqlNode::server_;

TEST_F(SqlNode, TellsTheWholeFarm) {
  const TopologyPtr topology = farm().topology(soon());
  const Group* group = topology->find_group("g1");
  ASSERT_NE(group, nullptr);
  ASSERT_EQ(group->servers.size(), 2U);
  EXPECT_TRUE(topology->find_server("u1")->writable());
  EXPECT_TRUE(topology->find_server("u2")->readable_secondary());
  EXPECT_EQ(topology->content().sharding_problem, "");
  const ShardMap* map = topology->find_shard_map("shop", "orders");
  ASSERT_NE(map, nullptr);
  EXPECT_EQ(map->global_group, "g1");
  EXPECT_EQ(topology->lookup(*map).find(std::int64_t{999}).group, "g1");
  EXPECT_EQ(topology->lookup(*map).find(std::int64_t{1000}).group, "g2");
}

TEST_F(SqlNode, WakesWaitersWithANewPrimary) {
  const TopologyPtr before = farm().topology(soon());
  run("CALL `group`.promote('g1', 'u2', 'true', 'true')");
  TopologyPtr after = farm().wait_newer(before->version(), soon());
  EXPECT_TRUE(after->find_server("u2")->writable());
  run("CALL `group`.promote('g1', 'u1', 'true', 'true')");
  after = farm().wait_newer(after->version(), soon());
  EXPECT_TRUE(after->find_server("u1")->writable());
}

TEST_F(SqlNode, IsNotMisledByAClientWithWrongAddresses) {
  const TopologyPtr topology = farm().topology(soon());
  for (const Server& server : topology->content().servers) {
    farm().suspect(server, FaultKind::kRefused, 2003);
  }
  std::vector<mysql::Texts> log;
  const base::Deadline limit = soon();
  while (log.size() < 2 && !limit.passed(clock_.now())) {
    log = rows_of("SELECT server_uuid, command, reporter, error FROM fabric.fault_log ORDER BY 1");
  }
  ASSERT_EQ(log.size(), 2U);
  const std::string reporter = reporter_name();
  EXPECT_EQ(log.at(0), (mysql::Texts{"u1", "report_error", reporter, "2003"}));
  EXPECT_EQ(log.at(1), (mysql::Texts{"u2", "report_error", reporter, "2003"}));
  EXPECT_EQ(rows_of("SELECT COUNT(*) FROM fabric.servers WHERE status = 0").at(0).at(0), "0");
}

TEST_F(SqlNode, ServesStaleWhileItIsDownAndFreshAfterwards) {
  const TopologyPtr before = farm().topology(soon());
  server_->kill();
  TopologyPtr topology = farm().refresh(soon());
  EXPECT_TRUE(topology->stale());
  EXPECT_EQ(topology->version(), before->version());
  EXPECT_TRUE(topology->find_server("u1")->writable());
  server_->restart();
  topology = farm().refresh(soon());
  EXPECT_FALSE(topology->stale());
  EXPECT_EQ(topology->version(), before->version());
}

TEST_F(SqlNode, IsAskedAgainSilentlyWhenItHasKilledTheLink) {
  const auto source = rpc_sources(options(), watchdog_, clock_)();
  source->fetch(soon());
  run("KILL CONNECTION USER farm");
  EXPECT_EQ(source->fetch(soon()).servers.size(), 2U);
}

TEST_F(SqlNode, SaysWhoMayNotAskIt) {
  RpcOptions asked = options();
  asked.credentials = {.user = "nobody", .password = "nobodypw", .tls = {}};
  std::string text = failure(asked);
  EXPECT_TRUE(contains(text, "user 'nobody' may not call dump.servers; grant it EXECUTE on dump.*"))
      << text;
  asked.credentials.password = "wrong";
  text = failure(asked);
  EXPECT_TRUE(contains(text, "it refused the login of user 'nobody'")) << text;
  EXPECT_FALSE(contains(text, "wrong")) << text;
}

TEST_F(SqlNode, SaysThatItOffersNoTls) {
  RpcOptions asked = options();
  asked.credentials.tls.mode = mysql::TlsMode::kRequired;
  const std::string text = failure(asked);
  EXPECT_TRUE(contains(text, "TLS cannot be agreed upon; check FABRIC_SSL_MODE")) << text;
  EXPECT_TRUE(contains(text, "offers no TLS")) << text;
}

TEST_F(SqlNode, IsNotWhateverServerListensThere) {
  RpcOptions asked = options();
  asked.nodes = {TestServer::shared(ServerKind::kMariaDb).endpoint()};
  asked.credentials = {.user = "app", .password = "apppw", .tls = {}};
  const std::string text = failure(asked);
  EXPECT_TRUE(contains(text, "so it is no Fabric node; install fabric/node/*.sql there")) << text;
}

}  // namespace
}  // namespace fabric
