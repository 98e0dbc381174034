#include "driver/fabric_statements.h"

#include <gtest/gtest.h>

#include "fabric/base/error.h"
#include "fabric_odbc.h"

namespace driver {
namespace {

using fabric::base::Error;
using fabric::base::SqlState;

RouteChanges changes(std::string_view sql) {
  const auto statement = fabric_statement(sql);
  if (!statement || statement->verb != FabricVerb::kSet) throw std::logic_error("not SET FABRIC");
  return statement->changes;
}

SqlState refused(std::string_view sql) {
  try {
    static_cast<void>(fabric_statement(sql));
  } catch (const Error& error) {
    EXPECT_TRUE(is_fabric_statement(sql)) << sql;
    return error.state();
  }
  ADD_FAILURE() << "taken: " << sql;
  return SqlState::kHY000;
}

TEST(FabricStatements, AreSetByNameWhateverTheSpelling) {
  const RouteChanges expected{{SQL_ATTR_FABRIC_KEY, "42"},
                              {SQL_ATTR_FABRIC_TABLES, "employees.salaries"}};
  for (const char* sql : {
           "SET FABRIC key = 42, tables = employees.salaries",
           "set fabric KEY=42,TABLES=employees.salaries;",
           "  SET /* now */ FABRIC\n fabric_key = '42' , Fabric_Tables = `employees`.`salaries` ; "
           ";",
           "-- a remark\nSET FABRIC key := 42, tables = 'employees.salaries' -- and more",
           ";SET FABRIC key = 1, key = \"42\", tables = \"employees.salaries\"",
       }) {
    EXPECT_EQ(changes(sql), expected) << sql;
  }
}

TEST(FabricStatements, TakeEveryPartOfARoute) {
  EXPECT_EQ(changes("SET FABRIC group = my-group-1, scope = global, mode = ro"),
            (RouteChanges{{SQL_ATTR_FABRIC_GROUP, "my-group-1"},
                          {SQL_ATTR_FABRIC_SCOPE, "1"},
                          {SQL_ATTR_FABRIC_MODE, "1"}}));
  EXPECT_EQ(changes("SET FABRIC scope = 'LOCAL', mode = RW"),
            (RouteChanges{{SQL_ATTR_FABRIC_SCOPE, "0"}, {SQL_ATTR_FABRIC_MODE, "0"}}));
  EXPECT_EQ(changes("SET FABRIC key = -7"), (RouteChanges{{SQL_ATTR_FABRIC_KEY, "-7"}}));
  EXPECT_EQ(changes("SET FABRIC key = ''"), (RouteChanges{{SQL_ATTR_FABRIC_KEY, ""}}));
  EXPECT_EQ(
      changes("SET FABRIC key = DEFAULT, mode = default"),
      (RouteChanges{{SQL_ATTR_FABRIC_KEY, std::nullopt}, {SQL_ATTR_FABRIC_MODE, std::nullopt}}));
  EXPECT_EQ(changes("SET FABRIC key = 'default'"),
            (RouteChanges{{SQL_ATTR_FABRIC_KEY, "default"}}));
}

TEST(FabricStatements, TakeListsOfTablesWithoutQuotes) {
  EXPECT_EQ(changes("SET FABRIC tables = a.b, c.d, key = 1"),
            (RouteChanges{{SQL_ATTR_FABRIC_TABLES, "a.b,c.d"}, {SQL_ATTR_FABRIC_KEY, "1"}}));
  EXPECT_EQ(changes("SET FABRIC tables = `a b`.`c``d`, mode"),
            (RouteChanges{{SQL_ATTR_FABRIC_TABLES, "a b.c`d,mode"}}));
}

TEST(FabricStatements, ReadQuotedTexts) {
  EXPECT_EQ(changes(R"(SET FABRIC key = 'it''s "x"')"),
            (RouteChanges{{SQL_ATTR_FABRIC_KEY, "it's \"x\""}}));
  EXPECT_EQ(changes(R"(SET FABRIC key = 'a\'b\\c')"),
            (RouteChanges{{SQL_ATTR_FABRIC_KEY, R"(a'b\c)"}}));
  EXPECT_EQ(refused(R"(SET FABRIC key = 'a\nb')"), SqlState::k42000);
  const auto plain = fabric_statement(R"(SET FABRIC key = 'a\nb')", {.no_backslash_escapes = true});
  EXPECT_EQ(plain->changes, (RouteChanges{{SQL_ATTR_FABRIC_KEY, R"(a\nb)"}}));
  const auto ansi = fabric_statement(R"(SET FABRIC key = "a""b")", {.ansi_quotes = true});
  EXPECT_EQ(ansi->changes, (RouteChanges{{SQL_ATTR_FABRIC_KEY, R"(a"b)"}}));
}

TEST(FabricStatements, ShowByName) {
  EXPECT_EQ(fabric_statement("SHOW FABRIC STATUS")->view, FabricView::kStatus);
  EXPECT_EQ(fabric_statement("show fabric groups;")->view, FabricView::kGroups);
  EXPECT_EQ(fabric_statement("SHOW\tFABRIC Servers")->view, FabricView::kServers);
  EXPECT_EQ(fabric_statement("/* x */ SHOW FABRIC SHARDS /* y */")->view, FabricView::kShards);
  EXPECT_EQ(fabric_statement("SHOW FABRIC POOLS")->view, FabricView::kPools);
}

TEST(FabricStatements, ExplainTheRestAsWritten) {
  const auto statement = fabric_statement("explain FABRIC /*fabric: key=1 */ SELECT {fn now()} ;");
  ASSERT_TRUE(statement);
  EXPECT_EQ(statement->verb, FabricVerb::kExplain);
  EXPECT_EQ(statement->explained, " /*fabric: key=1 */ SELECT {fn now()} ;");
  EXPECT_TRUE(is_fabric_statement("DESCRIBE FABRIC (SELECT 1)"));
}

TEST(FabricStatements, LeaveTheServersOwnAlone) {
  for (const char* sql : {"",
                          ";",
                          "SELECT 1",
                          "SET fabric = 1",
                          "SET fabric := 1",
                          "SET fabric.x = 1",
                          "SET @fabric = 1",
                          "SET `FABRIC` key = 1",
                          "SHOW TABLES FROM fabric",
                          "SHOW `fabric` status",
                          "EXPLAIN fabric",
                          "DESC fabric;",
                          "DESCRIBE fabric id",
                          "EXPLAIN fabric.t",
                          "DESC fabric 'i%'",
                          "EXPLAIN SELECT * FROM fabric",
                          "/*! SET FABRIC key = 1 */",
                          "SET /*!50000 FABRIC */ key = 1",
                          "SELECT 1; SET FABRIC key = 1",
                          "SETFABRIC key = 1",
                          "'SET' FABRIC",
                          "SET"}) {
    EXPECT_FALSE(is_fabric_statement(sql)) << sql;
    EXPECT_EQ(fabric_statement(sql), std::nullopt) << sql;
  }
}

TEST(FabricStatements, RefuseWhatTheyCannotRead) {
  for (const char* sql : {"SET FABRIC",
                          "SET FABRIC ;",
                          "SET FABRIC key",
                          "SET FABRIC key =",
                          "SET FABRIC key = ,",
                          "SET FABRIC key = 1,",
                          "SET FABRIC colour = 1",
                          "SET FABRIC key = 1 2",
                          "SET FABRIC key = ?",
                          "SET FABRIC key = @x",
                          "SET FABRIC key = @@port",
                          "SET FABRIC key = f(1)",
                          "SET FABRIC key = 'a' 'b'",
                          "SET FABRIC key = 'open",
                          "SET FABRIC key 1",
                          "SET FABRIC key = 1; SELECT 1",
                          "SET FABRIC tables = ,key = 1",
                          "SHOW FABRIC",
                          "SHOW FABRIC TABLES",
                          "SHOW FABRIC STATUS LIKE 'x'",
                          "SHOW FABRIC STATUS; SELECT 1"}) {
    EXPECT_EQ(refused(sql), SqlState::k42000) << sql;
  }
  for (const char* sql : {"SET FABRIC mode = fast", "SET FABRIC scope = 2", "SET FABRIC mode = 1",
                          "SET FABRIC mode = ''", "SET FABRIC key = '\xff'"}) {
    EXPECT_EQ(refused(sql), SqlState::kHY024) << sql;
  }
}

}  // namespace
}  // namespace driver
