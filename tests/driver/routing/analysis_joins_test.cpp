// What is read out of joins, subqueries and their kin.
#include "tests/driver/routing/routed_case.h"

namespace driver::routing {
namespace {

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
      {"WITH Employees AS (SELECT 1 AS emp_no) SELECT * FROM employees", "!alike in another case"},
      {"WITH Mine AS (SELECT * FROM employees WHERE emp_no = 5) SELECT * FROM mine", "s1"},
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

}  // namespace
}  // namespace driver::routing
