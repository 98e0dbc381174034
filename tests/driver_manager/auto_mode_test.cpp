// FABRIC_MODE=AUTO through the driver manager. The two servers of the farm do not replicate, so
// that a row tells which of them was written and read.
#include "tests/driver_manager/route_farm.h"

namespace test_support {
namespace {

class AutoMode : public RouteFarm {
 protected:
  void SetUp() override {
    for (const auto& endpoint : {server().endpoint(), node_->endpoint()}) {
      OdbcConnection direct(environment_);
      direct.connect(connection_string(endpoint));
      OdbcStatement(direct).execute("DROP TABLE IF EXISTS noted, plain_rows");
      OdbcStatement(direct).execute(
          "CREATE TABLE noted (id INT PRIMARY KEY AUTO_INCREMENT, n INT) ENGINE=InnoDB");
      OdbcStatement(direct).execute("CREATE TABLE plain_rows (n INT) ENGINE=InnoDB");
      OdbcStatement(direct).execute("INSERT INTO plain_rows VALUES (1), (2), (3)");
    }
  }
  void connect(const std::string& more = "READ_AFTER_WRITE=0") {
    connection_.connect(farm("FABRIC_GROUP=g1;FABRIC_MODE=AUTO;" + more));
  }
  void insert() { run("INSERT INTO noted (n) VALUES (1)"); }
  std::string value(const std::string& sql) { return OdbcStatement(connection_).value(sql); }
  std::string run_state(const std::string& sql) {
    return state_of([&] { run(sql); });
  }
  /// Rows of `noted` on the server that the session reads.
  std::string noted() { return value("SELECT COUNT(*) FROM noted"); }
};

TEST_F(AutoMode, ReadsASecondaryAndWritesThePrimary) {
  connect();
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(get(SQL_ATTR_FABRIC_CURRENT_SERVER),
            "localhost:" + std::to_string(node_->endpoint().port));
  insert();
  EXPECT_EQ(get(SQL_ATTR_FABRIC_CURRENT_SERVER), server().endpoint().text());
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(noted(), "0");
  EXPECT_EQ(value("SELECT COUNT(*) FROM noted FOR UPDATE"), "1");
  EXPECT_EQ(get_number(SQL_ATTR_FABRIC_MODE), SQL_FABRIC_MODE_AUTO);
}

TEST_F(AutoMode, ReadsItsOwnWritesForAWhile) {
  connect("READ_AFTER_WRITE=10min");
  EXPECT_EQ(place(), "second");
  insert();
  EXPECT_EQ(noted(), "1");
  EXPECT_EQ(place(), "first");
  connection_.disconnect();
  connect("READ_AFTER_WRITE=10min");
  EXPECT_EQ(place(), "second");  // another session
}

TEST_F(AutoMode, GoesBackToASecondaryWhenThatTimeHasPassed) {
  connect("READ_AFTER_WRITE=300ms");
  const auto begun = std::chrono::steady_clock::now();
  insert();
  while (place() == "first") {
    ASSERT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
  }
  EXPECT_GE(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(300));
  EXPECT_EQ(noted(), "0");
}

TEST_F(AutoMode, WithAutocommitOffAllGoesToThePrimary) {
  connect();
  connection_.autocommit(false);
  EXPECT_EQ(place(), "first");
  insert();
  EXPECT_EQ(noted(), "1");
  connection_.end(SQL_ROLLBACK);
  EXPECT_EQ(noted(), "0");
  EXPECT_EQ(place(), "first");
  connection_.end(SQL_COMMIT);
  connection_.autocommit(true);
  EXPECT_EQ(place(), "second");
}

TEST_F(AutoMode, TransactionsBegunInSqlStayOnThePrimary) {
  connect();
  run("START TRANSACTION");
  EXPECT_EQ(place(), "first");
  insert();
  EXPECT_EQ(noted(), "1");
  run("ROLLBACK");
  EXPECT_EQ(place(), "second");
}

TEST_F(AutoMode, ReadOnlyTransactionsReadASecondary) {
  connect();
  run("START TRANSACTION READ ONLY");
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(run_state("INSERT INTO noted (n) VALUES (1)"), "25000") << sentence_;
  run("COMMIT");
  run("SET TRANSACTION READ ONLY");
  run("BEGIN");
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(run_state("INSERT INTO noted (n) VALUES (1)"), "25000") << sentence_;
  run("COMMIT");
  run("BEGIN");
  insert();
  EXPECT_EQ(noted(), "1");
  run("COMMIT");
}

TEST_F(AutoMode, SettingsOfTransactionsFollowTheSession) {
  connect();
  connection_.autocommit(false);
  run("SET TRANSACTION READ ONLY");
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(run_state("INSERT INTO noted (n) VALUES (1)"), "25000") << sentence_;
  connection_.end(SQL_ROLLBACK);
  EXPECT_EQ(place(), "first");
  connection_.end(SQL_ROLLBACK);
  run("SET SESSION TRANSACTION READ ONLY");
  EXPECT_EQ(place(), "second");
  connection_.end(SQL_ROLLBACK);
  EXPECT_EQ(place(), "second");
  connection_.end(SQL_ROLLBACK);
  EXPECT_EQ(run_state("INSERT INTO noted (n) VALUES (1)"), "25000") << sentence_;
}

TEST_F(AutoMode, TheAccessModeMakesASessionReadOnly) {
  for (const bool before : {true, false}) {
    if (before) set_number(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY);
    connect();
    if (!before) set_number(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY);
    connection_.autocommit(false);
    EXPECT_EQ(place(), "second");
    connection_.end(SQL_COMMIT);
    EXPECT_EQ(run_state("INSERT INTO noted (n) VALUES (1)"), "25000") << sentence_;
    connection_.end(SQL_ROLLBACK);
    set_number(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_WRITE);
    EXPECT_EQ(place(), "first");
    insert();
    connection_.end(SQL_COMMIT);
    connection_.autocommit(true);
    connection_.disconnect();
  }
}

TEST_F(AutoMode, TheAccessModeGuardsSessionsOfSecondariesToo) {
  for (const bool before : {true, false}) {
    if (before) set_number(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY);
    connection_.connect(farm("FABRIC_GROUP=g1;FABRIC_MODE=RO"));
    if (!before) set_number(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY);
    EXPECT_EQ(place(), "second");
    EXPECT_EQ(run_state("INSERT INTO noted (n) VALUES (1)"), "25000") << sentence_;
    set_number(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_WRITE);
    connection_.disconnect();
  }
}

TEST_F(AutoMode, OnASecondaryNothingIsWrittenButTemporaryTables) {
  connection_.connect(farm("FABRIC_GROUP=g1;FABRIC_MODE=RO"));
  EXPECT_EQ(place(), "second");
  for (const char* sql :
       {"INSERT INTO noted (n) VALUES (1)", "/* x */ REPLACE INTO noted (n) VALUES (1)",
        "UPDATE noted SET n = 1", "DELETE FROM noted"}) {
    EXPECT_EQ(run_state(sql), "25000") << sql;
    EXPECT_TRUE(says("FABRIC_MODE=RO")) << sentence_;
  }
  EXPECT_EQ(run_state("/*fabric: mode=rw */ INSERT INTO noted (n) VALUES (1)"), "00000");
  run("CREATE TEMPORARY TABLE mine (n INT)");
  EXPECT_EQ(run_state("INSERT INTO mine VALUES (1)"), "00000") << sentence_;
}

TEST_F(AutoMode, PinnedSessionsStayAndLoseNothing) {
  for (const auto& [sql, check, expected] :
       {std::tuple("SET @kept = 7", "SELECT @kept", "7"),
        std::tuple("CREATE TEMPORARY TABLE kept AS SELECT 7 AS n", "SELECT n FROM kept", "7"),
        std::tuple("DO GET_LOCK('auto', 0)", "SELECT IS_USED_LOCK('auto') = CONNECTION_ID()", "1"),
        std::tuple("SET SESSION sql_mode = CONCAT('ANSI,', @@sql_mode)",
                   "SELECT @@sql_mode LIKE '%ANSI_QUOTES%'", "1"),
        std::tuple("PREPARE kept FROM 'SELECT 7'", "EXECUTE kept", "7")}) {
    connect();
    EXPECT_EQ(place(), "second");
    run(sql);
    EXPECT_EQ(place(), "first") << sql;
    EXPECT_EQ(value(check), expected) << sql;
    EXPECT_EQ(value("SELECT COUNT(*) FROM plain_rows"), "3");
    insert();
    EXPECT_EQ(value(check), expected) << sql;
    EXPECT_EQ(place(), "first") << sql;
    connection_.disconnect();
  }
}

TEST_F(AutoMode, SettingsFollowTheSession) {
  connect();
  run("SET SESSION sql_mode = 'ANSI', time_zone = '+07:00'");
  const std::string settings = "SELECT CONCAT(@@time_zone, @@sql_mode LIKE '%ANSI_QUOTES%')";
  EXPECT_EQ(value(settings), "+07:001");
  insert();
  EXPECT_EQ(value(settings + " FROM noted FOR UPDATE"), "+07:001");  // on the primary
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(value(settings), "+07:001");
}

TEST_F(AutoMode, GoesOnWhenAPinHasEnded) {
  connect();
  run("DO GET_LOCK('auto', 0)");
  EXPECT_EQ(place(), "first");
  run("DO RELEASE_ALL_LOCKS()");
  EXPECT_EQ(place(), "second");
}

TEST_F(AutoMode, RefusesWhatWouldLoseStateThatLiesOnASecondary) {
  connect();
  run("START TRANSACTION READ ONLY");
  run("SET @kept = 7");
  run("COMMIT");
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(run_state("INSERT INTO noted (n) VALUES (1)"), "25000");
  EXPECT_TRUE(says("user variables")) << sentence_;
  EXPECT_EQ(place(), "second");
}

TEST_F(AutoMode, WantedStateFollows) {
  OdbcConnection direct(environment_);
  direct.connect(connection_string(node_->endpoint()));
  OdbcStatement(direct).execute("CREATE DATABASE IF NOT EXISTS other_place");
  OdbcStatement(direct).execute("CREATE OR REPLACE TABLE other_place.here (n INT)");
  connect();
  run("DO 1");  // on the primary
  EXPECT_EQ(get(SQL_ATTR_FABRIC_CURRENT_SERVER), server().endpoint().text());
  run("CREATE DATABASE IF NOT EXISTS other_place");
  run("SET NAMES latin1");
  run("SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE");
  run("USE other_place");
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(value("SELECT COUNT(*) FROM here"), "0");
  EXPECT_EQ(value("SELECT @@character_set_client"), "latin1");
  EXPECT_EQ(value("SELECT @@tx_isolation"), "SERIALIZABLE");
  run("USE test");
  insert();
  EXPECT_EQ(value("SELECT DATABASE()"), "test");
  run("DROP DATABASE other_place");
  OdbcStatement(direct).execute("DROP DATABASE other_place");
}

TEST_F(AutoMode, TheInsertIdFollows) {
  connect();
  insert();
  insert();
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(value("SELECT LAST_INSERT_ID()"), "2");
  EXPECT_EQ(place(), "second");
  run("INSERT INTO plain_rows VALUES (LAST_INSERT_ID())");
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(value("SELECT LAST_INSERT_ID()"), "2");
  EXPECT_EQ(value("SELECT MAX(n) FROM plain_rows FOR UPDATE"), "3");
  EXPECT_EQ(value("SELECT COUNT(*) FROM plain_rows WHERE n = 2 FOR UPDATE"), "2");
}

TEST_F(AutoMode, CountsAndWarningsAreThoseOfTheStatementBefore) {
  connect();
  OdbcStatement statement(connection_);
  statement.execute("SELECT n FROM plain_rows WHERE n < 3");
  EXPECT_EQ(statement.rows().size(), 2U);
  statement.close();
  EXPECT_EQ(value("SELECT FOUND_ROWS()"), "2");
  EXPECT_EQ(value("SELECT 1 / 0 IS NULL"), "1");
  EXPECT_EQ(value("SHOW WARNINGS"), "Warning");
  EXPECT_EQ(place(), "second");
  insert();
  EXPECT_EQ(value("SELECT ROW_COUNT()"), "1");
}

TEST_F(AutoMode, OpenResultsSurviveTheMoves) {
  connect();
  OdbcStatement open(connection_);
  open.execute("SELECT seq FROM seq_1_to_50000");
  ASSERT_TRUE(open.fetch());
  insert();
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(open.rows().size(), 49999U);
}

TEST_F(AutoMode, PreparedStatementsFollow) {
  connect();
  OdbcStatement reads(connection_);
  OdbcStatement writes(connection_);
  SQLINTEGER n = 1;
  reads.prepare("SELECT @@port + 0 * ?");
  writes.prepare("INSERT INTO noted (n) VALUES (?)");
  for (OdbcStatement* statement : {&reads, &writes}) {
    statement->check(SQLBindParameter(statement->raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG,
                                      SQL_INTEGER, 0, 0, &n, 0, nullptr));
  }
  for (n = 1; n <= 3; ++n) {
    writes.execute_prepared();
    reads.execute_prepared();
    EXPECT_EQ(reads.rows().at(0).at(0), std::to_string(node_->endpoint().port));
    reads.close();
  }
  EXPECT_EQ(value("SELECT SUM(n) FROM noted FOR UPDATE"), "6");
}

TEST_F(AutoMode, IsSetAtRunTime) {
  connection_.connect(farm("FABRIC_GROUP=g1;READ_AFTER_WRITE=0"));
  EXPECT_EQ(place(), "first");
  run("SET FABRIC mode = AUTO");
  EXPECT_EQ(place(), "second");
  set_number(SQL_ATTR_FABRIC_MODE, SQL_FABRIC_MODE_RW);
  EXPECT_EQ(place(), "first");
  set_number(SQL_ATTR_FABRIC_MODE, SQL_FABRIC_MODE_AUTO);
  EXPECT_EQ(place(), "second");
}

TEST_F(AutoMode, KeepsItsConnectionWhereThereIsNoSecondary) {
  for (const std::string& target :
       {farm("FABRIC_GROUP=g2;FABRIC_MODE=AUTO;READ_AFTER_WRITE=0"),
        connection_string(server().endpoint(), "FABRIC_MODE=AUTO;READ_AFTER_WRITE=0")}) {
    connection_.connect(target);
    const std::string mine = value("SELECT CONNECTION_ID()");
    for (int i = 0; i < 2; ++i) {
      insert();
      EXPECT_NE(place(), "");
      EXPECT_EQ(value("SELECT CONNECTION_ID()"), mine);
    }
    connection_.disconnect();
  }
}

TEST_F(AutoMode, SessionsShareTheirConnections) {
  connect();
  OdbcConnection other(environment_);
  other.connect(farm("FABRIC_GROUP=g1;FABRIC_MODE=AUTO;READ_AFTER_WRITE=0"));
  for (int i = 0; i < 20; ++i) {
    insert();
    EXPECT_EQ(OdbcStatement(other).value("SELECT COUNT(*) FROM plain_rows"), "3");
    OdbcStatement(other).execute("INSERT INTO noted (n) VALUES (2)");
    EXPECT_EQ(place(), "second");
  }
  EXPECT_EQ(value("SELECT COUNT(*) FROM noted FOR UPDATE"), "40");
}

TEST_F(AutoMode, ACommitOfReadsIsNoWrite) {
  connect("READ_AFTER_WRITE=10min");
  connection_.autocommit(false);
  EXPECT_EQ(place(), "first");
  connection_.end(SQL_COMMIT);
  run("START TRANSACTION");
  EXPECT_EQ(place(), "first");
  run("COMMIT");
  connection_.autocommit(true);
  EXPECT_EQ(place(), "second");
  connection_.autocommit(false);
  insert();
  connection_.end(SQL_ROLLBACK);
  connection_.autocommit(true);
  EXPECT_EQ(place(), "first");
}

/// Accounts without administrative rights are refused on a secondary that is read_only.
class AutoModeReadOnly : public AutoMode {
 protected:
  void SetUp() override {
    AutoMode::SetUp();
    for (const auto& endpoint : {server().endpoint(), node_->endpoint()}) {
      on(endpoint, "app", "apppw", {"GRANT ALL ON test.* TO 'plain'@'%' IDENTIFIED BY 'plainpw'"});
      on(endpoint, "plain", "plainpw",
         {"DROP VIEW IF EXISTS noting", "DROP FUNCTION IF EXISTS note",
          "CREATE FUNCTION note(k INT) RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO noted (n) "
          "VALUES (k); RETURN k; END",
          "CREATE VIEW noting AS SELECT note(n) AS n FROM plain_rows"});
    }
    on(node_->endpoint(), "app", "apppw", {"SET GLOBAL read_only = 1"});
  }
  void TearDown() override {
    on(node_->endpoint(), "app", "apppw", {"SET GLOBAL read_only = 0"});
    for (const auto& endpoint : {server().endpoint(), node_->endpoint()}) {
      on(endpoint, "app", "apppw",
         {"DROP VIEW noting", "DROP FUNCTION note", "DROP USER 'plain'@'%'"});
    }
  }
  void connect_plain(const std::string& more) {
    connection_.connect("UID=plain;PWD=plainpw;FABRIC_USER=app;FABRIC_PASSWORD=apppw;" +
                        farm("FABRIC_GROUP=g1;FABRIC_MODE=AUTO;" + more));
  }

 private:
  void on(const fabric::base::Endpoint& endpoint, const std::string& user,
          const std::string& password, const std::vector<std::string>& statements) {
    OdbcConnection direct(environment_);
    direct.connect("UID=" + user + ";PWD=" + password + ";" + connection_string(endpoint));
    for (const std::string& sql : statements) OdbcStatement(direct).execute(sql);
  }
};

TEST_F(AutoModeReadOnly, RunsAViewThatWritesOnThePrimaryAfterAll) {
  connect_plain("READ_AFTER_WRITE=0");
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(value("SELECT SUM(n) FROM noting"), "6");
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(value("SELECT COUNT(*) FROM noted FOR UPDATE"), "3");
  OdbcStatement prepared(connection_);
  prepared.prepare("SELECT n FROM noting WHERE n > ?");
  SQLINTEGER least = 2;
  prepared.check(SQLBindParameter(prepared.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0,
                                  0, &least, 0, nullptr));
  prepared.check(SQLExecute(prepared.raw()));
  EXPECT_EQ(SQLFetch(prepared.raw()), SQL_SUCCESS);
}

TEST_F(AutoModeReadOnly, ReadsWhatSuchAViewWrote) {
  connect_plain("READ_AFTER_WRITE=10min");
  EXPECT_EQ(value("SELECT SUM(n) FROM noting"), "6");
  EXPECT_EQ(noted(), "3");
  EXPECT_EQ(place(), "first");
}

TEST_F(AutoModeReadOnly, TellsTheRefusalInsideAReadOnlyTransactionAndInModeRo) {
  connect_plain("READ_AFTER_WRITE=0");
  run("START TRANSACTION READ ONLY");
  EXPECT_EQ(place(), "second");
  EXPECT_NE(run_state("SELECT n FROM noting"), "00000");
  run("ROLLBACK");
  set_number(SQL_ATTR_FABRIC_MODE, SQL_FABRIC_MODE_RO);
  EXPECT_NE(run_state("SELECT n FROM noting"), "00000");
  EXPECT_EQ(place(), "second");
}

}  // namespace
}  // namespace test_support
