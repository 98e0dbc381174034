// Several statements in one text, which are off; row counts and generated keys.
#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class Batches : public ServerCase {
 protected:
  Batches() { make_table("batches", "i INT AUTO_INCREMENT PRIMARY KEY, v INT"); }
  static SQLLEN row_count(OdbcStatement& statement) {
    SQLLEN rows = -99;
    statement.check(SQLRowCount(statement.raw(), &rows));
    return rows;
  }
};
};

TEST_P(Batches, AreRefusedUnlessAllowed) {
  EXPECT_EQ(ask("SELECT 1;"), "1");
  EXPECT_EQ(state_of([&] { ask("SELECT 1; SELECT 2"); }), "42000");
  EXPECT_EQ(state_of([&] { ask("INSERT INTO batches VALUES (1, 1); SELECT 2"); }), "42000");
  EXPECT_EQ(ask("SELECT COUNT(*) FROM batches"), "0");
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

TEST_P(Batches, TellGeneratedKeys) {
  OdbcStatement statement(connection_);
  statement.execute("INSERT INTO batches VALUES (41, 0)");
  statement.execute("INSERT INTO batches (v) VALUES (1), (2)");
  EXPECT_EQ(ask("SELECT LAST_INSERT_ID()"), "42");
  EXPECT_EQ(ask("SELECT @@IDENTITY"), "42");
  EXPECT_EQ(ask("SELECT COUNT(*) FROM batches WHERE i IS NULL"), "0");
}

FOR_EVERY_SERVER(Batches);

}  // namespace
}  // namespace test_support
