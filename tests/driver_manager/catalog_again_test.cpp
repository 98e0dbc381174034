// Catalog functions asked of one table after the other: the second time on a connection the
// question is kept prepared, and the answer stays what it was.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/driver_manager/odbc_fixture.h"
#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

using Rows = std::vector<OdbcRow>;

Rows columns_of(const OdbcConnection& connection, const char* table) {
  OdbcStatement statement(connection);
  statement.check(
      SQLColumns(statement.raw(), nullptr, 0, nullptr, 0, argument(table), SQL_NTS, nullptr, 0));
  return statement.rows();
}

Rows primary_key_of(const OdbcConnection& connection, const char* table) {
  OdbcStatement statement(connection);
  statement.check(
      SQLPrimaryKeys(statement.raw(), nullptr, 0, nullptr, 0, argument(table), SQL_NTS));
  return statement.rows();
}

Rows indexes_of(const OdbcConnection& connection, const char* table) {
  OdbcStatement statement(connection);
  statement.check(SQLStatistics(statement.raw(), nullptr, 0, nullptr, 0, argument(table), SQL_NTS,
                                SQL_INDEX_ALL, SQL_QUICK));
  return statement.rows();
}

Rows row_id_of(const OdbcConnection& connection, const char* table) {
  OdbcStatement statement(connection);
  statement.check(SQLSpecialColumns(statement.raw(), SQL_BEST_ROWID, nullptr, 0, nullptr, 0,
                                    argument(table), SQL_NTS, SQL_SCOPE_SESSION, SQL_NULLABLE));
  return statement.rows();
}

std::vector<Rows> all_of(const OdbcConnection& connection, const char* table) {
  return {columns_of(connection, table), primary_key_of(connection, table),
          indexes_of(connection, table), row_id_of(connection, table)};
}

class CatalogAgain : public ServerCase {
 protected:
  void SetUp() override {
    make_table("again",
               "id INT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'it''s \xC3\xA9', "
               "code VARCHAR(20) NOT NULL DEFAULT 'a''b', money DECIMAL(12,2) DEFAULT 1.50, "
               "flags SET('x','unsigned') DEFAULT 'x', bits BIT(9) DEFAULT b'101', "
               "at TIMESTAMP(3) NULL DEFAULT CURRENT_TIMESTAMP(3), wide TEXT CHARACTER SET ucs2, "
               "f FLOAT(7,3) UNSIGNED, y YEAR, g GEOMETRY, PRIMARY KEY (id), UNIQUE (code, id), "
               "KEY part (wide(3))");
    make_table("again2", "a INT, b INT, UNIQUE KEY b (b, a)");
  }
  void TearDown() override {
    OdbcStatement statement(connection_);
    for (const char* table : {"again", "again2"}) {
      statement.execute(std::string("DROP TABLE IF EXISTS ") + table);
    }
  }

  static std::string prepared_on(const OdbcConnection& connection) {
    OdbcStatement statement(connection);
    statement.execute("SHOW SESSION STATUS LIKE 'Com_stmt_prepare'");
    return statement.rows().at(0).at(1).value_or("");
  }
};

TEST_P(CatalogAgain, GivesTheSameAnswer) {
  const auto first = all_of(connection_, "again");
  for (const Rows& rows : first) EXPECT_FALSE(rows.empty());
  EXPECT_EQ(all_of(connection_, "again"), first);
  EXPECT_EQ(all_of(connection_, "again"), first);
}

TEST_P(CatalogAgain, TellsTablesApart) {
  OdbcConnection fresh(environment_);
  fresh.connect("POOLING=0;" + connection_string(server_.endpoint()));
  const auto other = all_of(fresh, "again2");
  all_of(connection_, "again");
  all_of(connection_, "again");
  EXPECT_EQ(all_of(connection_, "again2"), other);
  EXPECT_EQ(all_of(connection_, "nowhere"), std::vector<Rows>(4));
  EXPECT_EQ(all_of(connection_, "again2"), other);
}

TEST_P(CatalogAgain, SeesWhatAnotherSessionChanged) {
  OdbcConnection other(environment_);
  other.connect("POOLING=0;" + connection_string(server_.endpoint()));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(columns_of(connection_, "again2").size(), 2U);
  OdbcStatement(other).execute("ALTER TABLE again2 ADD c VARCHAR(7), ADD KEY c (c)");
  const auto columns = columns_of(connection_, "again2");
  ASSERT_EQ(columns.size(), 3U);
  EXPECT_EQ(columns[2].at(3), "c");
  EXPECT_EQ(indexes_of(connection_, "again2").size(), 3U);
}

TEST_P(CatalogAgain, LooksBehindATemporaryTableAsBefore) {
  OdbcStatement(connection_).execute("CREATE TEMPORARY TABLE again2 (t INT PRIMARY KEY)");
  const auto first = all_of(connection_, "again2");
  EXPECT_EQ(first[0].size(), 2U);
  EXPECT_EQ(all_of(connection_, "again2"), first);
  OdbcStatement(connection_).execute("DROP TEMPORARY TABLE again2");
}

TEST_P(CatalogAgain, OpensNoTransaction) {
  connection_.autocommit(false);
  for (int i = 0; i < 3; ++i) columns_of(connection_, "again");
  EXPECT_TRUE(SQL_SUCCEEDED(SQLDisconnect(connection_.raw()))) << "25000 with one open";
  connection_.connect(connection_string(server_.endpoint()));
}

TEST_P(CatalogAgain, PreparesWhatIsAskedASecondTime) {
  OdbcConnection fresh(environment_);
  fresh.connect("POOLING=0;" + connection_string(server_.endpoint()));
  columns_of(fresh, "again");
  EXPECT_EQ(prepared_on(fresh), "0");
  for (int i = 0; i < 3; ++i) columns_of(fresh, i % 2 == 0 ? "again" : "again2");
  EXPECT_EQ(prepared_on(fresh), "1");
  for (int i = 0; i < 2; ++i) columns_of(fresh, "a%");
  EXPECT_EQ(prepared_on(fresh), "1") << "a pattern is another question each time";
}

TEST_P(CatalogAgain, PreparesNothingWhereTheDsnForbidsIt) {
  OdbcConnection fresh(environment_);
  fresh.connect("NO_SSPS=1;POOLING=0;" + connection_string(server_.endpoint()));
  const auto first = all_of(fresh, "again");
  EXPECT_EQ(all_of(fresh, "again"), first);
  EXPECT_EQ(prepared_on(fresh), "0");
}

TEST_P(CatalogAgain, DoesWithoutWhereTheServerPreparesNoMore) {
  const auto first = all_of(connection_, "again");
  OdbcStatement(connection_).execute("SET GLOBAL max_prepared_stmt_count = 0");
  EXPECT_EQ(all_of(connection_, "again"), first);
  OdbcStatement(connection_).execute("SET GLOBAL max_prepared_stmt_count = DEFAULT");
}

TEST_P(CatalogAgain, GoesOnAtANewConnectionWhenItsOwnIsLost) {
  const auto first = all_of(connection_, "again");
  all_of(connection_, "again");
  OdbcConnection other(environment_);
  other.connect("POOLING=0;" + connection_string(server_.endpoint()));
  OdbcStatement(other).execute("KILL " + ask("SELECT CONNECTION_ID()"));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(all_of(connection_, "again"), first);
}

FOR_EVERY_SERVER(CatalogAgain);

}  // namespace
}  // namespace test_support
