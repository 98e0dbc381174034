// Procedures and privileges.
#include "tests/protocol/driver/catalog/fixture.h"

namespace driver {
namespace {

using Lines = std::vector<std::string>;

class Procedures : public CatalogOnEveryServer {
 protected:
  void SetUp() override {
    CatalogOnEveryServer::SetUp();
    run(
        {"CREATE PROCEDURE p (IN a INT, OUT b VARCHAR(10), INOUT c DECIMAL(9,2)) COMMENT 'does it' "
         "SELECT 1",
         "CREATE FUNCTION f (x DATETIME(3)) RETURNS BIGINT UNSIGNED DETERMINISTIC RETURN 1",
         "CREATE PROCEDURE q () SELECT 1"});
  }
};

TEST_P(Procedures, AreShownWithFunctions) {
  const auto reply = procedures(*source, {});
  EXPECT_EQ(column_names(*reply),
            "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME NUM_INPUT_PARAMS NUM_OUTPUT_PARAMS "
            "NUM_RESULT_SETS REMARKS PROCEDURE_TYPE");
  EXPECT_EQ(lines(*reply),
            (Lines{"cat|~|f|~|~|~||2", "cat|~|p|~|~|~|does it|1", "cat|~|q|~|~|~||1"}));
  EXPECT_EQ(lines(*procedures(*source, {.procedure = "P"})), Lines{"cat|~|p|~|~|~|does it|1"});
  EXPECT_EQ(lines(*procedures(*source, {.catalog = "nowhere"})), Lines{});
}

TEST_P(Procedures, HaveParametersInTheOrderOfTheCall) {
  const auto reply = procedure_columns(*source, {});
  EXPECT_EQ(column_names(*reply),
            "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME COLUMN_NAME COLUMN_TYPE DATA_TYPE "
            "TYPE_NAME COLUMN_SIZE BUFFER_LENGTH DECIMAL_DIGITS NUM_PREC_RADIX NULLABLE REMARKS "
            "COLUMN_DEF SQL_DATA_TYPE SQL_DATETIME_SUB CHAR_OCTET_LENGTH ORDINAL_POSITION "
            "IS_NULLABLE");
  EXPECT_EQ(lines(*reply), (Lines{"cat|~|f||5|-5|bigint unsigned|20|8|0|10|1||~|-5|~|~|0|YES",
                                  "cat|~|f|x|1|93|datetime|23|16|3|~|1||~|9|3|~|1|YES",
                                  "cat|~|p|a|1|4|int|10|4|0|10|1||~|4|~|~|1|YES",
                                  "cat|~|p|b|4|-9|varchar|10|20|~|~|1||~|-9|~|20|2|YES",
                                  "cat|~|p|c|2|3|decimal|9|11|2|10|1||~|3|~|~|3|YES"}));
  EXPECT_EQ(lines(*procedure_columns(*source, {.procedure = "p", .column = "B"})).size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Catalog, Procedures, testing::ValuesIn(test_support::server_kinds()),
                         kind_name);

class Privileges : public CatalogOnEveryServer {
 protected:
  void SetUp() override {
    CatalogOnEveryServer::SetUp();
    run({"CREATE TABLE t (a INT, b INT)", "CREATE USER reader@h, writer@h",
         "GRANT SELECT ON `c\\at`.* TO reader@h",
         "GRANT SELECT, CREATE ROUTINE ON `ca_`.* TO reader@h",
         "GRANT INSERT ON cat.t TO writer@h WITH GRANT OPTION",
         "GRANT UPDATE (b) ON cat.t TO writer@h"});
  }
  void TearDown() override {
    run({"DROP USER reader@h, writer@h"});
    CatalogOnEveryServer::TearDown();
  }
};

TEST_P(Privileges, OfATableAreThoseGrantedOnIt) {
  const auto reply = table_privileges(*source, {.table = "t"});
  EXPECT_EQ(column_names(*reply),
            "TABLE_CAT TABLE_SCHEM TABLE_NAME GRANTOR GRANTEE PRIVILEGE IS_GRANTABLE");
  EXPECT_EQ(lines(*reply), (Lines{"cat|~|t|~|'writer'@'h'|INSERT|YES"}));
}

TEST_P(Privileges, OfAColumnAreThoseGrantedOnIt) {
  const auto reply = column_privileges(*source, {.table = "t"});
  EXPECT_EQ(column_names(*reply),
            "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME GRANTOR GRANTEE PRIVILEGE IS_GRANTABLE");
  EXPECT_EQ(lines(*reply), (Lines{"cat|~|t|b|~|'writer'@'h'|UPDATE|YES"}));
  EXPECT_TRUE(lines(*column_privileges(*source, {.table = "t", .column = "a"})).empty());
}

INSTANTIATE_TEST_SUITE_P(Catalog, Privileges, testing::ValuesIn(test_support::server_kinds()),
                         kind_name);

}  // namespace
}  // namespace driver
