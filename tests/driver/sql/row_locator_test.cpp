#include "driver/sql/row_locator.h"

#include <gtest/gtest.h>

#include <array>

#include "driver/rows/memory_reply.h"
#include "driver/sql/equals.h"
#include "driver/sql/literals.h"
#include "fabric/base/error.h"

namespace driver::sql {
namespace {

using fabric::mysql::Cell;
using fabric::mysql::Column;
using fabric::mysql::RowFormat;
using fabric::mysql::WireType;

Column of_table(Column column, const std::string& table = "t") {
  column.catalog_schema = "db";
  column.table = column.base_table = table;
  column.base_name = column.name;
  return column;
}

Cell cell_of(std::string_view text) {
  return {.data = reinterpret_cast<const std::uint8_t*>(text.data()), .size = text.size()};
}

RowLocator locator_of(const RowLocator::Columns& columns, const std::string& table = "t") {
  return {columns, RowFormat::kText, table};
}

const RowLocator::Columns kColumns{
    of_table(rows::integer_column("a")), of_table(rows::varchar_column("b", 9)),
    rows::integer_column("sum"), of_table(rows::varchar_column("c", 9))};
const std::array kRow{cell_of("1"), cell_of("x'y"), cell_of("7"), Cell{}};

TEST(RowLocator, FindsARowByAKeyThatIsThere) {
  RowLocator locator = locator_of(kColumns);
  locator.choose_key({{"a", "z"}, {"B"}});
  EXPECT_TRUE(locator.has_key());
  EXPECT_TRUE(locator.in_key(1));
  EXPECT_EQ(locator.where(kRow, false), "`b` = 'x''y'");
  EXPECT_EQ(locator.where(kRow, true), "`a` = 1 AND `b` = 'x''y' AND `c` IS NULL");
}

TEST(RowLocator, FindsARowByAllColumnsWithoutAKey) {
  RowLocator locator = locator_of(kColumns);
  locator.choose_key({{"z"}});
  EXPECT_FALSE(locator.has_key());
  EXPECT_EQ(locator.where(kRow, false), "`a` = 1 AND `b` = 'x''y' AND `c` IS NULL");
  const std::array<std::size_t, 2> changed{0, 3};
  const std::array<fabric::mysql::Parameter, 2> values{std::int64_t{-5},
                                                       fabric::mysql::TextValue{"z"}};
  EXPECT_EQ(locator.where_after(kRow, false, changed, values),
            "`a` =  -5 AND `b` = 'x''y' AND `c` = 'z'");
}

TEST(RowLocator, WritesStatements) {
  const RowLocator locator = locator_of(kColumns);
  const std::array<std::size_t, 2> columns{1, 3};
  EXPECT_EQ(locator.update(columns, "W"), "UPDATE `db`.`t` SET `b`=?,`c`=? WHERE W LIMIT 1");
  EXPECT_EQ(locator.insert(columns), "INSERT INTO `db`.`t` (`b`,`c`) VALUES (?,?)");
  EXPECT_EQ(locator.insert({}), "INSERT INTO `db`.`t` () VALUES ()");
  EXPECT_EQ(locator.remove("W"), "DELETE FROM `db`.`t` WHERE W LIMIT 1");
  EXPECT_EQ(locator.select("W"), "SELECT `a`,`b`,NULL,`c` FROM `db`.`t` WHERE W LIMIT 1");
}

TEST(RowLocator, RefusesWhatIsNotOneTable) {
  const auto state = [](const RowLocator::Columns& columns, const std::string& table) {
    try {
      static_cast<void>(locator_of(columns, table));
      return fabric::base::SqlState::k00000;
    } catch (const fabric::base::Error& error) {
      return error.state();
    }
  };
  using enum fabric::base::SqlState;
  EXPECT_EQ(
      state({of_table(rows::integer_column("a")), of_table(rows::integer_column("b"), "u")}, "t"),
      kHYC00);
  EXPECT_EQ(state({rows::integer_column("a")}, "t"), kHYC00);
  EXPECT_EQ(state(kColumns, "a_view"), kHYC00);
  EXPECT_EQ(state(kColumns, "T"), k00000);
}

TEST(SqlEquals, ComparesBitsWithANumberWhereverTheyCameFrom) {
  Column column;
  column.type = WireType::kBit;
  column.length = 16;
  column.base_name = "c";
  EXPECT_EQ(sql_equals(column, fabric::mysql::BytesValue{std::string_view("\1\2", 2)}),
            "`c` = 258");
  EXPECT_EQ(sql_equals(column, std::int64_t{258}), "`c` = 258");
}

TEST(SqlEquals, WritesEachKindOfValue) {
  const auto equals = [](Column column, std::string_view value) {
    column.base_name = "c";
    return sql_equals(column, RowFormat::kText, cell_of(value));
  };
  const auto typed = [](WireType type, std::uint32_t length, std::uint16_t charset) {
    Column column;
    column.type = type;
    column.length = length;
    column.charset = charset;
    return column;
  };
  EXPECT_EQ(equals(typed(WireType::kNewDecimal, 10, 63), "1.50"), "`c` = 1.50");
  EXPECT_EQ(equals(typed(WireType::kDateTime, 19, 63), "2020-01-02 03:04:05"),
            "`c` = '2020-01-02 03:04:05'");
  EXPECT_EQ(equals(typed(WireType::kBlob, 100, 63), std::string_view("\0'\xFF", 3)),
            "`c` = _binary X'0027FF'");
  EXPECT_EQ(equals(typed(WireType::kBit, 16, 63), std::string_view("\1\2", 2)), "`c` = 258");
  EXPECT_EQ(equals(typed(WireType::kFloat, 12, 63), "1.1"), "CAST(`c` AS CHAR) = '1.1'");
  EXPECT_EQ(equals(typed(WireType::kVarString, 40, 45), "a\\"), "`c` = _utf8mb4 X'615C'");
  EXPECT_EQ(sql_name("a`b"), "`a``b`");
}

}  // namespace
}  // namespace driver::sql
