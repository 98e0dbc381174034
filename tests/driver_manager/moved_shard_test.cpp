// A shard moves to another group while a statement waits for the one that it lay in. Whoever moves
// it (sharding.move_shard) lets the old server refuse writes, copies the rest, names the new group,
// and then lets the old server take writes again: a statement that had waited must not go there.
#include <chrono>
#include <future>

#include "tests/driver_manager/call_state.h"
#include "tests/driver_manager/odbc_fixture.h"
#include "tests/support/fake_server.h"
#include "tests/support/scripted_node.h"
#include "tests/support/test_server.h"

namespace test_support {
namespace {

constexpr std::size_t kRetries = 16;  // column of SHOW FABRIC POOLS

/// shop.orders: keys from 1 lie in s1 on `from_`, until they move to s2 on `to_`.
class MovedShard : public testing::Test, protected CallState {
 protected:
  MovedShard() {
    for (const TestServer* server : {&from_, &to_}) {
      on(*server,
         {"CREATE OR REPLACE DATABASE shop", "CREATE TABLE shop.orders (id INT PRIMARY KEY)",
          "CREATE OR REPLACE USER plain IDENTIFIED BY 'plainpw'", "GRANT ALL ON shop.* TO plain"});
    }
    shard_lies_in("s1");
    connection_.connect(farm());
  }
  ~MovedShard() override { on(from_, {"SET GLOBAL read_only = 0"}); }

  void on(const TestServer& server, const std::vector<std::string>& statements) {
    OdbcConnection direct(environment_);
    direct.connect(connection_string(server.endpoint()));
    for (const std::string& sql : statements) OdbcStatement(direct).execute(sql);
  }
  std::string rows_on(const TestServer& server) {
    OdbcConnection direct(environment_);
    direct.connect(connection_string(server.endpoint()));
    return OdbcStatement(direct).value(
        "SELECT IFNULL(GROUP_CONCAT(id ORDER BY id), '') FROM shop.orders");
  }
  void shard_lies_in(const std::string& group) {
    ScriptedNode script;
    script.rows("dump.servers", {{"u1", "s1", "127.0.0.1", port(from_), "3", "3", "1.0"},
                                 {"u2", "s2", "127.0.0.1", port(to_), "3", "3", "1.0"}});
    script.rows("dump.shard_maps", {{"1", "RANGE", "s2"}});
    script.rows("dump.shard_index", {{"1", "1", "1", group}});
    node_.on_query(script);
  }
  std::string farm() {
    return "DRIVER={fabric};FABRIC_PROTOCOL=mysql;FABRIC_NODES=" + node_.endpoint().text() +
           ";UID=plain;PWD=plainpw;DATABASE=shop;FABRIC_USER=farm;FABRIC_PASSWORD=secret;";
  }
  static std::string port(const TestServer& server) {
    return std::to_string(server.endpoint().port);
  }
  void run(const std::string& sql) { OdbcStatement(connection_).execute(sql); }

  /// Once: as the pools of this process tell.
  bool write_was_refused() {
    OdbcConnection watching(environment_);
    watching.connect(farm());
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < limit) {
      OdbcStatement pools(watching);
      pools.execute("SHOW FABRIC POOLS");
      for (const OdbcRow& row : pools.rows()) {
        const bool ours = row[0] == from_.endpoint().text() && row[1] == "plain";
        if (ours && row[kRetries] != "0") return true;
      }
    }
    return false;
  }

  /// While `write` waits for a server of s1 that takes writes, the shard moves.
  template <class Write>
  std::string state_of_one_that_waits(Write&& write) {
    on(from_, {"SET GLOBAL read_only = 1"});
    auto waiting = std::async(std::launch::async, [&] { return state_of(write); });
    EXPECT_TRUE(write_was_refused());
    shard_lies_in("s2");
    on(from_, {"SET GLOBAL read_only = 0"});
    return waiting.get();
  }

  TestServer from_{ServerKind::kMariaDb};
  TestServer& to_ = TestServer::shared(ServerKind::kMariaDb);
  FakeServer node_;
  OdbcEnvironment environment_;
  OdbcConnection connection_{environment_};
};

TEST_F(MovedShard, TakesAlongTheWriteThatHadWaitedForIt) {
  run("INSERT INTO orders (id) VALUES (1)");
  const std::string state =
      state_of_one_that_waits([&] { run("INSERT INTO orders (id) VALUES (2)"); });
  EXPECT_EQ(state, "00000") << sentence_;
  EXPECT_EQ(rows_on(from_), "1");
  EXPECT_EQ(rows_on(to_), "2");
}

TEST_F(MovedShard, TakesAlongATransactionThatWasOnlyBegun) {
  run("INSERT INTO orders (id) VALUES (1)");
  connection_.autocommit(false);
  const std::string state =
      state_of_one_that_waits([&] { run("INSERT INTO orders (id) VALUES (2)"); });
  EXPECT_EQ(state, "00000") << sentence_;
  connection_.end(SQL_COMMIT);
  EXPECT_EQ(rows_on(from_), "1");
  EXPECT_EQ(rows_on(to_), "2");
}

}  // namespace
}  // namespace test_support
