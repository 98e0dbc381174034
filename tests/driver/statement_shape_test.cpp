#include "driver/statement_shape.h"

#include <gtest/gtest.h>

#include <fstream>
#include <optional>
#include <string>

#include "tests/support/source_tree.h"

namespace driver {
namespace {

/// Empty: it has none.
std::string shape(const std::string& sql) {
  std::string text;
  return shape_of(sql, text) ? text : "";
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
    for (std::string line; std::getline(file, line); ++count) {
      const std::string sql = line.substr(line.find_first_of("\t=!") + 1);
      for (const std::string& text : {sql, varied(sql)}) {
        const StatementFacts facts = facts_of(text);
        known.add(varied(text), facts_of(varied(text)));
        const StatementFacts* of_shape = known.find(text);
        if (of_shape == nullptr) continue;
        EXPECT_EQ(*of_shape, facts) << text;
        ++hits;
      }
    }
  }
  EXPECT_GE(count, 500U);
  EXPECT_GE(hits, 300U);
}

TEST(KnownShapes, AreNotMixedUp) {
  KnownShapes known;
  known.add("SELECT a FROM t WHERE id = 1", facts_of("SELECT a FROM t WHERE id = 1"));
  ASSERT_NE(known.find("SELECT a FROM t WHERE id = 22"), nullptr);
  EXPECT_TRUE(known.find("SELECT a FROM t WHERE id = 22")->pure_read);
  for (const char* other :
       {"SELECT a FROM t WHERE id = 1 FOR UPDATE", "SELECT a FROM t WHERE id = '1'",
        "SELECT a FROM u WHERE id = 1", "SELECT a FROM t WHERE id = 1;SET autocommit = 0"}) {
    EXPECT_EQ(known.find(other), nullptr) << other;
  }
  known.add("SET autocommit = 0", facts_of("SET autocommit = 0"));
  EXPECT_EQ(known.find("SET autocommit = 1"), nullptr) << "what a literal says counts";
  known.add("SELECT RELEASE_LOCK('a')", facts_of("SELECT RELEASE_LOCK('a')"));
  EXPECT_EQ(known.find("SELECT RELEASE_LOCK('b')"), nullptr);
}

TEST(KnownShapes, StayFew) {
  KnownShapes known;
  for (int i = 0; i < 1000; ++i) {
    const std::string sql = "SELECT c" + std::to_string(i) + " FROM t";
    known.add(sql, facts_of(sql));
    EXPECT_NE(known.find(sql), nullptr);
  }
  EXPECT_EQ(known.find("SELECT c0 FROM t"), nullptr);
}

}  // namespace
}  // namespace driver
