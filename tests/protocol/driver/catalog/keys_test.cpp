#include <functional>

#include "fabric/base/error.h"
#include "tests/protocol/driver/catalog/fixture.h"

namespace driver::catalog {
namespace {

using Lines = std::vector<std::string>;

void expect_name_required(const std::function<void()>& call) {
  try {
    call();
    ADD_FAILURE();
  } catch (const fabric::base::Error& error) {
    EXPECT_EQ(error.state(), fabric::base::SqlState::kHY009);
  }
}

using PrimaryKeys = CatalogOnEveryServer;

TEST_P(PrimaryKeys, AreShownInTheOrderOfTheKey) {
  run({"CREATE TABLE t (a INT, b INT, c INT, PRIMARY KEY (c, a))", "CREATE TABLE none (a INT)"});
  const auto reply = primary_keys(*source, {.table = "t"});
  EXPECT_EQ(column_names(*reply), "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME KEY_SEQ PK_NAME");
  EXPECT_EQ(lines(*reply), (Lines{"cat|~|t|c|1|PRIMARY", "cat|~|t|a|2|PRIMARY"}));
  EXPECT_EQ(lines(*primary_keys(*source, {.table = "none"})), Lines{});
  EXPECT_EQ(lines(*primary_keys(*source, {.catalog = "cat", .schema = "", .table = "t"})).size(),
            2U);
  EXPECT_EQ(lines(*primary_keys(*source, {.catalog = "nowhere", .table = "t"})), Lines{});
  EXPECT_EQ(lines(*primary_keys(*source, {.table = "%"})), Lines{}) << "not a pattern";
}

TEST_P(PrimaryKeys, AreShownInNumericOrder) {
  std::string columns;
  std::string key;
  Lines expected;
  for (int i = 1; i <= 12; ++i) {
    const std::string name = "c" + std::to_string(i);
    columns += name + " INT, ";
    key += (i > 1 ? ", " : "") + name;
    expected.push_back("cat|~|t|" + name + "|" + std::to_string(i) + "|PRIMARY");
  }
  run({"CREATE TABLE t (" + columns + "PRIMARY KEY (" + key + "))"});
  EXPECT_EQ(lines(*primary_keys(*source, {.table = "t"})), expected);
}

TEST_P(PrimaryKeys, AreThoseOfATableOfThatLetterCase) {
  run({"CREATE TABLE t (a INT PRIMARY KEY)", "CREATE TABLE T (b INT PRIMARY KEY)",
       "CREATE TABLE é (c INT PRIMARY KEY)"});
  EXPECT_EQ(lines(*primary_keys(*source, {.table = "t"})), Lines{"cat|~|t|a|1|PRIMARY"});
  EXPECT_EQ(lines(*primary_keys(*source, {.table = "T"})), Lines{"cat|~|T|b|1|PRIMARY"});
  for (const char* none : {"e", "É", "t ", " t"}) {
    EXPECT_EQ(lines(*primary_keys(*source, {.table = none})), Lines{}) << none;
  }
  EXPECT_EQ(lines(*primary_keys(*source, {.catalog = "CAT", .table = "t"})), Lines{});
  EXPECT_EQ(lines(*primary_keys(*source, {.catalog = "cat ", .table = "t"})), Lines{});
}

TEST_P(PrimaryKeys, NeedATable) {
  expect_name_required([&] { primary_keys(*source, {.catalog = "cat"}); });
}

TEST_P(PrimaryKeys, AskForOneTableOnly) {
  source->no_temporary_tables = true;
  primary_keys(*source, {.table = "t"});
  const std::string& sql = source->statements.back();
  EXPECT_NE(sql.find("TABLE_SCHEMA = 'cat'"), std::string::npos) << sql;
  EXPECT_NE(sql.find("TABLE_NAME = 't'"), std::string::npos) << sql;
  std::string plan;
  for (const rows::Record& row : source->rows("EXPLAIN " + sql)) {
    for (const auto& value : row) plan += value.value_or("") + " ";
  }
  EXPECT_NE(plan.find("TABLE_SCHEMA,TABLE_NAME"), std::string::npos) << plan;
  EXPECT_NE(plan.find("Scanned 0 databases"), std::string::npos) << plan;
}

INSTANTIATE_TEST_SUITE_P(Catalog, PrimaryKeys, testing::ValuesIn(test_support::server_kinds()),
                         kind_name);

class Statistics : public CatalogOnEveryServer {
 protected:
  Lines ask(const StatisticsRequest& request) { return lines(*statistics(*source, request)); }
};

TEST_P(Statistics, ShowIndexesByUniquenessTypeAndName) {
  run(
      {"CREATE TABLE t (a INT, b INT, c VARCHAR(20), d INT, PRIMARY KEY (a), UNIQUE u (d, b), "
       "KEY k (c(4)), KEY j (b)) ENGINE=InnoDB",
       "INSERT INTO t VALUES (1, 1, 'x', 1), (2, 1, 'y', 2)", "ANALYZE TABLE t"});
  const auto reply = statistics(*source, {.table = "t"});
  EXPECT_EQ(column_names(*reply),
            "TABLE_CAT TABLE_SCHEM TABLE_NAME NON_UNIQUE INDEX_QUALIFIER INDEX_NAME TYPE "
            "ORDINAL_POSITION COLUMN_NAME ASC_OR_DESC CARDINALITY PAGES FILTER_CONDITION");
  Lines rows = lines(*reply);
  EXPECT_EQ(rows, (Lines{"cat|~|t|0|~|PRIMARY|3|1|a|A|2|~|~", "cat|~|t|0|~|u|3|1|d|A|2|~|~",
                         "cat|~|t|0|~|u|3|2|b|A|2|~|~", "cat|~|t|1|~|j|3|1|b|A|2|~|~",
                         "cat|~|t|1|~|k|3|1|c|A|2|~|~"}));
}

TEST_P(Statistics, ShowUniqueIndexesOnlyWhenAsked) {
  run({"CREATE TABLE t (a INT, b INT, PRIMARY KEY (a), KEY k (b))"});
  const auto rows = ask({.table = "t", .unique_only = true});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].substr(0, 19), "cat|~|t|0|~|PRIMARY");
}

TEST_P(Statistics, TellHashedIndexesApart) {
  run({"CREATE TABLE t (a INT NOT NULL, KEY h (a) USING HASH) ENGINE=MEMORY"});
  EXPECT_EQ(ask({.table = "t"}).at(0).substr(0, 19), "cat|~|t|1|~|h|2|1|a");
}

TEST_P(Statistics, AndPrimaryKeysOfTemporaryTablesAreShown) {
  run({"CREATE TEMPORARY TABLE t (a INT, b INT NOT NULL, PRIMARY KEY (b, a), UNIQUE u (b))"});
  Lines rows;
  for (const auto& line : ask({.table = "t", .unique_only = true})) {
    rows.push_back(line.substr(0, 26));
  }
  EXPECT_EQ(rows, (Lines{"cat|~|t|0|~|PRIMARY|3|1|b|", "cat|~|t|0|~|PRIMARY|3|2|a|",
                         "cat|~|t|0|~|u|3|1|b|A|0|~|"}));
  EXPECT_EQ(lines(*primary_keys(*source, {.table = "t"})),
            (Lines{"cat|~|t|b|1|PRIMARY", "cat|~|t|a|2|PRIMARY"}));
  EXPECT_EQ(lines(*special_columns(*source, {.table = "t"})).size(), 2U);
  source->no_temporary_tables = true;
  EXPECT_EQ(ask({.table = "t"}), Lines{});
}

TEST_P(Statistics, HaveTheColumnNamesOfOdbc2ForItsApplications) {
  EXPECT_EQ(
      column_names(*statistics(*source, {.table = "t", .options = {.rules = {.odbc2 = true}}})),
      "TABLE_QUALIFIER TABLE_OWNER TABLE_NAME NON_UNIQUE INDEX_QUALIFIER INDEX_NAME TYPE "
      "SEQ_IN_INDEX COLUMN_NAME COLLATION CARDINALITY PAGES FILTER_CONDITION");
}

TEST_P(Statistics, AreEmptyForViewsAndMissingTables) {
  run({"CREATE TABLE t (a INT)", "CREATE VIEW v AS SELECT a FROM t"});
  EXPECT_EQ(ask({.table = "v"}), Lines{});
  EXPECT_EQ(ask({.table = "missing"}), Lines{});
  expect_name_required([&] { ask({}); });
}

INSTANTIATE_TEST_SUITE_P(Catalog, Statistics, testing::ValuesIn(test_support::server_kinds()),
                         kind_name);

class ForeignKeys : public CatalogOnEveryServer {
 protected:
  void SetUp() override {
    CatalogOnEveryServer::SetUp();
    run({"CREATE TABLE parent (a INT, b INT, PRIMARY KEY (a, b)) ENGINE=InnoDB",
         "CREATE TABLE other (i INT PRIMARY KEY) ENGINE=InnoDB",
         "CREATE TABLE child (x INT, y INT, z INT, CONSTRAINT fk FOREIGN KEY (x, y) REFERENCES "
         "parent (a, b) ON DELETE CASCADE ON UPDATE SET NULL, CONSTRAINT fo FOREIGN KEY (z) "
         "REFERENCES other (i)) ENGINE=InnoDB"});
  }
  Lines ask(const ForeignKeysRequest& request) { return lines(*foreign_keys(*source, request)); }
};

TEST_P(ForeignKeys, OfATableAreShownByThePrimaryTable) {
  const auto reply = foreign_keys(*source, {.foreign_table = "child"});
  EXPECT_EQ(column_names(*reply),
            "PKTABLE_CAT PKTABLE_SCHEM PKTABLE_NAME PKCOLUMN_NAME FKTABLE_CAT FKTABLE_SCHEM "
            "FKTABLE_NAME FKCOLUMN_NAME KEY_SEQ UPDATE_RULE DELETE_RULE FK_NAME PK_NAME "
            "DEFERRABILITY");
  EXPECT_EQ(lines(*reply), (Lines{"cat|~|other|i|cat|~|child|z|1|3|3|fo|PRIMARY|7",
                                  "cat|~|parent|a|cat|~|child|x|1|2|0|fk|PRIMARY|7",
                                  "cat|~|parent|b|cat|~|child|y|2|2|0|fk|PRIMARY|7"}));
}

TEST_P(ForeignKeys, ThatReferToATableAreShown) {
  EXPECT_EQ(ask({.primary_table = "parent"}),
            (Lines{"cat|~|parent|a|cat|~|child|x|1|2|0|fk|PRIMARY|7",
                   "cat|~|parent|b|cat|~|child|y|2|2|0|fk|PRIMARY|7"}));
  EXPECT_EQ(ask({.primary_table = "child"}), Lines{});
  EXPECT_EQ(ask({.primary_table = "other", .foreign_table = "child"}),
            Lines{"cat|~|other|i|cat|~|child|z|1|3|3|fo|PRIMARY|7"});
}

TEST_P(ForeignKeys, ToUniqueKeysAreThoseOfTheTableTheyReferTo) {
  run({"CREATE TABLE unique_parent (p INT PRIMARY KEY, u INT, UNIQUE KEY uk (u)) ENGINE=InnoDB",
       "CREATE TABLE unique_child (c INT, CONSTRAINT fu FOREIGN KEY (c) REFERENCES "
       "unique_parent (u)) ENGINE=InnoDB"});
  const Lines key{"cat|~|unique_parent|u|cat|~|unique_child|c|1|3|3|fu|uk|7"};
  EXPECT_EQ(ask({.primary_table = "unique_parent"}), key);
  EXPECT_EQ(ask({.primary_table = "unique_parent", .foreign_table = "unique_child"}), key);
  EXPECT_EQ(ask({.foreign_table = "unique_child"}), Lines{});
}

TEST_P(ForeignKeys, CrossDatabases) {
  run({"DROP DATABASE IF EXISTS `C%t_2`", "CREATE DATABASE `C%t_2`",
       "CREATE TABLE `C%t_2`.far (q INT, CONSTRAINT ff FOREIGN KEY (q) REFERENCES cat.other (i)) "
       "ENGINE=InnoDB"});
  const std::string far = "cat|~|other|i|C%t_2|~|far|q|1|3|3|ff|PRIMARY|7";
  EXPECT_EQ(ask({.primary_table = "other"}),
            (Lines{far, "cat|~|other|i|cat|~|child|z|1|3|3|fo|PRIMARY|7"}));
  EXPECT_EQ(ask({.foreign_catalog = "C%t_2", .foreign_table = "far"}), Lines{far});
  EXPECT_EQ(ask({.primary_table = "other", .foreign_catalog = "C%t_2", .foreign_table = "far"}),
            Lines{far});
  EXPECT_EQ(ask({.primary_table = "parent", .foreign_catalog = "C%t_2", .foreign_table = "far"}),
            Lines{});
  run({"DROP TABLE `C%t_2`.far"});  // before the one that it refers to
}

TEST_P(ForeignKeys, HaveTheRulesOfOdbc2ForItsApplications) {
  EXPECT_EQ(ask({.primary_table = "other", .options = {.rules = {.odbc2 = true}}}),
            Lines{"cat|~|other|i|cat|~|child|z|1|1|1|fo|PRIMARY|7"});
}

TEST_P(ForeignKeys, TakeAnEmptyNameBesideAnotherForNone) {
  EXPECT_EQ(ask({.primary_table = "other", .foreign_table = ""}),
            Lines{"cat|~|other|i|cat|~|child|z|1|3|3|fo|PRIMARY|7"});
  EXPECT_EQ(ask({.primary_table = "", .foreign_table = "child"}).size(), 3U);
  EXPECT_EQ(ask({.primary_table = "", .foreign_table = ""}), Lines{});
  EXPECT_EQ(ask({.foreign_table = ""}), Lines{});
}

TEST_P(ForeignKeys, NeedATable) {
  expect_name_required([&] { ask({.primary_catalog = "cat"}); });
}

INSTANTIATE_TEST_SUITE_P(Catalog, ForeignKeys, testing::ValuesIn(test_support::server_kinds()),
                         kind_name);

}  // namespace
}  // namespace driver::catalog
