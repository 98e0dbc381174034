// Several statements in one text, where the connection allows it; row counts and generated keys.
#include <array>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class Batches : public ServerCase {
 protected:
  Batches() {
    make_table("batches", "i INT AUTO_INCREMENT PRIMARY KEY, v INT");
    batch_.connect(connection_string(server_.endpoint(), "MULTI_STATEMENTS=1;"));
  }
  static SQLLEN row_count(OdbcStatement& statement) {
    SQLLEN rows = -99;
    statement.check(SQLRowCount(statement.raw(), &rows));
    return rows;
  }
  static SQLSMALLINT columns(OdbcStatement& statement) {
    SQLSMALLINT count = -1;
    statement.check(SQLNumResultCols(statement.raw(), &count));
    return count;
  }
  static SQLRETURN execute(OdbcStatement& statement, const std::string& sql) {
    std::vector<SQLCHAR> text(sql.begin(), sql.end());
    return SQLExecDirect(statement.raw(), text.data(), static_cast<SQLINTEGER>(text.size()));
  }

  OdbcConnection batch_{environment_};
};

TEST_P(Batches, AreRefusedUnlessAllowed) {
  EXPECT_EQ(ask("SELECT 1;"), "1");
  EXPECT_EQ(state_of([&] { ask("SELECT 1; SELECT 2"); }), "42000");
  EXPECT_EQ(state_of([&] { ask("INSERT INTO batches VALUES (1, 1); SELECT 2"); }), "42000");
  EXPECT_EQ(ask("SELECT COUNT(*) FROM batches"), "0");
}

TEST_P(Batches, GiveEveryResultAndRowCount) {
  OdbcStatement statement(batch_);
  statement.execute(
      "INSERT INTO batches VALUES (1, 10), (2, 20), (3, 30); SELECT i, v FROM batches; "
      "UPDATE batches SET v = 0 WHERE i < 3; SELECT 'a;b'; DELETE FROM batches WHERE i = 99");
  EXPECT_EQ(columns(statement), 0);
  EXPECT_EQ(row_count(statement), 3);
  EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_SUCCESS);
  EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"1", "10"}, {"2", "20"}, {"3", "30"}}));
  EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_SUCCESS);
  EXPECT_EQ(row_count(statement), 2);
  EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_SUCCESS);
  EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"a;b"}}));
  EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_SUCCESS);
  EXPECT_EQ(row_count(statement), 0);
  EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_NO_DATA);
  EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_NO_DATA);
}

TEST_P(Batches, EndAtTheFirstError) {
  OdbcStatement statement(batch_);
  statement.execute(
      "INSERT INTO batches VALUES (1, 1); SELECT 2; INSERT INTO batches VALUES (1, 1); "
      "INSERT INTO batches VALUES (2, 2)");
  EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_SUCCESS);
  EXPECT_EQ(state_of([&] { statement.check(SQLMoreResults(statement.raw())); }), "23000");
  EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_NO_DATA);
  statement.execute("SELECT COUNT(*) FROM batches");
  EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"1"}}));
  statement.close();
  EXPECT_EQ(state_of([&] { statement.execute("SELECT nothing FROM nowhere; SELECT 1"); }), "42S02");
}

TEST_P(Batches, TakeParameters) {
  OdbcStatement statement(batch_);
  std::array<char, 16> text{"it's; ?"};
  SQLINTEGER number = 5;
  statement.prepare("INSERT INTO batches VALUES (?, 1); SELECT ?, i FROM batches WHERE i = ?");
  statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0,
                                   0, &number, 0, nullptr));
  statement.check(SQLBindParameter(statement.raw(), 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 16,
                                   0, text.data(), 16, nullptr));
  statement.check(SQLBindParameter(statement.raw(), 3, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0,
                                   0, &number, 0, nullptr));
  for (number = 5; number < 8; ++number) {
    statement.execute_prepared();
    EXPECT_EQ(row_count(statement), 1);
    EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_SUCCESS);
    EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"it's; ?", std::to_string(number)}}));
    EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_NO_DATA);
  }
}

TEST_P(Batches, MakeWayForAnotherStatement) {
  OdbcStatement statement(batch_);
  statement.execute("SELECT 1 UNION SELECT 2; INSERT INTO batches VALUES (1, 1); SELECT 'last'");
  ASSERT_TRUE(statement.fetch());
  EXPECT_EQ(OdbcStatement(batch_).value("SELECT COUNT(*) FROM batches"), "1");
  EXPECT_EQ(statement.text(1), "1");
  ASSERT_TRUE(statement.fetch());
  EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_SUCCESS);
  EXPECT_EQ(row_count(statement), 1);
  EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_SUCCESS);
  EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"last"}}));
}

TEST_P(Batches, CountRowsOfEveryKindOfStatement) {
  struct Case {
    const char* sql;
    SQLLEN rows;
  };
  const Case cases[] = {{"INSERT INTO batches (v) VALUES (1), (2), (3)", 3},
                        {"INSERT INTO batches (v) SELECT v + 10 FROM batches", 3},
                        {"REPLACE INTO batches VALUES (1, 9)", 2},
                        {"INSERT INTO batches VALUES (1, 1) ON DUPLICATE KEY UPDATE v = 77", 2},
                        {"INSERT IGNORE INTO batches VALUES (1, 1), (900, 1)", 1},
                        {"UPDATE batches SET v = 77 WHERE i = 1", 1},
                        {"DELETE FROM batches", 7},
                        {"CREATE TABLE IF NOT EXISTS batches_ddl (i INT)", 0},
                        {"DROP TABLE batches_ddl", 0},
                        {"SET @batch = 1", 0},
                        {"DO 1", 0}};
  OdbcStatement statement(connection_);
  for (const Case& each : cases) {
    statement.execute(each.sql);
    EXPECT_EQ(row_count(statement), each.rows) << each.sql;
    SQLLEN in_header = -99;
    statement.check(SQLGetDiagField(SQL_HANDLE_STMT, statement.raw(), 0, SQL_DIAG_ROW_COUNT,
                                    &in_header, 0, nullptr));
    EXPECT_EQ(in_header, each.rows) << each.sql;
  }
}

TEST_P(Batches, CountChangedRowsWhenSaid) {
  OdbcConnection changed(environment_);
  changed.connect(connection_string(server_.endpoint(), "FOUND_ROWS=0;"));
  OdbcStatement statement(changed);
  statement.execute("INSERT INTO batches VALUES (1, 1), (2, 2)");
  statement.execute("UPDATE batches SET v = 2");
  EXPECT_EQ(row_count(statement), 1);
  EXPECT_EQ(execute(statement, "UPDATE batches SET v = 2"), SQL_NO_DATA);
  EXPECT_EQ(row_count(statement), 0);
}

TEST_P(Batches, TellGeneratedKeys) {
  OdbcStatement statement(connection_);
  statement.execute("INSERT INTO batches VALUES (41, 0)");
  statement.execute("INSERT INTO batches (v) VALUES (1), (2)");
  EXPECT_EQ(ask("SELECT LAST_INSERT_ID()"), "42");
  EXPECT_EQ(ask("SELECT @@IDENTITY"), "42");
  EXPECT_EQ(ask("SELECT COUNT(*) FROM batches WHERE i IS NULL"), "0");
  OdbcConnection is_null(environment_);
  is_null.connect(connection_string(server_.endpoint(), "AUTO_IS_NULL=1;"));
  OdbcStatement other(is_null);
  other.execute("INSERT INTO batches (v) VALUES (3)");
  EXPECT_EQ(other.value("SELECT v FROM batches WHERE i IS NULL"), "3");
}

FOR_EVERY_SERVER(Batches);

}  // namespace
}  // namespace test_support
