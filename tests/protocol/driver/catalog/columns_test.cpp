#include "fabric/base/error.h"
#include "tests/protocol/driver/catalog/fixture.h"

namespace driver::catalog {
namespace {

using Lines = std::vector<std::string>;

class Columns : public CatalogOnEveryServer {
 protected:
  /// What is behind TABLE_CAT, TABLE_SCHEM and TABLE_NAME.
  Lines of(const std::string& table) {
    Lines all;
    const std::string prefix = "cat|~|" + table + "|";
    for (const auto& line : lines(*columns(*source, {.table = table}))) {
      EXPECT_EQ(line.substr(0, prefix.size()), prefix);
      all.push_back(line.substr(prefix.size()));
    }
    return all;
  }
};

TEST_P(Columns, HasTheColumnsOfOdbc3) {
  EXPECT_EQ(column_names(*columns(*source, {})),
            "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME DATA_TYPE TYPE_NAME COLUMN_SIZE "
            "BUFFER_LENGTH DECIMAL_DIGITS NUM_PREC_RADIX NULLABLE REMARKS COLUMN_DEF SQL_DATA_TYPE "
            "SQL_DATETIME_SUB CHAR_OCTET_LENGTH ORDINAL_POSITION IS_NULLABLE");
  EXPECT_EQ(column_names(*columns(*source, {.options = {.rules = {.odbc2 = true}}})),
            "TABLE_QUALIFIER TABLE_OWNER TABLE_NAME COLUMN_NAME DATA_TYPE TYPE_NAME PRECISION "
            "LENGTH SCALE RADIX NULLABLE REMARKS COLUMN_DEF SQL_DATA_TYPE SQL_DATETIME_SUB "
            "CHAR_OCTET_LENGTH ORDINAL_POSITION IS_NULLABLE");
}

TEST_P(Columns, DescribesNumbers) {
  run(
      {"CREATE TABLE n (a TINYINT NOT NULL, b TINYINT UNSIGNED, c SMALLINT, d SMALLINT UNSIGNED, "
       "e MEDIUMINT, f MEDIUMINT UNSIGNED, g INT COMMENT 'it''s', h INT UNSIGNED ZEROFILL, "
       "i BIGINT, j BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, k DECIMAL(12,3), "
       "l DECIMAL(5,0) UNSIGNED, m FLOAT, n DOUBLE, o DOUBLE UNSIGNED, p BIT, q BIT(9), "
       "r YEAR, s BOOL, t FLOAT(7,3))"});
  EXPECT_EQ(of("n"), (Lines{"a|-6|tinyint|3|1|0|10|0||~|-6|~|~|1|NO",
                            "b|-6|tinyint unsigned|3|1|0|10|1||NULL|-6|~|~|2|YES",
                            "c|5|smallint|5|2|0|10|1||NULL|5|~|~|3|YES",
                            "d|5|smallint unsigned|5|2|0|10|1||NULL|5|~|~|4|YES",
                            "e|4|mediumint|7|4|0|10|1||NULL|4|~|~|5|YES",
                            "f|4|mediumint unsigned|8|4|0|10|1||NULL|4|~|~|6|YES",
                            "g|4|int|10|4|0|10|1|it's|NULL|4|~|~|7|YES",
                            "h|4|int unsigned|10|4|0|10|1||NULL|4|~|~|8|YES",
                            "i|-5|bigint|19|8|0|10|1||NULL|-5|~|~|9|YES",
                            "j|-5|bigint unsigned|20|8|0|10|1||~|-5|~|~|10|YES",
                            "k|3|decimal|12|14|3|10|1||NULL|3|~|~|11|YES",
                            "l|3|decimal unsigned|5|7|0|10|1||NULL|3|~|~|12|YES",
                            "m|7|float|7|4|~|10|1||NULL|7|~|~|13|YES",
                            "n|8|double|15|8|~|10|1||NULL|8|~|~|14|YES",
                            "o|8|double unsigned|15|8|~|10|1||NULL|8|~|~|15|YES",
                            "p|-7|bit|1|1|0|10|1||NULL|-7|~|~|16|YES",
                            "q|-2|bit|2|2|~|~|1||NULL|-2|~|2|17|YES",
                            "r|5|year|4|2|0|10|1||NULL|5|~|~|18|YES",
                            "s|-6|tinyint|3|1|0|10|1||NULL|-6|~|~|19|YES",
                            "t|7|float|7|4|~|10|1||NULL|7|~|~|20|YES"}));
}

TEST_P(Columns, DescribesTexts) {
  run(
      {"CREATE TABLE s (a CHAR(7), b VARCHAR(20) NOT NULL, c VARCHAR(20) CHARACTER SET latin1, "
       "d TINYTEXT, e TEXT, f MEDIUMTEXT, g LONGTEXT, h ENUM('x','unsigned'), i SET('a','b','c'), "
       "j BINARY(3), k VARBINARY(9), l TINYBLOB, m BLOB, n MEDIUMBLOB, o LONGBLOB, p GEOMETRY, "
       "q POINT NOT NULL, r VARCHAR(10) COLLATE utf8mb4_bin)"});
  EXPECT_EQ(
      of("s"),
      (Lines{"a|-8|char|7|14|~|~|1||NULL|-8|~|14|1|YES", "b|-9|varchar|20|40|~|~|0||~|-9|~|40|2|NO",
             "c|-9|varchar|20|40|~|~|1||NULL|-9|~|40|3|YES",
             "d|-10|tinytext|255|510|~|~|1||NULL|-10|~|510|4|YES",
             "e|-10|text|65535|131070|~|~|1||NULL|-10|~|131070|5|YES",
             "f|-10|mediumtext|16777215|33554430|~|~|1||NULL|-10|~|33554430|6|YES",
             "g|-10|longtext|2147483647|2147483647|~|~|1||NULL|-10|~|2147483647|7|YES",
             "h|-8|enum|8|16|~|~|1||NULL|-8|~|16|8|YES", "i|-8|set|5|10|~|~|1||NULL|-8|~|10|9|YES",
             "j|-2|binary|3|3|~|~|1||NULL|-2|~|3|10|YES",
             "k|-3|varbinary|9|9|~|~|1||NULL|-3|~|9|11|YES",
             "l|-4|tinyblob|255|255|~|~|1||NULL|-4|~|255|12|YES",
             "m|-4|blob|65535|65535|~|~|1||NULL|-4|~|65535|13|YES",
             "n|-4|mediumblob|16777215|16777215|~|~|1||NULL|-4|~|16777215|14|YES",
             "o|-4|longblob|2147483647|2147483647|~|~|1||NULL|-4|~|2147483647|15|YES",
             "p|-4|geometry|2147483647|2147483647|~|~|1||NULL|-4|~|2147483647|16|YES",
             "q|-4|geometry|2147483647|2147483647|~|~|0||~|-4|~|2147483647|17|NO",
             "r|-9|varchar|10|20|~|~|1||NULL|-9|~|20|18|YES"}));
}

TEST_P(Columns, DescribesMoments) {
  run(
      {"CREATE TABLE m (a DATE, b TIME, c TIME(3), d DATETIME, e DATETIME(6), "
       "f TIMESTAMP NULL, g TIMESTAMP(2) NULL)"});
  EXPECT_EQ(of("m"), (Lines{"a|91|date|10|6|~|~|1||NULL|9|1|~|1|YES",
                            "b|92|time|8|6|0|~|1||NULL|9|2|~|2|YES",
                            "c|92|time|12|6|3|~|1||NULL|9|2|~|3|YES",
                            "d|93|datetime|19|16|0|~|1||NULL|9|3|~|4|YES",
                            "e|93|datetime|26|16|6|~|1||NULL|9|3|~|5|YES",
                            "f|93|timestamp|19|16|0|~|1||NULL|9|3|~|6|YES",
                            "g|93|timestamp|22|16|2|~|1||NULL|9|3|~|7|YES"}));
  EXPECT_EQ(lines(*columns(*source,
                           {.table = "m", .column = "a", .options = {.rules = {.odbc2 = true}}})),
            Lines{"cat|~|m|a|9|date|10|6|~|~|1||NULL|9|1|~|1|YES"});
}

TEST_P(Columns, ShowsDefaultsAsSql) {
  run(
      {"CREATE TABLE d (a INT, b INT NOT NULL, c INT DEFAULT 5, d VARCHAR(9) DEFAULT 'it''s', "
       "e VARCHAR(9) DEFAULT '', f VARCHAR(9) DEFAULT 'NULL', g DATETIME DEFAULT "
       "CURRENT_TIMESTAMP, "
       "h TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), "
       "i DATE DEFAULT '2000-01-02', j BIT(5) DEFAULT b'101', k DECIMAL(5,2) DEFAULT 1.5, "
       "l ENUM('a','b') DEFAULT 'b', m VARCHAR(20) DEFAULT 'CURRENT_TIMESTAMP', "
       "n INT AUTO_INCREMENT PRIMARY KEY, o YEAR DEFAULT 2001, p DOUBLE DEFAULT -1.5)"});
  Lines defaults;
  const auto reply = columns(*source, {.table = "d"});
  while (const auto* row = reply->fetch(fabric::base::Deadline::never())) {
    const auto text = [&](std::size_t i) {
      const auto& cell = (*row)[i];
      return cell.null() ? std::string("~")
                         : std::string(reinterpret_cast<const char*>(cell.data), cell.size);
    };
    defaults.push_back(text(3) + ": " + text(12));
  }
  EXPECT_EQ(defaults, (Lines{"a: NULL", "b: ~", "c: 5", "d: 'it''s'", "e: ''", "f: 'NULL'",
                             "g: CURRENT_TIMESTAMP", "h: CURRENT_TIMESTAMP(3)", "i: '2000-01-02'",
                             "j: b'101'", "k: 1.50", "l: 'b'", "m: 'CURRENT_TIMESTAMP'", "n: ~",
                             "o: 2001", "p: -1.5"}));
}

TEST_P(Columns, FindsColumnsByPatternWithoutLetterCase) {
  run({"CREATE TABLE a (Alpha INT, beta INT, al_x INT)", "CREATE TABLE b (alpha INT)",
       "CREATE VIEW v AS SELECT beta AS gamma_1 FROM a"});
  const auto names = [&](const ColumnsRequest& request) {
    Lines found;
    for (const auto& line : lines(*columns(*source, request))) {
      std::string name = line.substr(6, line.find('|', line.find('|', 6) + 1) - 6);
      name[name.find('|')] = '.';
      found.push_back(std::move(name));
    }
    return found;
  };
  EXPECT_EQ(names({}), (Lines{"a.Alpha", "a.beta", "a.al_x", "b.alpha", "v.gamma_1"}));
  EXPECT_EQ(names({.column = "ALPHA"}), (Lines{"a.Alpha", "b.alpha"}));
  EXPECT_EQ(names({.table = "a", .column = "al%"}), (Lines{"a.Alpha", "a.al_x"}));
  EXPECT_EQ(names({.table = "_", .column = "al\\_x"}), Lines{"a.al_x"});
  EXPECT_EQ(names({.catalog = "nowhere"}), Lines{});
  EXPECT_EQ(names({.catalog = "ca%"}), Lines{}) << "the catalog is not a pattern here";
  EXPECT_EQ(names({.schema = "dbo"}), Lines{});
}

TEST_P(Columns, OfATemporaryTableAreThoseOfTheSameTable) {
  const std::string definition =
      " TABLE t (a TINYINT UNSIGNED, b INT NOT NULL AUTO_INCREMENT PRIMARY KEY, c BIGINT UNSIGNED, "
      "d DECIMAL(10,2) UNSIGNED DEFAULT 1.5, e DOUBLE, f FLOAT, g BIT(1), h BIT(5) DEFAULT b'101', "
      "i CHAR(5), j VARCHAR(20) DEFAULT 'it''s' COMMENT 'c', k TINYTEXT, l LONGTEXT, m BINARY(4), "
      "n VARBINARY(9), o BLOB, p ENUM('a','b,c','d''e') DEFAULT 'a', q SET('x','yy'), r DATE, "
      "s TIME(3), u DATETIME(6), v TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE "
      "CURRENT_TIMESTAMP, w YEAR, x VARCHAR(5) CHARACTER SET latin1, y INT(5) ZEROFILL)";
  run({"CREATE" + definition});
  const Lines permanent = lines(*columns(*source, {.table = "t"}));
  EXPECT_EQ(permanent.size(), 24U);
  run({"DROP TABLE t", "CREATE TEMPORARY" + definition});
  EXPECT_EQ(lines(*columns(*source, {.table = "t"})), permanent);
  EXPECT_EQ(lines(*columns(*source, {.table = "t", .column = "J"})), Lines{permanent[9]});
  EXPECT_EQ(lines(*columns(*source, {.table = "t", .column = "no%"})), Lines{});
  EXPECT_EQ(lines(*columns(*source, {.table = "%"})), Lines{}) << "only by its name";
  EXPECT_EQ(lines(*special_columns(*source, {.row_version = true, .table = "t"})).size(), 1U);
}

TEST_P(Columns, AreAllFoundByAnEmptyName) {
  run({"CREATE TABLE t (a INT, b INT)"});
  EXPECT_EQ(lines(*columns(*source, {.table = "t", .column = ""})).size(), 2U);
  EXPECT_EQ(lines(*columns(*source, {.table = "t", .column = "c"})), Lines{});
  EXPECT_EQ(lines(*columns(*source, {.catalog = "nowhere", .table = "t"})), Lines{});
}

TEST_P(Columns, KeepsTablesApartThatDifferInLetterCase) {
  run({"CREATE TABLE t (a INT, b INT)", "CREATE TABLE T (c INT, d INT)"});
  Lines order;
  for (const auto& line : lines(*columns(*source, {}))) order.push_back(line.substr(6, 3));
  EXPECT_EQ(order, (Lines{"T|c", "T|d", "t|a", "t|b"}));
}

INSTANTIATE_TEST_SUITE_P(Catalog, Columns, testing::ValuesIn(test_support::server_kinds()),
                         kind_name);

using ColumnsOnMariaDb = CatalogOnMariaDb;

TEST_F(ColumnsOnMariaDb, KnowsItsOwnTypesAndGeneratedColumns) {
  run(
      {"CREATE TABLE t (a UUID, b INET6, c INET4, d JSON, e INT AS (f + 1) VIRTUAL, f INT, "
       "g INT AS (f + 2) STORED, h INT DEFAULT (f * 2), i CHAR(36) DEFAULT UUID())"});
  EXPECT_EQ(
      lines(*columns(*source, {.table = "t"})),
      (Lines{"cat|~|t|a|-8|char|36|72|~|~|1||NULL|-8|~|72|1|YES",
             "cat|~|t|b|-8|char|39|78|~|~|1||NULL|-8|~|78|2|YES",
             "cat|~|t|c|-8|char|15|30|~|~|1||NULL|-8|~|30|3|YES",
             "cat|~|t|d|-10|longtext|2147483647|2147483647|~|~|1||NULL|-10|~|2147483647|4|YES",
             "cat|~|t|e|4|int|10|4|0|10|1||~|4|~|~|5|YES",
             "cat|~|t|f|4|int|10|4|0|10|1||NULL|4|~|~|6|YES",
             "cat|~|t|g|4|int|10|4|0|10|1||~|4|~|~|7|YES",
             "cat|~|t|h|4|int|10|4|0|10|1||(`f` * 2)|4|~|~|8|YES",
             "cat|~|t|i|-8|char|36|72|~|~|1||uuid()|-8|~|72|9|YES"}));
}

class SpecialColumns : public CatalogOnEveryServer {
 protected:
  Lines best(const std::string& table) {
    return lines(*special_columns(*source, {.table = table}));
  }
};

TEST_P(SpecialColumns, IdentifyARowByItsPrimaryKey) {
  run({"CREATE TABLE t (u INT NOT NULL UNIQUE, b INT, a VARCHAR(5), PRIMARY KEY (a, b))"});
  const auto reply = special_columns(*source, {.table = "t"});
  EXPECT_EQ(column_names(*reply),
            "SCOPE COLUMN_NAME DATA_TYPE TYPE_NAME COLUMN_SIZE BUFFER_LENGTH DECIMAL_DIGITS "
            "PSEUDO_COLUMN");
  EXPECT_EQ(lines(*reply), (Lines{"2|a|-9|varchar|5|10|~|1", "2|b|4|int|10|4|0|1"}));
}

TEST_P(SpecialColumns, IdentifyARowByItsShortestUniqueKeyWithoutNulls) {
  run(
      {"CREATE TABLE t (a INT NOT NULL, b INT NOT NULL, c INT NOT NULL, n INT, "
       "UNIQUE w (a, b), UNIQUE x (c), UNIQUE m (n))",
       "CREATE TABLE none (n INT UNIQUE, i INT, KEY (i))"});
  EXPECT_EQ(best("t"), Lines{"2|c|4|int|10|4|0|1"});
  EXPECT_EQ(best("none"), Lines{});
  EXPECT_EQ(best("missing"), Lines{});
}

TEST_P(SpecialColumns, ShowColumnsThatChangeWithTheRow) {
  run(
      {"CREATE TABLE t (i INT PRIMARY KEY, a TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON "
       "UPDATE "
       "CURRENT_TIMESTAMP, b DATETIME NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP, c DATETIME)"});
  EXPECT_EQ(lines(*special_columns(*source, {.row_version = true, .table = "t"})),
            (Lines{"~|a|93|timestamp|19|16|0|1", "~|b|93|datetime|19|16|0|1"}));
  EXPECT_EQ(lines(*special_columns(*source, {.row_version = true, .table = "t", .no_nulls = true})),
            Lines{"~|a|93|timestamp|19|16|0|1"});
}

TEST_P(SpecialColumns, NeedATable) {
  EXPECT_THROW(special_columns(*source, {}), fabric::base::Error);
}

INSTANTIATE_TEST_SUITE_P(Catalog, SpecialColumns, testing::ValuesIn(test_support::server_kinds()),
                         kind_name);

}  // namespace
}  // namespace driver::catalog
