// What is read out of statements of one table, and of those without sharded tables.
#include "tests/driver/routing/routed_case.h"

namespace driver::routing {
namespace {

TEST(RoutingAnalysis, ReadsTheKeyOfOneTable) {
  expect_all({
      {"SELECT * FROM employees WHERE emp_no = 5", "s1"},
      {"SELECT * FROM employees WHERE emp_no = 1000", "s2"},
      {"SELECT * FROM employees WHERE 5 = emp_no", "s1"},
      {"SELECT * FROM emp.employees WHERE emp_no = 5", "s1"},
      {"SELECT * FROM `emp`.`employees` WHERE `emp_no` = 5", "s1"},
      {"SELECT * FROM employees WHERE employees.emp_no = 5", "s1"},
      {"SELECT * FROM employees WHERE emp.employees.emp_no = 5", "s1"},
      {"SELECT * FROM employees e WHERE e.emp_no = 5", "s1"},
      {"SELECT * FROM employees AS `e` WHERE e.EMP_NO = 5", "s1"},
      {"SELECT * FROM EMPLOYEES WHERE emp_no = 5", "s1"},
      {"SELECT * FROM T\u0130TLES WHERE employee = 5", "s1"},
      {"SELECT * FROM T\u0130TLES", "!nothing fixes"},
      {"SELECT * FROM employees WHERE emp_no = 5 AND first_name = 'x' AND born > '2000-01-01'",
       "s1"},
      {"SELECT * FROM employees WHERE first_name = 'x' AND emp_no = 5", "s1"},
      {"SELECT * FROM employees WHERE (emp_no = 5)", "s1"},
      {"SELECT * FROM employees WHERE ((emp_no = (5)) AND (first_name = 'a' OR first_name = 'b'))",
       "s1"},
      {"SELECT * FROM employees WHERE emp_no = 5 && first_name = 'x'", "s1"},
      {"SELECT * FROM employees WHERE born BETWEEN '2000-01-01' AND '2001-01-01' AND emp_no = 5",
       "s1"},
      {"SELECT * FROM employees WHERE emp_no = 5 AND NOT first_name = 'x'", "s1"},
      {"SELECT * FROM employees WHERE emp_no = 5 AND CASE WHEN born THEN 1 ELSE 0 END", "s1"},
      {"SELECT * FROM employees WHERE emp_no = 5 GROUP BY born HAVING COUNT(*) > 1 OR 1 ORDER BY 1 "
       "LIMIT 3",
       "s1"},
      {"SELECT RANK() OVER w FROM employees WHERE emp_no = 5 WINDOW w AS (ORDER BY born)", "s1"},
      {"SELECT 1 FROM employees WHERE emp_no = 5 AND window = 1 OR 1", "!has an OR"},
      {"SELECT * FROM employees WHERE emp_no = 5 FOR UPDATE", "s1"},
      {"SELECT * FROM employees WHERE emp_no = 5 LOCK IN SHARE MODE;", "s1"},
      {"(SELECT * FROM employees WHERE emp_no = 5) LIMIT 1", "s1"},
      {"SELECT * FROM employees USE INDEX (a, b) WHERE emp_no = 5", "s1"},
      {"SELECT * FROM employees e IGNORE INDEX FOR ORDER BY (a) WHERE emp_no = 5", "s1"},
      {"SELECT * FROM .employees WHERE emp_no = 5", "s1"},
      {"SELECT * FROM countries, .employees e WHERE e.emp_no = 5", "s1"},
      {"SELECT * FROM countries JOIN . employees WHERE emp_no = 5", "s1"},
      {"SELECT * FROM .employees", "!nothing fixes"},
      {"INSERT INTO .employees (emp_no) VALUES (5)", "s1"},
      {"UPDATE .employees SET born = NULL WHERE emp_no = 5", "s1"},
      {"DELETE FROM .employees WHERE emp_no = 5", "s1"},
      {"LOAD DATA INFILE 'x' INTO TABLE .employees", "!LOAD DATA"},
      {"TRUNCATE TABLE .employees", "(schema)"},
      {"SELECT * FROM tables.employees", "(reading)"},
      {"SELECT * FROM employees PARTITION (p0) AS e WHERE e.emp_no = 5", "s1"},
      {"SELECT /* emp_no = 1000 */ * FROM employees -- x\n WHERE emp_no /**/ = 5 # AND emp_no = "
       "1000",
       "s1"},
      {"SELECT emp_no = 1000 FROM employees WHERE emp_no = 5", "s1"},
      {"SELECT *, 'FROM salaries WHERE' FROM employees WHERE emp_no = 5", "s1"},
      {"SELECT EXTRACT(YEAR FROM born) FROM employees WHERE emp_no = 5", "s1"},
      {"SELECT CURRENT_DATE INTO @d FROM employees WHERE emp_no = 5", "s1"},
      {"EXPLAIN SELECT * FROM employees WHERE emp_no = 1000", "s2"},
      {"SELECT * FROM employees WHERE emp_no = 5 AND emp_no = first_name", "s1"},
      {"SELECT * FROM employees WHERE emp_no IN (SELECT 1) AND emp_no = 5", "s1"},
      {"SELECT * FROM employees WHERE (@x := 0) = 0 AND emp_no = 5", "s1"},
      {"SELECT * FROM employees WHERE end = 1 AND emp_no = 5", "s1"},
      {"SELECT * FROM employees WHERE emp_no = 5 AND CASE CASE born WHEN 1 THEN 2 END WHEN 2 THEN "
       "1 "
       "ELSE 0 END",
       "s1"},
  });
}

TEST(RoutingAnalysis, TakesListsWhoseKeysLieInOneShard) {
  expect_all({
      {"SELECT * FROM employees WHERE emp_no IN (1, 2, 999)", "s1"},
      {"SELECT * FROM employees WHERE emp_no IN (1000)", "s2"},
      {"SELECT * FROM employees WHERE emp_no IN (1, (2))", "s1"},
      {"SELECT * FROM employees WHERE emp_no IN (1, 1000)",
       "!several shards (emp_no 1 in group s1, 1000 in group s2)"},
      {"SELECT * FROM employees WHERE emp_no IN (1, 1000) AND emp_no = 1000", "s2"},
      {"SELECT * FROM employees WHERE emp_no IN (1, 1 + 1)", "!is an expression"},
      {"SELECT * FROM employees WHERE emp_no NOT IN (1, 2)", "!nothing fixes"},
      {"SELECT * FROM employees WHERE emp_no IN (SELECT 1)", "!nothing fixes"},
      {"SELECT * FROM employees WHERE emp_no IN (?, ?)", "s2", {number(1000), number(2000)}},
      {"SELECT * FROM employees WHERE emp_no IN (?, ?)",
       "!several shards",
       {number(1), number(2000)}},
  });
}

TEST(RoutingAnalysis, RefusesWhatDoesNotFixTheKey) {
  expect_all({
      {"SELECT * FROM employees", "!nothing fixes its sharding column emp_no"},
      {"SELECT * FROM employees WHERE first_name = 'x'", "!nothing fixes"},
      {"SELECT * FROM employees WHERE emp_no = 5 OR emp_no = 6", "!has an OR"},
      {"SELECT * FROM employees WHERE emp_no = 5 || 1", "!has an OR"},
      {"SELECT * FROM employees WHERE emp_no = 5 AND 1 OR 1", "!has an OR"},
      {"SELECT * FROM employees WHERE emp_no = 5 XOR 1", "!has an OR"},
      {"SELECT * FROM employees WHERE (emp_no = 5 OR 1)", "!has an OR"},
      {"SELECT * FROM employees WHERE NOT emp_no = 5", "!is negated"},
      {"SELECT * FROM employees WHERE NOT (emp_no = 5)", "!nothing fixes"},
      {"SELECT * FROM employees WHERE ! (emp_no = 5)", "!nothing fixes"},
      {"SELECT * FROM employees WHERE emp_no <> 5", "!nothing fixes"},
      {"SELECT * FROM employees WHERE emp_no != 5", "!nothing fixes"},
      {"SELECT * FROM employees WHERE emp_no >= 5", "!nothing fixes"},
      {"SELECT * FROM employees WHERE emp_no <=> 5", "!nothing fixes"},
      {"SELECT * FROM employees WHERE emp_no BETWEEN 5 AND 6", "!nothing fixes"},
      {"SELECT * FROM employees WHERE first_name BETWEEN 'a' AND emp_no = 5", "!nothing fixes"},
      {"SELECT * FROM employees WHERE emp_no = 5 IS FALSE", "!an expression"},
      {"SELECT * FROM employees WHERE emp_no = 5 + 1", "!an expression"},
      {"SELECT * FROM employees WHERE emp_no + 0 = 5", "!nothing fixes"},
      {"SELECT * FROM employees WHERE emp_no = ABS(5)", "!an expression"},
      {"SELECT * FROM employees WHERE ABS(emp_no) = 5", "!nothing fixes"},
      {"SELECT * FROM employees WHERE emp_no = @x", "!an expression"},
      {"SELECT * FROM employees WHERE emp_no = (SELECT 5)", "!an expression"},
      {"SELECT * FROM employees WHERE emp_no = 5 = 1", "!an expression"},
      {"SELECT * FROM employees WHERE IF(1, emp_no = 5, 0)", "!nothing fixes"},
      {"SELECT * FROM employees WHERE CASE WHEN 0 AND emp_no = 5 AND 1 THEN 0 ELSE 1 END",
       "!nothing fixes"},
      {"SELECT * FROM employees HAVING emp_no = 5", "!nothing fixes"},
      {"SELECT * FROM employees WHERE 1 HAVING emp_no = 5", "!nothing fixes"},
      {"SELECT *, emp_no = 5 FROM employees", "!nothing fixes"},
      {"SELECT * FROM employees e WHERE x.emp_no = 5", "!nothing fixes"},
      {"SELECT * FROM employees WHERE (emp_no, born) = (5, 1)", "!nothing fixes"},
      {"SELECT * FROM employees WHERE 'emp_no' = 5", "!nothing fixes"},
      {"SELECT * FROM employees WHERE 0 = @x := 1 AND emp_no = 5", "!assigns to a variable"},
      {"SELECT * FROM employees WHERE (0 = @x := 1 AND emp_no = 5)", "!assigns to a variable"},
      {"SELECT * FROM employees WHERE CASE WHEN end AND emp_no = 5 AND 1 THEN 0 ELSE 1 END",
       "!does not understand"},
      {"SELECT * FROM employees WHERE CASE WHEN 1 THEN 0 ELSE end AND emp_no = 5 AND 1 END",
       "!does not understand"},
      {"SELECT * FROM employees WHERE emp_no = 5 AND", "!does not understand"},
      {"SELECT * FROM employees WHERE AND emp_no = 5", "!does not understand"},
      {"SELECT * FROM employees WHERE emp_no = 5 /*!50000 OR 1 */", "!version comment"},
      {"SELECT * FROM employees WHERE emp_no = 5 UNION SELECT 'x", "!does not understand"},
      {"CREATE TABLE a (x INT); DELETE FROM employees", "!several statements"},
      {"SELECT * FROM employees WHERE emp_no = 5; DELETE FROM employees", "!several statements"},
      {"TABLE employees", "!does not understand"},
      {"HANDLER employees OPEN", "!no value of its sharding column"},
      {"LOCK TABLES employees READ", "!LOCK TABLES"},
      {"LOAD DATA INFILE 'x' INTO TABLE employees", "!LOAD DATA"},
      {"SELECT * FROM employees FOR SYSTEM_TIME ALL WHERE emp_no = 5",
       "!does not understand the statement near 'FOR'"},
      {"SELECT * FROM employees WHERE emp_no = 0", "!lies below the lowest bound"},
  });
}

TEST(RoutingAnalysis, TellsWhatStatementsWithoutShardedTablesAre) {
  expect_all({
      {"SELECT 1", "(nothing)"},
      {"SELECT LAST_INSERT_ID()", "(nothing)"},
      {"SELECT 1 FROM DUAL", "(nothing)"},
      {"SELECT 'FROM employees'", "(nothing)"},
      {"SELECT * FROM countries", "(reading)"},
      {"SELECT * FROM other.employees", "(reading)"},
      {"SELECT employees FROM countries", "(reading)"},
      {"SELECT c.employees FROM countries c", "(reading)"},
      {"SELECT * FROM countries employees", "(reading)"},
      {"SELECT * FROM countries FOR UPDATE", "(writing)"},
      {"SELECT * FROM countries FOR SHARE SKIP LOCKED", "(writing)"},
      {"SELECT * FROM countries LOCK IN SHARE MODE", "(writing)"},
      {"SELECT * FROM countries IGNORE INDEX FOR JOIN (a)", "(reading)"},
      {"EXPLAIN UPDATE countries SET a = 1", "(nothing)"},
      {"ANALYZE UPDATE countries SET a = 1", "(writing)"},
      {"ANALYZE FORMAT=JSON DELETE FROM countries", "(writing)"},
      {"ANALYZE SELECT * FROM countries", "(reading)"},
      {"INSERT INTO countries VALUES (1)", "(writing)"},
      {"UPDATE countries SET a = 1", "(writing)"},
      {"DELETE FROM countries", "(writing)"},
      {"DELETE FROM other.employees", "(writing)"},
      {"LOAD DATA INFILE 'x' INTO TABLE countries", "(writing)"},
      {"CREATE TABLE x (employees INT)", "(writing)"},
      {"CREATE TABLE IF NOT EXISTS x (a INT, employees INT, KEY employees (employees))",
       "(writing)"},
      {"CREATE TABLE x (a INT REFERENCES employees (emp_no))", "(schema)"},
      {"CREATE TABLE x (a INT, FOREIGN KEY (a) REFERENCES emp.employees (emp_no))", "(schema)"},
      {"CREATE TABLE x (LIKE employees)", "(schema)"},
      {"CREATE TABLE IF NOT EXISTS employees (a INT)", "(schema)"},
      {"ALTER TABLE x ADD COLUMN employees INT, DROP employees, CHANGE employees b INT",
       "(writing)"},
      {"ALTER TABLE x RENAME employees", "(schema)"},
      {"ALTER TABLE x RENAME = employees", "(schema)"},
      {"ALTER TABLE x RENAME TO emp.employees", "(schema)"},
      {"ALTER TABLE x EXCHANGE PARTITION p WITH TABLE employees", "(schema)"},
      {"ALTER TABLE x UNION = (y, employees)", "(schema)"},
      {"CREATE UNIQUE INDEX employees ON x (employees)", "(writing)"},
      {"DROP INDEX employees ON x", "(writing)"},
      {"DROP INDEX i ON employees", "(schema)"},
      {"CREATE TABLE x (a INT)", "(writing)"},
      {"ALTER TABLE employees ADD x INT", "(schema)"},
      {"ALTER TABLE emp.employees ADD x INT", "(schema)"},
      {"ALTER TABLE other.employees ADD x INT", "(writing)"},
      {"TRUNCATE TABLE employees", "(schema)"},
      {"DROP TABLE IF EXISTS employees, salaries", "(schema)"},
      {"DROP TABLE employees, users", "!different shard mappings"},
      {"CREATE INDEX i ON employees (born)", "(schema)"},
      {"CREATE VIEW v AS SELECT * FROM employees", "(schema)"},
      {"CREATE TABLE x AS SELECT * FROM employees WHERE emp_no = 5", "!CREATE TABLE ... SELECT"},
      {"CREATE TABLE x (event INT) SELECT * FROM employees WHERE emp_no = 5",
       "!CREATE TABLE ... SELECT"},
      {"CREATE OR REPLACE TEMPORARY TABLE x AS TABLE employees", "!CREATE TABLE ... SELECT"},
      {"CREATE TABLE employees (a INT) PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (9))",
       "(schema)"},
      {"CHECKSUM TABLE employees", "!in one shard only"},
      {"CHECK TABLE countries, employees", "!in one shard only"},
      {"CHECK TABLE countries", "(writing)"},
      {"CREATE TABLE x LIKE employees", "(schema)"},
      {"ANALYZE TABLE employees", "(schema)"},
      {"GRANT SELECT ON emp.employees TO x", "(schema)"},
      {"CALL employees(5)", "(opaque)"},
      {"EXECUTE s", "(opaque)"},
      {"PREPARE s FROM 'SELECT * FROM employees'", "(opaque)"},
      {"DEALLOCATE PREPARE s", "(nothing)"},
      {"SHOW WARNINGS", "(nothing)"},
      {"SHOW TABLES", "(reading)"},
      {"SHOW CREATE TABLE employees", "(reading)"},
      {"DESCRIBE employees", "(reading)"},
      {"SET NAMES utf8mb4", "(nothing)"},
      {"START TRANSACTION", "(nothing)"},
      {"COMMIT", "(nothing)"},
      {"SAVEPOINT employees", "(nothing)"},
      {"USE emp", "(nothing)"},
      {"", "(nothing)"},
      {"KILL 5", "(nothing)"},
      {"UNLOCK TABLES", "(nothing)"},
      {"SELECT 1; SELECT 2", "(writing)"},
      {"SELECT 1; CALL p()", "(opaque)"},
      {"PREPARE s FROM 'DELETE FROM employees'; EXECUTE s", "(opaque)"},
      {"SELECT * FROM employees WHERE emp_no = 5; CALL p()", "!several statements"},
      {"BEGIN NOT ATOMIC EXECUTE IMMEDIATE 'DELETE FROM employees'; END", "(opaque)"},
      {"BEGIN NOT ATOMIC DELETE FROM countries; END", "(writing)"},
  });
  EXPECT_EQ(answer_to({"SELECT * FROM employees", ""}, {}, "other"), "(reading)");
  EXPECT_EQ(answer_to({"SELECT * FROM employees", ""}, {}, ""), "(reading)");
  EXPECT_EQ(answer_to({"SELECT * FROM emp.employees WHERE emp_no = 5", ""}, {}, ""), "s1");
}

TEST(RoutingAnalysis, FollowsAUseBetweenStatements) {
  for (const char* sql : {"USE emp; DELETE FROM employees", "SELECT 1; USE `emp`; TABLE employees",
                          "USE emp; USE other; DELETE FROM employees WHERE emp_no = 5"}) {
    EXPECT_TRUE(answer_to({sql, ""}, {}, "other").starts_with("!there are several statements"))
        << sql;
  }
  EXPECT_EQ(answer_to({"SELECT use; DELETE FROM employees", ""}, {}, "other"), "(writing)");
}

TEST(RoutingAnalysis, BearsDeepNestingAndOddEnds) {
  const std::string deep(5000, '(');
  EXPECT_NE(answer_to({"SELECT * FROM employees WHERE " + deep + "emp_no = 5", ""}).find("!"),
            std::string::npos);
  std::string queries;
  for (int i = 0; i < 500; ++i) queries += "(SELECT ";
  EXPECT_NE(answer_to({"SELECT employees FROM employees WHERE " + queries, ""}).find("!"),
            std::string::npos);
  for (const std::string end : {"FROM", "WHERE", "(", ")", "=", ".", "IN", "IN (", "USING", "'"}) {
    EXPECT_TRUE(answer_to({"SELECT * FROM employees JOIN salaries " + end, ""}).starts_with("!"))
        << end;
  }
}

}  // namespace
}  // namespace driver::routing
