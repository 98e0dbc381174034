// Sharded tables behind views, triggers and functions: such a statement has to say where it goes.
#include "tests/driver_manager/route_farm.h"

namespace test_support {
namespace {

class HiddenTables : public RouteFarm {
 protected:
  void SetUp() override {
    for (const auto& endpoint : {server().endpoint(), node_->endpoint()}) {
      OdbcConnection direct(environment_);
      direct.connect(connection_string(endpoint));
      for (const char* sql :
           {"DROP DATABASE IF EXISTS shop", "CREATE DATABASE shop",
            "CREATE TABLE shop.orders (id INT PRIMARY KEY, total INT)",
            "INSERT INTO shop.orders VALUES (1, 10), (1000, 20)",
            "CREATE TABLE shop.countries (code INT PRIMARY KEY)", "CREATE TABLE shop.log (n INT)",
            "CREATE VIEW shop.totals AS SELECT SUM(total) AS total FROM shop.orders",
            "CREATE VIEW shop.codes AS SELECT code FROM shop.countries",
            "CREATE FUNCTION shop.total_of(k INT) RETURNS INT READS SQL DATA RETURN (SELECT total "
            "FROM shop.orders WHERE id = k)",
            "CREATE FUNCTION shop.year(k INT) RETURNS INT READS SQL DATA RETURN (SELECT total FROM "
            "shop.orders WHERE id = k)",
            "CREATE FUNCTION shop.twice(k INT) RETURNS INT NO SQL RETURN k * 2",
            "CREATE TRIGGER shop.noting AFTER INSERT ON shop.log FOR EACH ROW UPDATE shop.orders "
            "SET total = total + 1",
            "CREATE PROCEDURE shop.tidy() DELETE FROM shop.orders"}) {
        OdbcStatement(direct).execute(sql);
      }
    }
  }
  void TearDown() override {
    for (const auto& endpoint : {server().endpoint(), node_->endpoint()}) {
      OdbcConnection direct(environment_);
      direct.connect(connection_string(endpoint));
      OdbcStatement(direct).execute("DROP DATABASE shop");
    }
  }
  void connect(const std::string& more = "") { connection_.connect("DATABASE=shop;" + farm(more)); }
  void expect_refused(const std::string& sql, const std::string& words) {
    EXPECT_EQ(state_of([&] { run(sql); }), "HY000") << sql;
    EXPECT_TRUE(says(words)) << sql << ": " << sentence_;
    EXPECT_TRUE(says("State it: /*fabric: key=... tables=shop.orders */")) << sentence_;
  }
};

TEST_F(HiddenTables, BehindViewsRefuseTheStatement) {
  connect();
  for (const char* sql :
       {"SELECT * FROM totals", "SELECT * FROM shop.totals t", "SELECT 1 FROM countries, totals",
        "SELECT (SELECT total FROM totals)", "SELECT * FROM (SELECT * FROM totals) AS t",
        "WITH t AS (SELECT * FROM totals) SELECT * FROM t",
        "INSERT INTO countries SELECT * FROM totals", "SELECT * FROM orders, totals WHERE id = 1",
        "UPDATE totals SET total = 1", "CREATE TABLE copied SELECT * FROM totals",
        "SELECT * FROM totals FOR SYSTEM_TIME ALL", "SET @n = (SELECT total FROM totals)"}) {
    expect_refused(sql, "shop.totals, a view that uses the sharded table shop.orders");
  }
  EXPECT_EQ(state_of([&] { run("SELECT * FROM codes"); }), "00000") << sentence_;
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(state_of([&] { run("SELECT totals FROM (SELECT 1 AS totals) AS t"); }), "00000");
}

TEST_F(HiddenTables, BehindViewsAreReachedByAStatedRoute) {
  connect();
  run("/*fabric: key=1 tables=shop.orders */ SELECT * FROM totals");
  EXPECT_EQ(place(), "first");
  run("/*fabric: scope=global */ SELECT * FROM totals");
  EXPECT_EQ(place(), "second");
  run("/*fabric: group=g1 */ SELECT * FROM totals");
  EXPECT_EQ(place(), "first");
  set_number(SQL_ATTR_FABRIC_SCOPE, SQL_FABRIC_SCOPE_GLOBAL);
  run("SELECT * FROM totals");
  EXPECT_EQ(place(), "second");
}

TEST_F(HiddenTables, BehindViewsAreRefusedInsideATransactionAndWithTheGroupOfTheDsn) {
  connect("FABRIC_GROUP=g1");
  expect_refused("SELECT * FROM totals", "shop.totals, a view");
  connection_.autocommit(false);
  run("SELECT * FROM orders WHERE id = 1");
  expect_refused("SELECT * FROM totals", "shop.totals, a view");
  connection_.end(SQL_ROLLBACK);
}

TEST_F(HiddenTables, BehindTriggersRefuseTheWrite) {
  connect();
  expect_refused("INSERT INTO log VALUES (1)", "shop.log, which has a trigger");
  expect_refused("DELETE FROM log", "shop.log, which has a trigger");
  EXPECT_EQ(state_of([&] { run("SELECT * FROM log"); }), "00000") << sentence_;
}

TEST_F(HiddenTables, BehindFunctionsNeedAStatedRouteAsCallDoes) {
  connect();
  expect_refused("SELECT total_of(1)", "shop.total_of(), a stored function");
  expect_refused("SELECT code, shop.total_of(code) FROM countries", "shop.total_of()");
  expect_refused("DO total_of(1)", "shop.total_of()");
  expect_refused("SELECT shop.year(1)", "shop.year()");
  EXPECT_EQ(state_of([&] { run("SELECT twice(1), UUID()"); }), "00000") << sentence_;
  EXPECT_EQ(state_of([&] { run("CALL tidy()"); }), "HY000");
  EXPECT_TRUE(says("not in its text")) << sentence_;
  run("SELECT total_of(1) FROM orders WHERE id = 1");
  EXPECT_EQ(place(), "first");
  connection_.disconnect();
  connect("FABRIC_GROUP=g1");
  run("SELECT total_of(1)");
  EXPECT_EQ(place(), "first");
}

TEST_F(HiddenTables, OfAViewThatThisProcessMakesAreSeenAtOnce) {
  connect();
  EXPECT_EQ(state_of([&] { run("SELECT * FROM late"); }), "42S02") << sentence_;
  run("CREATE VIEW late AS SELECT * FROM orders");
  expect_refused("SELECT * FROM late", "shop.late, a view");
}

TEST_F(HiddenTables, AreNotLookedForInAFarmByItsSettings) {
  connect("FABRIC_TABLES=shop.orders;FABRIC_KEY=1");
  run("SELECT * FROM totals");
  EXPECT_EQ(place(), "first");
}

}  // namespace
}  // namespace test_support
