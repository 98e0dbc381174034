#include "driver/setup/data_source.h"

#include <odbcinstext.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "driver/dsn.h"
#include "driver/keyword_values.h"
#include "driver/sql_scan.h"
#include "fabric/base/error.h"

namespace driver::setup {
namespace {

constexpr const char* kFile = "odbc.ini";

/// An entry to be: under its canonical name, or as given when the driver manager reads it.
struct Entry {
  std::string name;
  std::string value;
};

[[noreturn]] void refuse(DWORD code, const std::string& text) { throw Refusal{code, text}; }

void check_kind(const KeywordRow& row, const std::string& value) {
  switch (row.kind) {
    case ValueKind::kBool:
      bool_value(row, value);
      return;
    case ValueKind::kCount:
      count_value(row, value, {0, std::numeric_limits<std::uint32_t>::max()});
      return;
    case ValueKind::kTime:
      time_value(row, value);
      return;
    case ValueKind::kSize:
      size_value(row, value);
      return;
    case ValueKind::kChoice:
      choice_value(row, value);
      return;
    case ValueKind::kText:
    case ValueKind::kFile:
    case ValueKind::kSecret:
      return;
  }
}

/// What the lines of odbc.ini cannot hold would come back as something else.
void check_form(const std::string& name, const std::string& value) {
  const bool blank_at_end = value.starts_with(' ') || value.starts_with('\t') ||
                            value.ends_with(' ') || value.ends_with('\t');
  constexpr std::size_t kLongestLine = INI_MAX_LINE - 1;  // what is behind it is cut off
  if (value.find_first_of("\r\n") != std::string::npos || blank_at_end ||
      name.size() + 1 + value.size() > kLongestLine) {
    refuse(ODBC_ERROR_INVALID_KEYWORD_VALUE,
           "The value of " + name +
               " cannot be kept in odbc.ini: it may have no line breaks, no blanks at its ends and "
               "at most " +
               std::to_string(kLongestLine - 1 - name.size()) + " bytes");
  }
}

[[noreturn]] void refuse_unknown(const std::string& name) {
  const std::string_view nearest = nearest_keyword(name);
  refuse(ODBC_ERROR_INVALID_KEYWORD_VALUE,
         "'" + name.substr(0, 64) + "' is no keyword of this driver" +
             (nearest.empty() ? "; docs/keywords.md lists them"
                              : "; did you mean " + std::string(nearest) + "?"));
}

Entry checked_entry(const GivenPair& pair) {
  const KeywordRow* row = find_keyword(pair.keyword);
  if (row == nullptr && !is_manager_keyword(pair.keyword)) refuse_unknown(pair.keyword);
  const std::string name = row == nullptr ? pair.keyword : std::string(row->name);
  check_form(name, pair.value);
  if (row != nullptr && !pair.value.empty()) {
    try {
      check_kind(*row, pair.value);
    } catch (const fabric::base::Error& error) {
      refuse(ODBC_ERROR_INVALID_KEYWORD_VALUE, error.what());
    }
  }
  return {name, pair.value};
}

/// Of a keyword that is given twice the first counts, as in a connection string.
std::vector<Entry> checked_entries(const std::vector<GivenPair>& attributes) {
  std::vector<Entry> entries;
  for (const GivenPair& pair : attributes) {
    const KeywordRow* row = find_keyword(pair.keyword);
    if (row != nullptr && (row->keyword == Keyword::kDsn || row->keyword == Keyword::kDriver)) {
      continue;
    }
    Entry entry = checked_entry(pair);
    const auto same = [&entry](const Entry& other) {
      return equals_ignoring_case(other.name, entry.name);
    };
    if (std::ranges::none_of(entries, same)) entries.push_back(std::move(entry));
  }
  return entries;
}

std::string name_of(const std::vector<GivenPair>& attributes) {
  for (const GivenPair& pair : attributes) {
    const KeywordRow* row = find_keyword(pair.keyword);
    if (row == nullptr || row->keyword != Keyword::kDsn || pair.value.empty()) continue;
    if (SQLValidDSN(pair.value.c_str()) == 0) {
      refuse(ODBC_ERROR_INVALID_DSN, "'" + pair.value.substr(0, 64) +
                                         "' cannot name a data source: use at most 32 characters "
                                         "and none of []{}(),;?*=!@\\");
    }
    return pair.value;
  }
  refuse(ODBC_ERROR_INVALID_DSN, "No data source is named: give DSN=name");
}

/// A null `key` removes the section, a null `value` the entry.
void write(const std::string& section, const char* key, const char* value) {
  if (SQLWritePrivateProfileString(section.c_str(), key, value, kFile) == 0) {
    refuse(ODBC_ERROR_REQUEST_FAILED,
           "odbc.ini could not be written: look at its rights and its folder's (odbcinst -j names "
           "them)");
  }
}

/// Spellings of the keyword that the section has and that are not its canonical name.
void remove_other_spellings(const std::string& section, const std::string& name) {
  const KeywordRow* row = find_keyword(name);
  if (row == nullptr) return;
  for (const GivenPair& present : dsn_entries(section)) {
    if (find_keyword(present.keyword) == row && present.keyword != name) {
      write(section, present.keyword.c_str(), nullptr);
    }
  }
}

void change(const std::string& section, const std::vector<Entry>& entries) {
  for (const auto& [name, value] : entries) {
    remove_other_spellings(section, name);
    write(section, name.c_str(), value.empty() ? nullptr : value.c_str());
  }
}

void add(const std::string& section, const std::string& driver, const std::vector<Entry>& entries) {
  if (driver.empty()) refuse(ODBC_ERROR_INVALID_NAME, "No driver is named");
  write(section, nullptr, nullptr);
  write(section, "Driver", driver.c_str());
  for (const auto& [name, value] : entries) {
    if (!value.empty()) write(section, name.c_str(), value.c_str());
  }
}

}  // namespace

std::vector<GivenPair> parse_attributes(const char* attributes) {
  std::vector<GivenPair> pairs;
  if (attributes == nullptr) return pairs;
  for (const char* text = attributes; *text != '\0'; text += std::strlen(text) + 1) {
    const std::string_view pair(text);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      refuse(ODBC_ERROR_INVALID_KEYWORD_VALUE,
             "Attribute " + std::to_string(pairs.size() + 1) + " is not of the form KEYWORD=value");
    }
    pairs.push_back({std::string(pair.substr(0, equals)), std::string(pair.substr(equals + 1))});
  }
  return pairs;
}

void configure(WORD request, const std::string& driver, const std::vector<GivenPair>& attributes) {
  const std::string section = name_of(attributes);
  const std::vector<Entry> entries = checked_entries(attributes);
  if (request == ODBC_ADD_DSN) return add(section, driver, entries);
  if (dsn_entries(section).empty()) {
    refuse(ODBC_ERROR_INVALID_DSN, "There is no data source '" + section +
                                       "' in this odbc.ini (odbcinst -j names the files)");
  }
  if (request == ODBC_CONFIG_DSN) return change(section, entries);
  if (request == ODBC_REMOVE_DSN) return write(section, nullptr, nullptr);
  refuse(ODBC_ERROR_INVALID_REQUEST_TYPE,
         "Only adding, changing and removing a data source can be asked for");
}

}  // namespace driver::setup
