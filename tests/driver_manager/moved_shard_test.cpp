// A shard moves to another group while a statement waits for the one that it lay in. Whoever moves
// it (sharding.move_shard) lets the old server refuse writes, copies the rest, names the new group,
// and then lets the old server take writes again: a statement that had waited must not go there.
#include <chrono>
#include <future>

#include "tests/driver_manager/call_state.h"
#include "tests/driver_manager/odbc_fixture.h"
#include "tests/support/fake_server.h"
#include "tests/support/scripted_node.h"
#include "tests/support/tcp_proxy.h"
#include "tests/support/test_server.h"

namespace test_support {
namespace {

constexpr std::size_t kRetries = 16;  // column of SHOW FABRIC POOLS

enum class Primary : bool { kNone, kThere };

/// shop.orders: keys from 1 lie in s1 on `from_`, behind `link_`, until they move to s2 on `to_`.
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
  void shard_lies_in(const std::string& group, Primary of_s1 = Primary::kThere) {
    const std::string mode = of_s1 == Primary::kThere ? "3" : "1";
    const std::string status = of_s1 == Primary::kThere ? "3" : "2";
    ScriptedNode script;
    script.rows("dump.servers",
                {{"u1", "s1", "127.0.0.1", port(link_.endpoint()), mode, status, "1.0"},
                 {"u2", "s2", "127.0.0.1", port(to_.endpoint()), "3", "3", "1.0"}});
    script.rows("dump.shard_maps", {{"1", "RANGE", "s2"}});
    script.rows("dump.shard_index", {{"1", "1", "1", group}});
    node_.on_query(script);
  }
  std::string farm() {
    return "DRIVER={fabric};FABRIC_PROTOCOL=mysql;FABRIC_NODES=" + node_.endpoint().text() +
           ";UID=plain;PWD=plainpw;DATABASE=shop;FABRIC_USER=farm;FABRIC_PASSWORD=secret;";
  }
  static std::string port(const fabric::base::Endpoint& endpoint) {
    return std::to_string(endpoint.port);
  }
  void run(const std::string& sql) { OdbcStatement(connection_).execute(sql); }

  /// Until a row of a SHOW FABRIC is as said.
  template <class AsSaid>
  bool shows(const std::string& show, AsSaid&& as_said) {
    OdbcConnection watching(environment_);
    watching.connect(farm());
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < limit) {
      OdbcStatement statement(watching);
      statement.execute("SHOW FABRIC " + show);
      for (const OdbcRow& row : statement.rows()) {
        if (as_said(row)) return true;
      }
    }
    return false;
  }
  /// Once: as the pools of this process tell.
  bool write_was_refused() {
    return shows("POOLS", [&](const OdbcRow& row) {
      const bool ours = row[0] == link_.endpoint().text() && row[1] == "plain";
      return ours && row[kRetries] != "0";
    });
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
  TcpProxy link_{from_.endpoint()};
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

TEST_F(MovedShard, TakesAlongTheWriteThatWaitsForAPrimary) {
  run("INSERT INTO orders (id) VALUES (1)");
  shard_lies_in("s1", Primary::kNone);
  ASSERT_TRUE(shows("GROUPS", [](const OdbcRow& row) { return row[0] == "s1" && !row[1]; }));
  auto waiting = std::async(std::launch::async, [&] {
    return state_of([&] { run("INSERT INTO orders (id) VALUES (2)"); });
  });
  EXPECT_EQ(waiting.wait_for(std::chrono::milliseconds(500)), std::future_status::timeout);
  shard_lies_in("s2", Primary::kNone);
  EXPECT_EQ(waiting.get(), "00000") << sentence_;
  EXPECT_EQ(rows_on(from_), "1");
  EXPECT_EQ(rows_on(to_), "2");
}

TEST_F(MovedShard, IsReadInItsNewPlaceWhenTheLinkToTheOldOneBreaks) {
  on(from_, {"INSERT INTO shop.orders VALUES (1), (3), (5), (7)"});
  on(to_, {"INSERT INTO shop.orders VALUES (2)"});
  link_.on("SELECT id FROM orders",
           {.what = TcpProxy::What::kCutAfterRows, .rows = 2, .how = TcpProxy::Cut::kFin});
  OdbcStatement cursor(connection_);
  cursor.execute("SELECT id FROM orders WHERE id IN (1, 2, 3, 5, 7)");
  ASSERT_TRUE(link_.wait_until_fired());
  shard_lies_in("s2");
  ASSERT_TRUE(shows("SHARDS", [](const OdbcRow& row) { return row[4] == "s2"; }));
  SQLLEN count = 0;  // reads on, and meets the broken link before a row was given
  cursor.check(SQLRowCount(cursor.raw(), &count));
  EXPECT_EQ(count, 1);
  EXPECT_EQ(cursor.rows(), (std::vector<OdbcRow>{{"2"}}));
}

}  // namespace
}  // namespace test_support
