#include "driver/catalog/type_info_query.h"

#include <gtest/gtest.h>
#include <sqlext.h>

#include <algorithm>

#include "fabric/base/error.h"
#include "tests/driver/reply_text.h"

namespace driver::catalog {
namespace {

std::vector<std::string> types(SQLSMALLINT type, const TypeRules& rules = {}) {
  return lines(*type_info_rows(type, rules));
}

TEST(TypeInfoQuery, HasTheColumnsOfOdbc3) {
  EXPECT_EQ(column_names(*type_info_rows(SQL_ALL_TYPES, {})),
            "TYPE_NAME DATA_TYPE COLUMN_SIZE LITERAL_PREFIX LITERAL_SUFFIX CREATE_PARAMS NULLABLE "
            "CASE_SENSITIVE SEARCHABLE UNSIGNED_ATTRIBUTE FIXED_PREC_SCALE AUTO_UNIQUE_VALUE "
            "LOCAL_TYPE_NAME MINIMUM_SCALE MAXIMUM_SCALE SQL_DATA_TYPE SQL_DATETIME_SUB "
            "NUM_PREC_RADIX INTERVAL_PRECISION");
}

TEST(TypeInfoQuery, HasTheColumnsOfOdbc2ForItsApplications) {
  EXPECT_EQ(column_names(*type_info_rows(SQL_ALL_TYPES, {.odbc2 = true})),
            "TYPE_NAME DATA_TYPE PRECISION LITERAL_PREFIX LITERAL_SUFFIX CREATE_PARAMS NULLABLE "
            "CASE_SENSITIVE SEARCHABLE UNSIGNED_ATTRIBUTE MONEY AUTO_INCREMENT LOCAL_TYPE_NAME "
            "MINIMUM_SCALE MAXIMUM_SCALE SQL_DATA_TYPE SQL_DATETIME_SUB NUM_PREC_RADIX "
            "INTERVAL_PRECISION");
}

TEST(TypeInfoQuery, OrdersByTypeAndThenByCloseness) {
  const auto reply = type_info_rows(SQL_ALL_TYPES, {});
  std::vector<int> codes;
  while (const auto* row = reply->fetch(fabric::base::Deadline::never())) {
    codes.push_back(
        std::stoi(std::string(reinterpret_cast<const char*>((*row)[1].data), (*row)[1].size)));
  }
  EXPECT_TRUE(std::is_sorted(codes.begin(), codes.end()));
  EXPECT_GE(codes.size(), 40U);
  EXPECT_EQ(types(SQL_INTEGER).front(), "int|4|10|~|~|~|1|0|3|0|0|1|int|0|0|4|~|10|~");
}

TEST(TypeInfoQuery, ShowsOneTypeOnly) {
  EXPECT_EQ(types(SQL_TYPE_DATE),
            std::vector<std::string>{"date|91|10|'|'|~|1|0|3|~|0|~|date|~|~|9|1|~|~"});
  EXPECT_EQ(
      types(SQL_VARBINARY),
      std::vector<std::string>{"varbinary|-3|255|0x|~|length|1|1|3|~|0|~|varbinary|~|~|-3|~|~|~"});
}

TEST(TypeInfoQuery, KnowsDatesByBothCodes) {
  EXPECT_EQ(types(SQL_DATE), types(SQL_TYPE_DATE));
  EXPECT_EQ(types(SQL_TYPE_DATE, {.odbc2 = true}),
            std::vector<std::string>{"date|9|10|'|'|~|1|0|3|~|0|~|date|~|~|9|1|~|~"});
  EXPECT_EQ(types(SQL_TIMESTAMP, {.odbc2 = true}).size(), 2U);
}

TEST(TypeInfoQuery, ShowsEachTypeOnceWhenWideAndNarrowFallTogether) {
  auto all = types(SQL_ALL_TYPES, {.ansi = true});
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
  for (const SQLSMALLINT wide :
       std::initializer_list<SQLSMALLINT>{SQL_WCHAR, SQL_WVARCHAR, SQL_WLONGVARCHAR}) {
    EXPECT_FALSE(types(wide).empty());
    EXPECT_EQ(types(wide, {.ansi = true}), types(wide));
    EXPECT_EQ(types(SQL_ALL_TYPES, {.ansi = true}).front().find("|" + std::to_string(wide) + "|"),
              std::string::npos);
  }
}

TEST(TypeInfoQuery, LeavesOutWhatTheServerDoesNotHave) {
  const auto all = lines(*type_info_rows(SQL_ALL_TYPES, {}, false));
  EXPECT_EQ(all.size() + 1, types(SQL_ALL_TYPES).size());
  for (const std::string& line : all) EXPECT_FALSE(line.starts_with("json|")) << line;
}

TEST(TypeInfoQuery, IsEmptyForAStandardTypeThatMySqlDoesNotHave) {
  EXPECT_TRUE(types(SQL_INTERVAL_DAY).empty());
  EXPECT_TRUE(types(SQL_GUID).empty());
}

TEST(TypeInfoQuery, RefusesAnUnknownType) {
  try {
    types(1234);
    ADD_FAILURE();
  } catch (const fabric::base::Error& error) {
    EXPECT_EQ(error.state(), fabric::base::SqlState::kHY004);
  }
}

}  // namespace
}  // namespace driver::catalog
