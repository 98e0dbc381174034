// docs/configuration.md holds one row for each keyword, as the code has it.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "driver/keywords.h"
#include "tests/support/source_tree.h"

namespace driver {
namespace {

std::string kind_name(const KeywordRow& row) {
  switch (row.kind) {
    case ValueKind::kText:
      return "text";
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

std::string line_of(const KeywordRow& row) {
  std::string names = "`" + std::string(row.name) + "`";
  std::string aliases;
  for (const std::string_view alias : row.aliases) {
    if (alias.empty()) continue;
    aliases += (aliases.empty() ? "" : ", ") + ("`" + std::string(alias) + "`");
  }
  if (!aliases.empty()) names += " (" + aliases + ")";
  std::string help(row.help);
  if (row.use == KeywordUse::kNotYet) help += help.empty() ? "no effect yet" : "; no effect yet";
  if (row.use == KeywordUse::kAccepted) help += help.empty() ? "accepted" : "; accepted";
  return "| " + names + " | " + kind_name(row) + " | " +
         (row.standard.empty() ? "" : "`" + std::string(row.standard) + "`") + " | " + help +
         " |\n";
}

TEST(ConfigurationDoc, HasEveryKeywordAsTheCodeHasIt) {
  std::ifstream file(test_support::source_file("docs/configuration.md"));
  std::stringstream text;
  text << file.rdbuf();
  std::string all;
  for (std::size_t i = 0; i < kKeywordCount; ++i) {
    all += line_of(row_of(static_cast<Keyword>(i)));
  }
  EXPECT_NE(text.str().find(all), std::string::npos) << "the table should read:\n" << all;
}

}  // namespace
}  // namespace driver
