#include "driver/setup/data_source.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "driver/settings/dsn.h"
#include "driver/setup/checks.h"
#include "driver/sql/scan.h"

namespace driver::setup {
namespace {

/// The driver that a section of odbc.ini or odbcinst.ini names; empty when none. A 64-bit driver
/// manager looks at Driver64 first.
std::string driver_in(const std::string& section, const char* file) {
  std::array<char, 1024> value{};
  for (const char* key : {"Driver64", "Driver"}) {
    const int length = SQLGetPrivateProfileString(section.c_str(), key, "", value.data(),
                                                  static_cast<int>(value.size()), file);
    if (length > 0) return value.data();
  }
  return {};
}

/// The name of the driver's file, whether given by its path or by its name in odbcinst.ini.
std::string library_of(const std::string& driver) {
  std::string path = driver_in(driver, "odbcinst.ini");
  if (path.empty()) path = driver;
  return path.substr(path.rfind('/') + 1);
}

bool same_driver(const std::string& named, const std::string& ours) {
  return sql::equals_ignoring_case(named, ours) || library_of(named) == library_of(ours);
}

/// A section without a driver is nobody's yet.
void check_owner(const std::string& dsn, const std::string& ours) {
  const std::string named = driver_in(dsn, "odbc.ini");
  if (named.empty() || same_driver(named, ours)) return;
  refuse(ODBC_ERROR_INVALID_DSN, "The data source '" + dsn + "' is of the driver '" + named +
                                     "', not of '" + ours +
                                     "': name that driver in the call, or another data source");
}

void check_driver_stays(const std::vector<settings::GivenPair>& attributes,
                        const std::string& ours) {
  for (const settings::GivenPair& pair : attributes) {
    const std::string_view name = canonical_name(pair.keyword);
    const bool names_driver = name == "DRIVER" || name == "Driver64";
    if (!names_driver || same_driver(pair.value, ours)) continue;
    refuse(ODBC_ERROR_INVALID_KEYWORD_VALUE,
           std::string(name) + " is not that of the call ('" + ours +
               "'): to change a data source's driver, remove it and add it with the other driver");
  }
}

/// How many sections have that name; a file edited by hand may have two.
std::size_t sections_of(const std::string& dsn) {
  const std::vector<std::string> names = settings::dsn_names();
  const auto same = [&dsn](const std::string& name) {
    return sql::equals_ignoring_case(name, dsn);
  };
  return static_cast<std::size_t>(std::ranges::count_if(names, same));
}

/// A null `key` removes the section, a null `value` the entry; the first of that name.
void write(const std::string& section, const char* key, const char* value) {
  if (SQLWritePrivateProfileString(section.c_str(), key, value, "odbc.ini") == 0) {
    refuse(ODBC_ERROR_REQUEST_FAILED,
           "odbc.ini could not be written: look at its rights and its folder's (odbcinst -j names "
           "them)");
  }
}

void remove(const std::string& section, std::size_t times) {
  for (; times > 0; --times) write(section, nullptr, nullptr);
}

/// Every line of the keyword, in any spelling, makes way for one; a line of that name keeps its
/// place.
void change_entry(const std::string& section, const Entry& entry) {
  bool kept = entry.value.empty();
  for (const settings::GivenPair& present : settings::dsn_entries(section)) {
    if (canonical_name(present.keyword) != entry.name) continue;
    if (!kept && sql::equals_ignoring_case(present.keyword, entry.name)) {
      kept = true;
    } else {
      write(section, present.keyword.c_str(), nullptr);
    }
  }
  if (!entry.value.empty()) write(section, entry.name.c_str(), entry.value.c_str());
}

void add(const std::string& section, const std::string& driver, const std::vector<Entry>& entries) {
  remove(section, sections_of(section));
  write(section, "Driver", driver.c_str());
  for (const auto& [name, value] : entries) {
    if (!value.empty()) write(section, name.c_str(), value.c_str());
  }
}

void check_request(WORD request, const std::string& driver) {
  if (request != ODBC_ADD_DSN && request != ODBC_CONFIG_DSN && request != ODBC_REMOVE_DSN) {
    refuse(ODBC_ERROR_INVALID_REQUEST_TYPE,
           "Only adding, changing and removing a data source can be asked for");
  }
  if (driver.empty()) refuse(ODBC_ERROR_INVALID_NAME, "No driver is named");
}

}  // namespace

void configure(WORD request, const std::string& driver,
               const std::vector<settings::GivenPair>& attributes) {
  check_request(request, driver);
  const std::string section = checked_name(attributes);
  const std::vector<Entry> entries = checked_entries(attributes);
  check_driver_stays(attributes, driver);
  const std::size_t sections = sections_of(section);
  if (request != ODBC_ADD_DSN && sections == 0) {
    refuse(ODBC_ERROR_INVALID_DSN, "There is no data source '" + section +
                                       "' in this odbc.ini (odbcinst -j names the files)");
  }
  check_owner(section, driver);
  if (request == ODBC_ADD_DSN) return add(section, driver, entries);
  if (request == ODBC_REMOVE_DSN) return remove(section, sections);
  for (const Entry& entry : entries) change_entry(section, entry);
}

}  // namespace driver::setup
