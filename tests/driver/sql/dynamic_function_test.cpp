#include "driver/sql/dynamic_function.h"

#include <gtest/gtest.h>

namespace driver::sql {
namespace {

TEST(DynamicFunction, NamesStatementsAsOdbcDoes) {
  const auto expect = [](std::string_view sql, std::string_view name, SQLINTEGER code) {
    const DynamicFunction found = dynamic_function(sql);
    EXPECT_EQ(found.name, name) << sql;
    EXPECT_EQ(found.code, code) << sql;
  };
  expect("select 1", "SELECT CURSOR", SQL_DIAG_SELECT_CURSOR);
  expect("/* c */ (SELECT 1)", "SELECT CURSOR", SQL_DIAG_SELECT_CURSOR);
  expect("REPLACE t VALUES (1)", "INSERT", SQL_DIAG_INSERT);
  expect("UPDATE t SET a = 1", "UPDATE WHERE", SQL_DIAG_UPDATE_WHERE);
  expect("DELETE FROM t", "DELETE WHERE", SQL_DIAG_DELETE_WHERE);
  expect("CALL p()", "CALL", SQL_DIAG_CALL);
  expect("CREATE TEMPORARY TABLE t (a INT)", "CREATE TABLE", SQL_DIAG_CREATE_TABLE);
  expect("CREATE UNIQUE INDEX i ON t (a)", "CREATE INDEX", SQL_DIAG_CREATE_INDEX);
  expect("CREATE OR REPLACE VIEW v AS SELECT 1", "CREATE VIEW", SQL_DIAG_CREATE_VIEW);
  expect("ALTER IGNORE TABLE t ADD b INT", "ALTER TABLE", SQL_DIAG_ALTER_TABLE);
  expect("DROP TABLE t", "DROP TABLE", SQL_DIAG_DROP_TABLE);
  expect("GRANT ALL ON *.* TO u", "GRANT", SQL_DIAG_GRANT);
  expect("CREATE PROCEDURE p() DROP TABLE t", "", SQL_DIAG_UNKNOWN_STATEMENT);
  expect("SET @a = 1", "", SQL_DIAG_UNKNOWN_STATEMENT);
  expect("", "", SQL_DIAG_UNKNOWN_STATEMENT);
}

}  // namespace
}  // namespace driver::sql
