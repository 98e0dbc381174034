#include "driver/sql/pure_read.h"

#include <gtest/gtest.h>

#include <string>

#include "driver/sql/pure_words.h"
#include "driver/sql/statement_facts.h"

namespace driver::sql {
namespace {

class PureRead : public testing::TestWithParam<const char*> {};
class ImpureRead : public testing::TestWithParam<const char*> {};

TEST_P(PureRead, IsCalledPure) { EXPECT_TRUE(facts_of(GetParam()).pure_read) << GetParam(); }

TEST_P(ImpureRead, IsNotCalledPure) { EXPECT_FALSE(facts_of(GetParam()).pure_read) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(
    Statements, PureRead,
    testing::Values(
        "SELECT 1", "select 1", "SELECT 1;", "  SELECT 1 ; ", "(SELECT 1)", "((SELECT 1))",
        "(SELECT 1) UNION (SELECT 2)", "SELECT 1 UNION ALL SELECT 2 ORDER BY 1 LIMIT 1",
        "SELECT * FROM t", "SELECT * FROM db.t WHERE id = ?", "SELECT a FROM t -- ?",
        "SELECT a FROM t -- FOR UPDATE", "SELECT a FROM t # @x", "SELECT a /* INTO @x */ FROM t",
        "/* GET_LOCK('a',1) */ SELECT 1", "SELECT 'FOR UPDATE', 'INTO', '@x', ':=' FROM t",
        "SELECT \"GET_LOCK('a')\" FROM t", "SELECT 'it''s @x := 1'", R"(SELECT 'a\'@x')",
        "SELECT `update`, `into` FROM `lock`", "SELECT t.`set` FROM t", "SELECT t.lock FROM t",
        "SELECT COUNT(*), SUM(a), MIN(b), MAX(c), AVG(d) FROM t GROUP BY e HAVING COUNT(*) > 1",
        "select count(*) from t", "SELECT CoUnT(distinct a) FROM t",
        "SELECT CONCAT(UPPER(a), LOWER(b), SUBSTRING(c, 1, 2)) FROM t",
        "SELECT SUBSTRING(a FROM 2 FOR 3) FROM t", "SELECT SUBSTRING(a FROM ? FOR ?) FROM t",
        "SELECT TRIM(LEADING 'x' FROM a), TRIM(BOTH (b) FROM c) FROM t",
        "SELECT CAST(a AS DECIMAL(10,2)), CAST(b AS CHAR(10)), CONVERT(c, SIGNED) FROM t",
        "SELECT CONVERT(a USING utf8mb4) FROM t", "SELECT CAST(a AS BINARY(4)) FROM t",
        "SELECT a IN (1,2,3) FROM t", "SELECT a FROM t WHERE b IN(SELECT c FROM u)",
        "SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a)",
        "SELECT a FROM t WHERE NOT EXISTS(SELECT 1)",
        "SELECT a FROM t WHERE (b > 1 AND (c < 2 OR (d = 3)))",
        "SELECT a FROM t WHERE b BETWEEN (1) AND (2)", "SELECT CASE WHEN (a) THEN (b) ELSE (c) END",
        "SELECT CASE (a) WHEN 1 THEN 2 END FROM t",
        "SELECT IF(a, b, c), IFNULL(a, b), NULLIF(a, b)",
        "SELECT DATE_ADD(a, INTERVAL 1 DAY), a + INTERVAL (b) HOUR FROM t",
        "SELECT NOW(), CURDATE()", "SELECT CURRENT_TIMESTAMP", "SELECT CURRENT_TIMESTAMP(6)",
        "SELECT EXTRACT(YEAR FROM a) FROM t", "SELECT TIMESTAMPDIFF(DAY, a, b) FROM t",
        "SELECT GROUP_CONCAT(DISTINCT a ORDER BY b SEPARATOR ',')",
        "SELECT a FROM (SELECT b AS a FROM t) AS x", "SELECT (SELECT MAX(a) FROM t)",
        "SELECT t.a FROM t JOIN u USING (id)", "SELECT a FROM t LEFT JOIN (u, v) ON (t.id = u.id)",
        "SELECT a FROM t STRAIGHT_JOIN u", "SELECT HIGH_PRIORITY SQL_NO_CACHE a FROM t",
        "SELECT a FROM t USE INDEX (i) WHERE b = 1", "SELECT a FROM t FORCE KEY (i)",
        "SELECT a FROM t USE INDEX FOR JOIN (i)", "SELECT a FROM t USE INDEX FOR ORDER BY (i)",
        "SELECT a FROM t PARTITION (p0, p1)",
        "SELECT MATCH(a) AGAINST ('x' IN BOOLEAN MODE) FROM t",
        "SELECT MATCH (a,b) AGAINST(?) FROM t", "SELECT a FROM t GROUP BY a WITH ROLLUP",
        "WITH x AS (SELECT 1) SELECT * FROM x", "WITH x (a) AS (SELECT 1) SELECT a FROM x",
        "WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM x WHERE n < 5) SELECT n FROM x",
        "WITH a AS (SELECT 1), b (c, d) AS (SELECT 1, 2) SELECT * FROM a, b",
        "WITH `a` (x) AS (SELECT 1) SELECT * FROM a",
        "SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) FROM t",
        "SELECT LAG(a, 1) OVER w FROM t WINDOW w AS (ORDER BY a)",
        "SELECT SUM(a) OVER (ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
        "SELECT FIRST_VALUE(IFNULL(a, (b))) OVER (ORDER BY c), RANK() OVER(ORDER BY d) FROM t",
        "SELECT * FROM information_schema.tables WHERE table_schema = ?",
        "SELECT a FROM t FOR SYSTEM_TIME AS OF '2020-01-01'", "SELECT a FROM t LIMIT 5 OFFSET 10",
        "SELECT next, previous, value FROM t", "SELECT a->'$.x' FROM t",
        "SELECT INSERT(a, 1, 2, 'x')", "SELECT REPLACE(a, 'b', 'c') FROM t",
        "SELECT LEFT(a, 3), RIGHT(a, 3) FROM t", "SELECT a DIV (b), a MOD (b), a XOR (b) FROM t",
        "SELECT a LIKE (b), a REGEXP (c) FROM t", "SELECT größe FROM maße",
        "SELECT x'41', 0x41, b'01', N'a', _utf8'b'", "SELECT DISTINCT (a) FROM t",
        "SELECT ALL(a) FROM t", "SELECT SHA2(a, 256), MD5(b), CRC32(c) FROM t", "SELECT VERSION()",
        "SELECT INET_NTOA(a), HEX(b), UNHEX(c) FROM t", "SHOW TABLES", "SHOW FULL TABLES LIKE 'x%'",
        "SHOW COLUMNS FROM t", "SHOW FULL COLUMNS FROM t IN db", "SHOW INDEX FROM t",
        "SHOW KEYS FROM t", "SHOW DATABASES", "SHOW CREATE TABLE t", "SHOW TABLE STATUS LIKE 't'",
        "DESCRIBE t", "DESC db.t", "EXPLAIN t", "SHOW TABLES WHERE Tables_in_db = UPPER('x')",
        // a name is not a call, and a double-quoted text without a backslash is safe either way
        "SELECT get_lock FROM t", "SELECT \"a\", \"b\"\"c\" FROM t"));

INSTANTIATE_TEST_SUITE_P(
    Statements, ImpureRead,
    testing::Values(
        "", ";", "SELECT 1; SELECT 2", "SELECT 1;;SELECT 2", "SELECT @x", "SELECT @x := 1",
        "SELECT @`x`", "SELECT @@x", "SELECT @@session.sql_mode",
        "select @@version_comment limit 1", "SELECT a INTO @x FROM t",
        "SELECT a INTO OUTFILE '/tmp/x' FROM t", "SELECT a FROM t INTO DUMPFILE '/tmp/x'",
        "SELECT a FROM t FOR UPDATE", "SELECT a FROM t FOR SHARE",
        "SELECT a FROM t FOR UPDATE SKIP LOCKED", "SELECT a FROM t for\nupdate nowait",
        "SELECT a FROM t LOCK IN SHARE MODE", "(SELECT a FROM t FOR UPDATE)",
        "SELECT * FROM (SELECT a FROM t FOR UPDATE) x",
        "SELECT SQL_CALC_FOUND_ROWS a FROM t LIMIT 1", "SELECT a FROM t PROCEDURE ANALYSE()",
        "SELECT my_function(1)", "SELECT my_function()", "SELECT db.f(1)", "SELECT db.COUNT(1)",
        "SELECT db . UPPER(1)", "SELECT `upper`('a')", "SELECT \"upper\"('a')", "SELECT f (1)",
        "SELECT COUNT (*) FROM t", "SELECT COUNT/**/(*) FROM t", "SELECT UPPER\n(a) FROM t",
        "SELECT LAST_INSERT_ID()", "SELECT ROW_COUNT()", "SELECT FOUND_ROWS()",
        "SELECT CONNECTION_ID()", "SELECT USER()", "SELECT CURRENT_USER()", "SELECT CURRENT_USER",
        "SELECT SESSION_USER()", "SELECT SYSTEM_USER()", "SELECT DATABASE()", "SELECT SCHEMA()",
        "SELECT CURRENT_ROLE()", "SELECT CURRENT_ROLE", "SELECT GET_LOCK('a', 1)",
        "SELECT get_lock('a', 1)", "SELECT `GET_LOCK`('a', 1)", "SELECT RELEASE_LOCK('a')",
        "SELECT RELEASE_ALL_LOCKS()", "SELECT IS_FREE_LOCK('a')", "SELECT IS_USED_LOCK('a')",
        "SELECT SLEEP(1)", "SELECT BENCHMARK(1, 1)", "SELECT RAND()", "SELECT RAND(1)",
        "SELECT UUID()", "SELECT UUID_SHORT()", "SELECT LOAD_FILE('/etc/passwd')",
        "SELECT NEXTVAL(s)", "SELECT SETVAL(s, 1)", "SELECT LASTVAL(s)", "SELECT NEXT VALUE FOR s",
        "SELECT PREVIOUS VALUE FOR s", "SELECT s.NEXTVAL", "SELECT s.currval FROM dual",
        "SELECT MASTER_POS_WAIT('a', 1)", "SELECT PASSWORD('x')",
        "SELECT EXTRACTVALUE(a, '//b[$@i]') FROM t", "SELECT JSON_EXTRACT(a, '$.b') FROM t",
        "SELECT /*!50000 GET_LOCK('a', 1), */ 1", "SELECT 1 /*! FOR UPDATE */", "SELECT 1 /*M! */",
        "/*!40101 SELECT 1 */", "SELECT /*+ SET_VAR(sql_mode='') */ 1", "SELECT 'unterminated",
        "SELECT \"unterminated", "SELECT `unterminated", "SELECT 1 /* unterminated",
        R"(SELECT "\", f(), ")", "VALUES (1, 2)", "TABLE t", "INSERT INTO t SELECT * FROM u",
        "UPDATE t SET a = 1", "DELETE FROM t", "REPLACE INTO t VALUES (1)", "CALL p()", "DO 1",
        "WITH x AS (SELECT 1) UPDATE t SET a = 1", "WITH x AS (SELECT 1) DELETE FROM t",
        "WITH x AS (SELECT f(1)) SELECT * FROM x", "WITH x AS (SELECT 1) SELECT f(1), g(2) FROM x",
        "WITH x(a) AS (SELECT 1), y AS (SELECT x(1)) SELECT * FROM y", "SELECT x(1) AS x",
        "SELECT a FROM t GROUP BY a WITH ROLLUP ORDER BY f(a), g(b)", "SELECT ROW_NUMBER()",
        "SELECT RANK(a), 1 FROM t", "SELECT LEAD(LAG(a) OVER w) FROM t",
        "SELECT * FROM performance_schema.threads",
        "SELECT * FROM information_schema.session_status",
        "SELECT * FROM information_schema.`SESSION_VARIABLES`",
        "SELECT * FROM INFORMATION_SCHEMA.PROFILING", "SHOW WARNINGS", "SHOW ERRORS",
        "SHOW COUNT(*) WARNINGS", "SHOW VARIABLES", "SHOW SESSION STATUS", "SHOW STATUS",
        "SHOW PROCESSLIST", "SHOW GRANTS", "SHOW PROFILES", "SHOW TABLES WHERE f(1)",
        "SHOW COLUMNS FROM t WHERE @x", "EXPLAIN SELECT 1", "EXPLAIN EXTENDED SELECT 1",
        "ANALYZE SELECT 1", "DESCRIBE SELECT f()", "SHOW CREATE PROCEDURE p",
        "HANDLER t READ FIRST", "SET STATEMENT max_statement_time=1 FOR SELECT 1",
        "SELECT a FROM t PROCEDURE f()", "SELECT 1 INTO x", "SELECT DATETIME(a) FROM t",
        "SELECT ANY_VALUE(a) FROM t", "SELECT ST_ANYTHING(a) FROM t", "SELECT XCOUNT(a) FROM t",
        "SELECT COUNTX(a) FROM t", "SELECT a(b)", "SELECT 1 UNION SELECT f()", "SELECT (((f(1))))",
        "frobnicate SELECT 1", "( INSERT INTO t VALUES (1) )",
        "SELECT aVeryLongFunctionNameThatFitsInNoTableOfNames(1)"));

TEST(PureFunctions, AreManyAndFoundInAnyCase) {
  EXPECT_GE(kPureFunctions.size(), 150U);
  for (const std::string_view name : kPureFunctions) {
    std::string call = "select " + std::string(name) + "(a) from t";
    EXPECT_TRUE(facts_of(call).pure_read) << call;
    for (char& c : call) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    EXPECT_TRUE(facts_of(call).pure_read) << call;
  }
}

TEST(PureRead, FollowsTheRulesForBackslashesItIsTold) {
  const std::string sql = R"(SELECT 'a\', f(), ' FROM t')";
  EXPECT_FALSE(facts_of(sql, {.no_backslash_escapes = true}).pure_read);
  EXPECT_FALSE(facts_of(R"(SELECT 'a\', f(), 'b')", {.no_backslash_escapes = true}).pure_read);
  EXPECT_TRUE(facts_of(R"(SELECT 'a\', f(), \'b')").pure_read);
}

TEST(PureRead, TakesQuotedNamesUnderAnsiQuotes) {
  EXPECT_TRUE(facts_of("SELECT \"a\" FROM \"t\"", {.ansi_quotes = true}).pure_read);
  EXPECT_FALSE(facts_of("SELECT \"f\"(a) FROM \"t\"", {.ansi_quotes = true}).pure_read);
}

}  // namespace
}  // namespace driver::sql
