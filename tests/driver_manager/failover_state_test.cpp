// What a lost link takes with it, and the limits of waiting: session state that can and cannot be
// put back, pool and statement timeouts, refusals of a read-only server.
#include <gtest/gtest.h>

#include <chrono>

#include "tests/driver_manager/call_state.h"
#include "tests/driver_manager/odbc_fixture.h"
#include "tests/support/fake_server.h"
#include "tests/support/scripted_node.h"
#include "tests/support/tcp_proxy.h"
#include "tests/support/test_server.h"

namespace test_support {
namespace {

using What = TcpProxy::What;

class FailoverState : public testing::Test, protected CallState {
 protected:
  FailoverState() { connection_.connect(connection_string(proxy_.endpoint())); }

  void run(const std::string& sql) { OdbcStatement(connection_).execute(sql); }
  std::string value(const std::string& sql) { return OdbcStatement(connection_).value(sql); }
  std::string run_state(const std::string& sql) {
    return state_of([&] { run(sql); });
  }
  /// `setup`, an idle cut, `next`: that must be 08S01 and name `lost`; then the handle goes on.
  void expect_named(const std::string& setup, const std::string& next, const std::string& lost) {
    run(setup);
    proxy_.cut();
    EXPECT_EQ(run_state(next), "08S01") << setup;
    EXPECT_TRUE(says("lost with the connection: " + lost)) << sentence_;
    EXPECT_TRUE(says("set it up again")) << sentence_;
    EXPECT_EQ(value("SELECT 1"), "1");
  }

  TestServer& server_ = TestServer::shared(ServerKind::kMariaDb);
  TcpProxy proxy_{server_.endpoint()};
  OdbcEnvironment environment_;
  OdbcConnection connection_{environment_};
};

TEST_F(FailoverState, NamesALostTemporaryTable) {
  expect_named("CREATE TEMPORARY TABLE mine (n INT)", "INSERT INTO mine VALUES (1)",
               "temporary tables");
}

TEST_F(FailoverState, NamesALostLock) {
  expect_named("SELECT GET_LOCK('mine', 0)", "SELECT 1", "GET_LOCK locks");
}

TEST_F(FailoverState, NamesLostUserVariables) {
  expect_named("SET @mine = 1", "SELECT @mine", "user variables");
}

TEST_F(FailoverState, NeverTellsTheCountsOfAnotherConnection) {
  for (const char* count : {"SELECT FOUND_ROWS()", "SELECT ROW_COUNT()"}) {
    value("SELECT 1 UNION SELECT 2");
    proxy_.cut();
    EXPECT_EQ(run_state(count), "08S01");
    EXPECT_TRUE(says("use SQLRowCount")) << sentence_;
  }
  value("SELECT 1 UNION SELECT 2");
  EXPECT_EQ(value("SELECT FOUND_ROWS()"), "2");
}

/// Programs take no notice of an error of SQLDescribeParam (PHP, tdbc), so that it must not be the
/// only one to tell.
TEST_F(FailoverState, StatementTellsWhatItsDescriptionLost) {
  run("CREATE OR REPLACE TABLE described (word VARCHAR(20))");
  const auto describe_and_run = [this](OdbcStatement& statement) {
    statement.prepare("INSERT INTO described VALUES (?)");
    char word[] = "b";
    statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR,
                                     20, 0, word, sizeof word, nullptr));
    proxy_.cut();
    statement.check(SQLDescribeParam(statement.raw(), 1, nullptr, nullptr, nullptr, nullptr));
    return state_of([&] { statement.execute_prepared(); });
  };
  OdbcStatement statement(connection_);
  run("SELECT GET_LOCK('mine', 0)");
  EXPECT_EQ(describe_and_run(statement), "08S01");
  EXPECT_TRUE(says("GET_LOCK locks")) << sentence_;
  connection_.autocommit(false);
  run("INSERT INTO described VALUES ('a')");
  OdbcStatement another(connection_);
  EXPECT_EQ(describe_and_run(another), "40001");
  EXPECT_EQ(run_state("SELECT 1"), "25S03");
  connection_.end(SQL_ROLLBACK);
  EXPECT_EQ(value("SELECT COUNT(*) FROM described"), "0");
}

TEST_F(FailoverState, PutsTheSettingOfTheNextTransactionBack) {
  run("CREATE TABLE IF NOT EXISTS unchanged (n INT)");
  run("SET TRANSACTION READ ONLY");
  proxy_.cut();
  EXPECT_EQ(run_state("INSERT INTO unchanged VALUES (1)"), "25000") << sentence_;
  EXPECT_TRUE(says("READ ONLY")) << sentence_;
}

TEST_F(FailoverState, NamesLostStateWhenAReadsAnswerIsHeld) {
  run("SET @mine = 1");
  proxy_.on("SELECT 41 + 1", {.what = What::kCutBeforeAnswer});
  EXPECT_EQ(run_state("SELECT 41 + 1"), "08S01");
  EXPECT_TRUE(says("user variables")) << sentence_;
}

TEST_F(FailoverState, NamesLostStateBesideAnUnknownOutcome) {
  run("CREATE OR REPLACE TABLE kept (n INT)");
  run("SET @mine = 1");
  proxy_.on("INSERT INTO kept", {.what = What::kCutBeforeAnswer});
  EXPECT_EQ(run_state("INSERT INTO kept VALUES (1)"), "08007");
  EXPECT_TRUE(says("lost with the connection: user variables")) << sentence_;
  EXPECT_EQ(value("SELECT COUNT(*) FROM kept"), "1");
}

TEST_F(FailoverState, PutsBackWhatItCan) {
  run("USE mysql");
  run("SET NAMES latin1");
  run("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  proxy_.cut();
  EXPECT_EQ(value("SELECT DATABASE()"), "mysql");
  EXPECT_EQ(value("SELECT @@character_set_client"), "latin1");
  EXPECT_EQ(value("SELECT @@tx_isolation"), "READ-COMMITTED");
}

TEST_F(FailoverState, DoesNotReadAnotherConnectionsInsertId) {
  run("CREATE OR REPLACE TABLE numbered (id INT AUTO_INCREMENT PRIMARY KEY, n INT)");
  run("INSERT INTO numbered (n) VALUES (1)");
  EXPECT_EQ(value("SELECT LAST_INSERT_ID()"), "1");
  proxy_.cut();
  EXPECT_EQ(run_state("SELECT LAST_INSERT_ID()"), "08S01");
  EXPECT_EQ(run_state("SELECT LAST_INSERT_ID()"), "08S01");
  EXPECT_TRUE(says("LAST_INSERT_ID() was lost")) << sentence_;
  run("INSERT INTO numbered (n) VALUES (2)");
  EXPECT_EQ(value("SELECT LAST_INSERT_ID()"), "2");
}

TEST_F(FailoverState, LostTransactionStaysLostWhenTheNextLinkIsLostToo) {
  run("CREATE OR REPLACE TABLE kept (n INT)");
  connection_.autocommit(false);
  run("INSERT INTO kept VALUES (1)");
  proxy_.cut();
  EXPECT_EQ(run_state("INSERT INTO kept VALUES (2)"), "40001");
  const auto columns = [&] {
    OdbcStatement statement(connection_);
    statement.prepare("SELECT n FROM kept");
    SQLSMALLINT count = 0;
    statement.check(SQLNumResultCols(statement.raw(), &count));
    return count;
  };
  EXPECT_EQ(columns(), 1);  // on a link of its own
  proxy_.cut();
  EXPECT_EQ(columns(), 1);
  EXPECT_EQ(run_state("INSERT INTO kept VALUES (2)"), "25S03");
  connection_.end(SQL_ROLLBACK);
  EXPECT_EQ(value("SELECT COUNT(*) FROM kept"), "0");
}

TEST_F(FailoverState, PlainConnectionIsDeadUntilTheNextStatement) {
  const auto dead = [&] {
    SQLUINTEGER value = 99;
    connection_.check(
        SQLGetConnectAttr(connection_.raw(), SQL_ATTR_CONNECTION_DEAD, &value, 0, nullptr));
    return value;
  };
  proxy_.cut();
  EXPECT_EQ(dead(), SQLUINTEGER{SQL_CD_TRUE});
  EXPECT_EQ(value("SELECT 1"), "1");
  EXPECT_EQ(dead(), SQLUINTEGER{SQL_CD_FALSE});
}

TEST_F(FailoverState, ErrorWithAutocommitOffLeavesATransactionToEnd) {
  run("CREATE OR REPLACE TABLE locked (id INT PRIMARY KEY)");
  run("INSERT INTO locked VALUES (1)");
  connection_.autocommit(false);
  EXPECT_EQ(run_state("INSERT INTO locked VALUES (1)"), "23000");  // holds a lock on the row
  connection_.end(SQL_ROLLBACK);
  OdbcConnection other(environment_);
  other.connect(connection_string(server_.endpoint()));
  OdbcStatement(other).execute("SET innodb_lock_wait_timeout = 0");
  EXPECT_NO_THROW(OdbcStatement(other).execute("DELETE FROM locked WHERE id = 1"));
}

TEST_F(FailoverState, ApplicationsOwnReadOnlyIsToldAndNotRetried) {
  run("CREATE OR REPLACE TABLE kept (n INT)");
  run("SET SESSION TRANSACTION READ ONLY");
  EXPECT_EQ(run_state("INSERT INTO kept VALUES (1)"), "25000");
  EXPECT_EQ(value("SELECT COUNT(*) FROM kept"), "0");
}

TEST_F(FailoverState, ServerDiesForGood) {
  TestServer dying(ServerKind::kMariaDb);
  OdbcConnection connection(environment_);
  connection.connect(connection_string(dying.endpoint(), "FAILOVER_TIMEOUT=2s"));
  dying.kill();
  EXPECT_EQ(state_of([&] { OdbcStatement(connection).execute("SELECT 1"); }), "08001");
  EXPECT_TRUE(says("nobody listens there")) << sentence_;
  dying.restart();
  EXPECT_EQ(OdbcStatement(connection).value("SELECT 1"), "1");
}

TEST_F(FailoverState, FullPoolIsHYT01) {
  constexpr std::string_view kOne = "MAX_POOL_SIZE=1;POOL_TIMEOUT=200ms";
  TcpProxy proxy(server_.endpoint());  // so the pool is no other test's
  const std::string text = connection_string(proxy.endpoint(), kOne);
  connection_.disconnect();
  connection_.connect(text);
  OdbcConnection second(environment_);
  EXPECT_EQ(state_of([&] { second.connect(text); }), "HYT01");
  EXPECT_TRUE(says("MAX_POOL_SIZE")) << sentence_;
  connection_.disconnect();
  second.connect(text);
  EXPECT_EQ(OdbcStatement(second).value("SELECT 1"), "1");
  second.disconnect();
  connection_.connect(text);
}

TEST_F(FailoverState, LoginTimeoutIsHYT00) {
  FakeServer mute({.greet = false});
  OdbcConnection connection(environment_);
  connection.check(SQLSetConnectAttr(connection.raw(), SQL_ATTR_LOGIN_TIMEOUT,
                                     reinterpret_cast<SQLPOINTER>(1), 0));
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(state_of([&] { connection.connect(connection_string(mute.endpoint())); }), "HYT00");
  EXPECT_TRUE(says("timeout")) << sentence_;
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
}

TEST_F(FailoverState, StatementTimeoutIsHYT00AndTheHandleGoesOn) {
  OdbcStatement statement(connection_);
  statement.check(
      SQLSetStmtAttr(statement.raw(), SQL_ATTR_QUERY_TIMEOUT, reinterpret_cast<SQLPOINTER>(1), 0));
  EXPECT_EQ(state_of([&] { statement.execute("SELECT SLEEP(30)"); }), "HYT00");
  EXPECT_TRUE(says("ended at the server")) << sentence_;
  EXPECT_EQ(value("SELECT 1"), "1");
}

TEST_F(FailoverState, StatementTimeoutOfAStalledServerEndsATransaction) {
  proxy_.on("SELECT 1 + 1", {.what = What::kStall});
  connection_.autocommit(false);
  run("SELECT 1");
  OdbcStatement statement(connection_);
  statement.check(
      SQLSetStmtAttr(statement.raw(), SQL_ATTR_QUERY_TIMEOUT, reinterpret_cast<SQLPOINTER>(1), 0));
  EXPECT_EQ(state_of([&] { statement.execute("SELECT 1 + 1"); }), "HYT00");
  EXPECT_TRUE(says("rolled back")) << sentence_;
  EXPECT_EQ(run_state("SELECT 1"), "25S03");
  connection_.end(SQL_ROLLBACK);
  EXPECT_EQ(value("SELECT 1"), "1");
}

TEST_F(FailoverState, StalledServerEndsAtTheStatementTimeout) {
  proxy_.on("SELECT 1 + 1", {.what = What::kStall});
  OdbcStatement statement(connection_);
  statement.check(
      SQLSetStmtAttr(statement.raw(), SQL_ATTR_QUERY_TIMEOUT, reinterpret_cast<SQLPOINTER>(1), 0));
  EXPECT_EQ(state_of([&] { statement.execute("SELECT 1 + 1"); }), "HYT00");
  EXPECT_EQ(value("SELECT 1 + 1"), "2");
}

/// A group of two real servers, of which the node's answer says who is primary.
class ReadOnlyPrimary : public testing::Test {
 protected:
  ReadOnlyPrimary() {
    for (const TestServer* server : {&old_, &new_}) {
      run_on(*server, "CREATE OR REPLACE TABLE counted (n INT)");
      run_on(*server, "CREATE OR REPLACE USER writer IDENTIFIED BY 'writerpw'");
      run_on(*server, "GRANT SELECT, INSERT ON test.* TO writer");
    }
    promote(old_);
  }
  ~ReadOnlyPrimary() override { run_on(new_, "SET GLOBAL read_only = 0"); }

  void run_on(const TestServer& server, const std::string& sql) {
    OdbcConnection connection(environment_);
    connection.connect(connection_string(server.endpoint()));
    OdbcStatement(connection).execute(sql);
  }
  std::string rows_on(const TestServer& server) {
    OdbcConnection connection(environment_);
    connection.connect(connection_string(server.endpoint()));
    return OdbcStatement(connection).value("SELECT COUNT(*) FROM counted");
  }
  void promote(const TestServer& primary) {
    ScriptedNode script;
    const auto row = [&](const char* uuid, const TestServer& server) {
      const bool first = &server == &primary;
      return ScriptedNode::Cells{uuid,
                                 "g1",
                                 "127.0.0.1",
                                 std::to_string(server.endpoint().port),
                                 first ? "3" : "1",
                                 first ? "3" : "2",
                                 "1.0"};
    };
    script.rows("dump.servers", {row("u1", old_), row("u2", new_)});
    node_.on_query([script](std::string_view sql) { return script(sql); });
  }
  [[nodiscard]] std::string farm(const std::string& more = {}) const {
    return "DRIVER={fabric};FABRIC_NODES=127.0.0.1:" + std::to_string(node_.endpoint().port) +
           ";FABRIC_PROTOCOL=mysql;FABRIC_GROUP=g1;UID=writer;PWD=writerpw;DATABASE=test;" + more;
  }

  OdbcEnvironment environment_;
  TestServer old_{ServerKind::kMariaDb};
  TestServer& new_ = TestServer::shared(ServerKind::kMariaDb);
  FakeServer node_;
  OdbcConnection connection_{environment_};
};

TEST_F(ReadOnlyPrimary, RefusedWriteGoesToTheNewPrimaryUnseen) {
  connection_.connect(farm());
  OdbcStatement(connection_).execute("INSERT INTO counted VALUES (1)");
  run_on(old_, "SET GLOBAL read_only = 1");
  promote(new_);
  OdbcStatement(connection_).execute("INSERT INTO counted VALUES (2)");
  EXPECT_EQ(rows_on(old_), "1");
  EXPECT_EQ(rows_on(new_), "1");
}

TEST_F(ReadOnlyPrimary, RefusedWriteInATransactionIs40001) {
  connection_.connect(farm());
  connection_.autocommit(false);
  OdbcStatement(connection_).execute("SELECT COUNT(*) FROM counted");
  run_on(old_, "SET GLOBAL read_only = 1");
  promote(new_);
  try {
    OdbcStatement(connection_).execute("INSERT INTO counted VALUES (1)");
    FAIL() << "the write was taken";
  } catch (const OdbcError& error) {
    EXPECT_EQ(error.state(), "40001");
    EXPECT_EQ(error.native(), 1290);
  }
  connection_.end(SQL_ROLLBACK);
  OdbcStatement(connection_).execute("INSERT INTO counted VALUES (2)");
  connection_.end(SQL_COMMIT);
  EXPECT_EQ(rows_on(old_), "0");
  EXPECT_EQ(rows_on(new_), "1");
}

TEST_F(ReadOnlyPrimary, WithoutANewPrimaryTheWaitEndsWith08001) {
  connection_.connect(farm("FAILOVER_TIMEOUT=2s"));
  run_on(old_, "SET GLOBAL read_only = 1");
  try {
    OdbcStatement(connection_).execute("INSERT INTO counted VALUES (1)");
    FAIL() << "the write was taken";
  } catch (const OdbcError& error) {
    EXPECT_EQ(error.state(), "08001") << error.what();
  }
  EXPECT_EQ(rows_on(old_), "0");
}

TEST_F(ReadOnlyPrimary, PlainDsnIsToldTheServersError) {
  run_on(old_, "SET GLOBAL read_only = 1");
  connection_.connect(
      "DRIVER={fabric};SERVER=127.0.0.1;PORT=" + std::to_string(old_.endpoint().port) +
      ";UID=writer;PWD=writerpw;DATABASE=test");
  try {
    OdbcStatement(connection_).execute("INSERT INTO counted VALUES (1)");
    FAIL() << "the write was taken";
  } catch (const OdbcError& error) {
    EXPECT_EQ(error.state(), "HY000");
    EXPECT_EQ(error.native(), 1290);
    EXPECT_NE(std::string(error.what()).find("--read-only"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace test_support
