// SQLRowCount of results: the rows are read on to be counted, as far as memory allows.
#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class RowCounts : public ServerCase {
 protected:
  RowCounts() {
    make_table("counted", "n INT PRIMARY KEY, filling VARCHAR(1000)");
    OdbcStatement statement(connection_);
    statement.execute("INSERT INTO counted VALUES (1, REPEAT('x', 1000))");
    for (int rows = 1; rows < 128; rows *= 2) {
      statement.execute("INSERT INTO counted SELECT n + " + std::to_string(rows) +
                        ", filling FROM counted");
    }
  }

  static SQLLEN count_of(const OdbcStatement& statement) {
    SQLLEN count = -2;
    statement.check(SQLRowCount(statement.raw(), &count));
    return count;
  }
  /// The first column of all rows that are left is the numbers from `first` to 128.
  static void expect_rows_from(OdbcStatement& statement, int first) {
    int expected = first;
    while (statement.fetch()) EXPECT_EQ(statement.text(1), std::to_string(expected++));
    EXPECT_EQ(expected, 129);
  }
  static constexpr const char* kAll = "SELECT n, filling FROM counted ORDER BY n";
};

TEST_P(RowCounts, OfAResultAreKnownAtOnce) {
  OdbcStatement statement(connection_);
  statement.execute(kAll);
  EXPECT_EQ(count_of(statement), 128);
  EXPECT_EQ(count_of(statement), 128);
  SQLLEN noted = -2;
  statement.check(SQLGetDiagField(SQL_HANDLE_STMT, statement.raw(), 0, SQL_DIAG_CURSOR_ROW_COUNT,
                                  &noted, SQL_IS_INTEGER, nullptr));
  EXPECT_EQ(noted, 128);
  expect_rows_from(statement, 1);
  EXPECT_EQ(count_of(statement), 128);
}

TEST_P(RowCounts, OfAPreparedStatement) {
  OdbcStatement statement(connection_);
  statement.prepare("SELECT n, filling FROM counted WHERE n > ? ORDER BY n");
  SQLINTEGER least = 100;
  statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0,
                                   0, &least, 0, nullptr));
  for (const SQLINTEGER from : {100, 0, 128}) {
    least = from;
    statement.execute_prepared();
    EXPECT_EQ(count_of(statement), 128 - from);
    expect_rows_from(statement, from + 1);
    statement.close();
  }
}

TEST_P(RowCounts, InTheMiddleCountWhatWasFetchedToo) {
  OdbcStatement statement(connection_);
  statement.execute(kAll);
  for (int row = 0; row < 3; ++row) ASSERT_TRUE(statement.fetch());
  EXPECT_EQ(count_of(statement), 128);
  EXPECT_EQ(statement.text(1), "3");  // the cursor stands where it stood
  expect_rows_from(statement, 4);
}

TEST_P(RowCounts, AreKnownWhenTheResultMadeWayForAnother) {
  OdbcStatement statement(connection_);
  statement.execute(kAll);
  ASSERT_TRUE(statement.fetch());
  EXPECT_EQ(ask("SELECT 1"), "1");
  EXPECT_EQ(count_of(statement), 128);
  expect_rows_from(statement, 2);
}

TEST_P(RowCounts, StopAtMaxRows) {
  OdbcStatement statement(connection_);
  statement.check(SQLSetStmtAttr(statement.raw(), SQL_ATTR_MAX_ROWS, attribute_value(5), 0));
  statement.execute(kAll);
  EXPECT_EQ(count_of(statement), 5);
  EXPECT_EQ(statement.rows().size(), 5U);
  EXPECT_EQ(count_of(statement), 5);
}

TEST_P(RowCounts, OfMoreThanMemoryMayHoldAreKnownAtTheEnd) {
  OdbcConnection connection(environment_);
  connection.connect(connection_string(server_.endpoint(), "SPOOL_MEMORY=64K"));
  OdbcStatement statement(connection);
  statement.execute(kAll);
  EXPECT_EQ(count_of(statement), -1);
  EXPECT_EQ(count_of(statement), -1);
  expect_rows_from(statement, 1);
  EXPECT_EQ(count_of(statement), 128);
}

TEST_P(RowCounts, AreNotAskedForWhereResultsShallStream) {
  OdbcConnection connection(environment_);
  connection.connect(connection_string(server_.endpoint(), "NO_CACHE=1"));
  OdbcStatement statement(connection);
  statement.execute(kAll);
  EXPECT_EQ(count_of(statement), -1);
  expect_rows_from(statement, 1);
  EXPECT_EQ(count_of(statement), 128);
}

TEST_P(RowCounts, OfEveryResultOfSeveral) {
  OdbcConnection connection(environment_);
  connection.connect(connection_string(server_.endpoint(), "MULTI_STATEMENTS=1"));
  OdbcStatement statement(connection);
  statement.execute(
      "SELECT n FROM counted LIMIT 7; UPDATE counted SET filling = '' WHERE n < 4; "
      "SELECT n FROM counted WHERE n < 0; SELECT n FROM counted LIMIT 2");
  std::vector<SQLLEN> counts;
  do {
    counts.push_back(count_of(statement));
  } while (SQLMoreResults(statement.raw()) == SQL_SUCCESS);
  EXPECT_EQ(counts, (std::vector<SQLLEN>{7, 3, 0, 2}));
}

FOR_EVERY_SERVER(RowCounts);

}  // namespace
}  // namespace test_support
