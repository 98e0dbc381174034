#include "driver/sql/parameter_columns.h"

#include <gtest/gtest.h>

namespace driver::sql {
namespace {

/// "t: a #2 - b" for a marker of column a, one of the second column, one that is not known, ...
std::string places(std::string_view sql) {
  const ParameterColumns found = parameter_columns(sql);
  std::string text = found.table + ":";
  for (const auto& place : found.markers) {
    text += place.position != 0 ? " #" + std::to_string(place.position)
                                : " " + (place.column.empty() ? "-" : place.column);
  }
  return text;
}

TEST(ParameterColumns, OfAnInsertAreThoseOfItsList) {
  EXPECT_EQ(places("INSERT INTO t (a, `b``c`) VALUES (?, ?)"), "`t`: a b`c");
  EXPECT_EQ(places("insert ignore d.t (a,b,c) values (1,?,?),(?, ? + 1, DEFAULT)"),
            "`d`.`t`: b c a -");
  EXPECT_EQ(places("REPLACE t VALUES (NULL, ?, f(?), (?))"), "`t`: #2 - -");
}

TEST(ParameterColumns, OfAnUpdateAreThoseThatAreSet) {
  EXPECT_EQ(places("UPDATE t SET a=?, t.b = ?, c = c + ? WHERE d = ?"), "`t`: a b - -");
  EXPECT_EQ(places("INSERT INTO t SET a=?, b=?"), "`t`: a b");
  EXPECT_EQ(places("INSERT INTO t VALUES (?) ON DUPLICATE KEY UPDATE b = ?"), "`t`: #1 b");
  EXPECT_EQ(places("UPDATE t SET a = ? = ?, b = ?;"), "`t`: - - b");
  EXPECT_EQ(places("UPDATE t AS x SET x.a = ?"), "`t`: a");
  EXPECT_EQ(places("UPDATE t JOIN u USING (id) SET u.a = ?"), ":");
  EXPECT_EQ(places("UPDATE t, u SET u.a = ?"), ":");
}

TEST(ParameterColumns, OfOtherStatementsAreNotKnown) {
  EXPECT_EQ(places("SELECT ? FROM t WHERE a = ?"), ":");
  EXPECT_EQ(places("INSERT INTO t SELECT ?"), "`t`: -");
  EXPECT_EQ(places("INSERT INTO t /*!50100 (b) */ VALUES (?)"), ":");
  EXPECT_EQ(places(""), ":");
  EXPECT_EQ(places("INSERT INTO t (a VALUES (?"), "`t`: -");
}

}  // namespace
}  // namespace driver::sql
