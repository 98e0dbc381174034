// The character sets that servers have, by name. Constant data and pure functions, any thread.
#pragma once

#include <string_view>

namespace driver::sql {

struct Charset {
  std::string_view name;
  /// ASCII is itself in it, and no byte of another character looks like it (as a backslash or a
  /// quote may in big5, cp932, gb18030, gbk, sjis).
  bool with_ascii;
  enum class Utf8 : unsigned char { kNot, kShort, kWhole } utf8 = Utf8::kNot;  ///< short: utf8mb3

  [[nodiscard]] bool is_utf8() const { return utf8 != Utf8::kNot; }
};

/// Null for a name that no server has; the case of letters does not matter.
const Charset* find_charset(std::string_view name);

}  // namespace driver::sql
