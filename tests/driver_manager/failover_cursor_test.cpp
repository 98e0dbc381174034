// What a lost link means to static cursors, to the counting of rows and to the isolation level.
#include <gtest/gtest.h>

#include <array>

#include "tests/driver_manager/call_state.h"
#include "tests/driver_manager/odbc_fixture.h"
#include "tests/support/tcp_proxy.h"
#include "tests/support/test_server.h"

namespace test_support {
namespace {

using What = TcpProxy::What;

class FailoverCursor : public testing::Test, protected CallState {
 protected:
  FailoverCursor() {
    connection_.connect(connection_string(proxy_.endpoint()));
    run("CREATE OR REPLACE TABLE scrolled (i INT PRIMARY KEY, t VARCHAR(20)) ENGINE=InnoDB");
    run("INSERT INTO scrolled VALUES (1,'one'),(2,'two'),(3,'three'),(4,'four'),(5,'five')");
  }

  void run(const std::string& sql) { OdbcStatement(connection_).execute(sql); }
  std::string value(const std::string& sql) { return OdbcStatement(connection_).value(sql); }
  void open_static(OdbcStatement& statement) {
    statement.check(SQLSetStmtAttr(statement.raw(), SQL_ATTR_CURSOR_TYPE,
                                   reinterpret_cast<SQLPOINTER>(SQL_CURSOR_STATIC), 0));
    statement.check(SQLBindCol(statement.raw(), 1, SQL_C_SLONG, &i_, 0, nullptr));
    statement.check(SQLBindCol(statement.raw(), 2, SQL_C_CHAR, t_.data(),
                               static_cast<SQLLEN>(t_.size()), &length_));
    statement.execute("SELECT i, t FROM scrolled ORDER BY i");
  }
  int go(const OdbcStatement& statement, SQLSMALLINT orientation, SQLLEN offset = 0) {
    statement.check(SQLFetchScroll(statement.raw(), orientation, offset));
    return i_;
  }
  std::string set_pos(const OdbcStatement& statement, SQLUSMALLINT operation) {
    return state_of(
        [&] { statement.check(SQLSetPos(statement.raw(), 1, operation, SQL_LOCK_NO_CHANGE)); });
  }
  void rename(std::string_view text) {
    text.copy(t_.data(), text.size());
    length_ = static_cast<SQLLEN>(text.size());
  }
  SQLUINTEGER isolation() {
    SQLUINTEGER level = 0;
    connection_.check(SQLGetConnectAttr(connection_.raw(), SQL_ATTR_TXN_ISOLATION, &level,
                                        SQL_IS_UINTEGER, nullptr));
    return level;
  }

  TestServer& server_ = TestServer::shared(ServerKind::kMariaDb);
  TcpProxy proxy_{server_.endpoint()};
  OdbcEnvironment environment_;
  OdbcConnection connection_{environment_};
  SQLINTEGER i_ = 0;
  std::array<char, 21> t_{};
  SQLLEN length_ = 0;
};

TEST_F(FailoverCursor, ScrollsOnAndChangesRowsAfterItsLinkIsLost) {
  OdbcStatement statement(connection_);
  open_static(statement);
  EXPECT_EQ(go(statement, SQL_FETCH_ABSOLUTE, 3), 3);
  proxy_.cut();
  EXPECT_EQ(go(statement, SQL_FETCH_LAST), 5);
  EXPECT_EQ(go(statement, SQL_FETCH_PRIOR), 4);
  EXPECT_TRUE(statement.diagnostics().empty());
  rename("changed");
  EXPECT_EQ(set_pos(statement, SQL_UPDATE), "00000");
  EXPECT_EQ(value("SELECT t FROM scrolled WHERE i = 4"), "changed");
  EXPECT_EQ(go(statement, SQL_FETCH_FIRST), 1);
}

TEST_F(FailoverCursor, InALostTransactionScrollsButChangesNothing) {
  connection_.autocommit(false);
  OdbcStatement statement(connection_);
  open_static(statement);
  EXPECT_EQ(go(statement, SQL_FETCH_ABSOLUTE, 2), 2);
  rename("mine");
  EXPECT_EQ(set_pos(statement, SQL_UPDATE), "00000");
  proxy_.cut();
  EXPECT_EQ(go(statement, SQL_FETCH_NEXT), 3);
  rename("lost");
  EXPECT_EQ(set_pos(statement, SQL_UPDATE), "40001");
  EXPECT_EQ(set_pos(statement, SQL_UPDATE), "25S03");
  EXPECT_EQ(go(statement, SQL_FETCH_PRIOR), 2);
  connection_.end(SQL_ROLLBACK);
  EXPECT_EQ(value("SELECT GROUP_CONCAT(t ORDER BY i) FROM scrolled"), "one,two,three,four,five");
  connection_.end(SQL_ROLLBACK);
}

TEST_F(FailoverCursor, IsolationCanBeReadInALostTransaction) {
  connection_.check(SQLSetConnectAttr(connection_.raw(), SQL_ATTR_TXN_ISOLATION,
                                      reinterpret_cast<SQLPOINTER>(SQL_TXN_READ_COMMITTED), 0));
  connection_.autocommit(false);
  run("UPDATE scrolled SET t = 'x' WHERE i = 1");
  proxy_.cut();
  EXPECT_EQ(state_of([&] { run("UPDATE scrolled SET t = 'y' WHERE i = 2"); }), "40001");
  EXPECT_EQ(isolation(), SQLUINTEGER{SQL_TXN_READ_COMMITTED});
  connection_.end(SQL_ROLLBACK);
  EXPECT_EQ(value("SELECT @@tx_isolation"), "READ-COMMITTED");
  connection_.end(SQL_ROLLBACK);
}

TEST_F(FailoverCursor, IsolationNobodySetCanBeReadInALostTransaction) {
  connection_.autocommit(false);
  run("UPDATE scrolled SET t = 'x' WHERE i = 1");
  proxy_.cut();
  EXPECT_EQ(state_of([&] { run("UPDATE scrolled SET t = 'y' WHERE i = 2"); }), "40001");
  EXPECT_EQ(isolation(), SQLUINTEGER{SQL_TXN_REPEATABLE_READ});
  connection_.end(SQL_ROLLBACK);
  EXPECT_EQ(isolation(), SQLUINTEGER{SQL_TXN_REPEATABLE_READ});
  connection_.end(SQL_ROLLBACK);
}

TEST_F(FailoverCursor, CountingRowsOfAPureReadIsDoneAgainUnseen) {
  proxy_.on("SELECT i FROM scrolled",
            {.what = What::kCutAfterRows, .rows = 3, .how = TcpProxy::Cut::kFin});
  OdbcStatement statement(connection_);
  statement.execute("SELECT i FROM scrolled");
  SQLLEN count = 0;
  statement.check(SQLRowCount(statement.raw(), &count));
  EXPECT_EQ(count, 5);
  EXPECT_EQ(statement.rows().size(), 5U);
}

}  // namespace
}  // namespace test_support
