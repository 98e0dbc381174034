#include "driver/sql/literals.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "fabric/base/error.h"

namespace driver::sql {
namespace {

using fabric::mysql::BytesValue;
using fabric::mysql::DateTimeValue;
using fabric::mysql::DateValue;
using fabric::mysql::Parameter;
using fabric::mysql::TextValue;
using fabric::mysql::TimeValue;

std::string literal(const Parameter& value) {
  std::string sql;
  append_literal(sql, value);
  return sql;
}

TEST(Literals, AreTypedAsParametersAre) {
  EXPECT_EQ(literal({}), "NULL");
  EXPECT_EQ(literal(std::int64_t{7}), "7");
  EXPECT_EQ(literal(std::numeric_limits<std::int64_t>::min()), " -9223372036854775808");
  EXPECT_EQ(literal(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(literal(1.0), "1e+00");
  EXPECT_EQ(literal(-0.1), " -1e-01");
  EXPECT_EQ(literal(DateValue{2026, 1, 31}), "DATE'2026-01-31'");
  EXPECT_EQ(literal(DateValue{}), "'0000-00-00'");
  EXPECT_EQ(literal(TimeValue{true, 838, 59, 59, 0}), "TIME'-838:59:59'");
  EXPECT_EQ(literal(TimeValue{false, 1, 2, 3, 4}), "TIME'01:02:03.000004'");
  EXPECT_EQ(literal(DateTimeValue{{2026, 1, 2}, {false, 3, 4, 5, 600000}}),
            "TIMESTAMP'2026-01-02 03:04:05.600000'");
  EXPECT_EQ(literal(DateTimeValue{{2026, 0, 2}, {false, 3, 4, 5, 0}}), "'2026-00-02 03:04:05'");
}

TEST(Literals, EndAtTheirOwnQuoteWhateverTheirText) {
  EXPECT_EQ(literal(TextValue{""}), "''");
  EXPECT_EQ(literal(TextValue{"it's"}), "'it''s'");
  EXPECT_EQ(literal(TextValue{"''"}), "''''''");
  EXPECT_EQ(literal(TextValue{"\xC3\xA9\"`"}), "'\xC3\xA9\"`'");
  EXPECT_EQ(literal(TextValue{"\\' OR 1 --"}), "_utf8mb4 X'5C27204F522031202D2D'");
  EXPECT_EQ(literal(BytesValue{""}), "_binary X''");
  EXPECT_EQ(literal(BytesValue{std::string_view("\0'\xFF", 3)}), "_binary X'0027FF'");
}

TEST(Literals, ReplaceMarkersOnly) {
  const std::vector<Parameter> values{std::int64_t{-5}, TextValue{"?"}};
  EXPECT_EQ(with_literals("SELECT '?', \"?\", `?`, 1-? /* ? */, ? -- ?", values, {}),
            "SELECT '?', \"?\", `?`, 1-  -5 /* ? */, '?' -- ?");
  EXPECT_EQ(with_literals("SELECT?AS a,?", values, {}), "SELECT  -5 AS a,'?'");
  EXPECT_EQ(with_literals("SELECT 5--?, ?", values, {}), "SELECT 5--( -5), '?'");  // no comment
}

TEST(Literals, OfRowCountsAreNumbersWhateverTheyWereBoundAs) {
  const std::vector<Parameter> values{TextValue{"5"}, TextValue{"10"}, TextValue{"7"}};
  EXPECT_EQ(with_literals("SELECT ? LIMIT ?,?", values, {}), "SELECT '5' LIMIT 10,7");
  EXPECT_EQ(with_literals("SELECT ? LIMIT ? OFFSET ?", values, {}), "SELECT '5' LIMIT 10 OFFSET 7");
  EXPECT_EQ(with_literals("(SELECT 1 LIMIT ?) UNION SELECT ?, ?", values, {}),
            "(SELECT 1 LIMIT 5) UNION SELECT '10', '7'");
  EXPECT_EQ(with_literals("SELECT offset, ? FROM t", std::vector<Parameter>{TextValue{"007"}}, {}),
            "SELECT offset, '007' FROM t");
  const std::vector<Parameter> odd{TextValue{"5; x"}, TextValue{"-1"}, TextValue{""}};
  EXPECT_EQ(with_literals("SELECT 1 LIMIT ? OFFSET ?, ?", odd, {}),
            "SELECT 1 LIMIT '5; x' OFFSET '-1', ''");
}

TEST(Literals, AreRefusedWhenTheTextReadsOtherwiseThanItDid) {
  const std::vector<Parameter> one{std::int64_t{1}};
  EXPECT_EQ(with_literals("SELECT '\\', ?", one, {.no_backslash_escapes = true}), "SELECT '\\', 1");
  EXPECT_THROW(with_literals("SELECT '\\', ?", one, {}), fabric::base::Error);
  EXPECT_THROW(with_literals("SELECT ?, ?", one, {}), fabric::base::Error);
}

}  // namespace
}  // namespace driver::sql
