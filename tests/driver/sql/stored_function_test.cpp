#include "driver/sql/stored_function.h"

#include <gtest/gtest.h>

namespace driver::sql {
namespace {

bool may_leave(std::string_view body) { return may_leave_state(body, {}); }

TEST(StoredFunction, LeavesNothingThatOnlyComputesAndReads) {
  for (const char* body :
       {"RETURN a + 1", "RETURN (SELECT MAX(n) FROM t WHERE LEFT(s, 2) = 'x')",
        "RETURN INSERT('abc', 1, 1, REPLACE('x', 'y', 'z'))",
        "BEGIN DECLARE a, b INT(11) DEFAULT 0; DECLARE c VARCHAR(9) CHARACTER SET utf8; DECLARE "
        "CONTINUE HANDLER FOR NOT FOUND SET b = 1; SELECT n INTO a FROM t; IF(a > 1) THEN SET c = "
        "CONCAT(a, 'x'); END IF; WHILE (a < 5) DO SET `A` = a + 1; END WHILE; RETURN(a); END"}) {
    EXPECT_FALSE(may_leave(body)) << body;
  }
}

TEST(StoredFunction, MayLeaveWhatItSetsWritesOrCalls) {
  for (const char* body :
       {"", "RETURN @a := 1", "BEGIN SET @a = 1; RETURN 1; END", "RETURN GET_LOCK('x', 1)",
        "BEGIN SET sql_select_limit = 1; RETURN 1; END",
        "BEGIN DECLARE a INT; SET a = 1, foreign_key_checks = 0; RETURN a; END",
        "BEGIN DECLARE a INT; SET a = GET_LOCK('x', 1); RETURN a; END",
        "BEGIN SET SESSION sql_select_limit = 1; RETURN 1; END",
        "BEGIN SELECT 1 INTO @a; RETURN 1; END", "BEGIN INSERT INTO t VALUES (1); RETURN 1; END",
        "BEGIN UPDATE t SET n = 1; RETURN 1; END", "BEGIN CALL p(); RETURN 1; END",
        "RETURN other()", "RETURN db.other()", "RETURN `other`()", "RETURN NEXTVAL(s)",
        "RETURN (NEXT VALUE FOR s)", "BEGIN CREATE TEMPORARY TABLE t (n INT); RETURN 1; END",
        "RETURN 'unterminated"}) {
    EXPECT_TRUE(may_leave(body)) << body;
  }
}

}  // namespace
}  // namespace driver::sql
