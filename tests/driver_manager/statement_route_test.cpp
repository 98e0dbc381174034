// The route of one statement by its own attributes, and cursors whose connection has gone elsewhere
// since.
#include <filesystem>
#include <fstream>

#include "tests/driver_manager/route_farm.h"

namespace test_support {
namespace {

class StatementRoute : public RouteFarm {
 protected:
  void SetUp() override {
    int first = 1;
    for (const auto& endpoint : {server().endpoint(), node_->endpoint()}) {
      on(endpoint,
         {"DROP DATABASE IF EXISTS shop", "CREATE DATABASE shop",
          "CREATE TABLE shop.orders (id INT PRIMARY KEY, total INT)",
          "INSERT INTO shop.orders VALUES (" + std::to_string(first) + ", 10), (" +
              std::to_string(first + 1) + ", 20), (" + std::to_string(first + 2) + ", 30)"});
      first += 999;
    }
    connection_.connect("DATABASE=shop;" + farm(""));
  }
  void TearDown() override {
    for (const auto& endpoint : {server().endpoint(), node_->endpoint()}) {
      on(endpoint, {"DROP DATABASE shop"});
    }
  }
  void on(const fabric::base::Endpoint& endpoint, const std::vector<std::string>& statements) {
    OdbcConnection direct(environment_);
    direct.connect(connection_string(endpoint));
    for (const std::string& sql : statements) OdbcStatement(direct).execute(sql);
  }
  std::string value_on(const fabric::base::Endpoint& endpoint, const std::string& sql) {
    OdbcConnection direct(environment_);
    direct.connect(connection_string(endpoint));
    return OdbcStatement(direct).value(sql);
  }
  static void steer(const OdbcStatement& statement, SQLINTEGER attribute, const std::string& text) {
    statement.check(SQLSetStmtAttr(statement.raw(), attribute, SQLPOINTER(text.data()),
                                   static_cast<SQLINTEGER>(text.size())));
  }
  static void steer(const OdbcStatement& statement, SQLINTEGER attribute, std::uintptr_t number) {
    statement.check(SQLSetStmtAttr(statement.raw(), attribute, reinterpret_cast<SQLPOINTER>(number),
                                   SQL_IS_UINTEGER));
  }
  std::string least(OdbcStatement& statement, const std::string& hint = "") {
    std::string found = "refused";
    state_of([&] { found = statement.value(hint + "SELECT MIN(id) FROM orders"); });
    statement.close();
    return found;
  }
};

TEST_F(StatementRoute, ByItsAttributesIsItsAlone) {
  OdbcStatement one(connection_);
  OdbcStatement other(connection_);
  steer(one, SQL_ATTR_FABRIC_KEY, "1000");
  EXPECT_EQ(least(one), "1000");
  EXPECT_EQ(least(other), "refused");
  EXPECT_TRUE(says("nothing fixes its sharding column id")) << sentence_;
  steer(other, SQL_ATTR_FABRIC_KEY, "5");
  EXPECT_EQ(least(other), "1");
  EXPECT_EQ(least(one), "1000");
  EXPECT_EQ(least(one, "/*fabric: key=1 */ "), "1");
  steer(one, SQL_ATTR_FABRIC_KEY, "");
  EXPECT_EQ(least(one), "refused");
  steer(one, SQL_ATTR_FABRIC_GROUP, "g1");
  EXPECT_EQ(least(one), "1");
  steer(one, SQL_ATTR_FABRIC_GROUP, "");
  steer(one, SQL_ATTR_FABRIC_SCOPE, SQL_FABRIC_SCOPE_GLOBAL);
  EXPECT_EQ(least(one), "1000");
  steer(one, SQL_ATTR_FABRIC_SCOPE, SQL_FABRIC_SCOPE_LOCAL);
  EXPECT_EQ(least(one), "refused");
  steer(one, SQL_ATTR_FABRIC_TABLES, "shop.orders");
  steer(one, SQL_ATTR_FABRIC_KEY, "1");
  EXPECT_EQ(one.value("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_NAME = 'orders'"),
            "1");
  one.close();
  EXPECT_EQ(place(), "first");
}

TEST_F(StatementRoute, ByItsHintIsTheSameButForItsKey) {
  OdbcStatement one(connection_);
  const auto hint = [](const std::string& key) {
    return "/*fabric: key=" + key + " tables=orders */ ";
  };
  for (const auto& [key, found] :
       {std::pair{"1", "1"}, {"1000", "1000"}, {"999", "1"}, {"5000", "1000"}}) {
    EXPECT_EQ(least(one, hint(key)), found) << key;
  }
  EXPECT_EQ(least(one, hint("-5")), "refused");
  EXPECT_TRUE(says("lies below the lowest bound")) << sentence_;
  EXPECT_EQ(least(one, hint("x")), "refused");
  EXPECT_TRUE(says("is not a whole number")) << sentence_;
  EXPECT_EQ(least(one, "/*fabric: key=1 tables=shop.none */ "), "refused");
  EXPECT_EQ(least(one, hint("1001")), "1000");
  run("USE mysql");
  EXPECT_EQ(least(one, hint("1")), "refused");
  EXPECT_TRUE(says("no sharded table 'mysql.orders'")) << sentence_;
}

TEST_F(StatementRoute, ByItsModeReadsASecondary) {
  OdbcStatement reader(connection_);
  steer(reader, SQL_ATTR_FABRIC_MODE, SQL_FABRIC_MODE_RO);
  const std::string sql =
      "SELECT @@port FROM DUAL WHERE 1 IN (SELECT 1) OR EXISTS (SELECT 1 FROM orders WHERE id = 1)";
  EXPECT_EQ(reader.value(sql), std::to_string(node_->endpoint().port));
  EXPECT_EQ(OdbcStatement(connection_).value(sql), std::to_string(server().endpoint().port));
}

TEST_F(StatementRoute, OfAPreparedStatementIsFoundAtEachExecution) {
  OdbcStatement prepared(connection_);
  prepared.prepare("SELECT id FROM orders WHERE id = ?");
  SQLINTEGER key = 0;
  prepared.check(SQLBindParameter(prepared.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0,
                                  0, &key, 0, nullptr));
  for (const SQLINTEGER one : {1, 1000, 2, 1001}) {
    key = one;
    prepared.execute_prepared();
    ASSERT_TRUE(prepared.fetch()) << one;
    EXPECT_EQ(prepared.text(1), std::to_string(one));
    prepared.close();
    EXPECT_EQ(place(), one < 1000 ? "first" : "second");
  }
}

TEST_F(StatementRoute, KeepsWhatACursorHasNotFetched) {
  OdbcStatement cursor(connection_);
  cursor.execute("SELECT id FROM orders WHERE id IN (1, 2, 3) ORDER BY id");
  ASSERT_TRUE(cursor.fetch());
  run("SELECT 1 FROM orders WHERE id = 1000");
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(cursor.rows(), (std::vector<OdbcRow>{{"2"}, {"3"}}));
}

TEST_F(StatementRoute, ChangesACursorsRowWhereItCameFrom) {
  OdbcStatement cursor(connection_);
  cursor.check(SQLSetStmtAttr(cursor.raw(), SQL_ATTR_CURSOR_TYPE,
                              reinterpret_cast<SQLPOINTER>(SQL_CURSOR_STATIC), 0));
  cursor.check(SQLSetStmtAttr(cursor.raw(), SQL_ATTR_CONCURRENCY,
                              reinterpret_cast<SQLPOINTER>(SQL_CONCUR_VALUES), 0));
  SQLINTEGER id = 0;
  SQLINTEGER total = 0;
  SQLLEN id_length = 0;
  SQLLEN total_length = 0;
  cursor.check(SQLBindCol(cursor.raw(), 1, SQL_C_SLONG, &id, 0, &id_length));
  cursor.check(SQLBindCol(cursor.raw(), 2, SQL_C_SLONG, &total, 0, &total_length));
  cursor.execute("SELECT id, total FROM orders WHERE id IN (1, 2, 3) ORDER BY id");
  ASSERT_EQ(SQLFetchScroll(cursor.raw(), SQL_FETCH_NEXT, 0), SQL_SUCCESS);
  run("SELECT 1 FROM orders WHERE id = 1000");
  EXPECT_EQ(place(), "second");
  total = 99;
  id_length = SQL_COLUMN_IGNORE;
  cursor.check(SQLSetPos(cursor.raw(), 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
  EXPECT_EQ(value_on(server().endpoint(), "SELECT total FROM shop.orders WHERE id = 1"), "99");
  EXPECT_EQ(place(), "first");
  id = 1500;
  id_length = sizeof id;
  EXPECT_EQ(
      state_of([&] { cursor.check(SQLSetPos(cursor.raw(), 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE)); }),
      "HY000");
  EXPECT_TRUE(says("changes the sharding column")) << sentence_;
}

TEST_F(StatementRoute, KeepsTheKeyThatAPositionedUpdateSetsToWhatItIs) {
  for (const char* columns : {"id INT PRIMARY KEY, total INT", "total INT UNIQUE, id INT"}) {
    on(server().endpoint(),
       {"DROP TABLE shop.orders", std::string("CREATE TABLE shop.orders (") + columns + ")",
        "INSERT INTO shop.orders (id, total) VALUES (1, 10), (2, 20)"});
    OdbcStatement cursor(connection_);
    cursor.check(SQLSetStmtAttr(cursor.raw(), SQL_ATTR_CURSOR_TYPE,
                                reinterpret_cast<SQLPOINTER>(SQL_CURSOR_STATIC), 0));
    cursor.check(SQLSetStmtAttr(cursor.raw(), SQL_ATTR_CONCURRENCY,
                                reinterpret_cast<SQLPOINTER>(SQL_CONCUR_VALUES), 0));
    SQLINTEGER id = 0;
    std::array<char, 20> total{};
    SQLLEN id_length = 0;
    SQLLEN total_length = 0;
    std::string name = "picked";
    cursor.check(SQLBindCol(cursor.raw(), 1, SQL_C_SLONG, &id, 0, &id_length));
    cursor.check(
        SQLBindCol(cursor.raw(), 2, SQL_C_CHAR, total.data(), total.size(), &total_length));
    cursor.check(SQLSetCursorName(cursor.raw(), reinterpret_cast<SQLCHAR*>(name.data()), SQL_NTS));
    cursor.execute("SELECT id, total FROM orders WHERE id IN (1, 2) ORDER BY id");
    ASSERT_EQ(SQLFetchScroll(cursor.raw(), SQL_FETCH_NEXT, 0), SQL_SUCCESS);
    const auto total_now = [&] {
      return value_on(server().endpoint(), "SELECT total FROM shop.orders WHERE id = 1");
    };
    total = {"77"};
    total_length = SQL_NTS;
    EXPECT_EQ(
        state_of([&] { cursor.check(SQLSetPos(cursor.raw(), 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE)); }),
        "00000")
        << sentence_;
    EXPECT_EQ(total_now(), "77");
    EXPECT_EQ(
        state_of([&] { run("UPDATE orders SET id = 1, total = 66 WHERE CURRENT OF picked"); }),
        "00000")
        << sentence_;
    EXPECT_EQ(total_now(), "66");
    EXPECT_EQ(
        state_of([&] { run("UPDATE orders SET id = 2, total = 55 WHERE CURRENT OF picked"); }),
        "HY000");
    EXPECT_TRUE(says("changes the sharding column")) << sentence_;
    EXPECT_EQ(total_now(), "66");
  }
}

/// A trigger that is made beside the driver is seen after a minute, or DDL of this process.
TEST_F(StatementRoute, IsRefusedWhereATriggerMayMoveTheRow) {
  for (const auto& endpoint : {server().endpoint(), node_->endpoint()}) {
    on(endpoint, {"CREATE TRIGGER shop.moving BEFORE INSERT ON shop.orders FOR EACH ROW SET "
                  "NEW.total = 1, NEW.id = NEW.id + 1000"});
  }
  run("CREATE TABLE shop.made (n INT)");
  for (const char* sql :
       {"INSERT INTO orders VALUES (7, 1)", "REPLACE orders SET id = 7, total = 1",
        "ANALYZE INSERT INTO orders VALUES (7, 1)"}) {
    EXPECT_EQ(state_of([&] { run(sql); }), "HY000") << sql;
    EXPECT_TRUE(says("shop.orders: a trigger may set its sharding column id")) << sentence_;
  }
  for (const char* sql :
       {"UPDATE orders SET total = 10 WHERE id = 1", "DELETE FROM orders WHERE id = 2"}) {
    EXPECT_EQ(state_of([&] { run(sql); }), "00000") << sentence_;
  }
  EXPECT_EQ(OdbcStatement(connection_).value("SELECT total FROM orders WHERE id = 1"), "10");
  EXPECT_EQ(state_of([&] { run("/*fabric: key=7 */ INSERT INTO orders VALUES (7, 1)"); }), "00000")
      << sentence_;
  EXPECT_EQ(place(), "first");
  run("DROP TRIGGER shop.moving");  // and what is known of it is forgotten
}

TEST_F(StatementRoute, IsRefusedWhereTheServerComputesTheKey) {
  for (const auto& endpoint : {server().endpoint(), node_->endpoint()}) {
    on(endpoint, {"CREATE OR REPLACE TABLE shop.orders (total INT, id INT AS (total + 0) STORED)",
                  "INSERT INTO shop.orders (total) VALUES (1)"});
  }
  run("CREATE TABLE shop.made (n INT)");  // what is known of tables is forgotten
  EXPECT_EQ(state_of([&] { run("UPDATE orders SET total = 1000 WHERE id = 1"); }), "HY000");
  EXPECT_TRUE(says("shop.orders: the server computes its sharding column id")) << sentence_;
  run("SET sql_mode = ''");  // else a value for a column that is computed is an error
  EXPECT_EQ(state_of([&] { run("INSERT INTO orders (id, total) VALUES (2, 1000)"); }), "HY000");
  EXPECT_TRUE(says("shop.orders: the server computes its sharding column id")) << sentence_;
  EXPECT_EQ(state_of([&] { run("DELETE FROM orders WHERE id = 1"); }), "00000") << sentence_;
  run("DROP TABLE shop.made");
}

TEST_F(StatementRoute, IsFoundInTheDatabaseThatInitstmtUses) {
  OdbcConnection other(environment_);
  other.connect(farm("INITSTMT={USE shop}"));
  OdbcStatement(other).execute("INSERT INTO orders VALUES (7, 1)");
  EXPECT_EQ(value_on(server().endpoint(), "SELECT COUNT(*) FROM shop.orders WHERE id = 7"), "1");
  EXPECT_EQ(OdbcStatement(other).value("SELECT DATABASE()"), "shop");
  OdbcStatement(other).execute("USE test");
  for (const char* group : {"g2", "g1"}) {
    const std::string asked = std::string("/*fabric: group=") + group + " */ SELECT DATABASE()";
    EXPECT_EQ(OdbcStatement(other).value(asked), "test") << "what was used later counts";
  }
}

TEST_F(StatementRoute, IsFoundInTheDatabaseThatStoredTextUses) {
  OdbcConnection other(environment_);
  other.connect(farm(""));
  OdbcStatement(other).execute("/*fabric: scope=global */ EXECUTE IMMEDIATE 'USE shop'");
  EXPECT_EQ(state_of([&] { OdbcStatement(other).execute("INSERT INTO orders VALUES (7, 1)"); }),
            "25000");
  EXPECT_EQ(value_on(node_->endpoint(), "SELECT COUNT(*) FROM shop.orders WHERE id = 7"), "0");
}

TEST_F(StatementRoute, IsExplainedAsRefusedWhereATransactionHoldsTheSession) {
  connection_.autocommit(false);
  run("UPDATE orders SET total = 12 WHERE id = 1");
  OdbcStatement explain(connection_);
  explain.execute("EXPLAIN FABRIC SELECT * FROM orders WHERE id = 1000");
  ASSERT_TRUE(explain.fetch());
  EXPECT_EQ(explain.text(2), std::nullopt);
  EXPECT_NE(explain.text(6)->find("A transaction is open"), std::string::npos) << *explain.text(6);
  explain.close();
  explain.execute("EXPLAIN FABRIC SELECT * FROM orders WHERE id = 2");
  ASSERT_TRUE(explain.fetch());
  EXPECT_EQ(explain.text(2), "g1");
  explain.close();
  connection_.end(SQL_ROLLBACK);
}

TEST_F(StatementRoute, ToASecondaryIsForNoneThatWrites) {
  OdbcConnection reader(environment_);
  reader.connect(farm("FABRIC_GROUP=g1;FABRIC_MODE=RO"));
  for (const char* sql :
       {"CREATE TABLE test.made (n INT)", "DROP TABLE IF EXISTS test.made", "TRUNCATE test.made",
        "/*fabric: key=1 */ ANALYZE UPDATE shop.orders SET total = 1 WHERE id = 1"}) {
    EXPECT_EQ(state_of([&] { OdbcStatement(reader).execute(sql); }), "25000") << sql;
    EXPECT_TRUE(says("nothing is written")) << sentence_;
  }
  OdbcStatement(reader).execute("CREATE TEMPORARY TABLE test.made (n INT)");
}

TEST_F(StatementRoute, IsFreeWhenALockIsReleasedByAParameter) {
  const auto with_name = [&](const std::string& sql, const std::string& name) {
    OdbcStatement prepared(connection_);
    prepared.prepare(sql);
    std::string value = name;
    prepared.check(SQLBindParameter(prepared.raw(), 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 64,
                                    0, value.data(), 0, nullptr));
    prepared.execute_prepared();
    prepared.fetch();
    return prepared.text(1);
  };
  EXPECT_EQ(with_name("SELECT GET_LOCK(?, 0)", "one"), "1");
  EXPECT_EQ(with_name("SELECT GET_LOCK(?, 0)", "two"), "1");
  EXPECT_EQ(with_name("SELECT RELEASE_LOCK(?)", "one"), "1");
  EXPECT_EQ(state_of([&] { run("SELECT * FROM orders WHERE id = 1"); }), "25000");
  EXPECT_EQ(with_name("SELECT RELEASE_LOCK(?)", "two"), "1");
  EXPECT_EQ(state_of([&] { run("SELECT * FROM orders WHERE id = 1"); }), "00000") << sentence_;
}

TEST_F(StatementRoute, LocksUnshardedRowsInTheGlobalGroupAlone) {
  for (const auto& endpoint : {server().endpoint(), node_->endpoint()}) {
    on(endpoint, {"CREATE TABLE shop.countries (code INT)"});
  }
  connection_.autocommit(false);
  run("UPDATE orders SET total = 12 WHERE id = 1");
  EXPECT_EQ(state_of([&] { run("SELECT * FROM countries"); }), "00000") << sentence_;
  for (const char* sql :
       {"SELECT * FROM countries FOR UPDATE", "ANALYZE UPDATE countries SET code = code"}) {
    EXPECT_EQ(state_of([&] { run(sql); }), "25000") << sql << ": " << sentence_;
  }
  connection_.end(SQL_ROLLBACK);
}

TEST_F(StatementRoute, TakesLocksAndSequencesInTheGlobalGroupAlone) {
  on(node_->endpoint(), {"CREATE SEQUENCE shop.ids"});
  run("SELECT * FROM orders WHERE id = 1");
  EXPECT_EQ(place(), "first");
  EXPECT_EQ(OdbcStatement(connection_).value("SELECT NEXTVAL(ids)"), "1");
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(OdbcStatement(connection_).value("SELECT LASTVAL(ids)"), "1");
  run("UPDATE orders SET total = 11 WHERE id = 1");
  EXPECT_EQ(place(), "first");
  EXPECT_EQ(state_of([&] { run("SELECT LASTVAL(ids)"); }), "08S01");
  EXPECT_TRUE(says("keep what NEXTVAL answers")) << sentence_;
  EXPECT_EQ(OdbcStatement(connection_).value("SELECT GET_LOCK('job', 0)"), "1");
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(state_of([&] { run("SELECT * FROM orders WHERE id = 1"); }), "25000");
  EXPECT_TRUE(says("GET_LOCK locks")) << sentence_;
  EXPECT_EQ(OdbcStatement(connection_).value("SELECT RELEASE_LOCK('job')"), "1");
  connection_.autocommit(false);
  run("UPDATE orders SET total = 12 WHERE id = 1");
  for (const char* sql : {"SELECT GET_LOCK('job', 0)", "SELECT IS_FREE_LOCK('job')",
                          "SELECT NEXTVAL(ids)", "SELECT NEXT VALUE FOR ids"}) {
    EXPECT_EQ(state_of([&] { run(sql); }), "25000") << sql << ": " << sentence_;
  }
  EXPECT_EQ(place(), "first");
  const std::string stated = "/*fabric: key=1 tables=shop.orders */ SELECT GET_LOCK('job', 0)";
  EXPECT_EQ(OdbcStatement(connection_).value(stated), "1");
  EXPECT_EQ(place(), "first");
  connection_.end(SQL_ROLLBACK);
}

TEST_F(StatementRoute, TellsTablesApartByTheirCaseAsTheServerDoes) {
  for (const auto& endpoint : {server().endpoint(), node_->endpoint()}) {
    on(endpoint, {"CREATE TABLE shop.Orders (id INT PRIMARY KEY)"});
  }
  run("INSERT INTO Orders VALUES (1)");
  EXPECT_EQ(place(), "second") << "the global group";
  EXPECT_EQ(value_on(server().endpoint(), "SELECT COUNT(*) FROM shop.Orders"), "0");
  EXPECT_EQ(value_on(node_->endpoint(), "SELECT COUNT(*) FROM shop.Orders"), "1");
  EXPECT_EQ(state_of([&] { run("SELECT * FROM ORDERS WHERE id = 1"); }), "42S02") << sentence_;
  EXPECT_EQ(state_of([&] { run("UPDATE Orders, orders SET total = 1 WHERE orders.id = 1"); }),
            "HY000");
  EXPECT_TRUE(says("it also changes Orders")) << sentence_;
}

/// The session's own server tells names apart, the one that `Orders` would go to does not.
TEST_F(StatementRoute, TakesNamesForTheSameWhereAnyOfTheServersDoes) {
  const TestServer folding(ServerKind::kMariaDb, {"--lower-case-table-names=1"});
  on(folding.endpoint(), {"CREATE DATABASE shop", "CREATE TABLE shop.orders (id INT PRIMARY KEY)"});
  const std::filesystem::path file = folding.folder() / "farm.ini";
  std::ofstream(file) << "[group folding]\nserver = " << folding.endpoint().text()
                      << "\n[group telling]\nserver = " << server().endpoint().text()
                      << "\n[mapping 1]\ntype = RANGE\nglobal = folding\ntable = shop.orders id\n"
                      << "shard = telling from 1\n";
  OdbcConnection other(environment_);
  other.connect("DRIVER={fabric};FABRIC_NODES=file:" + file.string() +
                ";UID=app;PWD=apppw;DATABASE=shop;");
  EXPECT_EQ(OdbcStatement(other).value("SELECT total FROM orders WHERE id = 1"), "10");
  for (const char* sql :
       {"SELECT COUNT(*) FROM Orders WHERE id = 1", "INSERT INTO ORDERS (id) VALUES (7)"}) {
    EXPECT_EQ(state_of([&] { OdbcStatement(other).execute(sql); }), "42S02") << sql;
    EXPECT_TRUE(says("telling/")) << "it has gone to the key's shard: " << sentence_;
  }
  EXPECT_EQ(value_on(folding.endpoint(), "SELECT COUNT(*) FROM shop.orders"), "0");
}

TEST_F(StatementRoute, TakesSavepointsAlongThatBeginATransaction) {
  connection_.autocommit(false);
  run("SAVEPOINT a");
  run("SAVEPOINT b");
  run("UPDATE orders SET total = 11 WHERE id = 1");
  EXPECT_EQ(place(), "first");
  run("ROLLBACK TO b");
  EXPECT_EQ(OdbcStatement(connection_).value("SELECT total FROM orders WHERE id = 1"), "10");
  run("SAVEPOINT c");
  EXPECT_EQ(state_of([&] { run("SELECT * FROM orders WHERE id = 1000"); }), "25000");
  connection_.end(SQL_COMMIT);
  run("START TRANSACTION");
  run("SAVEPOINT a");
  run("UPDATE orders SET total = 11 WHERE id = 1000");
  EXPECT_EQ(place(), "second");
  run("ROLLBACK TO a");
  connection_.end(SQL_COMMIT);
  EXPECT_EQ(value_on(node_->endpoint(), "SELECT total FROM shop.orders WHERE id = 1000"), "10");
}

TEST_F(StatementRoute, KeepsATransactionThatACursorHasWrittenIn) {
  OdbcStatement cursor(connection_);
  cursor.check(SQLSetStmtAttr(cursor.raw(), SQL_ATTR_CURSOR_TYPE,
                              reinterpret_cast<SQLPOINTER>(SQL_CURSOR_STATIC), 0));
  std::string name = "picked";
  cursor.check(SQLSetCursorName(cursor.raw(), reinterpret_cast<SQLCHAR*>(name.data()), SQL_NTS));
  cursor.execute("SELECT id, total FROM orders WHERE id = 1");
  ASSERT_EQ(SQLFetchScroll(cursor.raw(), SQL_FETCH_NEXT, 0), SQL_SUCCESS);
  run("START TRANSACTION");
  run("UPDATE orders SET total = 66 WHERE CURRENT OF picked");
  EXPECT_EQ(state_of([&] { run("UPDATE orders SET total = 66 WHERE id = 1000"); }), "25000");
  connection_.end(SQL_COMMIT);
  EXPECT_EQ(value_on(server().endpoint(), "SELECT total FROM shop.orders WHERE id = 1"), "66");
}

TEST_F(StatementRoute, IsFreeAgainWhenTemporaryTablesAreDropped) {
  run("CREATE TEMPORARY TABLE kept (n INT)");
  run("CREATE TEMPORARY TABLE test.also (n INT)");
  EXPECT_EQ(state_of([&] { run("SELECT * FROM orders WHERE id = 1"); }), "25000");
  run("DROP TEMPORARY TABLE kept");
  EXPECT_EQ(state_of([&] { run("SELECT * FROM orders WHERE id = 1"); }), "25000");
  run("DROP TEMPORARY TABLE test.also");
  run("SELECT * FROM orders WHERE id = 1");
  EXPECT_EQ(place(), "first");
}

}  // namespace
}  // namespace test_support
