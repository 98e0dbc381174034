// Catalog functions, SQLGetInfo, SQLGetFunctions and SQLGetTypeInfo as an application calls them.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/driver_manager/odbc_fixture.h"
#include "tests/support/test_server.h"

namespace test_support {
namespace {

/// UTF-16 with a terminator, as SQLWCHAR.
class Wide {
 public:
  explicit Wide(std::u16string_view text) : units_(text.begin(), text.end()) {
    units_.push_back(0);
  }
  SQLWCHAR* get() { return units_.data(); }

 private:
  std::vector<SQLWCHAR> units_;
};

class Catalog : public testing::TestWithParam<ServerKind> {
 protected:
  void SetUp() override {
    connection_.connect(connection_string(TestServer::shared(GetParam()).endpoint()));
    OdbcStatement statement(connection_);
    statement.execute("DROP DATABASE IF EXISTS cat_dm");
    statement.execute("CREATE DATABASE cat_dm DEFAULT CHARACTER SET utf8mb4");
    statement.execute(
        "CREATE TABLE cat_dm.`größe` (id INT NOT NULL PRIMARY KEY, name VARCHAR(20) DEFAULT 'x', "
        "moment DATETIME(3), KEY by_name (name))");
  }
  void TearDown() override {
    OdbcStatement statement(connection_);
    statement.execute("DROP DATABASE IF EXISTS cat_dm");
  }

  OdbcEnvironment environment_;
  OdbcConnection connection_{environment_};
};

TEST_P(Catalog, ListsTablesForNarrowAndWideNames) {
  const std::vector<OdbcRow> expected{{"cat_dm", std::nullopt, "größe", "TABLE", ""}};
  OdbcStatement narrow(connection_);
  narrow.check(SQLTables(narrow.raw(), argument("cat\\_dm"), SQL_NTS, nullptr, 0, argument("gr%"),
                         SQL_NTS, argument("'TABLE'"), SQL_NTS));
  EXPECT_EQ(narrow.rows(), expected);
  OdbcStatement wide(connection_);
  wide.check(SQLTablesW(wide.raw(), Wide(u"cat_dm").get(), 6, nullptr, 0, Wide(u"größe!").get(), 5,
                        nullptr, 0));
  EXPECT_EQ(wide.rows(), expected);
}

TEST_P(Catalog, ListsColumnsInTypesOfTheStandard) {
  OdbcStatement statement(connection_);
  statement.check(SQLColumnsW(statement.raw(), Wide(u"cat_dm").get(), SQL_NTS, nullptr, 0,
                              Wide(u"größe").get(), SQL_NTS, Wide(u"%").get(), SQL_NTS));
  SQLSMALLINT type = 0;
  SQLULEN size = 0;
  statement.check(
      SQLDescribeCol(statement.raw(), 5, nullptr, 0, nullptr, &type, &size, nullptr, nullptr));
  EXPECT_EQ(type, SQL_SMALLINT);
  statement.check(
      SQLDescribeCol(statement.raw(), 7, nullptr, 0, nullptr, &type, &size, nullptr, nullptr));
  EXPECT_EQ(type, SQL_INTEGER);
  SQLSMALLINT nullable = SQL_NULLABLE;
  statement.check(
      SQLDescribeCol(statement.raw(), 3, nullptr, 0, nullptr, &type, &size, nullptr, &nullable));
  EXPECT_TRUE(type == SQL_VARCHAR || type == SQL_WVARCHAR);
  EXPECT_EQ(size, 64U);
  EXPECT_EQ(nullable, SQL_NO_NULLS);
  SQLSMALLINT data_type = 0;
  SQLINTEGER column_size = 0;
  SQLLEN length = 0;
  statement.check(SQLBindCol(statement.raw(), 5, SQL_C_SSHORT, &data_type, 0, &length));
  statement.check(SQLBindCol(statement.raw(), 7, SQL_C_SLONG, &column_size, 0, &length));
  std::vector<std::string> names;
  std::vector<int> types;
  std::vector<int> sizes;
  while (statement.fetch()) {
    names.push_back(statement.text(4).value_or("NULL"));
    types.push_back(data_type);
    sizes.push_back(column_size);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"id", "name", "moment"}));
  EXPECT_EQ(types, (std::vector<int>{SQL_INTEGER, SQL_VARCHAR, SQL_TYPE_TIMESTAMP}));
  EXPECT_EQ(sizes, (std::vector<int>{10, 20, 23}));
}

TEST_P(Catalog, ListsKeysAndIndexes) {
  OdbcStatement statement(connection_);
  statement.check(SQLPrimaryKeys(statement.raw(), argument("cat_dm"), SQL_NTS, nullptr, 0,
                                 argument("größe"), SQL_NTS));
  EXPECT_EQ(statement.rows(),
            (std::vector<OdbcRow>{{"cat_dm", std::nullopt, "größe", "id", "1", "PRIMARY"}}));
  statement.close();
  statement.check(SQLStatistics(statement.raw(), argument("cat_dm"), SQL_NTS, nullptr, 0,
                                argument("größe"), SQL_NTS, SQL_INDEX_ALL, SQL_QUICK));
  std::vector<std::string> indexes;
  for (const OdbcRow& row : statement.rows()) indexes.push_back(row.at(5).value_or("-"));
  EXPECT_EQ(indexes, (std::vector<std::string>{"PRIMARY", "by_name"}));
  statement.close();
  statement.check(SQLSpecialColumns(statement.raw(), SQL_BEST_ROWID, argument("cat_dm"), SQL_NTS,
                                    nullptr, 0, argument("größe"), SQL_NTS, SQL_SCOPE_CURROW,
                                    SQL_NULLABLE));
  EXPECT_EQ(statement.rows().at(0).at(1), "id");
}

TEST_P(Catalog, AnswersTheRarerFunctionsToo) {
  OdbcStatement statement(connection_);
  statement.check(SQLForeignKeys(statement.raw(), nullptr, 0, nullptr, 0, nullptr, 0,
                                 argument("cat_dm"), SQL_NTS, nullptr, 0, argument("größe"),
                                 SQL_NTS));
  EXPECT_TRUE(statement.rows().empty());
  statement.close();
  statement.check(
      SQLProcedures(statement.raw(), argument("cat_dm"), SQL_NTS, nullptr, 0, nullptr, 0));
  EXPECT_TRUE(statement.rows().empty());
  statement.close();
  statement.check(SQLProcedureColumns(statement.raw(), argument("cat_dm"), SQL_NTS, nullptr, 0,
                                      nullptr, 0, nullptr, 0));
  EXPECT_TRUE(statement.rows().empty());
  statement.close();
  statement.execute("GRANT SELECT, UPDATE (id) ON cat_dm.größe TO 'app'@'%'");
  statement.check(SQLTablePrivileges(statement.raw(), argument("cat_dm"), SQL_NTS, nullptr, 0,
                                     argument("größe"), SQL_NTS));
  EXPECT_EQ(statement.rows().size(), 1U);
  statement.close();
  statement.check(SQLColumnPrivileges(statement.raw(), argument("cat_dm"), SQL_NTS, nullptr, 0,
                                      argument("größe"), SQL_NTS, argument("id"), SQL_NTS));
  EXPECT_EQ(statement.rows().size(), 1U);
  statement.close();
  statement.execute("REVOKE SELECT, UPDATE (id) ON cat_dm.größe FROM 'app'@'%'");
}

TEST_P(Catalog, NamesWhatIsWrongWithItsArguments) {
  OdbcStatement statement(connection_);
  const auto state = [&](SQLRETURN result) {
    EXPECT_EQ(result, SQL_ERROR);
    return statement.diagnostics().at(0).state;
  };
  EXPECT_EQ(state(SQLStatistics(statement.raw(), nullptr, 0, nullptr, 0, nullptr, 0, SQL_INDEX_ALL,
                                SQL_QUICK)),
            "HY009");
  EXPECT_EQ(state(SQLStatistics(statement.raw(), nullptr, 0, nullptr, 0, argument("t"), SQL_NTS, 9,
                                SQL_QUICK)),
            "HY100");
  EXPECT_EQ(state(SQLStatistics(statement.raw(), nullptr, 0, nullptr, 0, argument("t"), SQL_NTS,
                                SQL_INDEX_ALL, 9)),
            "HY101");
  EXPECT_EQ(state(SQLSpecialColumns(statement.raw(), 9, nullptr, 0, nullptr, 0, argument("t"),
                                    SQL_NTS, SQL_SCOPE_CURROW, SQL_NULLABLE)),
            "HY097");
  EXPECT_EQ(
      state(SQLTables(statement.raw(), argument("x"), -7, nullptr, 0, nullptr, 0, nullptr, 0)),
      "HY090");
  EXPECT_EQ(state(SQLGetTypeInfo(statement.raw(), 1234)), "HY004");
}

TEST_P(Catalog, TakesIdentifiersWhenMetadataIdIsSet) {
  OdbcStatement statement(connection_);
  statement.check(SQLSetStmtAttr(statement.raw(), SQL_ATTR_METADATA_ID,
                                 reinterpret_cast<SQLPOINTER>(std::uintptr_t{SQL_TRUE}), 0));
  statement.check(SQLTables(statement.raw(), argument("cat_dm"), SQL_NTS, argument(""), 0,
                            argument("`größe`"), SQL_NTS, nullptr, 0));
  EXPECT_EQ(statement.rows().size(), 1U);
  statement.close();
  statement.check(SQLTables(statement.raw(), argument("cat_dm"), SQL_NTS, argument(""), 0,
                            argument("%"), SQL_NTS, nullptr, 0));
  EXPECT_TRUE(statement.rows().empty());
}

TEST_P(Catalog, DescribesTheDriverInBothWidths) {
  std::array<SQLCHAR, 64> narrow{};
  SQLSMALLINT length = 0;
  connection_.check(SQLGetInfo(connection_.raw(), SQL_DRIVER_NAME, narrow.data(), 64, &length));
  EXPECT_STREQ(static_cast<const char*>(static_cast<const void*>(narrow.data())),
               "libfabricodbc.so");
  EXPECT_EQ(length, 16);
  std::array<SQLWCHAR, 64> wide{};
  connection_.check(SQLGetInfoW(connection_.raw(), SQL_IDENTIFIER_QUOTE_CHAR, wide.data(),
                                sizeof(wide), &length));
  EXPECT_EQ(wide[0], u'`');
  EXPECT_EQ(length, 2);
  SQLUSMALLINT small = 0;
  connection_.check(SQLGetInfo(connection_.raw(), SQL_TXN_CAPABLE, &small, 0, nullptr));
  EXPECT_EQ(small, SQL_TC_DDL_COMMIT);
  connection_.check(SQLGetInfo(connection_.raw(), SQL_IDENTIFIER_CASE, &small, 0, nullptr));
  EXPECT_EQ(small, SQL_IC_SENSITIVE) << "the server keeps tables by letter case";
  SQLUINTEGER mask = 0;
  connection_.check(SQLGetInfo(connection_.raw(), SQL_SCROLL_OPTIONS, &mask, 0, nullptr));
  EXPECT_EQ(mask, SQLUINTEGER{SQL_SO_FORWARD_ONLY | SQL_SO_STATIC});
  EXPECT_EQ(SQLGetInfo(connection_.raw(), 9999, &mask, 0, nullptr), SQL_ERROR);
  EXPECT_EQ(connection_.diagnostics().at(0).state, "HY096");
}

TEST_P(Catalog, CutsAnInformationThatIsTooLong) {
  std::array<SQLCHAR, 6> narrow{};
  SQLSMALLINT length = 0;
  EXPECT_EQ(SQLGetInfo(connection_.raw(), SQL_DRIVER_NAME, narrow.data(), 6, &length),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_STREQ(static_cast<const char*>(static_cast<const void*>(narrow.data())), "libfa");
  EXPECT_EQ(length, 16);
  EXPECT_EQ(connection_.diagnostics().at(0).state, "01004");
  length = 0;  // of a buffer without room only the length is asked
  EXPECT_EQ(SQLGetInfo(connection_.raw(), SQL_DRIVER_NAME, narrow.data(), 0, &length), SQL_SUCCESS);
  EXPECT_EQ(length, 16);
}

TEST_P(Catalog, QuotesNamesAsTheSessionDoes) {
  const auto quote = [&] {
    std::array<char, 4> text{};
    connection_.check(
        SQLGetInfo(connection_.raw(), SQL_IDENTIFIER_QUOTE_CHAR, text.data(), 4, nullptr));
    return std::string(text.data());
  };
  EXPECT_EQ(quote(), "`");
  OdbcStatement(connection_).execute("SET SESSION sql_mode = 'ANSI_QUOTES'");
  EXPECT_EQ(quote(), "\"");
  OdbcStatement(connection_).execute("SET SESSION sql_mode = ''");
  EXPECT_EQ(quote(), "`");
}

TEST_P(Catalog, SaysWhichFunctionsThereAre) {
  std::array<SQLUSMALLINT, SQL_API_ODBC3_ALL_FUNCTIONS_SIZE> bits{};
  connection_.check(SQLGetFunctions(connection_.raw(), SQL_API_ODBC3_ALL_FUNCTIONS, bits.data()));
  EXPECT_TRUE(SQL_FUNC_EXISTS(bits.data(), SQL_API_SQLCOLUMNS));
  EXPECT_TRUE(SQL_FUNC_EXISTS(bits.data(), SQL_API_SQLFETCHSCROLL));
}

TEST_P(Catalog, ListsTypes) {
  OdbcStatement statement(connection_);
  statement.check(SQLGetTypeInfo(statement.raw(), SQL_TYPE_TIMESTAMP));
  std::vector<std::string> names;
  for (const OdbcRow& row : statement.rows()) names.push_back(row.at(0).value_or(""));
  EXPECT_EQ(names, (std::vector<std::string>{"datetime", "timestamp"}));
}

TEST_P(Catalog, SpeaksOdbc2ToAnApplicationOfOdbc2) {
  const OdbcEnvironment old(SQL_OV_ODBC2);
  OdbcConnection connection(old);
  connection.connect(connection_string(TestServer::shared(GetParam()).endpoint()));
  OdbcStatement statement(connection);
  statement.check(SQLColumns(statement.raw(), argument("cat_dm"), SQL_NTS, nullptr, 0,
                             argument("größe"), SQL_NTS, argument("moment"), SQL_NTS));
  std::array<SQLCHAR, 64> name{};
  statement.check(SQLDescribeCol(statement.raw(), 1, name.data(), 64, nullptr, nullptr, nullptr,
                                 nullptr, nullptr));
  EXPECT_STREQ(static_cast<const char*>(static_cast<const void*>(name.data())), "TABLE_QUALIFIER");
  EXPECT_EQ(statement.rows().at(0).at(4), std::to_string(SQL_TIMESTAMP));
}

INSTANTIATE_TEST_SUITE_P(Servers, Catalog, testing::ValuesIn(server_kinds()),
                         [](const auto& kind) { return name_of(kind.param); });

}  // namespace
}  // namespace test_support
