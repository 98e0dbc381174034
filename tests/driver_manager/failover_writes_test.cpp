// The first statement on a new primary sees what the session was told it wrote: two MariaDB servers
// that replicate by GTID, the second a second behind.
#include <algorithm>
#include <thread>

#include "tests/driver_manager/failover_farm.h"

namespace test_support {
namespace {

using fabric::ServerStatus;
using std::chrono::milliseconds;

std::vector<std::string> replicating(const char* id) {
  return {"--log-bin=bin", std::string("--server-id=") + id, "--gtid-strict-mode",
          "--log-slave-updates", "--session-track-system-variables=last_gtid"};
}

class FailoverWrites : public testing::Test, protected CallState {
 protected:
  FailoverWrites() {
    run_on(first_, "SET sql_log_bin = 0");
    run_on(first_, "CREATE OR REPLACE TABLE noted (n INT) ENGINE=InnoDB");
    follow(first_, second_, 1);
    tell(first_, second_);
    run_on(first_, "CREATE OR REPLACE TABLE noted (n INT) ENGINE=InnoDB");
  }

  void connect(const std::string& failover_timeout) {
    connection_.connect(
        "DRIVER={fabric};FABRIC_NODES=127.0.0.1:" + std::to_string(node_.endpoint().port) +
        ";FABRIC_PROTOCOL=mysql;FABRIC_GROUP=g1;UID=app;PWD=apppw;DATABASE=test;FAILOVER_TIMEOUT=" +
        failover_timeout);
  }

  std::string ask(const TestServer& server, const std::string& sql) {
    OdbcConnection connection(environment_);
    connection.connect(connection_string(server.endpoint(), "POOLING=0"));
    return OdbcStatement(connection).value(sql);
  }
  void run_on(const TestServer& server, const std::string& sql) {
    OdbcConnection connection(environment_);
    connection.connect(connection_string(server.endpoint(), "POOLING=0"));
    OdbcStatement(connection).execute(sql);
  }
  /// The replica begins with what the source does from now on.
  void follow(const TestServer& source, const TestServer& replica, int delay) {
    run_on(replica,
           "SET GLOBAL gtid_slave_pos = '" + ask(source, "SELECT @@gtid_binlog_pos") + "'");
    run_on(replica, "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=" +
                        std::to_string(source.endpoint().port) +
                        ", MASTER_USER='app', MASTER_PASSWORD='apppw', "
                        "MASTER_USE_GTID=slave_pos, MASTER_DELAY=" +
                        std::to_string(delay));
    run_on(replica, "START SLAVE");
  }
  /// The replica has what the source wrote, applied or not.
  bool received(const TestServer& source, const TestServer& replica) {
    const std::string written = ask(source, "SELECT @@gtid_binlog_pos");
    OdbcConnection connection(environment_);
    connection.connect(connection_string(replica.endpoint(), "POOLING=0"));
    for (int tries = 0; tries < 2000; ++tries) {
      OdbcStatement statement(connection);
      statement.execute("SHOW SLAVE STATUS");
      for (const OdbcRow& row : statement.rows()) {
        if (std::ranges::find(row, written) != row.end()) return true;  // Gtid_IO_Pos
      }
      std::this_thread::sleep_for(milliseconds(10));
    }
    return false;
  }
  void tell(const TestServer& primary, const TestServer& secondary) {
    ScriptedNode script;
    const auto row = [](const TestServer& server, bool leads) {
      const std::string port = std::to_string(server.endpoint().port);
      return ScriptedNode::Cells{
          port, "g1", "127.0.0.1", port, leads ? "3" : "1", leads ? "3" : "2", "1.0"};
    };
    script.rows("dump.servers", {row(primary, true), row(secondary, false)});
    script.close_with_ok();
    node_.on_query([script](std::string_view sql) { return script(sql); });
  }
  void run(const std::string& sql) { OdbcStatement(connection_).execute(sql); }
  std::string value(const std::string& sql) { return OdbcStatement(connection_).value(sql); }

  OdbcEnvironment environment_;
  TestServer first_{ServerKind::kMariaDb, replicating("1")};
  TestServer second_{ServerKind::kMariaDb, replicating("2")};
  FakeServer node_;
  OdbcConnection connection_{environment_};
};

TEST_F(FailoverWrites, AreSeenByTheFirstReadOnTheNewPrimary) {
  connect("30s");
  run("INSERT INTO noted VALUES (1)");
  connection_.autocommit(false);
  run("INSERT INTO noted VALUES (2)");
  connection_.end(SQL_COMMIT);
  connection_.autocommit(true);
  tell(second_, first_);
  ASSERT_TRUE(received(first_, second_));

  first_.kill();
  EXPECT_EQ(value("SELECT COUNT(*) FROM noted"), "2");
  EXPECT_EQ(value("SELECT @@server_id"), "2");
}

TEST_F(FailoverWrites, ThatTheNewPrimaryNeverGetsAreToldOnce) {
  connect("3s");
  run("INSERT INTO noted VALUES (1)");
  run_on(second_, "STOP SLAVE");
  run("INSERT INTO noted VALUES (2)");
  tell(second_, first_);
  first_.kill();
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(state_of([&] { value("SELECT COUNT(*) FROM noted"); }), "08001");
  EXPECT_TRUE(says("has not applied what this session wrote")) << sentence_;
  EXPECT_LT(std::chrono::steady_clock::now() - begun, kSlowness * milliseconds(3500));
  EXPECT_EQ(value("SELECT @@server_id"), "2");
}

}  // namespace
}  // namespace test_support
