// NO_CATALOG, NO_SCHEMA, SCHEMANOERROR and NULLISCURRENT: what a database is called;
// FORWARD_CURSOR; and names of 64 characters everywhere.
#include <array>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class CatalogOptions : public ServerCase {
 protected:
  void connect_with(const std::string& keywords) {
    if (connected_) with_.disconnect();
    with_.connect(connection_string(server_.endpoint(), keywords));
    connected_ = true;
  }
  /// "catalog.schema" of the first table found, "none", or the SQLSTATE.
  std::string found(const char* catalog, const char* schema, const char* table) {
    OdbcStatement statement(with_);
    const SQLRETURN result =
        SQLTables(statement.raw(), argument(catalog), SQL_NTS, argument(schema), SQL_NTS,
                  argument(table), SQL_NTS, nullptr, 0);
    if (result == SQL_ERROR) return statement.diagnostics().front().state;
    const auto rows = statement.rows();
    if (rows.empty()) return "none";
    return rows[0][0].value_or("-") + "." + rows[0][1].value_or("-");
  }
  std::string information(SQLUSMALLINT type) {
    std::array<char, 64> text{};
    with_.check(SQLGetInfo(with_.raw(), type, text.data(), 64, nullptr));
    return text.data();
  }

  OdbcConnection with_{environment_};
  bool connected_ = false;
};

constexpr const char* kSchema = "information_schema";

TEST_P(CatalogOptions, ADatabaseIsACatalogUnlessTheDsnSaysOtherwise) {
  connect_with("");
  EXPECT_EQ(found(kSchema, nullptr, "SCHEMATA"), "information_schema.-");
  EXPECT_EQ(found(kSchema, "", "SCHEMATA"), "information_schema.-");
  EXPECT_EQ(found(kSchema, "%", "SCHEMATA"), "information_schema.-");
  EXPECT_EQ(found(nullptr, kSchema, "SCHEMATA"), "HYC00");
  EXPECT_EQ(found("", "%", ""), "-.");
  EXPECT_EQ(information(SQL_CATALOG_NAME), "Y");
  connect_with("SCHEMANOERROR=1");
  EXPECT_EQ(found(kSchema, "ignored", "SCHEMATA"), "information_schema.-");
}

TEST_P(CatalogOptions, ADatabaseMayBeASchema) {
  connect_with("NO_CATALOG=1;NO_SCHEMA=0");
  EXPECT_EQ(found(nullptr, kSchema, "SCHEMATA"), "-.information_schema");
  EXPECT_EQ(found("", kSchema, "SCHEMATA"), "-.information_schema");
  EXPECT_EQ(found(kSchema, nullptr, "SCHEMATA"), "HYC00");
  EXPECT_EQ(found("", "%", "").substr(0, 2), "-.");
  EXPECT_EQ(found("%", "", ""), "none");
  EXPECT_EQ(information(SQL_CATALOG_NAME), "N");
  EXPECT_EQ(information(SQL_SCHEMA_TERM), "schema");
}

TEST_P(CatalogOptions, ADatabaseMayBeEither) {
  connect_with("NO_SCHEMA=0");
  EXPECT_EQ(found(nullptr, kSchema, "SCHEMATA"), "-.information_schema");
  EXPECT_EQ(found(kSchema, nullptr, "SCHEMATA"), "information_schema.-");
  EXPECT_EQ(found(kSchema, kSchema, "SCHEMATA"), "HYC00");
}

TEST_P(CatalogOptions, ADatabaseMayHaveNoName) {
  connect_with("NO_CATALOG=1");
  OdbcStatement(with_).execute("USE information_schema");
  EXPECT_EQ(found(nullptr, nullptr, "SCHEMATA"), "-.-");
  EXPECT_EQ(found(kSchema, nullptr, "SCHEMATA"), "HYC00");
  EXPECT_EQ(found("%", "", ""), "none");
}

TEST_P(CatalogOptions, NoCatalogIsTheCurrentOneUnlessTheDsnSaysOtherwise) {
  connect_with("");
  OdbcStatement(with_).execute("USE mysql");
  EXPECT_EQ(found(nullptr, nullptr, "SCHEMATA"), "none");
  connect_with("NULLISCURRENT=0");
  OdbcStatement(with_).execute("USE mysql");
  EXPECT_EQ(found(nullptr, nullptr, "SCHEMATA"), "information_schema.-");
}

TEST_P(CatalogOptions, ForwardCursorLeavesNoOther) {
  connect_with("FORWARD_CURSOR=1");
  OdbcStatement statement(with_);
  for (const SQLULEN type : {SQL_CURSOR_STATIC, SQL_CURSOR_KEYSET_DRIVEN, SQL_CURSOR_DYNAMIC}) {
    EXPECT_EQ(SQLSetStmtAttr(statement.raw(), SQL_ATTR_CURSOR_TYPE, attribute_value(type), 0),
              SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(statement.diagnostics().front().state, "01S02");
  }
  EXPECT_EQ(SQLSetStmtAttr(statement.raw(), SQL_ATTR_CURSOR_SCROLLABLE,
                           attribute_value(SQL_SCROLLABLE), 0),
            SQL_SUCCESS_WITH_INFO);
  SQLULEN type = 99;
  statement.check(SQLGetStmtAttr(statement.raw(), SQL_ATTR_CURSOR_TYPE, &type, 0, nullptr));
  EXPECT_EQ(type, SQLULEN{SQL_CURSOR_FORWARD_ONLY});
  statement.execute("SELECT 1");
  EXPECT_EQ(SQLFetchScroll(statement.raw(), SQL_FETCH_LAST, 0), SQL_ERROR);
}

/// MySQL's longest names, of letters that take two bytes each.
TEST_P(CatalogOptions, KnowsNamesOfSixtyFourCharacters) {
  const auto name = [](char first) {
    std::string text(1, first);
    for (int i = 0; i < 63; ++i) text += "\xC3\xA9";
    return text;
  };
  const std::string database = name('d');
  const std::string table = name('t');
  const std::string column = name('c');
  const std::string key = name('k');
  const std::string routine = name('p');
  OdbcStatement(connection_).execute("DROP DATABASE IF EXISTS `" + database + "`");
  OdbcStatement(connection_).execute("CREATE DATABASE `" + database + "`");
  OdbcStatement(connection_)
      .execute("CREATE TABLE `" + database + "`.`" + table + "` (`" + column +
               "` INT NOT NULL PRIMARY KEY, b INT, KEY `" + key + "` (b))");
  OdbcStatement(connection_)
      .execute("CREATE PROCEDURE `" + database + "`.`" + routine + "` (IN `" + column +
               "` INT) SELECT 1");
  connect_with("");
  OdbcStatement statement(with_);
  const auto row = [&](SQLRETURN result) {
    statement.check(result);
    const auto rows = statement.rows();
    statement.close();
    return rows.empty() ? OdbcRow{} : rows.back();
  };
  SQLCHAR* of_database = argument(database.c_str());
  SQLCHAR* of_table = argument(table.c_str());
  const OdbcRow found = row(
      SQLTables(statement.raw(), of_database, SQL_NTS, nullptr, 0, of_table, SQL_NTS, nullptr, 0));
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0], database);
  EXPECT_EQ(found[2], table);
  const OdbcRow described = row(SQLColumns(statement.raw(), of_database, SQL_NTS, nullptr, 0,
                                           of_table, SQL_NTS, argument(column.c_str()), SQL_NTS));
  ASSERT_FALSE(described.empty());
  EXPECT_EQ(described[3], column);
  const OdbcRow primary =
      row(SQLPrimaryKeys(statement.raw(), of_database, SQL_NTS, nullptr, 0, of_table, SQL_NTS));
  ASSERT_FALSE(primary.empty());
  EXPECT_EQ(primary[3], column);
  const OdbcRow index = row(SQLStatistics(statement.raw(), of_database, SQL_NTS, nullptr, 0,
                                          of_table, SQL_NTS, SQL_INDEX_ALL, SQL_QUICK));
  ASSERT_FALSE(index.empty());
  EXPECT_EQ(index[5], key);
  const OdbcRow special =
      row(SQLSpecialColumns(statement.raw(), SQL_BEST_ROWID, of_database, SQL_NTS, nullptr, 0,
                            of_table, SQL_NTS, SQL_SCOPE_SESSION, SQL_NULLABLE));
  ASSERT_FALSE(special.empty());
  EXPECT_EQ(special[1], column);
  const OdbcRow argument_of =
      row(SQLProcedureColumns(statement.raw(), of_database, SQL_NTS, nullptr, 0,
                              argument(routine.c_str()), SQL_NTS, nullptr, 0));
  ASSERT_FALSE(argument_of.empty());
  EXPECT_EQ(argument_of[2], routine);
  EXPECT_EQ(argument_of[3], column);
  OdbcStatement(connection_).execute("DROP DATABASE `" + database + "`");
}

FOR_EVERY_SERVER(CatalogOptions);

}  // namespace
}  // namespace test_support
