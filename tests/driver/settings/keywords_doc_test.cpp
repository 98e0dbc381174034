// docs/keywords.md holds one row for each keyword, as the code has it, and names its test.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "driver/settings/keywords.h"
#include "tests/support/source_tree.h"
#include "tests/support/test_cases.h"

namespace driver::settings {
namespace {

std::string kind_name(const KeywordRow& row) {
  switch (row.kind) {
    case ValueKind::kText:
      return "text";
    case ValueKind::kFile:
      return "file";
    case ValueKind::kSecret:
      return "secret";
    case ValueKind::kBool:
      return "`1` or `0`";
    case ValueKind::kCount:
      return "number";
    case ValueKind::kTime:
      return "time";
    case ValueKind::kSize:
      return "size";
    case ValueKind::kChoice:
      break;
  }
  std::string choices = "`";
  for (const char c : row.choices) choices += c == '|' ? std::string("` `") : std::string(1, c);
  return choices + "`";
}

/// Names and aliases.
std::string names_of(const KeywordRow& row) {
  std::string names = "`" + std::string(row.name) + "`";
  std::string aliases;
  for (const std::string_view alias : row.aliases) {
    if (alias.empty()) continue;
    aliases += (aliases.empty() ? "" : ", ") + ("`" + std::string(alias) + "`");
  }
  return aliases.empty() ? names : names + " (" + aliases + ")";
}

/// A row up to its test.
std::string line_of(const KeywordRow& row) {
  std::string line = "| " + names_of(row) + " | ";
  if (row.use == KeywordUse::kUsed) {
    line += kind_name(row) + " | ";
    line += row.standard.empty() ? std::string() : "`" + std::string(row.standard) + "`";
    line += " | ";
  }
  line += row.option_bit == 0 ? "" : std::to_string(row.option_bit);
  line += " | " + std::string(row.help);
  return line + " |";
}

class KeywordsDoc : public testing::Test {
 protected:
  KeywordsDoc() {
    std::ifstream file(test_support::source_file("docs/keywords.md"));
    std::string line;
    while (std::getline(file, line)) lines_.push_back(line);
  }

  /// The row of a keyword; empty when there is none.
  [[nodiscard]] std::string find(const KeywordRow& row) const {
    const std::string start = line_of(row);
    for (const std::string& line : lines_) {
      if (line.starts_with(start)) return line;
    }
    return {};
  }

  std::vector<std::string> lines_;
};

TEST_F(KeywordsDoc, HasEveryKeywordAsTheCodeHasIt) {
  for (const KeywordRow& row : all_keywords()) {
    EXPECT_NE(find(row), "") << "a line should begin with:\n" << line_of(row);
  }
}

TEST_F(KeywordsDoc, HasNoKeywordThatTheCodeLacks) {
  for (const std::string& line : lines_) {
    if (!line.starts_with("| `")) continue;
    const std::string name = line.substr(3, line.find('`', 3) - 3);
    const KeywordRow* row = find_keyword(name);
    EXPECT_TRUE(row != nullptr && find(*row) == line) << line;
  }
}

TEST_F(KeywordsDoc, NamesATestThatMentionsEachKeywordInUse) {
  for (const KeywordRow& row : all_keywords()) {
    const std::string line = find(row);
    if (row.use != KeywordUse::kUsed || line.empty()) continue;
    std::vector<std::string> names{std::string(row.name)};
    for (const std::string_view alias : row.aliases) {
      if (!alias.empty()) names.emplace_back(alias);
    }
    const auto tests =
        test_support::named_tests(std::string_view(line).substr(line_of(row).size()));
    EXPECT_EQ(test_support::fault_of(tests, names), "") << row.name;
  }
}

/// Lines "KEYWORD = value" of an example.
std::vector<std::string> keywords_in(const std::string& path) {
  std::ifstream file(test_support::source_file(path));
  std::vector<std::string> names;
  std::string line;
  while (std::getline(file, line)) {
    const std::size_t end =
        line.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
    const std::size_t equals = line.find_first_not_of(' ', end);
    if (end != 0 && equals != std::string::npos && line[equals] == '=')
      names.push_back(line.substr(0, end));
  }
  return names;
}

TEST(PackagedExamples, UseKeywordsThatDoSomething) {
  for (const auto* path : {"packaging/examples/odbc.ini", "packaging/man/fabric-odbc.7"}) {
    const std::vector<std::string> names = keywords_in(path);
    EXPECT_GT(names.size(), 12U) << path;
    for (const std::string& name : names) {
      const KeywordRow* row = find_keyword(name);
      EXPECT_TRUE(row != nullptr && row->use == KeywordUse::kUsed) << path << ": " << name;
    }
  }
}

}  // namespace
}  // namespace driver::settings
