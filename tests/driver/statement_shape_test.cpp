#include "driver/statement_shape.h"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "tests/support/source_tree.h"

namespace driver {
namespace {

/// Empty: it has none.
std::string shape(const std::string& sql) {
  std::string text;
  TakenOut taken_out;
  return shape_of(sql, text, taken_out) ? text : "";
}

TEST(StatementShape, LeavesOutPlainIntegersAndStrings) {
  EXPECT_EQ(shape("SELECT a1 FROM t WHERE b=42 AND c IN ('x', '') LIMIT 10,5"),
            "SELECT a1 FROM t WHERE b=0 AND c IN ('', '') LIMIT 0,0");
  EXPECT_EQ(shape("INSERT INTO `it's 5` VALUES (7,-8,'-- {d} # @',?)"),
            "INSERT INTO `it's 5` VALUES (0,-0,'',?)");
}

TEST(StatementShape, KeepsOtherNumbersAndNamesAsTheyAre) {
  for (const char* sql : {"SELECT 1.5, .5, 2., 0x1F, 1e5, 0b1 FROM 1st", "SELECT t.1a, t.2 FROM t",
                          "SELECT größe FROM maße1"}) {
    EXPECT_EQ(shape(sql), sql);
  }
}

TEST(StatementShape, SaysNothingOfAPlainHint) {
  EXPECT_EQ(shape("/*fabric: key=42 */ SELECT 1 FROM t"), " SELECT 0 FROM t");
  for (const char* sql :
       {"/*fabric: key=1 */ SELECT 1 /* x */", "/*FABRIC: key=1 */ SELECT 1", "/*fabric: key=1",
        "/*fabric: a=1 *//*fabric: b=2 */ SELECT 1", "SELECT /*fabric: key=1 */ 1",
        "/*fabric: key={d '2020-01-01'} */ SELECT 1", "/*! fabric: key=1 */ SELECT 1"}) {
    EXPECT_EQ(shape(sql), "") << sql;
  }
  for (const char* sql : {"/*fabric: key=42 */ SELECT 1", "SELECT 1"}) {
    std::string text;
    TakenOut taken_out;
    ASSERT_TRUE(shape_of(sql, text, taken_out));
    EXPECT_EQ(plain_hint(sql, taken_out), sql::facts_of(sql).fabric_comment) << sql;
  }
}

TEST(StatementShape, TellsWhereWhatItLeavesOutStands) {
  std::string text;
  TakenOut taken_out;
  const std::string sql = "SELECT 'ab' FROM t1 WHERE b=-42";
  ASSERT_TRUE(shape_of(sql, text, taken_out));
  ASSERT_EQ(taken_out.literals.size(), 2U);
  EXPECT_EQ(sql.substr(taken_out.literals[0].offset, taken_out.literals[0].size), "'ab'");
  EXPECT_EQ(sql.substr(taken_out.literals[1].offset, taken_out.literals[1].size), "42");
}

TEST(StatementShape, IsNotToldOfWhatIsReadWithMoreCare) {
  for (const char* sql :
       {"SELECT 1 -- x", "SELECT 1--1", "SELECT /* x */ 1", "SELECT 1 # x", "SELECT @a",
        "SELECT \"a\"", "SELECT 'a\\'b'", "SELECT 'a''b'", "SELECT N'a'", "SELECT _utf8'a'",
        "SELECT x'41'", "SELECT 'a", "SELECT `a", "SELECT {fn NOW()}", "SELECT '\\", "'"}) {
    EXPECT_EQ(shape(sql), "") << sql;
  }
  EXPECT_EQ(shape("SELECT '" + std::string(3000, 'x') + "'"), "") << "too long to be kept";
  EXPECT_EQ(shape(std::string("SELECT 1\0", 9)), "");
}

/// With other integers and strings, where it has any.
std::string varied(std::string sql) {
  const std::string of_shape = shape(sql);
  if (of_shape.empty()) return sql;
  std::string other;
  for (std::size_t i = 0; i < of_shape.size(); ++i) {
    const bool string = of_shape.compare(i, 2, "''") == 0;
    if (string) ++i;
    other += string ? "'FOR UPDATE; SET NAMES latin1 -- GET_LOCK('" : std::string(1, of_shape[i]);
  }
  return shape(other) == of_shape ? other : sql;
}

TEST(KnownShapes, TellOfEachStatementWhatReadingItTells) {
  std::size_t hits = 0;
  std::size_t count = 0;
  for (const char* path : {"tests/data/statements/reads.txt", "tests/data/routing/awkward.txt"}) {
    std::ifstream file(test_support::source_file(path));
    KnownShapes known;
    TakenOut taken_out;
    for (std::string line; std::getline(file, line); ++count) {
      const std::string sql = line.substr(line.find_first_of("\t=!") + 1);
      for (const std::string& text : {sql, varied(sql)}) {
        const sql::StatementFacts facts = sql::facts_of(text);
        known.add(varied(text), sql::facts_of(varied(text)), taken_out);
        const auto of_shape = known.find(text, taken_out);
        if (of_shape == nullptr) continue;
        sql::StatementFacts told = of_shape->facts;
        told.fabric_comment = plain_hint(text, taken_out);
        EXPECT_EQ(told, facts) << text;
        ++hits;
      }
    }
  }
  EXPECT_GE(count, 500U);
  EXPECT_GE(hits, 300U);
}

/// Found by their text alone.
class Shapes {
 public:
  void add(const std::string& sql) { known_.add(sql, sql::facts_of(sql), taken_out_); }
  std::shared_ptr<KnownShape> find(const std::string& sql) { return known_.find(sql, taken_out_); }

 private:
  KnownShapes known_;
  TakenOut taken_out_;
};

TEST(KnownShapes, AreNotMixedUp) {
  Shapes known;
  known.add("SELECT a FROM t WHERE id = 1");
  ASSERT_NE(known.find("SELECT a FROM t WHERE id = 22"), nullptr);
  EXPECT_TRUE(known.find("SELECT a FROM t WHERE id = 22")->facts.pure_read);
  for (const char* other :
       {"SELECT a FROM t WHERE id = 1 FOR UPDATE", "SELECT a FROM t WHERE id = '1'",
        "SELECT a FROM u WHERE id = 1", "SELECT a FROM t WHERE id = 1;SET autocommit = 0"}) {
    EXPECT_EQ(known.find(other), nullptr) << other;
  }
  known.add("SET autocommit = 0");
  EXPECT_EQ(known.find("SET autocommit = 1"), nullptr) << "what a literal says counts";
  known.add("SELECT RELEASE_LOCK('a')");
  EXPECT_EQ(known.find("SELECT RELEASE_LOCK('b')"), nullptr);
}

TEST(KnownShapes, StayFew) {
  Shapes known;
  for (int i = 0; i < 1000; ++i) {
    const std::string sql = "SELECT c" + std::to_string(i) + " FROM t";
    known.add(sql);
    EXPECT_NE(known.find(sql), nullptr);
  }
  EXPECT_EQ(known.find("SELECT c0 FROM t"), nullptr);
}

TEST(KnownShapes, KeepNoRouteOfAnOldTopology) {
  KnownShapes known;
  TakenOut taken_out;
  const auto old = std::make_shared<const fabric::Topology>(fabric::Topology::Content{}, 1, false);
  const auto shape = known.add("SELECT 1", sql::facts_of("SELECT 1"), taken_out);
  known.route_with(old);
  shape->routes.analysis = RememberedAnalysis{old, "", {}, {}};
  shape->routes.hint = RememberedHint{old, "", {}, "key=", "", {}, nullptr};
  known.route_with(old);
  EXPECT_TRUE(shape->routes.analysis && shape->routes.hint);
  known.route_with(std::make_shared<const fabric::Topology>(fabric::Topology::Content{}, 2, false));
  EXPECT_FALSE(shape->routes.analysis || shape->routes.hint);
  EXPECT_EQ(old.use_count(), 1);
}

}  // namespace
}  // namespace driver
