// What is read out of statements that change rows.
#include "tests/driver/routing/routed_case.h"

namespace driver::routing {
namespace {

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
      {"UPDATE employees SET emp_no = emp_no WHERE emp_no = 5", "!changes the sharding column"},
      {"UPDATE employees SET emp_no = 5 WHERE emp_no IN (5, 6)", "!changes the sharding column"},
      {"UPDATE employees SET emp_no = '5' WHERE emp_no = 5", "!changes the sharding column"},
      {"UPDATE employees SET emp_no = 5, emp_no = 6 WHERE emp_no = 5",
       "!changes the sharding column"},
      {"UPDATE employees SET emp_no = 5", "!changes the sharding column"},
      {"UPDATE employees SET emp_no = 5, first_name = 'x' WHERE emp_no = 5", "s1"},
      {"UPDATE employees e SET e.emp_no := 1000 WHERE e.emp_no = 1000", "s2"},
      {"UPDATE employees SET emp_no = ?, first_name = ? WHERE emp_no = ?",
       "s1",
       {number(5), text("x"), Parameter(std::uint64_t{5})}},
      {"UPDATE employees SET emp_no = ? WHERE emp_no = ?", "s1", {text("5"), number(5)}},
      {"UPDATE employees SET emp_no = ? WHERE emp_no = ?",
       "!changes the sharding column",
       {number(6), number(5)}},
      {"UPDATE names SET name = 'Mira', meaning = 'x' WHERE name = 'Mira'", "s2"},
      {"UPDATE names SET name = 'mira' WHERE name = 'Mira'", "!changes the sharding column"},
      {"UPDATE events SET happened = '2020-06-01' WHERE happened = '2020-06-01 00:00:00'", "s2"},
      {"UPDATE employees e JOIN salaries s USING (emp_no) SET s.emp_no = 5, e.born = NULL WHERE "
       "e.emp_no = 5",
       "s1"},
      {"UPDATE employees e JOIN salaries s USING (emp_no) SET s.emp_no = 6 WHERE e.emp_no = 5",
       "!changes the sharding column"},
      {"UPDATE users SET \u0130d = 6 WHERE id = 5", "!changes the sharding column"},
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

}  // namespace
}  // namespace driver::routing
