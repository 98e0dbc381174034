// odbc.ini and odbcinst.ini with their line numbers, which the fixes name. The driver itself reads
// them through unixODBC (driver/settings/dsn.h); this is for what to say about them. Plain values.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tools::doctor {

struct IniEntry {
  std::string key;
  std::string value;
  std::size_t line = 0;    ///< from 1
  bool has_equals = true;  ///< false: of the line only its first word is here
};

struct IniSection {
  std::string name;
  std::size_t line = 0;
  std::vector<IniEntry> entries;

  /// The first one counts, whatever its case; null when there is none.
  [[nodiscard]] const IniEntry* find(std::string_view key) const;
};

struct IniFile {
  std::string path;
  std::string problem;  ///< why it could not be read; empty: it was
  bool exists = false;
  std::vector<IniSection> sections{};
  std::string mark{};  ///< of the byte order that it begins with: what unixODBC reads nothing of

  /// As unixODBC: the first of that name, whatever its case.
  [[nodiscard]] const IniSection* find(std::string_view name) const;
};

/// Comments begin with '#' or ';'.
std::vector<IniSection> parse_ini(std::string_view text);
/// Never throws: what went wrong is in `problem`.
IniFile read_ini(const std::string& path);

struct IniPlaces {
  std::string user;     ///< ODBCINI, or ~/.odbc.ini
  std::string system;   ///< ODBCSYSINI's odbc.ini, or /etc/odbc.ini
  std::string drivers;  ///< odbcinst.ini beside it, or what ODBCINSTINI names there
};
/// Where this process's unixODBC looks.
IniPlaces ini_places();

}  // namespace tools::doctor
