// SET FABRIC and SHOW FABRIC through the driver manager, on a farm and without one.
#include "tests/driver_manager/route_farm.h"

namespace test_support {
namespace {

class FabricStatements : public RouteFarm {
 protected:
  std::vector<OdbcRow> rows(const std::string& sql) {
    OdbcStatement statement(connection_);
    statement.execute(sql);
    return statement.rows();
  }
  std::string run_state(const std::string& sql) {
    return state_of([&] { run(sql); });
  }
  /// A value of SHOW FABRIC STATUS.
  std::string status(const std::string& name) {
    for (const OdbcRow& row : rows("SHOW FABRIC STATUS")) {
      if (row.at(0) == name) return row.at(1).value_or("NULL");
    }
    return "none";
  }
};

TEST_F(FabricStatements, SetTheRouteAsTheAttributesDo) {
  connection_.connect(farm("FABRIC_GROUP=g1"));
  EXPECT_EQ(place(), "first");
  run("SET FABRIC group = g2");
  EXPECT_EQ(get(SQL_ATTR_FABRIC_GROUP), "g2");
  EXPECT_EQ(place(), "second");
  run("set fabric TABLES = shop.orders, KEY = 7;");
  EXPECT_EQ(get(SQL_ATTR_FABRIC_KEY), "7");
  EXPECT_EQ(get(SQL_ATTR_FABRIC_TABLES), "shop.orders");
  EXPECT_EQ(place(), "first");
  run("SET FABRIC key = '1000'");
  EXPECT_EQ(place(), "second");
  run("SET FABRIC key = 7, scope = GLOBAL");
  EXPECT_EQ(place(), "second");
  run("SET FABRIC scope = DEFAULT");
  EXPECT_EQ(place(), "first");
  run("SET FABRIC mode = RO");
  EXPECT_EQ(get_number(SQL_ATTR_FABRIC_MODE), SQL_FABRIC_MODE_RO);
  EXPECT_EQ(place(), "second");
  run("SET FABRIC mode = DEFAULT, tables = DEFAULT, key = DEFAULT, group = DEFAULT");
  EXPECT_EQ(get(SQL_ATTR_FABRIC_GROUP), "g1");
  EXPECT_EQ(get(SQL_ATTR_FABRIC_KEY), "");
  EXPECT_EQ(place(), "first");
}

TEST_F(FabricStatements, DefaultIsWhatTheDsnSaysAlsoAfterAnAttribute) {
  set(SQL_ATTR_FABRIC_GROUP, "g2");
  connection_.connect(farm("FABRIC_GROUP=g1"));
  EXPECT_EQ(place(), "second");
  run("SET FABRIC group = DEFAULT");
  EXPECT_EQ(place(), "first");
}

TEST_F(FabricStatements, HoldUntilTheSessionEnds) {
  connection_.connect(farm("FABRIC_GROUP=g1"));
  run("SET FABRIC group = g2");
  EXPECT_EQ(place(), "second");
  connection_.disconnect();
  connection_.connect(farm("FABRIC_GROUP=g1"));
  EXPECT_EQ(place(), "first");
  run("SET FABRIC group = g2");
  set_number(SQL_ATTR_RESET_CONNECTION, SQL_RESET_CONNECTION_YES);
  EXPECT_EQ(place(), "first");
}

/// unixODBC's pool hands the connection to somebody else so.
TEST_F(FabricStatements, LeaveAResetConnectionAsTheDsnAsks) {
  connection_.connect(farm("FABRIC_GROUP=g1"));
  set(SQL_ATTR_FABRIC_GROUP, "g2");
  set_number(SQL_ATTR_CONNECTION_TIMEOUT, 7);
  set_number(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY);
  EXPECT_EQ(place(), "second");
  set_number(SQL_ATTR_RESET_CONNECTION, SQL_RESET_CONNECTION_YES);
  EXPECT_EQ(place(), "first");
  EXPECT_EQ(get(SQL_ATTR_FABRIC_GROUP), "g1");
  EXPECT_EQ(get_number(SQL_ATTR_CONNECTION_TIMEOUT), 0U);
  EXPECT_EQ(get_number(SQL_ATTR_ACCESS_MODE), SQLUINTEGER{SQL_MODE_READ_WRITE});
}

TEST_F(FabricStatements, SetAllOfItOrNothing) {
  connection_.connect(farm("FABRIC_GROUP=g1"));
  run("SET @kept = 1");
  EXPECT_EQ(run_state("SET FABRIC group = g2, mode = RO"), "25000");
  EXPECT_TRUE(says("user variables")) << sentence_;
  EXPECT_EQ(run_state("SET FABRIC group = g2, mode = sideways"), "HY024");
  EXPECT_EQ(run_state("SET FABRIC group = g2, size = 1"), "42000");
  EXPECT_EQ(get(SQL_ATTR_FABRIC_GROUP), "g1");
  EXPECT_EQ(run_state("SET FABRIC group = g1"), "00000");  // no other route
  EXPECT_EQ(OdbcStatement(connection_).value("SELECT @kept"), "1");
}

TEST_F(FabricStatements, AreRefusedInsideATransaction) {
  connection_.connect(farm("FABRIC_GROUP=g1"));
  run("START TRANSACTION");
  EXPECT_EQ(run_state("SET FABRIC group = g2"), "25000");
  EXPECT_EQ(status("pinned_by"), "a transaction");
  connection_.end(SQL_ROLLBACK);
  EXPECT_EQ(run_state("SET FABRIC group = g2"), "00000");
}

TEST_F(FabricStatements, ShowTheFarm) {
  connection_.connect(farm("FABRIC_GROUP=g1"));
  const std::string first = server().endpoint().text();
  const std::string second = "127.0.0.1:" + std::to_string(node_->endpoint().port);
  const std::string also_second = "localhost:" + std::to_string(node_->endpoint().port);
  EXPECT_EQ(rows("SHOW FABRIC GROUPS"), (std::vector<OdbcRow>{{"g1", first, "2", "1", "0", "0"},
                                                              {"g2", second, "1", "0", "0", "0"}}));
  const auto servers = rows("SHOW FABRIC SERVERS");
  ASSERT_EQ(servers.size(), 3U);
  EXPECT_EQ(servers[0], (OdbcRow{"g1", first, "PRIMARY", "READ_WRITE", "1", "u1", "YES"}));
  EXPECT_EQ(servers[1], (OdbcRow{"g1", also_second, "SECONDARY", "READ_ONLY", "1", "u3", "NO"}));
  const auto shards = rows("SHOW FABRIC SHARDS");
  ASSERT_EQ(shards.size(), 2U);
  EXPECT_EQ(shards[1],
            (OdbcRow{"1", "RANGE", "2", "1000", "g2", "g2", "shop.orders(id)", std::nullopt}));
  EXPECT_EQ(status("current_server"), first);
  EXPECT_EQ(status("group"), "g1");
  EXPECT_EQ(status("mode"), "RW");
  EXPECT_EQ(status("topology_stale"), "NO");
}

TEST_F(FabricStatements, ShowPoolsWithTheirCounters) {
  connection_.connect(farm("FABRIC_GROUP=g1;MAX_POOL_SIZE=7"));
  int leased = 0;
  int borrows = 0;
  OdbcStatement statement(connection_);
  statement.execute("SHOW FABRIC POOLS");
  for (const OdbcRow& row : statement.rows()) {
    ASSERT_EQ(row.size(), 24U);
    if (row[0] != server().endpoint().text() || row[1] != "app") continue;
    // Other tests have made pools for it with options of their own.
    if (row[2] == "YES") {
      EXPECT_GE(std::stoi(row[3].value()), 1);
    }
    leased += std::stoi(row[6].value());
    borrows += std::stoi(row[9].value());
  }
  EXPECT_GE(leased, 1);
  EXPECT_GE(borrows, 1);
}

TEST_F(FabricStatements, DescribeTheirColumnsBeforeTheyRun) {
  connection_.connect(farm("FABRIC_GROUP=g1"));
  OdbcStatement statement(connection_);
  statement.prepare("SHOW FABRIC SHARDS");
  SQLSMALLINT columns = 0;
  statement.check(SQLNumResultCols(statement.raw(), &columns));
  EXPECT_EQ(columns, 8);
  std::array<SQLCHAR, 64> name{};
  SQLSMALLINT length = 0;
  SQLSMALLINT type = 0;
  SQLULEN size = 0;
  SQLSMALLINT nullable = 0;
  statement.check(SQLDescribeCol(statement.raw(), 1, name.data(), name.size(), &length, &type,
                                 &size, nullptr, &nullable));
  EXPECT_STREQ(reinterpret_cast<char*>(name.data()), "mapping_id");
  EXPECT_EQ(type, SQL_INTEGER);
  EXPECT_EQ(nullable, SQL_NO_NULLS);
  for (int i = 0; i < 2; ++i) {
    statement.execute_prepared();
    EXPECT_EQ(statement.rows().size(), 2U);
    statement.close();
  }
  statement.prepare("SET FABRIC group = g2");
  statement.check(SQLNumResultCols(statement.raw(), &columns));
  EXPECT_EQ(columns, 0);
  EXPECT_EQ(get(SQL_ATTR_FABRIC_GROUP), "g1");
  statement.execute_prepared();
  EXPECT_EQ(get(SQL_ATTR_FABRIC_GROUP), "g2");
}

TEST_F(FabricStatements, LeaveOpenResultsAlone) {
  connection_.connect(farm("FABRIC_GROUP=g1"));
  OdbcStatement open(connection_);
  open.execute("SELECT seq FROM seq_1_to_50000");
  ASSERT_TRUE(open.fetch());
  EXPECT_EQ(rows("SHOW FABRIC SHARDS").size(), 2U);
  run("SET FABRIC group = g2");
  EXPECT_EQ(open.rows().size(), 49999U);
  EXPECT_EQ(place(), "second");
}

TEST_F(FabricStatements, ScrollAsAnyResult) {
  connection_.connect(farm("FABRIC_GROUP=g1"));
  OdbcStatement statement(connection_);
  statement.check(SQLSetStmtAttr(statement.raw(), SQL_ATTR_CURSOR_TYPE,
                                 reinterpret_cast<SQLPOINTER>(SQL_CURSOR_STATIC), 0));
  statement.execute("SHOW FABRIC GROUPS");
  statement.check(SQLFetchScroll(statement.raw(), SQL_FETCH_LAST, 0));
  EXPECT_EQ(statement.text(1), "g2");
  statement.check(SQLFetchScroll(statement.raw(), SQL_FETCH_FIRST, 0));
  EXPECT_EQ(statement.text(1), "g1");
}

TEST_F(FabricStatements, NativeSqlLeavesThemAlone) {
  connection_.connect(farm("FABRIC_GROUP=g1"));
  std::string sql = "EXPLAIN FABRIC SELECT {fn NOW()}";
  std::array<SQLCHAR, 100> out{};
  SQLINTEGER length = 0;
  connection_.check(SQLNativeSql(connection_.raw(), reinterpret_cast<SQLCHAR*>(sql.data()), SQL_NTS,
                                 out.data(), out.size(), &length));
  EXPECT_EQ(reinterpret_cast<char*>(out.data()), sql);
}

TEST_F(FabricStatements, AnswerWithoutAFarm) {
  connection_.connect(connection_string(server().endpoint()));
  EXPECT_EQ(status("nodes"), "NULL");
  EXPECT_EQ(status("current_server"), server().endpoint().text());
  EXPECT_EQ(status("topology_version"), "none");
  const auto servers = rows("SHOW FABRIC SERVERS");
  ASSERT_EQ(servers.size(), 1U);
  EXPECT_EQ(servers[0][1], server().endpoint().text());
  EXPECT_EQ(servers[0][6], "YES");
  EXPECT_EQ(rows("SHOW FABRIC GROUPS").size(), 1U);
  EXPECT_TRUE(rows("SHOW FABRIC SHARDS").empty());
  EXPECT_EQ(run_state("SET FABRIC group = g1"), "HY000");
  EXPECT_TRUE(says("give FABRIC_NODES")) << sentence_;
  EXPECT_EQ(run_state("SET FABRIC mode = RO"), "00000");
}

TEST_F(FabricStatements, NamesThatAreNotOursGoToTheServer) {
  connection_.connect(farm("FABRIC_GROUP=g1"));
  run("CREATE OR REPLACE TABLE fabric (id INT)");
  EXPECT_EQ(rows("EXPLAIN fabric").size(), 1U);
  EXPECT_EQ(rows("DESCRIBE fabric id").size(), 1U);
  EXPECT_EQ(run_state("SET fabric = 1"), "HY000");  // unknown system variable
  run("DROP TABLE fabric");
}

}  // namespace
}  // namespace test_support
