// Catalog functions among the other calls of an application: beside open results, in transactions,
// before SQLRowCount and SQLMoreResults, for a user without rights and of temporary tables.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/driver_manager/odbc_fixture.h"
#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class CatalogSession : public ServerCase {
 protected:
  void SetUp() override {
    make_table("cat_session", "id INT NOT NULL PRIMARY KEY, name VARCHAR(20)");
    OdbcStatement statement(connection_);
    statement.execute("INSERT INTO cat_session VALUES (1, 'a'), (2, 'b'), (3, 'c')");
  }
  void TearDown() override {
    OdbcStatement statement(connection_);
    statement.execute("DROP TABLE IF EXISTS cat_session");
  }

  /// The names of a table's columns, by its name in the current database.
  static std::vector<std::string> columns_of(OdbcStatement& statement, const char* table) {
    statement.check(
        SQLColumns(statement.raw(), nullptr, 0, nullptr, 0, argument(table), SQL_NTS, nullptr, 0));
    std::vector<std::string> names;
    for (const OdbcRow& row : statement.rows()) names.push_back(row.at(3).value_or("NULL"));
    return names;
  }
  std::vector<std::string> columns_of(const char* table) {
    OdbcStatement statement(connection_);
    return columns_of(statement, table);
  }

  const std::vector<std::string> both_{"id", "name"};
};

TEST_P(CatalogSession, AnswersBesideAnOpenResult) {
  OdbcStatement open(connection_);
  open.execute("SELECT id FROM cat_session ORDER BY id");
  ASSERT_TRUE(open.fetch());
  EXPECT_EQ(columns_of("cat_session"), both_);
  EXPECT_EQ(open.rows(), (std::vector<OdbcRow>{{"2"}, {"3"}}));
}

TEST_P(CatalogSession, LeavesATransactionAsItIs) {
  connection_.autocommit(false);
  OdbcStatement statement(connection_);
  statement.execute("INSERT INTO cat_session VALUES (4, 'd')");
  EXPECT_EQ(columns_of("cat_session"), both_);
  connection_.end(SQL_ROLLBACK);
  EXPECT_EQ(ask("SELECT COUNT(*) FROM cat_session"), "3");
}

TEST_P(CatalogSession, CountsItsRowsAndHasOneResult) {
  OdbcStatement statement(connection_);
  statement.check(SQLColumns(statement.raw(), nullptr, 0, nullptr, 0, argument("cat_session"),
                             SQL_NTS, nullptr, 0));
  SQLLEN rows = 0;
  statement.check(SQLRowCount(statement.raw(), &rows));
  EXPECT_EQ(rows, 2);
  SQLSMALLINT columns = 0;
  statement.check(SQLNumResultCols(statement.raw(), &columns));
  EXPECT_EQ(columns, 18);
  EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_NO_DATA);
}

TEST_P(CatalogSession, TakesTheStatementFromWhatWasPrepared) {
  OdbcStatement statement(connection_);
  statement.prepare("SELECT 1");
  EXPECT_EQ(columns_of(statement, "cat_session"), both_);
  statement.close();
  EXPECT_EQ(SQLExecute(statement.raw()), SQL_ERROR) << "the prepared statement is gone";
  EXPECT_EQ(statement.diagnostics().at(0).state, "HY010");
}

TEST_P(CatalogSession, KnowsTemporaryTablesByName) {
  OdbcStatement statement(connection_);
  statement.execute("CREATE TEMPORARY TABLE cat_temporary (a INT PRIMARY KEY, b INT)");
  EXPECT_EQ(columns_of("cat_temporary"), (std::vector<std::string>{"a", "b"}));
  statement.check(
      SQLPrimaryKeys(statement.raw(), nullptr, 0, nullptr, 0, argument("cat_temporary"), SQL_NTS));
  EXPECT_EQ(statement.rows().at(0).at(3), "a");
  statement.close();
  statement.execute("DROP TEMPORARY TABLE cat_temporary");
  EXPECT_TRUE(columns_of("cat_temporary").empty());
}

TEST_P(CatalogSession, FollowsTheCurrentCatalog) {
  connection_.check(
      SQLSetConnectAttr(connection_.raw(), SQL_ATTR_CURRENT_CATALOG, argument("mysql"), SQL_NTS));
  EXPECT_TRUE(columns_of("cat_session").empty());
  connection_.check(
      SQLSetConnectAttr(connection_.raw(), SQL_ATTR_CURRENT_CATALOG, argument("test"), SQL_NTS));
  EXPECT_EQ(columns_of("cat_session"), both_);
}

TEST_P(CatalogSession, ShowsAUserWithoutRightsNothing) {
  OdbcStatement grants(connection_);
  grants.execute("CREATE DATABASE IF NOT EXISTS hidden");
  grants.execute("CREATE TABLE IF NOT EXISTS hidden.cat_session (id INT PRIMARY KEY)");
  grants.execute("GRANT USAGE ON *.* TO 'nobody_here'@'%' IDENTIFIED BY 'pw'");
  {
    OdbcConnection poor(environment_);
    // The first occurrence of a keyword counts.
    poor.connect("UID=nobody_here;PWD=pw;DATABASE=information_schema;" +
                 connection_string(server_.endpoint()));
    OdbcStatement statement(poor);
    statement.check(SQLTables(statement.raw(), argument("hidden"), SQL_NTS, nullptr, 0, nullptr, 0,
                              nullptr, 0));
    EXPECT_TRUE(statement.rows().empty());
    statement.close();
    statement.check(SQLColumns(statement.raw(), argument("hidden"), SQL_NTS, nullptr, 0,
                               argument("cat_session"), SQL_NTS, nullptr, 0));
    EXPECT_TRUE(statement.rows().empty());
    statement.close();
    statement.check(SQLStatistics(statement.raw(), argument("hidden"), SQL_NTS, nullptr, 0,
                                  argument("cat_session"), SQL_NTS, SQL_INDEX_ALL, SQL_ENSURE));
    EXPECT_TRUE(statement.rows().empty());
  }
  grants.execute("DROP DATABASE hidden");
  grants.execute("DROP USER 'nobody_here'@'%'");
}

TEST_P(CatalogSession, TakesNamesByTheirLength) {
  OdbcStatement statement(connection_);
  statement.check(SQLColumns(statement.raw(), argument("test!"), 4, nullptr, 0,
                             argument("cat_session???"), 11, argument("name..."), 4));
  EXPECT_EQ(statement.rows().size(), 1U);
  statement.close();
  EXPECT_EQ(SQLColumns(statement.raw(), argument("test"), -2, nullptr, 0, argument("cat_session"),
                       SQL_NTS, nullptr, 0),
            SQL_ERROR);
  EXPECT_EQ(statement.diagnostics().at(0).state, "HY090");
}

FOR_EVERY_SERVER(CatalogSession);

}  // namespace
}  // namespace test_support
