#include "driver/row_insert.h"

#include <gtest/gtest.h>

namespace driver {
namespace {

using fabric::mysql::Parameter;
using fabric::mysql::TextValue;

TEST(RowInsert, IsOneRowOfMarkersAndConstants) {
  for (const char* sql :
       {"INSERT INTO t VALUES (?, ?)", "insert t values(?)",
        "INSERT INTO t (a, `b c`) VALUE (?, 1)",
        "/* note */ INSERT INTO t() VALUES (?, 'x', NULL, DEFAULT, -1.5, TRUE, x'00');"}) {
    const auto found = row_insert(sql);
    ASSERT_TRUE(found) << sql;
    EXPECT_EQ(found->table, "t") << sql;
    EXPECT_EQ(found->schema, "") << sql;
  }
  const std::string sql = "INSERT INTO `a``b`.`T` (x) VALUES ( ? ) ;";
  const auto found = row_insert(sql);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->schema, "a`b");
  EXPECT_EQ(found->table, "T");
  EXPECT_EQ(sql.substr(found->row, found->behind - found->row), "( ? )");
  EXPECT_FALSE(found->has_null);
  EXPECT_TRUE(row_insert("INSERT INTO t VALUES (?, null)")->has_null);
}

TEST(RowInsert, IsNothingElse) {
  for (const char* sql :
       {"INSERT IGNORE INTO t VALUES (?)", "REPLACE INTO t VALUES (?)", "INSERT INTO t SET a = ?",
        "INSERT INTO t VALUES (?), (?)", "INSERT INTO t VALUES (?) ON DUPLICATE KEY UPDATE a = 1",
        "INSERT INTO t VALUES (?) RETURNING a", "INSERT INTO t SELECT ?",
        "INSERT INTO t VALUES (f(?))", "INSERT INTO t VALUES (NOW())", "INSERT INTO t VALUES (@a)",
        "INSERT INTO t VALUES ((SELECT ?))", "INSERT INTO t VALUES (DEFAULT(a))",
        "INSERT INTO t VALUES (?) /*! ON DUPLICATE KEY UPDATE a = 1 */",
        "INSERT INTO t PARTITION (p) VALUES (?)", "INSERT DELAYED INTO t VALUES (?)",
        "INSERT INTO t VALUES (?); DELETE FROM t", "INSERT INTO t VALUES (?", "SELECT 1", ""}) {
    EXPECT_FALSE(row_insert(sql)) << sql;
  }
}

TEST(RowInsert, IsWrittenWithManyRows) {
  const std::string sql = "INSERT INTO t (a, b) VALUES (?, ?);";
  const std::vector<Parameter> values{std::int64_t{1}, TextValue{"x"}, std::int64_t{2},
                                      std::monostate{}};
  const std::string text = with_rows(sql, *row_insert(sql), values, 2, {});
  EXPECT_EQ(text.substr(0, 30), "INSERT INTO t (a, b) VALUES (1");
  EXPECT_EQ(text.substr(text.size() - 11), ",(2, NULL);");
}

TEST(InsertTarget, IsReadFromWhatTheServerSays) {
  const InsertTarget target = target_from({{"1048576", "STRICT_TRANS_TABLES,X", "1", "0"}});
  EXPECT_EQ(target.largest_packet, 1048576U);
  EXPECT_TRUE(target.strict);
  EXPECT_TRUE(target.undone_whole);
  EXPECT_FALSE(target_from({{"1048576", "", "1", "0"}}).strict);
  EXPECT_FALSE(target_from({{"1048576", "", "1", "2"}}).undone_whole);           // triggers
  EXPECT_FALSE(target_from({{"1048576", "", "0", "0"}}).undone_whole);           // another engine
  EXPECT_FALSE(target_from({{"1048576", "", std::nullopt, "0"}}).undone_whole);  // no table
  EXPECT_FALSE(target_from({}).undone_whole);
}

}  // namespace
}  // namespace driver
