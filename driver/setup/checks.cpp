#include "driver/setup/checks.h"

#include <odbcinstext.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "driver/settings/keyword_values.h"
#include "driver/sql/scan.h"
#include "driver/text/utf.h"
#include "fabric/base/error.h"

namespace driver::setup {
namespace {

constexpr std::string_view kBlanks = " \t\n\v\f\r";  // what odbc.ini's reader cuts off at ends
constexpr const char* kZeroBytes = "each KEYWORD=value ends with a zero byte, not ';'";

bool has_blank_end(std::string_view text) {
  return !text.empty() && (kBlanks.find(text.front()) != std::string_view::npos ||
                           kBlanks.find(text.back()) != std::string_view::npos);
}

/// Behind a ';' there may be another attribute, a password say.
std::string shown(std::string_view text) {
  constexpr std::size_t kShown = 64;
  const std::string_view front = text.substr(0, text.find(';'));
  return "'" + std::string(front.substr(0, text::whole_characters(front, kShown))) + "'";
}

/// Whether a ';' and another attribute are in the value. A password may hold anything.
bool runs_on(const settings::KeywordRow* row, std::string_view value) {
  if (row != nullptr && row->kind == settings::ValueKind::kSecret) return false;
  const bool free_text = row == nullptr || row->kind == settings::ValueKind::kText ||
                         row->kind == settings::ValueKind::kFile;
  while (true) {
    const std::size_t semicolon = value.find(';');
    if (semicolon == std::string_view::npos) return false;
    if (!free_text) return true;
    value.remove_prefix(semicolon + 1);
    const std::size_t equals = value.find('=');
    if (equals != std::string_view::npos && !canonical_name(value.substr(0, equals)).empty()) {
      return true;
    }
  }
}

void check_addresses(const settings::KeywordRow& row, std::string_view value) {
  constexpr std::uint16_t kAnyPort = 1;
  const bool nodes = row.keyword == settings::Keyword::kFabricNodes;
  if (nodes && value.starts_with(settings::kFilePrefix)) {
    settings::topology_file_value(row, value);
  } else if (nodes || row.keyword == settings::Keyword::kServer) {
    settings::endpoints_value(row, value, kAnyPort);
  }
}

void check_kind(const settings::KeywordRow& row, const std::string& value) {
  switch (row.kind) {
    case settings::ValueKind::kBool:
      settings::bool_value(row, value);
      return;
    case settings::ValueKind::kCount:
      settings::count_value(row, value);
      return;
    case settings::ValueKind::kTime:
      settings::time_value(row, value);
      return;
    case settings::ValueKind::kSize:
      settings::size_value(row, value);
      return;
    case settings::ValueKind::kChoice:
      settings::choice_value(row, value);
      return;
    case settings::ValueKind::kText:
      check_addresses(row, value);
      return;
    case settings::ValueKind::kFile:
    case settings::ValueKind::kSecret:
      return;
  }
}

/// What the lines of odbc.ini cannot hold would come back as something else.
void check_form(const std::string& name, const std::string& value) {
  constexpr std::size_t kLongestLine = INI_MAX_LINE - 1;  // what is behind it is cut off
  if (value.find_first_of("\r\n") != std::string::npos || has_blank_end(value) ||
      name.size() + 1 + value.size() > kLongestLine) {
    refuse(ODBC_ERROR_INVALID_KEYWORD_VALUE,
           "The value of " + name +
               " cannot be kept in odbc.ini: it may have no line breaks, no blanks at its ends and "
               "at most " +
               std::to_string(kLongestLine - 1 - name.size()) + " bytes");
  }
}

[[noreturn]] void refuse_unknown(const std::string& name) {
  const std::string_view nearest = settings::nearest_keyword(name);
  refuse(ODBC_ERROR_INVALID_KEYWORD_VALUE,
         shown(name) + " is no keyword of this driver" +
             (nearest.empty() ? "; docs/keywords.md lists them"
                              : "; did you mean " + std::string(nearest) + "?"));
}

Entry checked_entry(const settings::GivenPair& pair) {
  const std::string name(canonical_name(pair.keyword));
  if (name.empty()) refuse_unknown(pair.keyword);
  check_form(name, pair.value);
  const settings::KeywordRow* row = settings::find_keyword(pair.keyword);
  if (runs_on(row, pair.value)) {
    refuse(ODBC_ERROR_INVALID_KEYWORD_VALUE,
           name + "=" + shown(pair.value) + " is followed by ';': " + kZeroBytes);
  }
  if (row != nullptr && !pair.value.empty()) {
    try {
      check_kind(*row, pair.value);
    } catch (const fabric::base::Error& error) {
      refuse(ODBC_ERROR_INVALID_KEYWORD_VALUE, error.what());
    }
  }
  return {name, pair.value};
}

/// Sections of odbc.ini that are no data source, or stand for every one that is missing.
bool is_reserved(std::string_view dsn) {
  constexpr std::array<std::string_view, 3> kReserved{"ODBC", "ODBC Data Sources", "DEFAULT"};
  return std::ranges::any_of(
      kReserved, [dsn](std::string_view name) { return sql::equals_ignoring_case(name, dsn); });
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return (static_cast<unsigned char>(c) < 0x20) || c == '\x7f'; });
}

void check_name(const std::string& dsn) {
  if (has_blank_end(dsn) || has_control_character(dsn)) {
    refuse(
        ODBC_ERROR_INVALID_DSN,
        "A data source's name may have no blanks at its ends and no line breaks or other control "
        "characters");
  }
  if (is_reserved(dsn)) {
    refuse(ODBC_ERROR_INVALID_DSN, shown(dsn) +
                                       " cannot name a data source: odbc.ini's section of that "
                                       "name means something else; use another name");
  }
  if (SQLValidDSN(dsn.c_str()) == 0) {
    const bool semicolon = dsn.find(';') != std::string::npos;
    refuse(ODBC_ERROR_INVALID_DSN, shown(dsn) + (semicolon ? " and what follows" : "") +
                                       " cannot name a data source: use at most 32 characters and "
                                       "none of []{}(),;?*=!@\\" +
                                       (semicolon ? std::string("; ") + kZeroBytes : ""));
  }
}

}  // namespace

void refuse(DWORD code, const std::string& text) { throw Refusal{code, text}; }

std::vector<settings::GivenPair> parse_attributes(const char* attributes) {
  std::vector<settings::GivenPair> pairs;
  if (attributes == nullptr) return pairs;
  for (const char* text = attributes; *text != '\0'; text += std::strlen(text) + 1) {
    const std::string_view pair(text);
    const std::string attribute = "Attribute " + std::to_string(pairs.size() + 1);
    if (!text::valid_utf8(
            pair)) {  // unixODBC's SQLConfigDataSourceW makes a byte of each character
      refuse(ODBC_ERROR_INVALID_KEYWORD_VALUE,
             attribute + " is not UTF-8: call SQLConfigDataSource with UTF-8");
    }
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      refuse(ODBC_ERROR_INVALID_KEYWORD_VALUE, attribute + " is not of the form KEYWORD=value");
    }
    pairs.push_back({std::string(pair.substr(0, equals)), std::string(pair.substr(equals + 1))});
  }
  return pairs;
}

std::string_view canonical_name(std::string_view keyword) {
  const settings::KeywordRow* row = settings::find_keyword(keyword);
  return row != nullptr ? row->name : settings::manager_keyword(keyword);
}

std::string checked_name(const std::vector<settings::GivenPair>& attributes) {
  for (const settings::GivenPair& pair : attributes) {
    if (settings::find_keyword(pair.keyword) != &row_of(settings::Keyword::kDsn) ||
        pair.value.empty())
      continue;
    check_name(pair.value);
    return pair.value;
  }
  refuse(ODBC_ERROR_INVALID_DSN, "No data source is named: give DSN=name");
}

std::vector<Entry> checked_entries(const std::vector<settings::GivenPair>& attributes) {
  std::vector<Entry> entries;
  for (const settings::GivenPair& pair : attributes) {
    const settings::KeywordRow* row = settings::find_keyword(pair.keyword);
    if (row == &row_of(settings::Keyword::kDsn) || row == &row_of(settings::Keyword::kDriver))
      continue;
    Entry entry = checked_entry(pair);
    const auto same = [&entry](const Entry& other) { return other.name == entry.name; };
    if (std::ranges::none_of(entries, same)) entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace driver::setup
