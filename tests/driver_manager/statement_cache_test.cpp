// Prepared statements kept by physical connections (STATEMENT_CACHE_SIZE): prepared once for many
// handles and sessions, and never seen to be kept.
#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class KeptStatements : public ServerCase {
 protected:
  KeptStatements() { make_table("kept", "n INT"); }

  /// A handle of its own that prepares `sql`, whose one marker is `n`.
  std::string run(const OdbcConnection& connection, const std::string& sql, SQLINTEGER n = 0) {
    OdbcStatement statement(connection);
    statement.prepare(sql);
    return run(statement, n);
  }
  static std::string run(OdbcStatement& statement, SQLINTEGER n = 0) {
    statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER,
                                     0, 0, &n, 0, nullptr));
    statement.execute_prepared();
    SQLSMALLINT columns = 0;
    statement.check(SQLNumResultCols(statement.raw(), &columns));
    if (columns == 0) return {};
    const auto rows = statement.rows();
    statement.close();
    return rows.empty() ? "none" : rows.front().front().value_or("NULL");
  }
  /// Statements that a connection of this server had kept (true) or had to prepare, so far.
  std::uint64_t counted(bool kept) {
    OdbcStatement statement(connection_);
    statement.execute("SHOW FABRIC POOLS");
    std::uint64_t sum = 0;
    for (const OdbcRow& row : statement.rows()) {
      if (row.at(0) == server_.endpoint().text()) sum += std::stoull(*row.at(kept ? 18 : 19));
    }
    return sum;
  }
  std::string count_of(const std::string& table) { return ask("SELECT COUNT(*) FROM " + table); }
};

TEST_P(KeptStatements, ArePreparedOnceForAllHandlesOfASession) {
  const auto hits = counted(true);
  const auto misses = counted(false);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(run(connection_, "SELECT ? + 1", i), std::to_string(i + 1));
  }
  EXPECT_EQ(counted(true) - hits, 4U);
  EXPECT_EQ(counted(false) - misses, 1U);
}

TEST_P(KeptStatements, AreTheTwentyUsedLast) {
  for (int i = 0; i <= 20; ++i) run(connection_, "SELECT ? - " + std::to_string(i));
  const auto hits = counted(true);
  const auto misses = counted(false);
  EXPECT_EQ(run(connection_, "SELECT ? - 20", 50), "30");
  EXPECT_EQ(run(connection_, "SELECT ? - 0", 50), "50");
  EXPECT_EQ(counted(true) - hits, 1U);
  EXPECT_EQ(counted(false) - misses, 1U);
}

TEST_P(KeptStatements, AreLentToOneHandleAtATime) {
  OdbcStatement one(connection_);
  OdbcStatement two(connection_);
  one.prepare("SELECT ? + 2");
  two.prepare("SELECT ? + 2");
  EXPECT_EQ(run(one, 1), "3");
  EXPECT_EQ(run(two, 2), "4");
  EXPECT_EQ(run(one, 3), "5");
}

TEST_P(KeptStatements, OutliveASessionThatOnlyReads) {
  const std::string sql = "SELECT COUNT(*) FROM kept WHERE n > ?";
  const auto session = [&] {
    OdbcConnection connection(environment_);
    connection.connect(connection_string(server_.endpoint()));
    EXPECT_EQ(run(connection, sql), "0");
  };
  session();
  const auto hits = counted(true);
  session();
  EXPECT_EQ(counted(true) - hits, 1U);
}

TEST_P(KeptStatements, EndWithTheResetOfASessionThatWrote) {
  const std::string sql = "INSERT INTO kept VALUES (?)";
  for (int i = 0; i < 3; ++i) {
    OdbcConnection connection(environment_);
    connection.connect(connection_string(server_.endpoint()));
    run(connection, sql, i);
    run(connection, sql, i);
  }
  EXPECT_EQ(count_of("kept"), "6");
}

TEST_P(KeptStatements, AreUnseenByTransactionsOnOtherConnections) {
  OdbcConnection connection(environment_);
  connection.connect(connection_string(server_.endpoint(), "POOL_MODE=TRANSACTION"));
  OdbcStatement insert(connection);
  insert.prepare("INSERT INTO kept VALUES (?)");
  OdbcStatement select(connection);
  select.prepare("SELECT COUNT(*) FROM kept WHERE n >= ?");
  for (int i = 1; i <= 5; ++i) {
    run(insert, i);
    EXPECT_EQ(run(select, 1), std::to_string(i));
  }
}

TEST_P(KeptStatements, AreForgottenWhenTheirTextMeansSomethingElse) {
  const std::string sql = "SELECT IF(? = 7, \"n\", 0) FROM (SELECT 8 AS n) AS t";
  EXPECT_EQ(run(connection_, sql, 7), "n");
  OdbcStatement held(connection_);
  held.prepare(sql);
  OdbcStatement(connection_).execute("SET SESSION sql_mode = 'ANSI_QUOTES'");
  EXPECT_EQ(run(connection_, sql, 7), "8") << "a name now";
  held.close();
  EXPECT_EQ(run(connection_, sql, 7), "8");
  OdbcStatement(connection_).execute("SET SESSION sql_mode = DEFAULT");
  EXPECT_EQ(run(connection_, sql, 7), "n");
}

TEST_P(KeptStatements, AreOfTheirDatabase) {
  const std::string sql = "SELECT COUNT(*) FROM kept WHERE n >= ?";
  OdbcStatement(connection_).execute("CREATE DATABASE IF NOT EXISTS kept_elsewhere");
  OdbcStatement(connection_).execute("CREATE OR REPLACE VIEW kept_elsewhere.kept AS SELECT 1 AS n");
  EXPECT_EQ(run(connection_, sql), "0");
  OdbcStatement(connection_).execute("USE kept_elsewhere");
  EXPECT_EQ(run(connection_, sql), "1");
  OdbcStatement(connection_).execute("USE test");
  EXPECT_EQ(run(connection_, sql), "0");
  OdbcConnection other(environment_);
  other.connect(connection_string(server_.endpoint()));
  SQLCHAR elsewhere[] = "kept_elsewhere";
  other.check(SQLSetConnectAttr(other.raw(), SQL_ATTR_CURRENT_CATALOG, elsewhere, SQL_NTS));
  EXPECT_EQ(run(other, sql), "1");
  OdbcStatement(connection_).execute("DROP DATABASE kept_elsewhere");
}

TEST_P(KeptStatements, FollowTheirTablesSchema) {
  const std::string sql = "SELECT * FROM kept WHERE n >= ?";
  OdbcStatement(connection_).execute("INSERT INTO kept VALUES (1)");
  EXPECT_EQ(run(connection_, sql), "1");
  OdbcConnection other(environment_);
  other.connect(connection_string(server_.endpoint()));
  OdbcStatement(other).execute("ALTER TABLE kept ADD COLUMN first VARCHAR(9) DEFAULT 'new' FIRST");
  EXPECT_EQ(run(connection_, sql), "new");
  OdbcStatement(other).execute("ALTER TABLE kept ADD COLUMN last INT");
  OdbcStatement described(connection_);
  described.prepare(sql);
  SQLSMALLINT columns = 0;
  described.check(SQLNumResultCols(described.raw(), &columns));
  EXPECT_EQ(columns, 3) << "before it is run";
  EXPECT_EQ(run(described), "new");
  OdbcStatement(other).execute("DROP TABLE kept");
  OdbcStatement(other).execute("CREATE TEMPORARY TABLE kept (n INT)");
  EXPECT_EQ(state_of([&] { run(connection_, sql); }), "42S02");
}

TEST_P(KeptStatements, GiveWayWhenTheServerTakesNoMore) {
  OdbcConnection connection(environment_);
  connection.connect(connection_string(server_.endpoint()));
  for (int i = 0; i < 4; ++i) run(connection, "SELECT ? * " + std::to_string(i + 10));
  const std::string now =
      ask("SELECT variable_value FROM information_schema.global_status "
          "WHERE variable_name = 'Prepared_stmt_count'");
  OdbcStatement(connection_).execute("SET GLOBAL max_prepared_stmt_count = " + now);
  EXPECT_EQ(run(connection, "SELECT ? * 3", 4), "12");
  OdbcStatement held(connection);
  held.prepare("SELECT ? * 5");
  OdbcStatement(connection_).execute("SET GLOBAL max_prepared_stmt_count = 0");
  EXPECT_EQ(run(connection, "SELECT ? * 7", 4), "28") << "with its value in the text";
  EXPECT_EQ(run(held, 4), "20");
  OdbcStatement(connection_).execute("SET GLOBAL max_prepared_stmt_count = DEFAULT");
}

FOR_EVERY_SERVER(KeptStatements);

}  // namespace
}  // namespace test_support
