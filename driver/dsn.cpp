#include "driver/dsn.h"

#include <odbcinst.h>

#include <cstddef>
#include <string_view>

namespace driver {
namespace {

constexpr const char* kFile = "odbc.ini";

/// One entry, or the names of all (each ends with a NUL) when `key` is null.
std::string profile_text(const std::string& section, const char* key) {
  constexpr std::size_t kLargest = std::size_t{1} << 20U;
  std::string buffer(4096, '\0');
  while (true) {
    const int length = SQLGetPrivateProfileString(section.c_str(), key, "", buffer.data(),
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

}  // namespace

std::vector<GivenPair> dsn_entries(const std::string& dsn) {
  std::vector<GivenPair> entries;
  if (dsn.empty()) return entries;
  const std::string names = profile_text(dsn, nullptr);
  std::string_view rest = names;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\0');
    const std::string key(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (key.empty()) continue;
    const std::string value = profile_text(dsn, key.c_str());
    entries.push_back({key, value.substr(0, value.find('\0')), false});
  }
  return entries;
}

}  // namespace driver
