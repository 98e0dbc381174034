#include "tools/doctor/ini_file.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "driver/sql/scan.h"
#include "tools/file_text.h"

/// Of unixODBC's installer library, which declares them for its own sources only.
extern "C" {
char* odbcinst_system_file_path(char* buffer);
char* odbcinst_system_file_name(char* buffer);
}

namespace tools::doctor {
namespace {

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

/// unixODBC pads what it writes there to FILENAME_MAX.
std::string told_by(char* (*place)(char*)) {
  std::array<char, FILENAME_MAX + 1> buffer{};
  return place(buffer.data());
}

/// As unixODBC finds it: HOME counts only for a user without an entry.
std::string home() {
  const passwd* user = getpwuid(getuid());  // NOLINT(concurrency-mt-unsafe): one thread asks
  if (user != nullptr && user->pw_dir != nullptr) return user->pw_dir;
  const char* given = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe): nobody sets it here
  return given == nullptr ? "" : given;
}

}  // namespace

const IniEntry* IniSection::find(std::string_view key) const {
  const auto found = std::ranges::find_if(entries, [key](const IniEntry& entry) {
    return driver::sql::equals_ignoring_case(entry.key, key);
  });
  return found == entries.end() ? nullptr : &*found;
}

const IniSection* IniFile::find(std::string_view name) const {
  const auto found = std::ranges::find_if(sections, [name](const IniSection& section) {
    return driver::sql::equals_ignoring_case(section.name, name);
  });
  return found == sections.end() ? nullptr : &*found;
}

std::vector<IniSection> parse_ini(std::string_view text) {
  std::vector<IniSection> sections;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = without_blanks(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      const std::size_t close = std::min(line.find(']'), line.size());
      sections.push_back({std::string(without_blanks(line.substr(1, close - 1))), number, {}});
      continue;
    }
    if (sections.empty()) continue;
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) {  // of "PWD secret" only the word
      sections.back().entries.push_back(
          {std::string(line.substr(0, line.find_first_of(" \t:"))), {}, number, false});
      continue;
    }
    sections.back().entries.push_back({std::string(without_blanks(line.substr(0, equals))),
                                       std::string(without_blanks(line.substr(equals + 1))),
                                       number});
  }
  return sections;
}

IniFile read_ini(const std::string& path) {
  IniFile file{.path = path, .problem = {}, .exists = access(path.c_str(), F_OK) == 0};
  const auto text = text_of(path);
  if (!text) {
    file.problem = std::strerror(errno);  // NOLINT(concurrency-mt-unsafe): glibc's is per thread
    return file;
  }
  constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
  const std::string_view all = *text;
  if (all.starts_with(kUtf8Mark)) file.mark = "UTF-8";
  if (all.starts_with("\xFF\xFE") || all.starts_with("\xFE\xFF")) file.mark = "UTF-16";
  file.sections = parse_ini(all.substr(file.mark == "UTF-8" ? kUtf8Mark.size() : 0));
  return file;
}

IniPlaces ini_places() {
  const char* given = std::getenv("ODBCINI");  // NOLINT(concurrency-mt-unsafe): nobody sets it here
  const std::string folder = told_by(odbcinst_system_file_path);
  return {.user = given != nullptr && *given != '\0' ? given : home() + "/.odbc.ini",
          .system = folder + "/odbc.ini",
          .drivers = folder + "/" + told_by(odbcinst_system_file_name)};
}

}  // namespace tools::doctor
