// The keywords and values that were given: the driver reads them as it does at a connect.
#include <algorithm>

#include "driver/settings/connection_string.h"
#include "fabric/base/error.h"
#include "tools/doctor/checks.h"
#include "tools/doctor/examination.h"

namespace tools::doctor {
namespace {

/// What the driver says of a keyword that it does not know; empty: it does.
std::string words_of(const IniEntry& entry) {
  std::vector<driver::settings::Warning> warnings;
  driver::settings::GivenAttributes given;
  const std::vector<driver::settings::GivenPair> pairs{{entry.key, {}, false}};
  given.add(pairs, driver::settings::GivenBy::kDsn, warnings);
  return warnings.empty() ? "" : warnings.front().text;
}

/// By the line's number, since what the line holds may be secret.
Fix rename_fix(const Examination& examination, const IniEntry& entry) {
  const std::string nearest(driver::settings::nearest_keyword(entry.key));
  if (nearest.empty()) return comment_out(examination.ini_path, entry.line);
  return shell_fix("sed -i " +
                   shell_quoted(std::to_string(entry.line) + "s/^[^=]*/" + nearest + " /") + " " +
                   shell_quoted(examination.ini_path));
}

/// A sentence without the keyword that it is about has its own remedy in it.
Fix fix_in(const Examination& examination, const std::string& sentence) {
  const std::string file = examination.ini_path.empty()
                               ? "the connection string"
                               : "[" + examination.section.name + "] of " + examination.ini_path;
  for (const IniEntry& entry : examination.section.entries) {
    const driver::settings::KeywordRow* row = driver::settings::find_keyword(entry.key);
    const std::string name(row == nullptr ? "" : row->name);
    if (name.empty() || !sentence.starts_with(name)) continue;
    return {.where = "as it says, in line " + std::to_string(entry.line) + " of " +
                     examination.ini_path};
  }
  return {.where = "as it says, in " + file};
}

}  // namespace

void check_keywords(Examination& examination) {
  Report& report = examination.report;
  const std::string subject =
      examination.dsn.empty() ? "keywords" : "DSN " + examination.section.name;
  std::vector<std::string> said;
  for (const IniEntry& entry : examination.section.entries) {
    const std::string words = words_of(entry);
    if (words.empty()) continue;
    said.push_back(words);
    report.warning(subject, words, rename_fix(examination, entry));
  }
  std::vector<driver::settings::Warning> warnings;
  try {
    examination.settings = settings_of(examination.question.farm, warnings);
  } catch (const fabric::base::Error& error) {
    report.error(subject, error.what(), fix_in(examination, error.what()));
    examination.unusable = true;
  }
  for (const driver::settings::Warning& warning : warnings) {
    if (std::ranges::find(said, warning.text) != said.end()) continue;
    report.warning(subject, warning.text, fix_in(examination, warning.text));
  }
  if (examination.unusable || !warnings.empty()) return;
  report.ok(subject, "all keywords are known, and their values can be used");
}

}  // namespace tools::doctor
