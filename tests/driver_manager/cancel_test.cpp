// SQLCancel from another thread: a KILL QUERY that ends its statement and nothing else.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <latch>
#include <string_view>
#include <thread>

#include "tests/driver_manager/server_case.h"
#include "tests/support/fake_server.h"

namespace test_support {
namespace {

using namespace std::chrono_literals;

class Cancel : public ServerCase {
 protected:
  /// Returns once the server runs a statement with this text.
  void wait_until_runs(const std::string& marker) {
    OdbcConnection watcher(environment_);
    watcher.connect(connection_string(server_.endpoint()));
    OdbcStatement statement(watcher);
    const std::string sql =
        "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE '%" + marker +
        "%' AND id <> CONNECTION_ID()";
    while (statement.value(sql) == "0") std::this_thread::sleep_for(10ms);
  }
};

TEST_P(Cancel, EndsAStatementOfAnotherThread) {
  for (const bool by_connection : {false, true}) {
    OdbcStatement statement(connection_);
    std::string state;
    const auto begin = std::chrono::steady_clock::now();
    std::thread runner([&] {
      state = state_of([&] {
        // The error may come in place of the first row.
        statement.value(
            "SELECT /* long */ COUNT(*) FROM information_schema.collations a, "
            "information_schema.collations b WHERE SLEEP(1) = 5");
      });
    });
    wait_until_runs("/* long");
    EXPECT_EQ(by_connection ? SQLCancelHandle(SQL_HANDLE_DBC, connection_.raw())
                            : SQLCancel(statement.raw()),
              SQL_SUCCESS);
    runner.join();
    EXPECT_EQ(state, "HY008");
    statement.close();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);
    EXPECT_EQ(ask("SELECT 1"), "1");  // the connection lives, and no KILL is left over
  }
}

TEST_P(Cancel, ComesAfterAQuestionWhetherTheConnectionIsDead) {
  OdbcStatement statement(connection_);
  std::thread runner([&] { state_of([&] { statement.value("SELECT /* busy */ SLEEP(30)"); }); });
  wait_until_runs("/* busy");
  const auto began = std::chrono::steady_clock::now();
  SQLUINTEGER dead = SQL_CD_TRUE;
  EXPECT_EQ(SQLGetConnectAttr(connection_.raw(), SQL_ATTR_CONNECTION_DEAD, &dead, 0, nullptr),
            SQL_SUCCESS);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 20s) << "it waited for the statement";
  EXPECT_EQ(dead, SQLUINTEGER{SQL_CD_FALSE});
  EXPECT_EQ(SQLCancel(statement.raw()), SQL_SUCCESS);
  runner.join();
}

TEST_P(Cancel, NeverHitsTheNextStatement) {
  OdbcStatement statement(connection_);
  std::atomic<bool> done = false;
  std::thread canceller([&] {
    while (!done) {
      SQLCancel(statement.raw());
      std::this_thread::sleep_for(1ms);
    }
  });
  for (int i = 0; i < 100; ++i) {
    const std::string state = state_of([&] { statement.value("SELECT COUNT(*) FROM mysql.user"); });
    // HY010: between execution and fetch, unixODBC lets SQLCancel close the cursor.
    EXPECT_TRUE(state == "00000" || state == "HY008" || state == "HY010") << state;
    statement.close();
    EXPECT_EQ(ask("SELECT 'other'"), "other");  // another statement, which nobody cancels
  }
  done = true;
  canceller.join();
}

TEST_P(Cancel, OfAnIdleStatementDoesNothing) {
  OdbcStatement statement(connection_);
  EXPECT_EQ(SQLCancel(statement.raw()), SQL_SUCCESS);
  statement.execute("SELECT 1 UNION ALL SELECT 2");
  ASSERT_TRUE(statement.fetch());
  // For unixODBC this closes the cursor, so the statement must be free for another text.
  EXPECT_EQ(SQLCancel(statement.raw()), SQL_SUCCESS);
  EXPECT_EQ(statement.value("SELECT 3"), "3");
}

FOR_EVERY_SERVER(Cancel);

/// The server reads KILLs and may act on them later: their links end without an answer.
class UnansweredKill : public testing::Test {
 protected:
  UnansweredKill() {
    server_.on_query([this](std::string_view sql) {
      if (sql.starts_with("KILL")) {
        killed_.count_down();
        return FakeServer::close();
      }
      if (sql == "SELECT 'slow'") {
        runs_.count_down();
        killed_.wait();
      }
      if (sql.starts_with("SELECT")) return FakeServer::rows({"a"}, {{"answer"}});
      return FakeServer::ok();
    });
    connection_.connect(connection_string(server_.endpoint()));
  }

  void cancel_in_vain() {
    OdbcStatement statement(connection_);
    std::thread canceller([&] {
      runs_.wait();
      EXPECT_EQ(SQLCancel(statement.raw()), SQL_ERROR);
    });
    EXPECT_EQ(statement.value("SELECT 'slow'"), "answer");
    canceller.join();
  }

  std::latch runs_{1}, killed_{1};
  FakeServer server_;
  OdbcEnvironment environment_;
  OdbcConnection connection_{environment_};
};

TEST_F(UnansweredKill, FindsNoOtherStatementOnItsConnection) {
  cancel_in_vain();
  EXPECT_EQ(server_.counts().logins, 2u);
  EXPECT_EQ(OdbcStatement(connection_).value("SELECT 'next'"), "answer");
  EXPECT_EQ(server_.counts().logins, 3u);
}

TEST_F(UnansweredKill, TakesTheStateOfItsSessionAlong) {
  OdbcStatement(connection_).execute("SET @mine = 1");
  cancel_in_vain();
  try {
    OdbcStatement(connection_).value("SELECT 'next'");
    ADD_FAILURE() << "where the KILL may hit it";
  } catch (const OdbcError& error) {
    EXPECT_EQ(error.state(), "08S01");
  }
}

TEST_F(UnansweredKill, FindsNoOtherSessionOnItsConnection) {
  cancel_in_vain();
  connection_.disconnect();
  OdbcConnection next(environment_);
  next.connect(connection_string(server_.endpoint()));
  EXPECT_EQ(OdbcStatement(next).value("SELECT 'next'"), "answer");
  EXPECT_EQ(server_.counts().logins, 3u);
}

/// The KILL comes when the INSERT is done, so the server lets it end whatever command is next.
TEST(StrayKill, SparesTheInsertIdThatItsSessionTakesAlong) {
  std::latch runs{1}, killed{1};
  std::atomic<bool> waits = false;
  FakeServer server;
  server.on_query([&](std::string_view sql) {
    if (sql.starts_with("KILL")) {
      waits = true;
      killed.count_down();
      return FakeServer::ok();
    }
    if (sql.starts_with("INSERT")) {
      runs.count_down();
      killed.wait();
      return FakeServer::ok(1, 7);
    }
    if (waits.exchange(false)) {
      return FakeServer::error(1317, "70100", "Query execution was interrupted");
    }
    if (sql.starts_with("SELECT")) return FakeServer::rows({"id"}, {{"7"}});
    return FakeServer::ok();
  });
  OdbcEnvironment environment;
  OdbcConnection connection(environment);
  connection.connect(connection_string(server.endpoint(), "POOL_MODE=TRANSACTION;"));
  OdbcStatement statement(connection);
  std::thread canceller([&] {
    runs.wait();
    EXPECT_EQ(SQLCancel(statement.raw()), SQL_SUCCESS);
  });
  statement.execute("INSERT INTO t VALUES (NULL)");
  canceller.join();
  OdbcStatement(connection).value("SELECT LAST_INSERT_ID()");
  EXPECT_EQ(std::ranges::count(server.statements(), "SET LAST_INSERT_ID = 7"), 1);
}

}  // namespace
}  // namespace test_support
