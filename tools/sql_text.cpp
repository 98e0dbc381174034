#include "tools/sql_text.h"

namespace tools {

std::string text_literal(const std::string& text) {
  constexpr const char* kDigits = "0123456789ABCDEF";
  std::string digits;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    digits += kDigits[byte >> 4U];
    digits += kDigits[byte & 0xFU];
  }
  return "_utf8mb4 X'" + digits + "'";
}

}  // namespace tools
