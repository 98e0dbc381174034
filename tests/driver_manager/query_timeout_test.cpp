// SQL_ATTR_QUERY_TIMEOUT: a late statement ends at its server, and its session goes on.
#include <array>
#include <chrono>
#include <stdexcept>

#include "tests/driver_manager/server_case.h"
#include "tests/support/slowness.h"

namespace test_support {
namespace {

using namespace std::chrono_literals;

class QueryTimeout : public ServerCase {
 protected:
  QueryTimeout() {
    statement_.check(
        SQLSetStmtAttr(statement_.raw(), SQL_ATTR_QUERY_TIMEOUT, attribute_value(1), 0));
  }

  OdbcError late(std::string_view sql) {
    const auto began = std::chrono::steady_clock::now();
    try {
      statement_.execute(sql);
      while (statement_.fetch()) continue;
    } catch (const OdbcError& error) {
      EXPECT_LT(std::chrono::steady_clock::now() - began, kSlowness * 2500ms);
      statement_.close();
      return error;
    }
    throw std::logic_error("in time: " + std::string(sql));
  }

  std::string running(const std::string& marker) {
    return ask("SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE '%" + marker +
               "%' AND id <> CONNECTION_ID()");
  }

  OdbcStatement statement_{connection_};
};

TEST_P(QueryTimeout, KeepsTheLink) {
  const std::string link = ask("SELECT CONNECTION_ID()");
  EXPECT_EQ(late("SELECT SLEEP(30)").state(), "HYT00");
  EXPECT_EQ(ask("SELECT CONNECTION_ID()"), link);
}

/// pyodbc's Connection.timeout sets both.
TEST_P(QueryTimeout, KeepsTheLinkBesideAConnectionTimeoutAsLong) {
  const std::string link = ask("SELECT CONNECTION_ID()");
  connection_.check(
      SQLSetConnectAttr(connection_.raw(), SQL_ATTR_CONNECTION_TIMEOUT, attribute_value(1), 0));
  EXPECT_EQ(late("SELECT SLEEP(30)").state(), "HYT00");
  EXPECT_EQ(ask("SELECT CONNECTION_ID()"), link);
}

TEST_P(QueryTimeout, EndsTheStatementAndNotItsTransaction) {
  make_table("late", "n INT PRIMARY KEY");
  connection_.autocommit(false);
  OdbcStatement(connection_).execute("INSERT INTO late VALUES (1)");
  const OdbcError error = late(
      "INSERT INTO late SELECT 2 FROM information_schema.collations a, "
      "information_schema.collations b WHERE SLEEP(0.3) = 5");
  EXPECT_EQ(error.state(), "HYT00");
  EXPECT_NE(std::string(error.what()).find("transaction goes on"), std::string::npos)
      << error.what();
  EXPECT_EQ(running("SLEEP"), "0");
  statement_.execute("INSERT INTO late VALUES (3)");
  connection_.end(SQL_COMMIT);
  connection_.autocommit(true);
  EXPECT_EQ(ask("SELECT GROUP_CONCAT(n ORDER BY n) FROM late"), "1,3");
}

TEST_P(QueryTimeout, EndsAPreparedStatementAndLeavesItPrepared) {
  statement_.prepare("SELECT SLEEP(?), 7");
  double seconds = 30;
  statement_.check(SQLBindParameter(statement_.raw(), 1, SQL_PARAM_INPUT, SQL_C_DOUBLE, SQL_DOUBLE,
                                    0, 0, &seconds, 0, nullptr));
  EXPECT_EQ(state_of([&] {
              statement_.execute_prepared();
              statement_.fetch();
            }),
            "HYT00");
  statement_.close();
  seconds = 0;
  statement_.execute_prepared();
  ASSERT_TRUE(statement_.fetch());
  EXPECT_EQ(statement_.text(2), "7");
}

TEST_P(QueryTimeout, CountsForEachFetch) {
  EXPECT_EQ(late("SELECT COUNT(*) FROM information_schema.collations a, "
                 "information_schema.collations b WHERE SLEEP(1) = 5")
                .state(),
            "HYT00");
  EXPECT_EQ(ask("SELECT 1"), "1");
}

TEST_P(QueryTimeout, CountsForEachParameterSetAndStopsTheArray) {
  std::array<double, 4> seconds{0.6, 0.6, 30, 0};
  std::array<SQLUSMALLINT, 4> status{};
  statement_.check(
      SQLSetStmtAttr(statement_.raw(), SQL_ATTR_PARAMSET_SIZE, attribute_value(seconds.size()), 0));
  statement_.check(SQLSetStmtAttr(statement_.raw(), SQL_ATTR_PARAM_STATUS_PTR, status.data(), 0));
  statement_.check(SQLBindParameter(statement_.raw(), 1, SQL_PARAM_INPUT, SQL_C_DOUBLE, SQL_DOUBLE,
                                    0, 0, seconds.data(), 0, nullptr));
  statement_.prepare("DO SLEEP(?)");
  SQLExecute(statement_.raw());
  // Servers take DO SLEEP for done when it is killed, so its own mark says nothing.
  EXPECT_EQ(status[0], SQL_PARAM_SUCCESS);
  EXPECT_EQ(status[1], SQL_PARAM_SUCCESS);
  EXPECT_EQ(running("SLEEP"), "0");
  EXPECT_EQ(ask("SELECT 1"), "1");
}

TEST_P(QueryTimeout, NeverHitsTheNextStatement) {
  for (int i = 0; i < 4; ++i) {
    const std::string state = state_of([&] { statement_.value("SELECT SLEEP(0.998), 1"); });
    EXPECT_TRUE(state == "00000" || state == "HYT00") << state;
    statement_.close();
    EXPECT_EQ(ask("SELECT 'other'"), "other");
  }
}

FOR_EVERY_SERVER(QueryTimeout);

}  // namespace
}  // namespace test_support
