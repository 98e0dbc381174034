#include <algorithm>

#include "fabric/base/error.h"
#include "tests/protocol/driver/catalog/fixture.h"

namespace driver::catalog {
namespace {

using Lines = std::vector<std::string>;

class Tables : public CatalogOnEveryServer {
 protected:
  Lines ask(const TablesRequest& request) { return lines(*tables(*source, request)); }
  /// Table names of the current database that a pattern finds.
  Lines matching(const std::string& pattern) {
    Lines names;
    for (const auto& line : ask({.table = pattern})) {
      names.push_back(line.substr(6, line.rfind("|TABLE|") - 6));
    }
    return names;
  }
};

TEST_P(Tables, ShowsTablesAndViewsOfTheCurrentDatabaseByTypeAndName) {
  run({"CREATE TABLE b (i INT) COMMENT 'second'", "CREATE TABLE a (i INT)",
       "CREATE VIEW v AS SELECT i FROM a", "CREATE TEMPORARY TABLE hidden (i INT)"});
  const auto reply = tables(*source, {});
  EXPECT_EQ(column_names(*reply), "TABLE_CAT TABLE_SCHEM TABLE_NAME TABLE_TYPE REMARKS");
  EXPECT_EQ(lines(*reply), (Lines{"cat|~|a|TABLE|", "cat|~|b|TABLE|second", "cat|~|v|VIEW|"}));
}

TEST_P(Tables, HasTheColumnNamesOfOdbc2ForItsApplications) {
  const auto reply = tables(*source, {.options = {.rules = {.odbc2 = true}}});
  EXPECT_EQ(column_names(*reply), "TABLE_QUALIFIER TABLE_OWNER TABLE_NAME TABLE_TYPE REMARKS");
}

TEST_P(Tables, ShowsOnlyTheTypesAskedFor) {
  run({"CREATE TABLE a (i INT)", "CREATE VIEW v AS SELECT i FROM a"});
  EXPECT_EQ(ask({.types = "TABLE"}), Lines{"cat|~|a|TABLE|"});
  EXPECT_EQ(ask({.types = "'VIEW'"}), Lines{"cat|~|v|VIEW|"});
  EXPECT_EQ(ask({.types = " 'TABLE' , 'VIEW' "}).size(), 2U);
  EXPECT_EQ(ask({.types = "TABLE,VIEW"}).size(), 2U);
  EXPECT_EQ(ask({.types = ""}).size(), 2U);
  EXPECT_EQ(ask({.types = "%"}).size(), 2U);
  EXPECT_EQ(ask({.types = "SYNONYM,ALIAS"}), Lines{});
  EXPECT_EQ(ask({.types = "SYSTEM TABLE"}), Lines{});
}

TEST_P(Tables, CallsTheServersOwnTablesAndViewsSystemOnes) {
  EXPECT_EQ(ask({.catalog = "mysql", .table = "proc"}).at(0).substr(0, 29),
            "mysql|~|proc|SYSTEM TABLE|Sto");
  EXPECT_EQ(ask({.catalog = "information_schema", .table = "TABLES"}),
            Lines{"information_schema|~|TABLES|SYSTEM VIEW|"});
  EXPECT_EQ(ask({.catalog = "mysql", .table = "proc", .types = "TABLE"}).size(), 1U)
      << "who names the database wants what is in it";
  EXPECT_EQ(ask({.catalog = "mysql", .table = "proc", .types = "VIEW"}), Lines{});
  EXPECT_EQ(ask({.catalog = "%", .table = "proc", .types = "TABLE"}), Lines{});
  EXPECT_EQ(ask({.catalog = "%", .table = "TABLES", .types = "'SYSTEM TABLE','SYSTEM VIEW'"}),
            Lines{"information_schema|~|TABLES|SYSTEM VIEW|"});
}

TEST_P(Tables, TakesPatternsWithTheirEscape) {
  run({"CREATE TABLE t_1 (i INT)", "CREATE TABLE tx1 (i INT)", "CREATE TABLE `t%1` (i INT)",
       "CREATE TABLE `t|1` (i INT)", "CREATE TABLE `a\\b` (i INT)"});
  EXPECT_EQ(matching("t_1"), (Lines{"t%1", "t_1", "tx1", "t|1"}));
  EXPECT_EQ(matching("t\\_1"), Lines{"t_1"});
  EXPECT_EQ(matching("t\\%1"), Lines{"t%1"});
  EXPECT_EQ(matching("t|_"), Lines{"t|1"});
  EXPECT_EQ(matching("%1"), (Lines{"t%1", "t_1", "tx1", "t|1"}));
  EXPECT_EQ(matching("a\\\\b"), Lines{"a\\b"});
  EXPECT_EQ(matching("a\\b"), Lines{"a\\b"});
  EXPECT_EQ(matching("a\\\\%"), Lines{"a\\b"});
  EXPECT_EQ(matching("%%").size(), 5U);
  EXPECT_EQ(matching("a%x"), Lines{});
}

TEST_P(Tables, FindsOddNamesWhateverBackslashesMeanToTheSession) {
  const Lines names{"a'b", "a`b", "a.b", "a\\b", "a b", "日本", "ñandú"};
  for (const auto& name : names) {
    std::string quoted;
    for (const char c : name) quoted += c == '`' ? "``" : std::string(1, c);
    run({"CREATE TABLE `" + quoted + "` (i INT)"});
  }
  for (const std::string mode : {"", "NO_BACKSLASH_ESCAPES", "ANSI"}) {
    run({"SET SESSION sql_mode = '" + mode + "'"});
    for (const auto& name : names) {
      std::string pattern;
      for (const char c : name) pattern += c == '\\' ? "\\\\" : std::string(1, c);
      EXPECT_EQ(matching(pattern), Lines{name}) << mode;
      EXPECT_EQ(matching(pattern + "%"), Lines{name}) << mode;
    }
    EXPECT_EQ(matching("emoji 😀"), Lines{}) << mode;
    EXPECT_EQ(matching("emoji 😀%"), Lines{}) << mode;
    for (const char* no_utf8 : {"a\xC3", "%\xC3", "\xC3%", "\xFF"}) {
      EXPECT_EQ(matching(no_utf8), Lines{}) << mode;
    }
  }
}

TEST_P(Tables, CountsLetterCaseAsTheServerDoes) {
  run({"CREATE TABLE t (i INT)", "CREATE TABLE T (i INT)", "CREATE TABLE é (i INT)"});
  EXPECT_EQ(matching("t"), Lines{"t"});
  EXPECT_EQ(matching("T%"), Lines{"T"});
  EXPECT_EQ(matching("e"), Lines{});
  EXPECT_EQ(matching("e%"), Lines{});
  EXPECT_EQ(ask({.catalog = "CAT"}), Lines{});
}

TEST_P(Tables, TakesACatalogPatternUnlessTheApplicationIsOfOdbc2) {
  run({"CREATE TABLE a (i INT)", "CREATE DATABASE `C%t_2`", "CREATE TABLE `C%t_2`.x (i INT)"});
  EXPECT_EQ(ask({.catalog = "C\\%t\\_2"}), Lines{"C%t_2|~|x|TABLE|"});
  EXPECT_EQ(ask({.catalog = "C%"}), Lines{"C%t_2|~|x|TABLE|"});
  EXPECT_EQ(ask({.catalog = "ca_"}), Lines{"cat|~|a|TABLE|"});
  const CatalogOptions odbc2{.rules = {.odbc2 = true}};
  EXPECT_EQ(ask({.catalog = "C%t_2", .options = odbc2}), Lines{"C%t_2|~|x|TABLE|"});
  EXPECT_EQ(ask({.catalog = "ca_", .options = odbc2}), Lines{});
}

TEST_P(Tables, TakesIdentifiersWhenMetadataIdIsSet) {
  run({"CREATE TABLE `t_1` (i INT)", "CREATE TABLE tx1 (i INT)", "CREATE TABLE `a``b` (i INT)"});
  const CatalogOptions id{.metadata_id = true};
  EXPECT_EQ(ask({.catalog = "cat", .schema = "", .table = " t_1 ", .options = id}),
            Lines{"cat|~|t_1|TABLE|"});
  EXPECT_EQ(ask({.catalog = "`cat`", .schema = "", .table = "`a``b`", .options = id}),
            Lines{"cat|~|a`b|TABLE|"});
  EXPECT_EQ(ask({.catalog = "cat", .schema = "", .table = "%", .options = id}), Lines{});
  for (const TablesRequest& request :
       {TablesRequest{.schema = "", .table = "t_1", .options = id},
        TablesRequest{.catalog = "cat", .table = "t_1", .options = id},
        TablesRequest{.catalog = "cat", .schema = "", .options = id}}) {
    try {
      ask(request);
      ADD_FAILURE();
    } catch (const fabric::base::Error& error) {
      EXPECT_EQ(error.state(), fabric::base::SqlState::kHY009);
    }
  }
}

TEST_P(Tables, OfADatabaseThatIsNotThereAreNone) {
  EXPECT_EQ(ask({.catalog = "nowhere"}), Lines{});
  EXPECT_EQ(ask({.catalog = "nowhere", .table = "t%", .types = "TABLE"}), Lines{});
}

TEST_P(Tables, KnowsNoSchemas) {
  run({"CREATE TABLE a (i INT)"});
  EXPECT_EQ(ask({.schema = ""}).size(), 1U);
  EXPECT_EQ(ask({.schema = "%"}).size(), 1U);
  EXPECT_EQ(ask({.schema = "dbo"}), Lines{});
  EXPECT_EQ(ask({.catalog = ""}), Lines{}) << "no table is without a catalog";
  EXPECT_EQ(ask({.table = ""}), Lines{}) << "no table is without a name";
}

TEST_P(Tables, ListsCatalogsSchemasAndTypes) {
  const auto catalogs = ask({.catalog = "%", .schema = "", .table = ""});
  EXPECT_NE(std::find(catalogs.begin(), catalogs.end(), "cat|~|~|~|~"), catalogs.end());
  EXPECT_NE(std::find(catalogs.begin(), catalogs.end(), "mysql|~|~|~|~"), catalogs.end());
  EXPECT_TRUE(std::is_sorted(catalogs.begin(), catalogs.end()));
  EXPECT_EQ(ask({.catalog = "%", .table = ""}), catalogs) << "nor is a schema needed";
  EXPECT_EQ(ask({.catalog = "", .schema = "%", .table = ""}), Lines{"~||~|~|~"});
  Lines types{"~|~|~|SYSTEM TABLE|~", "~|~|~|SYSTEM VIEW|~", "~|~|~|TABLE|~", "~|~|~|VIEW|~"};
  if (source->is_mariadb()) types.insert(types.begin(), "~|~|~|SEQUENCE|~");
  EXPECT_EQ(ask({.catalog = "", .schema = "", .table = "", .types = "%"}), types);
  EXPECT_EQ(ask({.catalog = "", .table = "", .types = "%"}), types);
}

TEST_P(Tables, ShowsEveryDatabaseWhenTheSessionHasNone) {
  run({"CREATE TABLE a (i INT)"});
  auto options = test_support::TestServer::shared(GetParam()).connect_options();
  options.database.clear();
  fabric::base::SystemClock clock;
  fabric::mysql::Watchdog watchdog{clock};
  const auto nowhere =
      fabric::mysql::ServerConnection::open(options, watchdog, fabric::base::Deadline::never());
  ServerSource everywhere(*nowhere);
  EXPECT_EQ(lines(*tables(everywhere, {.table = "a", .types = "TABLE"})), Lines{"cat|~|a|TABLE|"});
}

INSTANTIATE_TEST_SUITE_P(Catalog, Tables, testing::ValuesIn(test_support::server_kinds()),
                         kind_name);

using TablesOnMariaDb = CatalogOnMariaDb;

TEST_F(TablesOnMariaDb, ShowsSequencesAndVersionedTables) {
  run({"CREATE SEQUENCE s", "CREATE TABLE h (i INT) WITH SYSTEM VERSIONING"});
  EXPECT_EQ(lines(*tables(*source, {})), (Lines{"cat|~|s|SEQUENCE|", "cat|~|h|TABLE|"}));
}

}  // namespace
}  // namespace driver::catalog
