#include "tools/init/answers.h"

#include "driver/settings/keywords.h"
#include "fabric/base/error.h"

namespace tools::init {
namespace {

using driver::settings::GivenPair;

bool is_secret(const std::string& keyword) {
  const driver::settings::KeywordRow* row = driver::settings::find_keyword(keyword);
  return row != nullptr && row->kind == driver::settings::ValueKind::kSecret;
}

}  // namespace

std::vector<GivenPair> entries_of(const Answers& answers) {
  std::vector<GivenPair> entries{{"DSN", answers.dsn}};
  const std::vector<GivenPair> known{{"FABRIC_NODES", answers.nodes},
                                     {"FABRIC_USER", answers.node_user},
                                     {"FABRIC_PASSWORD", answers.node_password},
                                     {"FABRIC_GROUP", answers.group},
                                     {"FABRIC_MODE", answers.mode},
                                     {"SERVER", answers.server},
                                     {"UID", answers.user},
                                     {"PWD", answers.password},
                                     {"DATABASE", answers.database}};
  for (const GivenPair& pair : known) {
    if (!pair.value.empty()) entries.push_back(pair);
  }
  for (const std::string& one : answers.more) {
    const std::size_t equals = one.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw fabric::base::Error(fabric::base::SqlState::kHY000,
                                "--set wants KEYWORD=value: docs/keywords.md lists them");
    }
    entries.push_back({one.substr(0, equals), one.substr(equals + 1)});
  }
  return entries;
}

std::string section_text(const Answers& answers, const std::vector<GivenPair>& entries) {
  std::string text = "[" + answers.dsn + "]\nDriver = " + answers.driver + "\n";
  for (const GivenPair& pair : entries) {
    if (pair.keyword == "DSN") continue;
    text += pair.keyword + " = " + (is_secret(pair.keyword) ? "..." : pair.value) + "\n";
  }
  return text;
}

}  // namespace tools::init
