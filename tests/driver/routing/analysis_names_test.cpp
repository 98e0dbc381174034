// The names in a statement behind which a sharded table may lie.
#include "tests/driver/routing/routed_case.h"

namespace driver::routing {
namespace {

std::string others_of(const std::string& sql) {
  const fabric::Topology topology = farm();
  const sql::StatementFacts facts = sql::facts_of(sql);
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

TEST(RoutingAnalysis, ReadsNamesBeyondAsciiWhateverTheirCase) {
  fabric::Topology::Content content = farm().content();
  content.shard_maps[0].tables.push_back({"emp", "käse", "größe"});
  const fabric::Topology topology(content, 1, false);
  FarmColumns columns;
  columns.of("käse") = {{integer_column("größe"), integer_column("preis")}};
  const auto group_of = [&](const std::string& sql) {
    const sql::StatementFacts facts = sql::facts_of(sql);
    const Analysis analysis = analyse({sql, {}, facts, "emp"}, ShardedTables(topology));
    if (analysis.subject != Subject::kSharded) return std::string("not sharded");
    const Placement placement = one_group({analysis, topology, {}, columns});
    return placement.refusal.empty() ? std::string(placement.group) : placement.refusal;
  };
  EXPECT_EQ(group_of("SELECT * FROM KÄSE WHERE GRÖßE = 1000"), "s2");
  EXPECT_EQ(group_of("INSERT INTO emp.Käse (preis, Größe) VALUES (1, 5)"), "s1");
  EXPECT_EQ(group_of("SELECT * FROM käse JOIN KÄSE AS Ä USING (Größe) WHERE ä.größe = 5"), "s1");
  EXPECT_NE(group_of("UPDATE käse SET GRÖßE = 6 WHERE größe = 5").find("changes the sharding"),
            std::string::npos);
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
      {"SELECT other.year(1)", "other.year()"},
      {"SELECT 1; USE other; SELECT * FROM v", "emp.v! other.v!"},
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
