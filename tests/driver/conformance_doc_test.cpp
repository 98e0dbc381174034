// docs/conformance.md holds a row for every function, attribute and information type, as the code
// has it: none is missing, none is too many, and each names a test case that is there and that
// mentions it. Of information types each has a line in tests/data/info_types.txt.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "driver/attribute_table.h"
#include "driver/function_table.h"
#include "driver/info_table.h"
#include "tests/support/info_types.h"
#include "tests/support/source_tree.h"
#include "tests/support/test_cases.h"

namespace driver {
namespace {

using test_support::InfoTypeRow;

std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string row_start(const FunctionRow& row) {
  constexpr std::array kUses{"driver", "driver, for ODBC 2", "driver manager", "missing"};
  return "| " + code(row.name) + " | " + kUses[static_cast<std::size_t>(row.use)] + " |";
}

std::string values_of(const AttributeRow& row) {
  if (row.shape == AttributeShape::kText || row.shape == AttributeShape::kPointer) return "";
  const std::string least = std::to_string(row.least);
  if (row.most == AttributeRow::kAny) return row.least == 0 ? "any" : "from " + least;
  return row.least == row.most ? least : least + " to " + std::to_string(row.most);
}

std::string row_start(const AttributeRow& row) {
  constexpr std::array kShapes{"32 bits", "64 bits", "pointer", "text"};
  constexpr std::array kTimes{"any time",       "before connecting", "when connected",
                              "no cursor open", "read-only (HY092)", "refused (HYC00)",
                              "driver manager"};
  return "| " + code(row.name) + " | " + kShapes[static_cast<std::size_t>(row.shape)] + " | " +
         kTimes[static_cast<std::size_t>(row.time)] + " | " + values_of(row) + " |";
}

std::string shown(const InfoValue& value) {
  if (const auto* const text = std::get_if<std::string>(&value)) {
    constexpr std::size_t kLongest = 24;
    return text->size() > kLongest ? "a list" : code(text->empty() ? "(empty)" : *text);
  }
  if (const auto* const small = std::get_if<SQLUSMALLINT>(&value)) return std::to_string(*small);
  std::ostringstream hex;
  hex << "0x" << std::hex << std::get<SQLUINTEGER>(value);
  return hex.str();
}

std::string row_start(const InfoTypeRow& named) {
  InfoContext one;
  InfoContext other{.data_source_name = "a",
                    .server_name = "a",
                    .user_name = "a",
                    .database_name = "a",
                    .ansi_quotes = true,
                    .server_version = "a",
                    .is_mariadb = true,
                    .named_mariadb = true,
                    .version_number = 101100,
                    .read_only = true,
                    .multi_statements = true,
                    .no_catalog = true,
                    .no_schema = false,
                    .forward_only = true,
                    .dynamic_cursor = true,
                    .collation = "utf8mb4_general_ci",
                    .lower_case_table_names = 1,
                    .default_isolation = SQL_TXN_SERIALIZABLE};
  const InfoValue value = info_value(named.type, one);
  const bool fixed = value == info_value(named.type, other) && named.type != SQL_DRIVER_VER;
  return "| " + std::to_string(named.type) + " | " + code(named.name) + " | " +
         (fixed ? shown(value) : "by the connection") + " |";
}

/// Of what a driver manager answers there is nothing to test here.
bool answered_here(const FunctionRow& row) {
  return row.use == FunctionUse::kExported || row.use == FunctionUse::kReplaced;
}
bool answered_here(const AttributeRow& row) { return row.time != AttributeTime::kManager; }

class ConformanceDoc : public testing::Test {
 protected:
  static std::vector<std::string> lines() {
    std::ifstream file(test_support::source_file("docs/conformance.md"));
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }

  /// The section's rows begin with these, in this order and with no other between them.
  template <class Rows>
  static void expect_rows(const std::string& section, const Rows& rows) {
    const std::vector<std::string> all = lines();
    auto line = std::ranges::find(all, "## " + section);
    ASSERT_NE(line, all.end()) << "no section '" << section << "'";
    while (line != all.end() && !line->starts_with("|---")) ++line;
    for (const auto& row : rows) {
      const std::string start = row_start(row);
      ASSERT_NE(++line, all.end());
      EXPECT_TRUE(line->starts_with(start)) << "should start with:\n"
                                            << start << "\nbut is:\n"
                                            << *line;
    }
    EXPECT_FALSE((++line)->starts_with("|")) << "one row too many: " << *line;
  }

  /// Each of the section's rows ends with its tests.
  template <class Rows>
  static void expect_tests(const std::string& section, const Rows& rows) {
    const std::vector<std::string> all = lines();
    const auto begin = std::ranges::find(all, "## " + section);
    for (const auto& row : rows) {
      if (!answered_here(row)) continue;
      const std::string start = row_start(row);
      const auto line = std::find_if(
          begin, all.end(), [&](const std::string& each) { return each.starts_with(start); });
      ASSERT_NE(line, all.end()) << start;
      const std::string column = line->substr(line->rfind("| ", line->size() - 2));
      EXPECT_EQ(test_support::fault_of(test_support::named_tests(column), {std::string(row.name)}),
                "")
          << row.name;
    }
  }
};

TEST_F(ConformanceDoc, HasEveryFunction) { expect_rows("Functions", functions()); }

TEST_F(ConformanceDoc, HasEveryEnvironmentAttribute) {
  expect_rows("Environment attributes", attributes(AttributeOwner::kEnvironment));
}

TEST_F(ConformanceDoc, HasEveryConnectionAttribute) {
  expect_rows("Connection attributes", attributes(AttributeOwner::kConnection));
}

TEST_F(ConformanceDoc, HasEveryStatementAttribute) {
  expect_rows("Statement attributes", attributes(AttributeOwner::kStatement));
}

TEST_F(ConformanceDoc, HasEveryInformationType) {
  const auto rows = test_support::read_info_types();
  ASSERT_TRUE(std::ranges::equal(rows, info_types(), {}, &InfoTypeRow::type));
  expect_rows("Information types", rows);
}

TEST_F(ConformanceDoc, NamesATestOfEveryFunction) { expect_tests("Functions", functions()); }

TEST_F(ConformanceDoc, NamesATestOfEveryAttribute) {
  expect_tests("Environment attributes", attributes(AttributeOwner::kEnvironment));
  expect_tests("Connection attributes", attributes(AttributeOwner::kConnection));
  expect_tests("Statement attributes", attributes(AttributeOwner::kStatement));
}

TEST_F(ConformanceDoc, NamesATestOfEveryDifference) {
  const std::vector<std::string> all = lines();
  auto line = std::ranges::find(all, "## Where the drivers differ");
  while (line != all.end() && !line->starts_with("|---")) ++line;
  ASSERT_NE(line, all.end());
  while ((++line)->starts_with("|")) {
    const auto named = test_support::named_tests(line->substr(line->rfind("| ", line->size() - 2)));
    EXPECT_FALSE(named.empty()) << *line;
    for (const test_support::NamedTest& test : named) {
      const bool of_lines = test.path.ends_with(".txt");  // each line is a case
      EXPECT_TRUE(of_lines || !test.cases.empty()) << *line;
      for (const std::string& name : test.cases) {
        EXPECT_NE(test_support::read_test_source(test.path).find(name), nullptr) << name;
      }
    }
  }
}

TEST_F(ConformanceDoc, NamesTestsThatExist) {
  const std::regex path("tests/[A-Za-z0-9_/]+\\.(cpp|py|txt)");
  for (const std::string& line : lines()) {
    for (std::sregex_iterator found(line.begin(), line.end(), path), end; found != end; ++found) {
      EXPECT_TRUE(std::filesystem::exists(test_support::source_file(found->str()))) << line;
    }
  }
}

}  // namespace
}  // namespace driver
