#include "driver/sql/single_table.h"

#include <gtest/gtest.h>

namespace driver::sql {
namespace {

TEST(SingleTable, IsTheOneThatASelectNames) {
  for (const char* sql :
       {"SELECT * FROM t", "select a, f(b, c) from t where a in (1, 2);",
        "SELECT a FROM db.t AS x ORDER BY a, b LIMIT 1, 2",
        "SELECT a FROM `db`.`t` USE INDEX (i, j) WHERE b = (SELECT MAX(b) FROM u)",
        "/* note */ SELECT SQL_NO_CACHE a FROM t FOR UPDATE",
        "SELECT EXTRACT(YEAR FROM d) FROM t"}) {
    EXPECT_EQ(single_table_of(sql).table, "t") << sql;
    EXPECT_EQ(single_table_of(sql).refusal, "") << sql;
  }
  EXPECT_EQ(single_table_of("SELECT a FROM `a``b`").table, "a`b");
}

TEST(SingleTable, IsRefusedWhereARowIsNotOneRowOfIt) {
  for (const char* sql :
       {"SELECT * FROM t, u", "SELECT * FROM t JOIN u", "SELECT t.* FROM t LEFT JOIN u ON 1",
        "SELECT DISTINCT a FROM t", "SELECT a FROM t GROUP BY a", "SELECT a FROM t HAVING a > 1",
        "SELECT a FROM t UNION SELECT a FROM t", "SELECT a FROM (SELECT a FROM t) x", "SELECT 1",
        "SELECT a INTO @x FROM t", "SHOW TABLES", "CALL p()", "(SELECT a FROM t)",
        "WITH x AS (SELECT 1) SELECT * FROM x", "SELECT a FROM t; SELECT b FROM t",
        "SELECT a FROM t /*! JOIN u */", "SELECT a FROM t WHERE b = 'x", ""}) {
    EXPECT_EQ(single_table_of(sql).table, "") << sql;
    EXPECT_NE(single_table_of(sql).refusal, "") << sql;
  }
}

TEST(CurrentOf, FindsTheCursorAndTheTable) {
  const std::string sql = "UPDATE LOW_PRIORITY db.`t` SET a = ? WHERE CURRENT OF c1 ;";
  const auto found = current_of(sql);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->cursor, "c1");
  EXPECT_EQ(found->table, "t");
  EXPECT_EQ(sql.substr(found->where), "WHERE CURRENT OF c1 ;");
  EXPECT_EQ(current_of("delete from t where current of `my cursor`")->cursor, "my cursor");
}

TEST(CurrentOf, LeavesOtherStatementsAlone) {
  for (const char* sql :
       {"UPDATE t SET a = 'WHERE CURRENT OF c'", "DELETE FROM t WHERE current = 1",
        "SELECT a FROM t WHERE CURRENT OF c", "UPDATE t SET a = 1 WHERE CURRENT OF c AND b = 1",
        "DELETE FROM t WHERE CURRENT OF", "DELETE FROM t /* WHERE CURRENT OF c */", ""}) {
    EXPECT_FALSE(current_of(sql)) << sql;
  }
}

/// "target: column=value/markers from the first ..."; "?" behind what cannot be foreseen.
std::string shown(std::string_view update) {
  const auto found = assignments_of(update);
  if (!found) return "none";
  std::string text = found->target + ":";
  for (const Assignment& one : found->list) {
    text += " [" + one.column + "]=[" + one.value + "]";
    if (one.markers > 0) {
      text += std::to_string(one.first_marker) + "+" + std::to_string(one.markers);
    }
    if (!one.foreseeable) text += "?";
  }
  return text;
}

TEST(Assignments, AreReadWithTheirMarkers) {
  EXPECT_EQ(shown("UPDATE t SET a = 1"), "t: [a]=[1]");
  EXPECT_EQ(shown("update ignore `d b`.t AS x set x.a := ? + f, `b``c` = CONCAT(?, 'x,', ?) ,c=d "),
            "`d b`.t AS x: [a]=[? + f]0+1 [b`c]=[CONCAT(?, 'x,', ?)]1+2 [c]=[d]");
  EXPECT_EQ(shown("UPDATE t SET a = (SELECT MAX(a), 1 FROM u)"),
            "t: [a]=[(SELECT MAX(a), 1 FROM u)]");
}

TEST(Assignments, TellWhatASelectWouldNotGive) {
  EXPECT_EQ(shown("UPDATE t SET a = b, b = a + 1, c = t.A, d = c.e"),
            "t: [a]=[b] [b]=[a + 1]? [c]=[t.A]? [d]=[c.e]?");
  EXPECT_EQ(shown("UPDATE t SET a = DEFAULT, b = NOW(), c = UUID(), d = @x, e = LAST_INSERT_ID(5), "
                  "f = \"a\""),
            "t: [a]=[DEFAULT]? [b]=[NOW()]? [c]=[UUID()]? [d]=[@x]? [e]=[LAST_INSERT_ID(5)]? "
            "[f]=[\"a\"]?");
}

TEST(Assignments, AreNotReadOutOfAnythingElse) {
  for (const char* sql : {"", "DELETE FROM t", "UPDATE t", "UPDATE t, u SET a = 1",
                          "UPDATE SET a = 1", "UPDATE t JOIN u USING (a) SET b = 1",
                          "UPDATE t SET a", "UPDATE t SET a =", "UPDATE t SET a = 1 /*! , b = 2 */",
                          "UPDATE t SET a = 1; DELETE FROM t", "UPDATE t SET (a) = 1",
                          "UPDATE t JOIN u SET a = 1", "UPDATE t SET a = 1,"}) {
    EXPECT_EQ(shown(sql), "none") << sql;
  }
}

}  // namespace
}  // namespace driver::sql
