#include "driver/settings/dsn.h"

#include <odbcinst.h>

#include <cstddef>
#include <string_view>

namespace driver::settings {
namespace {

constexpr const char* kFile = "odbc.ini";

/// One entry, or the names of all (each ends with a NUL) when `key` is null, or those of all
/// sections when `section` is.
std::string profile_text(const char* section, const char* key) {
  constexpr std::size_t kLargest = std::size_t{1} << 20U;
  std::string buffer(4096, '\0');
  while (true) {
    const int length = SQLGetPrivateProfileString(section, key, "", buffer.data(),
                                                  static_cast<int>(buffer.size()), kFile);
    const auto used = static_cast<std::size_t>(length < 0 ? 0 : length);
    // Of a list, what does not fit is left out without a word; no name or value is longer than
    // 1000.
    if (used * 2 < buffer.size() || buffer.size() >= kLargest) {
      buffer.resize(used < buffer.size() ? used : buffer.size());
      return buffer;
    }
    buffer.assign(buffer.size() * 4, '\0');
  }
}

std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const std::size_t end = list.find('\0');
    if (end != 0) names.emplace_back(list.substr(0, end));
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  }
  return names;
}

}  // namespace

std::vector<std::string> dsn_names() { return names_in(profile_text(nullptr, nullptr)); }

std::vector<GivenPair> dsn_entries(const std::string& dsn) {
  std::vector<GivenPair> entries;
  if (dsn.empty()) return entries;
  for (const std::string& key : names_in(profile_text(dsn.c_str(), nullptr))) {
    const std::string value = profile_text(dsn.c_str(), key.c_str());
    entries.push_back({key, value.substr(0, value.find('\0')), false});
  }
  return entries;
}

}  // namespace driver::settings
