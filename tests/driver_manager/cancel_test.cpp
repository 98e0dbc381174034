// SQLCancel from another thread: a KILL QUERY that ends its statement and nothing else.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "tests/driver_manager/server_case.h"

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

}  // namespace
}  // namespace test_support
