// Every line of tests/data/info_types.txt: each information type with its value on MariaDB 10.11
// and on MySQL 5.6, in its width. What functions and conversions there are is tried on the servers
// in tests/driver_manager/info_test.cpp, the entry points in tests/direct/info_types_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "driver/info_table.h"
#include "tests/support/info_types.h"

namespace driver {
namespace {

using test_support::InfoTypeRow;

InfoContext server(bool mariadb) {
  return {.data_source_name = "farm",
          .server_name = "db1.example",
          .user_name = "app",
          .database_name = "shop",
          .server_version = mariadb ? "10.11.19-MariaDB" : "5.6.24",
          .is_mariadb = mariadb,
          .named_mariadb = mariadb,
          .version_number = mariadb ? 101119U : 50624U,
          .collation = mariadb ? "utf8mb4_general_ci" : "latin1_swedish_ci"};
}

std::string shown(SQLUSMALLINT type, const InfoContext& context) {
  const InfoValue value = info_value(type, context);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* small = std::get_if<SQLUSMALLINT>(&value)) return std::to_string(*small);
  return std::to_string(std::get<SQLUINTEGER>(value));
}

std::string width_of(const InfoValue& value) {
  if (std::holds_alternative<std::string>(value)) return "text";
  return std::holds_alternative<SQLUSMALLINT>(value) ? "2" : "4";
}

TEST(InfoValues, AreAsJudged) {
  for (const InfoTypeRow& row : test_support::read_info_types()) {
    EXPECT_EQ(width_of(info_value(row.type, server(true))), row.width) << row.name;
    if (row.mariadb == "*") continue;
    EXPECT_EQ(shown(row.type, server(true)), row.mariadb) << row.name;
    EXPECT_EQ(shown(row.type, server(false)), row.mysql56) << row.name;
  }
}

TEST(InfoValues, AreJudgedForEveryType) {
  EXPECT_TRUE(
      std::ranges::equal(test_support::read_info_types(), info_types(), {}, &InfoTypeRow::type));
}

}  // namespace
}  // namespace driver
