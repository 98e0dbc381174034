// Results that are closed early, or not fetched for long: the session stays whole and nothing waits
// for rows that nobody wants.
#include <chrono>
#include <thread>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

using namespace std::chrono_literals;

class UnreadResults : public ServerCase {
 protected:
  UnreadResults() {
    observer_.connect(connection_string(server_.endpoint()));
    make_table("many", "n INT, filling VARCHAR(1000)");
    OdbcStatement statement(connection_);
    statement.execute("INSERT INTO many VALUES (1, REPEAT('x', 1000))");
    for (int rows = 1; rows < 1024; rows *= 2) {
      statement.execute("INSERT INTO many SELECT n + " + std::to_string(rows) +
                        ", filling FROM many");
    }
  }

  std::string observe(const std::string& sql) { return OdbcStatement(observer_).value(sql); }
  std::string kills() {
    OdbcStatement statement(observer_);
    statement.execute("SHOW GLOBAL STATUS LIKE 'Com_kill'");
    return statement.rows().at(0).at(1).value();
  }
  /// Of the server's session: empty once it is gone.
  std::string command_of(const std::string& id) {
    return observe(
        "SELECT COALESCE(MAX(command), '') FROM information_schema.processlist WHERE id = " + id);
  }
  static constexpr const char* kHuge =
      "SELECT a.n, a.filling FROM many a, many b, many c";  // a thousand million rows

  OdbcConnection observer_{environment_};
};

TEST_P(UnreadResults, MayBeTwoHundredOnOneConnection) {
  std::vector<std::unique_ptr<OdbcStatement>> open;
  for (int i = 0; i < 200; ++i) {
    open.push_back(std::make_unique<OdbcStatement>(connection_));
    open.back()->execute("SELECT n FROM many WHERE n > " + std::to_string(i) + " ORDER BY n");
    ASSERT_TRUE(open.back()->fetch());
  }
  for (int row = 1; row <= 3; ++row) {
    for (int i = 0; i < 200; ++i) {
      const auto& statement = open[static_cast<std::size_t>(i)];
      ASSERT_EQ(statement->text(1), std::to_string(i + row));
      ASSERT_TRUE(statement->fetch());
    }
  }
  int rest = 1;
  while (open.front()->fetch()) ++rest;
  EXPECT_EQ(rest, 1024 - 3);
}

TEST_P(UnreadResults, ClosingAHugeOneEarlyKeepsTheSession) {
  OdbcStatement(connection_).execute("CREATE TEMPORARY TABLE kept (n INT)");
  OdbcStatement(connection_).execute("INSERT INTO kept VALUES (7)");
  OdbcStatement(connection_).execute("SET @kept = 'as well'");
  const std::string id = ask("SELECT CONNECTION_ID()");
  for (const bool prepared : {false, true}) {
    const auto begin = std::chrono::steady_clock::now();
    OdbcStatement statement(connection_);
    if (prepared) {
      statement.prepare(std::string(kHuge) + " WHERE a.n > ?");
      SQLINTEGER least = 3;
      statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG,
                                       SQL_INTEGER, 0, 0, &least, 0, nullptr));
      statement.execute_prepared();
    } else {
      statement.execute(kHuge);
    }
    ASSERT_TRUE(statement.fetch());
    statement.close();
    EXPECT_EQ(ask("SELECT n FROM kept"), "7");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
    EXPECT_EQ(ask("SELECT @kept"), "as well");
    EXPECT_EQ(ask("SELECT CONNECTION_ID()"), id);
  }
}

TEST_P(UnreadResults, ClosingAHugeOneEarlyKeepsATransactionAndThePhysicalConnection) {
  make_table("written", "n INT");
  const std::string id = ask("SELECT CONNECTION_ID()");
  connection_.autocommit(false);
  OdbcStatement(connection_).execute("INSERT INTO written VALUES (1)");
  OdbcStatement statement(connection_);
  statement.execute(kHuge);
  ASSERT_TRUE(statement.fetch());
  statement.close();
  OdbcStatement(connection_).execute("INSERT INTO written VALUES (2)");
  connection_.end(SQL_COMMIT);
  connection_.autocommit(true);
  EXPECT_EQ(observe("SELECT COUNT(*) FROM written"), "2");
  EXPECT_EQ(ask("SELECT CONNECTION_ID()"), id);
}

TEST_P(UnreadResults, ClosingASmallOneEarlyKillsNothing) {
  const std::string before = kills();
  const std::string id = ask("SELECT CONNECTION_ID()");
  for (int i = 0; i < 20; ++i) {
    OdbcStatement statement(connection_);
    statement.execute("SELECT n FROM many");
    ASSERT_TRUE(statement.fetch());
    statement.close();
  }
  EXPECT_EQ(ask("SELECT CONNECTION_ID()"), id);
  EXPECT_EQ(kills(), before);
}

TEST_P(UnreadResults, ClosingEarlyLetsWhatWritesBeDone) {
  make_table("written", "n INT");
  OdbcStatement(connection_).execute("DROP PROCEDURE IF EXISTS give_then_write");
  OdbcStatement(connection_)
      .execute(
          "CREATE PROCEDURE give_then_write() BEGIN SELECT a.n, a.filling FROM many a, many b "
          "WHERE b.n <= 20; INSERT INTO written VALUES (1); END");
  OdbcStatement statement(connection_);
  statement.execute("CALL give_then_write()");
  ASSERT_TRUE(statement.fetch());
  statement.close();
  EXPECT_EQ(observe("SELECT COUNT(*) FROM written"), "1");
}

TEST_P(UnreadResults, AreReadOnBeforeTheServerCutsTheLink) {
  OdbcStatement(connection_).execute("SET SESSION net_write_timeout = 2");
  const std::string id = ask("SELECT CONNECTION_ID()");
  OdbcStatement statement(connection_);
  statement.execute("SELECT a.n, a.filling FROM many a, many b WHERE b.n <= 24");  // 24 MB
  ASSERT_TRUE(statement.fetch());
  // The server is done with it: longer than it would have waited for a reader.
  while (command_of(id) != "Sleep" && !command_of(id).empty()) std::this_thread::sleep_for(50ms);
  ASSERT_EQ(command_of(id), "Sleep");
  EXPECT_EQ(statement.text(2), std::string(1000, 'x'));  // of the row that it stands on
  int rows = 1;
  while (statement.fetch()) ++rows;
  EXPECT_EQ(rows, 24 * 1024);
  statement.close();
  EXPECT_EQ(ask("SELECT CONNECTION_ID()"), id);
}

TEST_P(UnreadResults, AreWholeWhenAnotherStatementTakesTheWire) {
  OdbcStatement statement(connection_);
  statement.execute("SELECT a.n, a.filling FROM many a, many b WHERE b.n <= 24");
  ASSERT_TRUE(statement.fetch());
  EXPECT_EQ(ask("SELECT COUNT(*) FROM many"), "1024");
  int rows = 1;
  while (statement.fetch()) ++rows;
  EXPECT_EQ(rows, 24 * 1024);
}

FOR_EVERY_SERVER(UnreadResults);

}  // namespace
}  // namespace test_support
