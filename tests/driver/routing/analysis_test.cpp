// What is read out of statements: each with the group it goes to, or the words of the refusal.
#include "driver/routing/analysis.h"

#include <gtest/gtest.h>

#include "driver/routing/placement.h"
#include "tests/driver/routing/routing_farm.h"

namespace driver::routing {
namespace {

using fabric::mysql::Parameter;

struct Case {
  std::string sql;
  /// A group; (reading), (writing), (nothing), (opaque), (schema); or "!" and words of the refusal.
  std::string expected;
  std::vector<Parameter> parameters = {};
};

std::string answer_to(const Case& one, ScanOptions options = {},
                      const std::string& database = "emp") {
  const fabric::Topology topology = farm();
  FarmColumns columns;
  const StatementFacts facts = facts_of(one.sql, options);
  const Analysis analysis = analyse({one.sql, options, facts, database}, ShardedTables(topology));
  switch (analysis.subject) {
    case Subject::kNothing:
      return "(nothing)";
    case Subject::kReading:
      return "(reading)";
    case Subject::kWriting:
      return "(writing)";
    case Subject::kOpaque:
      return "(opaque)";
    case Subject::kSchema:
      return analysis.refusal.empty() ? "(schema)" : "!" + analysis.refusal;
    case Subject::kSharded:
      break;
  }
  const Placement placement = one_group({analysis, topology, one.parameters, columns});
  return placement.refusal.empty() ? placement.group : "!" + placement.refusal;
}

void expect(const Case& one, ScanOptions options = {}) {
  const std::string answer = answer_to(one, options);
  if (one.expected.starts_with("!")) {
    EXPECT_TRUE(answer.starts_with("!")) << one.sql << "\n  goes to " << answer;
    EXPECT_NE(answer.find(one.expected.substr(1)), std::string::npos)
        << one.sql << "\n  is refused: " << answer;
  } else {
    EXPECT_EQ(answer, one.expected) << one.sql;
  }
}

void expect_all(const std::vector<Case>& cases) {
  for (const Case& one : cases) expect(one);
}

Parameter text(std::string_view utf8) { return fabric::mysql::TextValue{utf8}; }
Parameter number(std::int64_t value) { return value; }

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
      {"SELECT * FROM employees WHERE emp_no = 5 FOR UPDATE", "s1"},
      {"SELECT * FROM employees WHERE emp_no = 5 LOCK IN SHARE MODE;", "s1"},
      {"(SELECT * FROM employees WHERE emp_no = 5) LIMIT 1", "s1"},
      {"SELECT * FROM employees USE INDEX (a, b) WHERE emp_no = 5", "s1"},
      {"SELECT * FROM employees e IGNORE INDEX FOR ORDER BY (a) WHERE emp_no = 5", "s1"},
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
      {"SELECT * FROM employees WHERE emp_no = 5 AND", "!does not understand"},
      {"SELECT * FROM employees WHERE AND emp_no = 5", "!does not understand"},
      {"SELECT * FROM employees WHERE emp_no = 5 /*!50000 OR 1 */", "!version comment"},
      {"SELECT * FROM employees WHERE emp_no = 5 UNION SELECT 'x", "!does not understand"},
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

TEST(RoutingAnalysis, TakesValuesOfTheColumnsOwnTypeAlone) {
  expect_all({
      {"SELECT * FROM employees WHERE emp_no = '5'", "!is no whole number"},
      {"SELECT * FROM employees WHERE emp_no = '01'", "!is no whole number"},
      {"SELECT * FROM employees WHERE emp_no = 5.0", "!not a whole one"},
      {"SELECT * FROM employees WHERE emp_no = 5e0", "!not a whole one"},
      {"SELECT * FROM employees WHERE emp_no = 0x05", "!not a whole one"},
      {"SELECT * FROM employees WHERE emp_no = b'101'", "!not a whole one"},
      {"SELECT * FROM employees WHERE emp_no = TRUE", "!an expression"},
      {"SELECT * FROM employees WHERE emp_no = NULL", "!is NULL"},
      {"SELECT * FROM employees WHERE emp_no = 18446744073709551616", "!64 bits"},
      {"SELECT * FROM employees WHERE emp_no = 18446744073709551615", "s2"},
      {"SELECT * FROM employees WHERE emp_no = 05", "s1"},
      {"SELECT * FROM parts WHERE part = -10", "s1"},
      {"SELECT * FROM parts WHERE part = - 11", "!lies below"},
      {"SELECT * FROM parts WHERE part = 10", "s2"},
      {"SELECT * FROM employees WHERE emp_no = ?", "s1", {number(5)}},
      {"SELECT * FROM employees WHERE emp_no = ?", "s2", {Parameter(std::uint64_t{5000})}},
      {"SELECT * FROM employees WHERE emp_no = ?", "s1", {text("5")}},
      {"SELECT * FROM employees WHERE emp_no = ?", "!is no whole number", {text("05")}},
      {"SELECT * FROM employees WHERE emp_no = ?", "!is no whole number", {text("+5")}},
      {"SELECT * FROM employees WHERE emp_no = ?", "!is no whole number", {text(" 5")}},
      {"SELECT * FROM employees WHERE emp_no = ?", "!is no whole number", {text("5.0")}},
      {"SELECT * FROM employees WHERE emp_no = ?",
       "!is no whole number",
       {text("9007199254740993")}},
      {"SELECT * FROM employees WHERE emp_no = ?", "!with a fraction", {Parameter(5.0)}},
      {"SELECT * FROM employees WHERE emp_no = ?", "!is NULL", {Parameter()}},
      {"SELECT * FROM employees WHERE first_name = ? AND emp_no = ?",
       "s2",
       {text("x"), number(1000)}},
      {"SELECT '?', \"?\" /* ? */ FROM employees WHERE emp_no = ?", "s2", {number(1000)}},
      {"SELECT * FROM employees WHERE emp_no = ?", "!is not bound"},
  });
}

TEST(RoutingAnalysis, ReadsTextKeys) {
  expect_all({
      {"SELECT * FROM names WHERE name = 'Ada'", "s1"},
      {"SELECT * FROM names WHERE name = \"Mira\"", "s2"},
      {"SELECT * FROM names WHERE name = 'L''a'", "s1"},
      {"SELECT * FROM names WHERE name = 'M\\'a'", "s2"},
      {"SELECT * FROM names WHERE name = N'Ada'", "s1"},
      {"SELECT * FROM names WHERE name = 'M '", "s2"},
      {"SELECT * FROM names WHERE name = '!'", "!lies below"},
      {"SELECT * FROM names WHERE name = 5", "!is no text"},
      {"SELECT * FROM names WHERE name = ?", "!is no text", {number(5)}},
      {"SELECT * FROM names WHERE name = ?", "s2", {text("Zoë")}},
      {"SELECT * FROM names WHERE name = 'a' 'b'", "!an expression"},
      {"SELECT * FROM names WHERE name = _utf8'Ada'", "!an expression"},
      {"SELECT * FROM names WHERE name = 'Ada' COLLATE utf8mb4_general_ci", "!an expression"},
      {"SELECT * FROM names WHERE name LIKE 'Ada'", "!nothing fixes"},
      {"SELECT * FROM names WHERE BINARY name = 'Ada'", "!nothing fixes"},
      {"SELECT * FROM names WHERE name = x'41'", "!not a whole one"},
      {"SELECT * FROM loose WHERE name = 'Ada'", "!collation utf8mb4_general_ci"},
      {"UPDATE loose SET a = 1 WHERE name = 'Ada'", "!collation"},
      {"DELETE FROM loose WHERE name = 'Ada'", "!collation"},
      {"INSERT INTO loose (name) VALUES ('Ada')", "s1"},
      {"REPLACE INTO loose (name) VALUES ('Ada')", "!collation"},
      {"INSERT INTO loose (name) VALUES ('Ada') ON DUPLICATE KEY UPDATE a = 1", "!collation"},
      {"INSERT INTO names (name) VALUES ('12345678901')", "!longer than"},
      {"SELECT * FROM accounts WHERE name = 'Ada'", "!ignores blanks at the end"},
      {"INSERT INTO accounts (name) VALUES ('Ada')", "s1"},
      {"SELECT * FROM codes WHERE code = 'Ada'", "s1"},
      {"SELECT * FROM fixed WHERE name = 'Ada'", "s1"},
      {"SELECT * FROM fixed WHERE name = 'Ada '", "!ends with a blank"},
      {"SELECT * FROM fixed WHERE name = 'Zoë'", "!character set latin1"},
  });
  expect({"SELECT * FROM names WHERE name = 'M\\'", "s2"}, {.no_backslash_escapes = true});
  expect({"SELECT * FROM names WHERE name = \"Mira\"", "!nothing fixes"}, {.ansi_quotes = true});
  expect({"SELECT * FROM \"names\" WHERE \"name\" = 'Mira'", "s2"}, {.ansi_quotes = true});
}

TEST(RoutingAnalysis, ReadsDates) {
  using fabric::mysql::DateTimeValue;
  using fabric::mysql::DateValue;
  expect_all({
      {"SELECT * FROM events WHERE happened = '2012-02-29'", "s1"},
      {"SELECT * FROM events WHERE happened = '2020-06-01'", "s2"},
      {"SELECT * FROM events WHERE happened = '2020-05-31 23:59:59'", "s1"},
      {"SELECT * FROM events WHERE happened = TIMESTAMP'2020-06-01 00:00:00'", "s2"},
      {"SELECT * FROM events WHERE happened = '2020-05-31 23:59:59.5'", "!finer fraction"},
      {"SELECT * FROM events WHERE happened = '2020-05-31 23:59:59.0'", "s1"},
      {"SELECT * FROM events WHERE happened = '20200601'", "!is no date"},
      {"SELECT * FROM events WHERE happened = 20200601", "!is no date"},
      {"SELECT * FROM events WHERE happened = '2020-6-1'", "!is no date"},
      {"SELECT * FROM events WHERE happened = '2020-02-30'", "!is no date"},
      {"SELECT * FROM events WHERE happened = '1999-12-31'", "!lies below"},
      {"SELECT * FROM events WHERE happened = ?",
       "s2",
       {Parameter(DateTimeValue{{2024, 1, 1}, {}})}},
      {"SELECT * FROM events WHERE happened = ?", "s1", {Parameter(DateValue{2020, 5, 31})}},
      {"SELECT * FROM days WHERE day = DATE'2020-06-01'", "s2"},
      {"SELECT * FROM days WHERE day = '2020-06-01 00:00:00'", "s2"},
      {"SELECT * FROM days WHERE day = '2020-06-01 10:00:00'", "!time of day"},
      {"SELECT * FROM visits WHERE day = '2020-06-01'", "s2"},
      {"SELECT * FROM visits WHERE day = '2020-06-02'", "s2"},
  });
}

TEST(RoutingAnalysis, FollowsJoinsOnTheShardingColumn) {
  expect_all({
      {"SELECT * FROM employees e JOIN salaries s ON e.emp_no = s.emp_no WHERE e.emp_no = 5", "s1"},
      {"SELECT * FROM employees e JOIN salaries s ON s.emp_no = e.emp_no WHERE s.emp_no = 1000",
       "s2"},
      {"SELECT * FROM employees e, salaries s WHERE e.emp_no = s.emp_no AND e.emp_no = 5", "s1"},
      {"SELECT * FROM employees e INNER JOIN salaries s ON e.emp_no = s.emp_no AND e.emp_no = 5",
       "s1"},
      {"SELECT * FROM employees JOIN salaries USING (emp_no) WHERE employees.emp_no = 5", "s1"},
      {"SELECT * FROM employees JOIN salaries USING (emp_no) WHERE emp_no = 5", "s1"},
      {"SELECT * FROM employees NATURAL JOIN salaries WHERE salaries.emp_no = 5", "s1"},
      {"SELECT * FROM employees e JOIN titles t ON t.employee = e.emp_no WHERE e.emp_no = 5", "s1"},
      {"SELECT * FROM employees e JOIN salaries s USING (emp_no) JOIN titles t ON t.employee = "
       "s.emp_no WHERE e.emp_no = 5",
       "s1"},
      {"SELECT * FROM (employees e JOIN salaries s ON e.emp_no = s.emp_no) WHERE e.emp_no = 5",
       "s1"},
      {"SELECT * FROM employees e STRAIGHT_JOIN salaries s ON e.emp_no = s.emp_no WHERE e.emp_no = "
       "5",
       "s1"},
      {"SELECT * FROM employees e JOIN salaries s ON e.emp_no = s.emp_no WHERE emp_no = 5",
       "!nothing fixes"},
      {"SELECT * FROM employees e JOIN salaries s ON e.emp_no = s.salary WHERE e.emp_no = 5",
       "!salaries: nothing fixes"},
      {"SELECT * FROM employees e JOIN salaries s ON e.emp_no >= s.emp_no WHERE e.emp_no = 5",
       "!salaries: nothing fixes"},
      {"SELECT * FROM employees e JOIN salaries s WHERE e.emp_no = 5 AND s.emp_no = 6", "s1"},
      {"SELECT * FROM employees e JOIN salaries s WHERE e.emp_no = 5 AND s.emp_no = 1000",
       "!other tables"},
      {"SELECT * FROM employees a JOIN employees b ON a.emp_no = b.emp_no WHERE a.emp_no = 5",
       "s1"},
      {"SELECT * FROM employees a JOIN employees b ON a.born = b.born WHERE a.emp_no = 5",
       "!nothing fixes"},
      {"SELECT * FROM employees e JOIN users u ON u.id = e.emp_no WHERE e.emp_no = 5",
       "!different shard mappings"},
      {"SELECT * FROM employees e JOIN countries c ON c.code = e.country WHERE e.emp_no = 5", "s1"},
      {"SELECT * FROM countries c JOIN employees e ON c.code = e.country AND e.emp_no = 5", "s1"},
  });
}

TEST(RoutingAnalysis, KnowsWhatOuterJoinsFix) {
  expect_all({
      {"SELECT * FROM employees e LEFT JOIN salaries s ON s.emp_no = e.emp_no WHERE e.emp_no = 5",
       "s1"},
      {"SELECT * FROM employees e LEFT JOIN salaries s USING (emp_no) WHERE e.emp_no = 5", "s1"},
      {"SELECT * FROM employees e LEFT JOIN salaries s USING (emp_no) WHERE emp_no = 5", "s1"},
      {"SELECT * FROM employees e LEFT OUTER JOIN salaries s ON s.emp_no = 6 WHERE e.emp_no = 5",
       "s1"},
      {"SELECT * FROM employees e LEFT JOIN salaries s ON s.emp_no = e.emp_no AND e.emp_no = 5",
       "!outer join keeps all rows of e"},
      {"SELECT * FROM employees e LEFT JOIN salaries s ON s.emp_no = e.emp_no AND s.emp_no = 5",
       "!employees: nothing fixes"},
      {"SELECT * FROM employees e LEFT JOIN salaries s ON s.emp_no = e.emp_no WHERE s.emp_no = 5",
       "!employees: nothing fixes"},
      {"SELECT * FROM employees e LEFT JOIN salaries s ON s.emp_no = 6 AND e.emp_no = 5",
       "!keeps all rows of e"},
      {"SELECT * FROM employees e LEFT JOIN salaries s ON 1 WHERE e.emp_no = 5 AND s.emp_no = 5",
       "s1"},
      {"SELECT * FROM salaries s RIGHT JOIN employees e ON s.emp_no = e.emp_no WHERE e.emp_no = 5",
       "s1"},
      {"SELECT * FROM salaries s RIGHT JOIN employees e ON s.emp_no = e.emp_no WHERE s.emp_no = 5",
       "!employees: nothing fixes"},
      {"SELECT * FROM salaries s RIGHT JOIN employees e ON s.emp_no = 5 AND e.emp_no = 5",
       "!keeps all rows of e"},
      {"SELECT * FROM employees e LEFT JOIN salaries s JOIN titles t ON s.emp_no = t.employee ON "
       "e.emp_no = s.emp_no WHERE e.emp_no = 5",
       "s1"},
      {"SELECT * FROM countries c LEFT JOIN employees e ON e.country = c.code AND e.emp_no = 5",
       "s1"},
      {"SELECT * FROM countries c LEFT JOIN employees e ON e.country = c.code WHERE c.emp_no = 5",
       "!nothing fixes"},
      {"SELECT * FROM countries c LEFT JOIN employees e USING (emp_no) WHERE emp_no = 5",
       "!nothing fixes"},
      {"SELECT * FROM employees e LEFT JOIN salaries s ON s.emp_no = e.emp_no OR 1 WHERE e.emp_no "
       "= 5",
       "!salaries: nothing fixes"},
  });
}

TEST(RoutingAnalysis, ReadsEachQueryBlockByItself) {
  expect_all({
      {"SELECT * FROM employees WHERE emp_no = 5 UNION SELECT * FROM employees WHERE emp_no = 6",
       "s1"},
      {"SELECT * FROM employees WHERE emp_no = 5 UNION ALL SELECT * FROM employees WHERE emp_no = "
       "1000",
       "!other tables"},
      {"SELECT * FROM employees WHERE emp_no = 5 UNION SELECT * FROM employees", "!nothing fixes"},
      {"(SELECT * FROM employees WHERE emp_no = 5) UNION (SELECT * FROM salaries WHERE emp_no = 6) "
       "ORDER BY 1",
       "s1"},
      {"SELECT * FROM employees WHERE emp_no = 5 EXCEPT SELECT * FROM salaries WHERE emp_no = 7",
       "s1"},
      {"SELECT * FROM (SELECT * FROM employees WHERE emp_no = 5) x", "s1"},
      {"SELECT * FROM (SELECT * FROM employees) x WHERE emp_no = 5", "!nothing fixes"},
      {"SELECT * FROM (SELECT * FROM employees) x WHERE x.emp_no = 5", "!nothing fixes"},
      {"SELECT * FROM employees WHERE emp_no = 5 AND EXISTS (SELECT 1 FROM salaries s WHERE "
       "s.emp_no = employees.emp_no)",
       "s1"},
      {"SELECT * FROM employees e WHERE emp_no = 5 AND EXISTS (SELECT 1 FROM salaries WHERE "
       "salaries.emp_no = e.emp_no)",
       "s1"},
      {"SELECT * FROM employees e WHERE emp_no = 5 AND EXISTS (SELECT 1 FROM salaries WHERE salary "
       "= 1)",
       "!salaries: nothing fixes"},
      {"SELECT * FROM employees e WHERE EXISTS (SELECT 1 FROM salaries s WHERE s.emp_no = e.emp_no "
       "AND s.emp_no = 5)",
       "!employees: nothing fixes"},
      {"SELECT * FROM employees e WHERE EXISTS (SELECT 1 FROM salaries s WHERE e.emp_no = 5 AND "
       "s.emp_no = 5)",
       "!employees: nothing fixes"},
      {"SELECT (SELECT COUNT(*) FROM salaries s WHERE s.emp_no = e.emp_no) FROM employees e WHERE "
       "e.emp_no = 5",
       "s1"},
      {"SELECT (SELECT COUNT(*) FROM salaries s) FROM employees e WHERE e.emp_no = 5",
       "!salaries: nothing fixes"},
      {"SELECT * FROM countries WHERE code IN (SELECT country FROM employees WHERE emp_no = 5)",
       "s1"},
      {"SELECT * FROM countries WHERE code IN (SELECT country FROM employees)", "!nothing fixes"},
      {"SELECT (SELECT MAX(emp_no) FROM employees)", "!nothing fixes"},
      {"WITH x AS (SELECT * FROM employees WHERE emp_no = 5) SELECT * FROM x", "s1"},
      {"WITH x AS (SELECT * FROM employees) SELECT * FROM x WHERE emp_no = 5", "!nothing fixes"},
      {"WITH employees AS (SELECT 1 AS emp_no) SELECT * FROM employees", "(reading)"},
      {"WITH employees AS (SELECT * FROM employees WHERE emp_no = 5) SELECT * FROM employees",
       "s1"},
      {"WITH RECURSIVE x AS (SELECT emp_no FROM employees WHERE emp_no = 5 UNION ALL SELECT "
       "s.emp_no FROM salaries s JOIN x ON 1 WHERE s.emp_no = 6) SELECT * FROM x",
       "s1"},
      {"SELECT * FROM employees e JOIN (SELECT emp_no FROM salaries GROUP BY emp_no) x ON x.emp_no "
       "= e.emp_no WHERE e.emp_no = 5",
       "!salaries: nothing fixes"},
      {"SELECT * FROM employees e JOIN (SELECT emp_no FROM salaries WHERE emp_no = 5) x ON "
       "x.emp_no = e.emp_no WHERE e.emp_no = 5",
       "s1"},
      {"SET @x = (SELECT COUNT(*) FROM employees WHERE emp_no = 5)", "s1"},
      {"DO (SELECT COUNT(*) FROM employees)", "!nothing fixes"},
  });
}

TEST(RoutingAnalysis, ReadsInserts) {
  expect_all({
      {"INSERT INTO employees (emp_no, first_name) VALUES (5, 'x')", "s1"},
      {"INSERT INTO employees (first_name, `emp_no`) VALUES ('x', 1000)", "s2"},
      {"INSERT IGNORE employees (employees.emp_no) VALUE (5)", "s1"},
      {"INSERT LOW_PRIORITY INTO emp.employees (emp_no) VALUES (5), (6), (7)", "s1"},
      {"INSERT INTO employees (emp_no) VALUES (5), (1000)", "!several shards"},
      {"INSERT INTO employees (emp_no) VALUES (5), (1 + 1)", "!key of row 2 is an expression"},
      {"INSERT INTO employees (emp_no, born) VALUES (?, ?)", "s1", {number(5), Parameter()}},
      {"INSERT INTO employees (emp_no) VALUES (?), (?)",
       "!several shards",
       {number(5), number(1000)}},
      {"INSERT INTO employees VALUES (5, 'x', NULL)", "s1"},
      {"INSERT INTO titles VALUES ('x, (y', 1000)", "s2"},
      {"INSERT INTO titles VALUES ('x')", "!row 1 of its VALUES has 1 values, the table 2 columns"},
      {"INSERT INTO employees VALUES ()", "!has 0 values"},
      {"INSERT INTO employees () VALUES ()", "!do not include the sharding column"},
      {"INSERT INTO employees (first_name) VALUES ('x')",
       "!do not include the sharding column emp_no"},
      {"INSERT INTO employees (emp_no) VALUES (DEFAULT)", "!the column's default"},
      {"INSERT INTO employees (emp_no) VALUES (NULL)", "!is NULL"},
      {"INSERT INTO employees (emp_no) VALUES ('5')", "!is no whole number"},
      {"INSERT INTO employees (emp_no) VALUES (99999999999)", "!does not fit"},
      {"INSERT INTO parts (part) VALUES (127)", "s2"},
      {"INSERT INTO parts (part) VALUES (128)", "!does not fit"},
      {"INSERT INTO users (id, name) VALUES (0, 'x')", "!AUTO_INCREMENT"},
      {"INSERT INTO users (name) VALUES ('x')", "!do not include"},
      {"INSERT INTO employees SET emp_no = 5, first_name = 'x'", "s1"},
      {"INSERT INTO employees SET first_name = 'x'", "!do not include"},
      {"INSERT INTO employees SET emp_no = emp_no + 1", "!an expression"},
      {"REPLACE INTO employees (emp_no) VALUES (5)", "s1"},
      {"INSERT INTO employees (emp_no, first_name) VALUES (5, 'x') ON DUPLICATE KEY UPDATE "
       "first_name = VALUES(first_name)",
       "s1"},
      {"INSERT INTO employees (emp_no) VALUES (5) ON DUPLICATE KEY UPDATE emp_no = 6",
       "!changes the sharding column"},
      {"INSERT INTO employees (emp_no) VALUES (5) AS new(n) ON DUPLICATE KEY UPDATE born = n",
       "s1"},
      {"INSERT INTO employees (emp_no) VALUES (5) RETURNING emp_no", "s1"},
      {"INSERT INTO employees (emp_no) SELECT 5", "!INSERT ... SELECT"},
      {"INSERT INTO employees SELECT * FROM employees WHERE emp_no = 5", "!INSERT ... SELECT"},
      {"INSERT INTO employees (SELECT * FROM x)", "!INSERT ... SELECT"},
      {"INSERT INTO employees TABLE x", "!INSERT ... SELECT"},
      {"INSERT INTO countries SELECT * FROM employees WHERE emp_no = 5", "!not sharded"},
      {"INSERT INTO countries (code) VALUES ((SELECT country FROM employees WHERE emp_no = 5))",
       "!not sharded"},
      {"INSERT INTO employees (emp_no, born) VALUES (5, (SELECT MAX(born) FROM employees))",
       "!nothing fixes"},
      {"INSERT INTO employees (emp_no, born) VALUES (5, (SELECT born FROM employees WHERE emp_no = "
       "6))",
       "s1"},
      {"INSERT INTO countries (employees) VALUES (1)", "(writing)"},
  });
}

TEST(RoutingAnalysis, ReadsUpdatesAndDeletes) {
  expect_all({
      {"UPDATE employees SET first_name = 'x' WHERE emp_no = 5", "s1"},
      {"UPDATE LOW_PRIORITY IGNORE employees e SET e.first_name = 'x', born = NULL WHERE e.emp_no "
       "= 1000 LIMIT 1",
       "s2"},
      {"UPDATE employees SET first_name = 'emp_no = 1000' WHERE emp_no = 5", "s1"},
      {"UPDATE employees SET first_name = emp_no = 1000 WHERE emp_no = 5", "s1"},
      {"UPDATE employees SET emp_no = 6 WHERE emp_no = 5", "!changes the sharding column"},
      {"UPDATE employees SET born = 1, employees.emp_no = 6 WHERE emp_no = 5",
       "!changes the sharding column"},
      {"UPDATE employees SET first_name = 'x'", "!nothing fixes"},
      {"UPDATE employees SET first_name = 'x' WHERE emp_no = 5 OR 1", "!has an OR"},
      {"UPDATE employees e JOIN salaries s ON s.emp_no = e.emp_no SET s.salary = 1 WHERE e.emp_no "
       "= 5",
       "s1"},
      {"UPDATE employees e JOIN countries c ON c.code = e.country SET e.born = 1 WHERE e.emp_no = "
       "5",
       "s1"},
      {"UPDATE employees e JOIN countries c ON c.code = e.country SET c.name = 1 WHERE e.emp_no = "
       "5",
       "!c, which is not sharded"},
      {"UPDATE employees e JOIN countries c ON c.code = e.country SET name = 1 WHERE e.emp_no = 5",
       "!not sharded"},
      {"UPDATE countries SET name = (SELECT first_name FROM employees WHERE emp_no = 5)",
       "!not sharded"},
      {"UPDATE employees SET born = (SELECT MAX(emp_no) FROM salaries s WHERE s.emp_no = "
       "employees.emp_no) WHERE emp_no = 5",
       "s1"},
      {"UPDATE employees SET first_name = ? WHERE emp_no = ?", "s2", {text("x"), number(1000)}},
      {"DELETE FROM employees WHERE emp_no = 5", "s1"},
      {"DELETE QUICK FROM employees WHERE emp_no IN (5, 6) ORDER BY born LIMIT 1", "s1"},
      {"DELETE FROM employees", "!nothing fixes"},
      {"DELETE FROM employees WHERE emp_no = 5 RETURNING emp_no", "s1"},
      {"DELETE e FROM employees e JOIN salaries s ON s.emp_no = e.emp_no WHERE e.emp_no = 5", "s1"},
      {"DELETE e, s FROM employees e JOIN salaries s USING (emp_no) WHERE e.emp_no = 5", "s1"},
      {"DELETE FROM e.* USING employees e WHERE e.emp_no = 5", "s1"},
      {"DELETE e, c FROM employees e JOIN countries c ON 1 WHERE e.emp_no = 5",
       "!c, which is not sharded"},
      {"DELETE FROM countries WHERE code IN (SELECT country FROM employees WHERE emp_no = 5)",
       "!not sharded"},
      {"WITH x AS (SELECT 1) DELETE FROM employees WHERE emp_no = 5", "s1"},
      {"EXPLAIN UPDATE employees SET born = 1 WHERE emp_no = 5", "s1"},
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
      {"INSERT INTO countries VALUES (1)", "(writing)"},
      {"UPDATE countries SET a = 1", "(writing)"},
      {"DELETE FROM countries", "(writing)"},
      {"DELETE FROM other.employees", "(writing)"},
      {"LOAD DATA INFILE 'x' INTO TABLE countries", "(writing)"},
      {"CREATE TABLE x (employees INT)", "(schema)"},
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
  });
  EXPECT_EQ(answer_to({"SELECT * FROM employees", ""}, {}, "other"), "(reading)");
  EXPECT_EQ(answer_to({"SELECT * FROM employees", ""}, {}, ""), "(reading)");
  EXPECT_EQ(answer_to({"SELECT * FROM emp.employees WHERE emp_no = 5", ""}, {}, ""), "s1");
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

std::string others_of(const std::string& sql) {
  const fabric::Topology topology = farm();
  const StatementFacts facts = facts_of(sql);
  const Analysis analysis = analyse({sql, {}, facts, "emp"}, ShardedTables(topology));
  std::string text;
  for (const MentionedName& name : analysis.others) {
    text += (text.empty() ? "" : " ") + name.schema + "." + name.name;
    text += name.use == NameUse::kCalled ? "()" : name.use == NameUse::kWritten ? "!" : "";
  }
  return text;
}

TEST(RoutingAnalysis, OverlooksNoTableBehindASystemTime) {
  for (const char* table :
       {"v FOR SYSTEM_TIME ALL, employees", "v FOR SYSTEM_TIME ALL e, employees",
        "v FOR SYSTEM_TIME AS OF NOW() JOIN employees"}) {
    expect(
        {std::string("SELECT * FROM ") + table, "!does not understand the statement near 'FOR'"});
  }
}

TEST(RoutingAnalysis, NamesWhatElseMayBeAView) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"SELECT a, b FROM v", "emp.v"},
      {"SELECT v.a FROM other.v, `w` AS x JOIN y USING (a) WHERE x.b IN (1, 2)",
       "other.v emp.w emp.y"},
      {"SELECT * FROM employees e, v WHERE e.emp_no = 5", "emp.v"},
      {"SELECT * FROM (SELECT * FROM v) AS d WHERE EXISTS (SELECT 1 FROM w)", "emp.v emp.w"},
      {"WITH c AS (SELECT * FROM v) SELECT * FROM c", "emp.v"},
      {"INSERT INTO t (a, b) VALUES (1, 2)", "emp.t!"},
      {"INSERT INTO t SELECT * FROM v", "emp.t! emp.v"},
      {"UPDATE t SET a = 1 WHERE b IN (SELECT b FROM v)", "emp.t! emp.v"},
      {"DELETE FROM t WHERE a = 1", "emp.t!"},
      {"DELETE a FROM t AS a JOIN v ON v.x = a.x", "emp.t! emp.v!"},
      {"REPLACE t VALUES (1)", "emp.t!"},
      {"LOAD DATA LOCAL INFILE 'x' INTO TABLE t", "emp.t!"},
      {"SELECT f(1), COUNT(*), other.g(2) FROM t", "emp.t emp.f() other.g()"},
      {"SELECT f (1)", "emp.f()"},
      {"SELECT `count`(1)", "emp.count()"},
      {"DO f(1)", "emp.f()"},
      {"SET @a = f(1)", "emp.f()"},
      {"SELECT 1, NOW(), (SELECT 2)", ""},
      {"SELECT * FROM information_schema.TABLES", ""},
      {"SELECT * FROM v FOR SYSTEM_TIME ALL, w", "emp.v emp.w"},
      {"CREATE TABLE t SELECT * FROM v", "emp.t emp.v"},
      {"CREATE TABLE t (a INT)", ""},
      {"CREATE VIEW v AS SELECT * FROM w", ""},
      {"SHOW CREATE VIEW v", ""},
      {"ANALYZE TABLE v", ""},
      {"TABLE v", "emp.v"},
      {"LOCK TABLES v READ, w WRITE", "emp.v emp.w"}};
  for (const auto& [sql, expected] : cases) EXPECT_EQ(others_of(sql), expected) << sql;
}

}  // namespace
}  // namespace driver::routing
