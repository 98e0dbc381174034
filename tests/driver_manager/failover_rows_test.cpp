// What a failure says and what is retried, through the driver manager: a proxy cuts the link to a
// real server at a chosen point, and the rows of a table without any unique key are counted on a
// link of the test's own, so that a statement run twice or lost shows.
#include <gtest/gtest.h>

#include <vector>

#include "tests/driver_manager/call_state.h"
#include "tests/driver_manager/odbc_fixture.h"
#include "tests/support/tcp_proxy.h"
#include "tests/support/test_server.h"

namespace test_support {
namespace {

using Rule = TcpProxy::Rule;
using What = TcpProxy::What;

constexpr const char* kInsert = "INSERT INTO counted";

enum class Way : std::uint8_t { kDirect, kPrepared };

class FailoverRows : public testing::TestWithParam<Way>, protected CallState {
 protected:
  FailoverRows() {
    observer_.connect(connection_string(server_.endpoint()));
    observe("DROP TABLE IF EXISTS counted");
    observe("CREATE TABLE counted (n INT) ENGINE=InnoDB");
    open(connection_, {});
  }

  void open(OdbcConnection& connection, std::string_view more) {
    connection.connect(connection_string(proxy_.endpoint(), more));
  }
  void reopen(std::string_view more) {
    connection_.disconnect();
    open(connection_, more);
  }
  void observe(const std::string& sql) { OdbcStatement(observer_).execute(sql); }
  std::string rows() { return OdbcStatement(observer_).value("SELECT COUNT(*) FROM counted"); }
  std::string rows_with(int n) {
    return OdbcStatement(observer_).value("SELECT COUNT(*) FROM counted WHERE n = " +
                                          std::to_string(n));
  }

  /// "INSERT INTO counted ..." of one row, as the parameter of the test says.
  void insert(int n, const std::string& sql_before_value = "INSERT INTO counted VALUES (") {
    OdbcStatement statement(connection_);
    if (GetParam() == Way::kDirect) {
      return statement.execute(sql_before_value + std::to_string(n) + ")");
    }
    statement.prepare(sql_before_value + "?)");
    bind(statement, n);
    statement.execute_prepared();
  }
  static void bind(OdbcStatement& statement, int& n) {
    statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER,
                                     0, 0, &n, 0, nullptr));
  }
  void make_writing_view() {
    observe(
        "CREATE OR REPLACE FUNCTION writing_function() RETURNS INT MODIFIES SQL DATA "
        "BEGIN INSERT INTO counted VALUES (7); RETURN 7; END");
    observe("CREATE OR REPLACE VIEW writing_view AS SELECT writing_function() AS n");
  }
  std::string insert_state(int n) {
    return state_of([&] { insert(n); });
  }
  std::string run_state(const std::string& sql) {
    return state_of([&] { OdbcStatement(connection_).execute(sql); });
  }
  std::string end_state(SQLSMALLINT completion) {
    return state_of([&] { connection_.end(completion); });
  }
  std::string value(const std::string& sql) { return OdbcStatement(connection_).value(sql); }

  TestServer& server_ = TestServer::shared(ServerKind::kMariaDb);
  TcpProxy proxy_{server_.endpoint()};
  OdbcEnvironment environment_;
  OdbcConnection observer_{environment_};
  OdbcConnection connection_{environment_};
};

TEST_P(FailoverRows, IdleCutIsHealedUnseen) {
  for (const auto how : {TcpProxy::Cut::kReset, TcpProxy::Cut::kFin}) {
    proxy_.cut(how);
    EXPECT_EQ(insert_state(1), "00000") << sentence_;
  }
  EXPECT_EQ(rows(), "2");
}

TEST_P(FailoverRows, IdleCutHealsAStatementPreparedBefore) {
  OdbcStatement statement(connection_);
  int n = 1;
  statement.prepare("INSERT INTO counted VALUES (?)");
  bind(statement, n);
  statement.execute_prepared();
  proxy_.cut();
  n = 2;
  statement.execute_prepared();
  EXPECT_EQ(rows(), "2");
  EXPECT_EQ(rows_with(2), "1");
}

TEST_P(FailoverRows, LinkCutWhilePreparingIsHealedUnseen) {
  proxy_.on("PREPARE INSERT INTO counted", {.what = What::kCutBeforeAnswer});
  OdbcStatement statement(connection_);
  int n = 1;
  bind(statement, n);
  statement.prepare("INSERT INTO counted VALUES (?)");
  ASSERT_EQ(proxy_.fired(), 1U);
  statement.execute_prepared();
  EXPECT_EQ(rows(), "1");
}

TEST_P(FailoverRows, IdleCutWithoutRetryIs08S02AndNothingIsExecuted) {
  reopen("FAILOVER_RETRY=OFF");
  proxy_.cut();
  EXPECT_EQ(insert_state(1), "08S02");
  EXPECT_TRUE(says("was not executed")) << sentence_;
  EXPECT_EQ(rows(), "0");
  EXPECT_EQ(insert_state(2), "00000") << sentence_;
  EXPECT_EQ(rows(), "1");
}

TEST_P(FailoverRows, HeldAnswerOfAWriteIs08007AndNotRepeated) {
  for (const auto how : {TcpProxy::Cut::kReset, TcpProxy::Cut::kFin}) {
    proxy_.on(kInsert, {.what = What::kCutBeforeAnswer, .how = how});
    EXPECT_EQ(insert_state(1), "08007");
    EXPECT_TRUE(says("whether it took effect is unknown")) << sentence_;
  }
  EXPECT_EQ(rows(), "2");
  EXPECT_EQ(insert_state(2), "00000") << sentence_;
  EXPECT_EQ(rows(), "3");
}

TEST_P(FailoverRows, WriteThatNeverArrivedIs08007TooAndNotRepeated) {
  proxy_.on(kInsert, {.what = What::kCutBeforeServer});
  EXPECT_EQ(insert_state(1), "08007");
  EXPECT_EQ(rows(), "0");
  EXPECT_EQ(insert_state(2), "00000") << sentence_;
  EXPECT_EQ(rows(), "1");
}

TEST_P(FailoverRows, HeldAnswerWithAutocommitOffIs40001AndRolledBack) {
  connection_.autocommit(false);
  proxy_.on(kInsert, {.what = What::kCutBeforeAnswer});
  EXPECT_EQ(insert_state(1), "40001");
  EXPECT_TRUE(says("run it again from its start")) << sentence_;
  EXPECT_EQ(insert_state(2), "25S03");
  EXPECT_EQ(end_state(SQL_ROLLBACK), "00000") << sentence_;
  EXPECT_EQ(insert_state(3), "00000") << sentence_;
  EXPECT_EQ(end_state(SQL_COMMIT), "00000") << sentence_;
  EXPECT_EQ(rows(), "1");
  EXPECT_EQ(rows_with(3), "1");
}

TEST_P(FailoverRows, IdleCutBeforeATransactionStartsIsHealedUnseen) {
  connection_.autocommit(false);
  proxy_.cut();
  EXPECT_EQ(insert_state(1), "00000") << sentence_;
  EXPECT_EQ(rows(), "0");  // autocommit is off on the new link as well
  EXPECT_EQ(end_state(SQL_COMMIT), "00000") << sentence_;
  EXPECT_EQ(rows(), "1");
}

TEST_P(FailoverRows, IdleCutInsideATransactionIs40001And25S03UntilRollback) {
  connection_.autocommit(false);
  insert(1);
  proxy_.cut();
  EXPECT_EQ(insert_state(2), "40001");
  EXPECT_TRUE(says("the transaction was rolled back")) << sentence_;
  EXPECT_EQ(insert_state(3), "25S03");
  EXPECT_TRUE(says("ROLLBACK")) << sentence_;
  EXPECT_EQ(run_state("SELECT 1"), "25S03");
  EXPECT_EQ(run_state("SAVEPOINT a"), "25S03");
  EXPECT_EQ(end_state(SQL_ROLLBACK), "00000") << sentence_;
  EXPECT_EQ(insert_state(4), "00000") << sentence_;
  EXPECT_EQ(end_state(SQL_COMMIT), "00000") << sentence_;
  EXPECT_EQ(rows(), "1");
  EXPECT_EQ(rows_with(4), "1");
}

TEST_P(FailoverRows, CommitOfALostTransactionIs25S03) {
  connection_.autocommit(false);
  insert(1);
  proxy_.on(kInsert, {.what = What::kCutBeforeAnswer});
  EXPECT_EQ(insert_state(2), "40001");
  EXPECT_EQ(end_state(SQL_COMMIT), "25S03");
  EXPECT_EQ(end_state(SQL_ROLLBACK), "00000") << sentence_;
  EXPECT_EQ(rows(), "0");
  EXPECT_EQ(insert_state(3), "00000") << sentence_;
  EXPECT_EQ(end_state(SQL_COMMIT), "00000") << sentence_;
  EXPECT_EQ(rows(), "1");
}

TEST_P(FailoverRows, SwitchingAutocommitOnDoesNotHideALostTransaction) {
  connection_.autocommit(false);
  insert(1);
  proxy_.cut();
  EXPECT_EQ(insert_state(2), "40001");
  EXPECT_EQ(state_of([&] { connection_.autocommit(true); }), "25S03");
  EXPECT_EQ(rows(), "0");
}

TEST_P(FailoverRows, TransactionBegunByTextIs40001Too) {
  OdbcStatement(connection_).execute("START TRANSACTION");
  insert(1);
  proxy_.cut();
  EXPECT_EQ(insert_state(2), "40001");
  EXPECT_EQ(insert_state(3), "25S03");
  EXPECT_EQ(run_state("COMMIT"), "25S03");
  EXPECT_EQ(rows(), "0");
  EXPECT_EQ(insert_state(4), "00000") << sentence_;
  EXPECT_EQ(rows(), "1");
}

TEST_P(FailoverRows, HeldAnswerOfCommitIs08007) {
  connection_.autocommit(false);
  insert(1);
  proxy_.on("COMMIT", {.what = What::kCutBeforeAnswer});
  EXPECT_EQ(end_state(SQL_COMMIT), "08007");
  EXPECT_TRUE(says("whether it took effect is unknown")) << sentence_;
  EXPECT_EQ(rows(), "1");
  EXPECT_EQ(insert_state(2), "00000") << sentence_;
  EXPECT_EQ(end_state(SQL_COMMIT), "00000") << sentence_;
  EXPECT_EQ(rows(), "2");
}

TEST_P(FailoverRows, CommitThatNeverArrivedIs08007Too) {
  connection_.autocommit(false);
  insert(1);
  proxy_.on("COMMIT", {.what = What::kCutBeforeServer});
  EXPECT_EQ(end_state(SQL_COMMIT), "08007");
  EXPECT_EQ(rows(), "0");
}

TEST_P(FailoverRows, CommitOnALinkThatDiedIdleIs40001) {
  connection_.autocommit(false);
  insert(1);
  proxy_.cut();
  EXPECT_EQ(end_state(SQL_COMMIT), "40001");
  EXPECT_TRUE(says("the transaction was rolled back")) << sentence_;
  EXPECT_EQ(rows(), "0");
  EXPECT_EQ(insert_state(2), "00000") << sentence_;
  EXPECT_EQ(end_state(SQL_COMMIT), "00000") << sentence_;
  EXPECT_EQ(rows(), "1");
}

TEST_P(FailoverRows, RollbackOfALostLinkSucceeds) {
  connection_.autocommit(false);
  insert(1);
  proxy_.cut();
  EXPECT_EQ(end_state(SQL_ROLLBACK), "00000") << sentence_;
  insert(2);
  proxy_.on("ROLLBACK", {.what = What::kCutBeforeAnswer});
  EXPECT_EQ(end_state(SQL_ROLLBACK), "00000") << sentence_;
  EXPECT_EQ(proxy_.fired(), 1U);
  EXPECT_EQ(rows(), "0");
}

TEST_P(FailoverRows, WriteAfterADeadlockInATransactionIsNotCalledRolledBack) {
  OdbcStatement(connection_).execute("START TRANSACTION");
  insert(1);
  // The server answers as it does to the victim of a deadlock, having rolled back.
  EXPECT_EQ(run_state("BEGIN NOT ATOMIC ROLLBACK; SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213; "
                      "END"),
            "40001");
  proxy_.on(kInsert, {.what = What::kCutBeforeAnswer});
  EXPECT_EQ(insert_state(2), "08007");
  EXPECT_EQ(rows(), "1");
}

TEST_P(FailoverRows, ImplicitCommitInsideALostTransactionIs08007) {
  OdbcStatement(connection_).execute("START TRANSACTION");
  insert(1);
  proxy_.on("DROP TABLE IF EXISTS missing", {.what = What::kCutBeforeAnswer});
  EXPECT_EQ(run_state("DROP TABLE IF EXISTS missing"), "08007");
  EXPECT_EQ(rows(), "1");
}

TEST_P(FailoverRows, PureReadIsRepeatedUnseen) {
  insert(7);
  proxy_.on("SELECT n FROM counted", {.what = What::kCutBeforeAnswer});
  EXPECT_EQ(value("SELECT n FROM counted"), "7");
  EXPECT_EQ(proxy_.fired(), 1U);
}

TEST_P(FailoverRows, PureReadIsRepeatedWhenItsLinkFallsBeforeTheFirstRow) {
  insert(7);
  proxy_.on("SELECT n FROM counted",
            {.what = What::kCutAfterRows, .rows = 0, .how = TcpProxy::Cut::kFin});
  EXPECT_EQ(value("SELECT n FROM counted"), "7");
  EXPECT_EQ(proxy_.fired(), 1U);
}

TEST_P(FailoverRows, PureReadThatKillsEveryLinkIsNotRepeatedForEver) {
  proxy_.on("SELECT n FROM counted", {.what = What::kCutBeforeAnswer, .times = 100});
  EXPECT_EQ(run_state("SELECT n FROM counted"), "08S02");
  EXPECT_EQ(proxy_.fired(), 3U);
}

TEST_P(FailoverRows, PureReadWithoutRetryIs08S02) {
  reopen("FAILOVER_RETRY=OFF");
  proxy_.on("SELECT n FROM counted", {.what = What::kCutBeforeAnswer});
  EXPECT_EQ(run_state("SELECT n FROM counted"), "08S02");
  EXPECT_EQ(run_state("SELECT n FROM counted"), "00000") << sentence_;
}

TEST_P(FailoverRows, ReadThatMayHaveAnEffectIsNotRepeated) {
  proxy_.on("SLEEP(0)", {.what = What::kCutBeforeAnswer});
  EXPECT_EQ(run_state("SELECT SLEEP(0)"), "08007");
  EXPECT_EQ(proxy_.fired(), 1U);
}

/// What a view hides looks like any table.
TEST_P(FailoverRows, ReadOfAViewThatWritesIsNotRepeated) {
  make_writing_view();
  proxy_.on("FROM writing_view", {.what = What::kCutBeforeAnswer});
  const auto read = [&] {
    OdbcStatement statement(connection_);
    if (GetParam() == Way::kDirect) return statement.execute("SELECT n FROM writing_view");
    int least = 0;
    statement.prepare("SELECT n FROM writing_view WHERE n > ?");
    bind(statement, least);
    statement.execute_prepared();
  };
  EXPECT_EQ(state_of(read), "08007") << sentence_;
  EXPECT_EQ(proxy_.fired(), 1U);
  EXPECT_EQ(rows_with(7), "1");
  EXPECT_EQ(insert_state(8), "00000") << sentence_;
}

TEST_P(FailoverRows, ReadAfterALossThatNothingMendedIsNoRepeatedOne) {
  make_writing_view();
  const std::string account = OdbcStatement(observer_).value(
      "SELECT CONCAT(QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', 1)), '@', "
      "QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)))");
  proxy_.on("FROM counted", {.what = What::kCutBeforeAnswer});
  observe("ALTER USER " + account + " ACCOUNT LOCK");
  const std::string without_login = run_state("SELECT COUNT(*) FROM counted");
  observe("ALTER USER " + account + " ACCOUNT UNLOCK");
  EXPECT_NE(without_login, "00000");
  EXPECT_EQ(run_state("SELECT n FROM writing_view"), "00000") << sentence_;
  EXPECT_EQ(rows_with(7), "1");
}

TEST_P(FailoverRows, WriteAfterARepeatedReadIsNoReadOnlyOne) {
  for (const std::string sql : {"SELECT 1", "SELECT COUNT(*) FROM counted"}) {
    proxy_.on(sql, {.what = What::kCutBeforeAnswer});
    EXPECT_EQ(run_state(sql), "00000") << sentence_;
    EXPECT_EQ(insert_state(1), "00000") << sql << ": " << sentence_;
    EXPECT_EQ(run_state("SELECT n FROM counted"), "00000") << sentence_;
  }
  EXPECT_EQ(rows(), "2");
}

/// Inserts 1..5 and reads two rows of them before the link falls.
void read_until_lost(OdbcStatement& statement) {
  ASSERT_TRUE(statement.fetch());
  ASSERT_TRUE(statement.fetch());
  statement.fetch();
  FAIL() << "a third row came";
}

TEST_P(FailoverRows, LossInTheMiddleOfAResultIs08S02) {
  OdbcStatement(connection_).execute("INSERT INTO counted VALUES (1), (2), (3), (4), (5)");
  proxy_.on("SELECT n FROM counted",
            {.what = What::kCutAfterRows, .rows = 2, .how = TcpProxy::Cut::kFin});
  OdbcStatement statement(connection_);
  if (GetParam() == Way::kDirect) {
    statement.execute("SELECT n FROM counted WHERE n > 0");
  } else {
    int least = 0;
    statement.prepare("SELECT n FROM counted WHERE n > ?");
    bind(statement, least);
    statement.execute_prepared();
  }
  EXPECT_EQ(state_of([&] { read_until_lost(statement); }), "08S02");
  EXPECT_EQ(state_of([&] { statement.fetch(); }), "08S01");
  EXPECT_TRUE(says("rest of this result was lost")) << sentence_;
  statement.close();
  EXPECT_EQ(statement.value("SELECT COUNT(*) FROM counted"), "5");
}

TEST_P(FailoverRows, LossInTheMiddleOfAResultInATransactionIs40001) {
  OdbcStatement(connection_).execute("INSERT INTO counted VALUES (1), (2), (3), (4), (5)");
  connection_.autocommit(false);
  proxy_.on("SELECT n FROM counted",
            {.what = What::kCutAfterRows, .rows = 2, .how = TcpProxy::Cut::kFin});
  OdbcStatement statement(connection_);
  statement.execute("SELECT n FROM counted");
  EXPECT_EQ(state_of([&] { read_until_lost(statement); }), "40001");
  EXPECT_EQ(insert_state(6), "25S03");
  EXPECT_EQ(end_state(SQL_ROLLBACK), "00000") << sentence_;
  EXPECT_EQ(insert_state(7), "00000") << sentence_;
  EXPECT_EQ(end_state(SQL_COMMIT), "00000") << sentence_;
  EXPECT_EQ(rows(), "6");
}

TEST_P(FailoverRows, ParameterArrayEndsAtTheLostSetAndSaysWhichItWas) {
  std::vector<SQLINTEGER> values{1, 2, 3};
  std::vector<SQLUSMALLINT> status(values.size(), 99);
  SQLULEN processed = 0;
  OdbcStatement statement(connection_);
  const auto set = [&](SQLINTEGER attribute, SQLPOINTER value) {
    statement.check(SQLSetStmtAttr(statement.raw(), attribute, value, 0));
  };
  set(SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(values.size()));
  set(SQL_ATTR_PARAM_STATUS_PTR, status.data());
  set(SQL_ATTR_PARAMS_PROCESSED_PTR, &processed);
  bind(statement, values.front());
  proxy_.on(kInsert, {.what = What::kCutBeforeAnswer});
  EXPECT_EQ(state_of([&] { statement.execute("INSERT INTO counted VALUES (?)"); }), "08007");
  EXPECT_EQ(processed, 1U);
  EXPECT_EQ(status,
            (std::vector<SQLUSMALLINT>{SQL_PARAM_ERROR, SQL_PARAM_UNUSED, SQL_PARAM_UNUSED}));
  EXPECT_EQ(rows(), "1");
}

TEST_P(FailoverRows, CatalogFunctionHealsAnIdleCut) {
  proxy_.cut();
  OdbcStatement statement(connection_);
  SQLCHAR table[] = "counted";
  statement.check(SQLTables(statement.raw(), nullptr, 0, nullptr, 0, table, SQL_NTS, nullptr, 0));
  EXPECT_EQ(statement.rows().size(), 1U);
}

TEST_P(FailoverRows, SpooledRowsOutliveTheirLink) {
  OdbcStatement reading(connection_);
  reading.execute("SELECT seq, REPEAT('x', 100) FROM seq_1_to_5000");
  ASSERT_TRUE(reading.fetch());
  insert(1);  // takes the wire: what is left of the result is kept on this side
  proxy_.cut();
  insert(2);
  int left = 0;
  while (reading.fetch()) ++left;
  EXPECT_EQ(left, 4999);
  EXPECT_EQ(rows(), "2");
}

TEST_P(FailoverRows, LinkLostWhileSpoolingIsToldAtTheRowThatIsMissing) {
  OdbcStatement(connection_).execute("INSERT INTO counted VALUES (1), (2), (3), (4), (5)");
  proxy_.on("SELECT n FROM counted",
            {.what = What::kCutAfterRows, .rows = 3, .how = TcpProxy::Cut::kFin});
  OdbcStatement reading(connection_);
  reading.execute("SELECT n FROM counted");
  ASSERT_TRUE(reading.fetch());
  EXPECT_EQ(insert_state(6), "00000") << sentence_;
  EXPECT_TRUE(reading.fetch());
  EXPECT_TRUE(reading.fetch());
  EXPECT_EQ(state_of([&] { reading.fetch(); }), "08S01");
  EXPECT_EQ(rows(), "6");
}

TEST_P(FailoverRows, ResultClosedEarlyCostsNothingOfTheNextStatement) {
  reopen("FAILOVER_RETRY=OFF");
  OdbcStatement statement(connection_);
  statement.execute("SELECT REPEAT('x', 1000) FROM seq_1_to_20000");
  ASSERT_TRUE(statement.fetch());
  statement.close();
  EXPECT_EQ(insert_state(1), "00000") << sentence_;
  EXPECT_EQ(rows(), "1");
}

INSTANTIATE_TEST_SUITE_P(Ways, FailoverRows, testing::Values(Way::kDirect, Way::kPrepared),
                         [](const auto& way) {
                           return way.param == Way::kDirect ? "Direct" : "Prepared";
                         });

}  // namespace
}  // namespace test_support
