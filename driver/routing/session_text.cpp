#include "driver/routing/session_text.h"

#include <algorithm>

#include "driver/sql/charsets.h"
#include "driver/sql/scan.h"

namespace driver::routing {
namespace {

using sql::Charset;
using sql::find_charset;

bool short_utf8(std::string_view charset) {
  const Charset* const found = find_charset(charset);
  return found != nullptr && found->utf8 == Charset::Utf8::kShort;
}

bool is_utf8(std::string_view charset) {
  const Charset* const found = find_charset(charset);
  return found != nullptr && found->is_utf8();
}

bool with_ascii(std::string_view charset) {
  const Charset* const found = find_charset(charset);
  return found != nullptr && found->with_ascii;
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

std::string charset_warning(std::string_view charset) {
  if (sql::equals_ignoring_case(charset, "default") || is_utf8(charset)) return {};
  return "The server reads and writes text in " + std::string(charset) +
         " from now on, the driver in UTF-8: characters beyond ASCII are spoilt; SET NAMES utf8mb4 "
         "ends it";
}

bool SessionText::readable() const { return with_ascii(client) && with_ascii(connection); }

bool SessionText::keeps(std::string_view key) const {
  if (client == "binary" || connection == "binary" || !readable()) return false;
  if (ascii(key)) return true;
  if (!utf8()) return false;
  return !needs_four_bytes(key) || (!short_utf8(client) && !short_utf8(connection));
}

}  // namespace driver::routing
