// An analysis that serves the statements of one shape. That it answers as a new one would is tried
// with every statement of these tests (routed_case.h).
#include "driver/routing/other_literals.h"

#include "tests/driver/routing/routed_case.h"

namespace driver::routing {
namespace {

/// The group of `sql` by an analysis of the same text with other integers and strings; "" where
/// that does not hold.
std::string group_by_way(const std::string& sql) {
  const fabric::Topology topology = farm();
  const sql::StatementFacts facts = sql::facts_of(sql);
  const auto analysis =
      analysis_by_way_of(kOtherLiterals[0], {sql, {}, facts, "emp"}, ShardedTables(topology));
  return analysis ? answer_by(*analysis, topology, {sql, ""}) : "";
}

TEST(OtherLiterals, GiveTheirOwnGroup) {
  for (const auto& [sql, group] : {
           std::pair{"SELECT * FROM employees WHERE emp_no = 5", "s1"},
           {"SELECT * FROM employees WHERE emp_no = 1005 AND first_name = 'x' LIMIT 1", "s2"},
           {"SELECT * FROM employees WHERE emp_no IN (5, 6)", "s1"},
           {"SELECT * FROM names WHERE name = 'Mia'", "s2"},
           {"SELECT * FROM days WHERE day = DATE '2021-01-01'", "s2"},
           {"SELECT * FROM parts WHERE part = -9", "s1"},
           {"INSERT INTO salaries (salary, emp_no) VALUES (1, 1000), (2, 1001)", "s2"},
           {"INSERT INTO salaries VALUES (1000, 5)", "s2"},
           {"UPDATE employees SET emp_no = 5 WHERE emp_no = 5", "s1"},
           {"SELECT * FROM employees e JOIN salaries s USING (emp_no) WHERE s.emp_no = 1000", "s2"},
       }) {
    EXPECT_EQ(group_by_way(sql), group) << sql;
  }
}

TEST(OtherLiterals, AreRefusedForWhatTheySay) {
  EXPECT_NE(
      group_by_way("SELECT * FROM employees WHERE emp_no IN (5, 1005)").find("several shards"),
      std::string::npos);
  EXPECT_NE(group_by_way("UPDATE employees SET emp_no = 6 WHERE emp_no = 5").find("changes"),
            std::string::npos);
}

TEST(OtherLiterals, DoNotServeWhatIsReadWithMoreCare) {
  EXPECT_EQ(group_by_way("INSERT INTO employees SELECT * FROM employees WHERE emp_no = 5"), "");
  EXPECT_EQ(group_by_way("SELECT * FROM employees WHERE emp_no = 1e-5"), "");
  EXPECT_EQ(group_by_way("SELECT * FROM names WHERE name = 'O''Neil'"), "");
}

}  // namespace
}  // namespace driver::routing
