#include "driver/routing/session_text.h"

#include <algorithm>
#include <array>

namespace driver::routing {
namespace {

/// ASCII is itself in these, and no byte of another character looks like it (as a backslash or a
/// quote may in big5, cp932, gb18030, gbk, sjis).
constexpr std::array<std::string_view, 29> kWithAscii{
    "ascii", "binary",  "cp1250",  "cp1251",  "cp1256", "cp1257", "cp850",    "cp852",
    "cp866", "eucjpms", "euckr",   "gb2312",  "greek",  "hebrew", "keybcs2",  "koi8r",
    "koi8u", "latin1",  "latin2",  "latin5",  "latin7", "macce",  "macroman", "tis620",
    "ujis",  "utf8",    "utf8mb3", "utf8mb4", "geostd8"};

bool short_utf8(std::string_view charset) { return charset == "utf8" || charset == "utf8mb3"; }

bool is_utf8(std::string_view charset) { return charset == "utf8mb4" || short_utf8(charset); }

bool with_ascii(std::string_view charset) {
  return std::ranges::find(kWithAscii, charset) != kWithAscii.end();
}

/// utf8mb3 has none of the characters past U+FFFF.
bool needs_four_bytes(std::string_view utf8) {
  return std::ranges::any_of(utf8, [](char c) { return static_cast<unsigned char>(c) >= 0xF0; });
}

}  // namespace

bool ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool SessionText::utf8() const { return is_utf8(client) && is_utf8(connection); }

bool SessionText::readable() const { return with_ascii(client) && with_ascii(connection); }

bool SessionText::keeps(std::string_view key) const {
  if (client == "binary" || connection == "binary" || !readable()) return false;
  if (ascii(key)) return true;
  if (!utf8()) return false;
  return !needs_four_bytes(key) || (!short_utf8(client) && !short_utf8(connection));
}

}  // namespace driver::routing
