#include "driver/settings/keywords.h"

#include <algorithm>
#include <vector>

#include "fabric/base/ascii.h"

namespace driver::settings {
namespace {

/// Entries of odbc.ini that the driver manager reads itself.
constexpr std::array<std::string_view, 8> kManagerKeywords{
    "CPReuse", "CPTimeout", "DisableGetFunctions", "DMEnvAttr", "DMStmtAttr", "Driver64",
    "Setup",   "Threading"};

using fabric::base::upper;

}  // namespace

bool same_keyword(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (true) {
    while (i < a.size() && is_filler(a[i])) ++i;
    while (j < b.size() && is_filler(b[j])) ++j;
    if (i == a.size() || j == b.size()) return i == a.size() && j == b.size();
    if (upper(a[i++]) != upper(b[j++])) return false;
  }
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

const KeywordRow& row_of(Keyword keyword) {
  return all_keywords()[static_cast<std::size_t>(keyword)];
}

std::string_view manager_keyword(std::string_view name) {
  const auto* found = std::ranges::find_if(
      kManagerKeywords, [name](std::string_view known) { return same_keyword(known, name); });
  return found == kManagerKeywords.end() ? std::string_view() : *found;
}

std::string_view nearest_keyword(std::string_view name) {
  constexpr std::size_t kLongest = 40;  // no keyword is longer; the distance costs length squared
  const std::string wanted = normalized_keyword(name);
  if (wanted.size() > kLongest) return {};
  std::size_t best = std::max<std::size_t>(1, wanted.size() / 4) + 1;
  std::string_view nearest;
  const auto weigh = [&](std::string_view known) {
    const std::size_t far = edit_distance(wanted, normalized_keyword(known));
    if (known.empty() || far >= best) return;
    best = far;
    nearest = known;
  };
  for (const KeywordRow& row : all_keywords()) {
    weigh(row.name);
    for (const std::string_view alias : row.aliases) weigh(alias);
  }
  return nearest;
}

std::string normalized_keyword(std::string_view name) {
  std::string result;
  for (const char c : name) {
    if (!is_filler(c)) result += upper(c);
  }
  return result;
}

}  // namespace driver::settings
