#include "driver/convert/guid.h"

#include <cstddef>
#include <cstdint>

#include "driver/convert/decimal_text.h"

namespace driver::convert {
namespace {

constexpr bool dash_at(std::size_t index) {
  return index == 8 || index == 13 || index == 18 || index == 23;
}

/// `digits` hexadecimal digits from `text` at `start`.
std::optional<std::uint32_t> field(std::string_view text, std::size_t start, std::size_t digits) {
  std::uint32_t value = 0;
  for (const char c : text.substr(start, digits)) {
    const int digit = hex_digit(c);
    if (digit < 0) return std::nullopt;
    value = (value << 4U) | static_cast<std::uint32_t>(digit);
  }
  return value;
}

void put_hex(char* out, std::uint32_t value, std::size_t digits) {
  for (std::size_t index = digits; index-- > 0; value >>= 4U) {
    out[index] = "0123456789ABCDEF"[value & 0x0FU];
  }
}

/// Where the eight single bytes of Data4 stand in the text.
constexpr std::size_t data4_start(std::size_t index) {
  return 19 + index * 2 + (index > 1 ? 1 : 0);
}

}  // namespace

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<SQLGUID> parse_guid(std::string_view text) noexcept {
  text = trim_blanks(text);
  if (text.starts_with('{') && text.ends_with('}')) text = text.substr(1, text.size() - 2);
  if (text.size() != kGuidText) return std::nullopt;
  for (std::size_t index = 0; index < kGuidText; ++index) {
    if ((text[index] == '-') != dash_at(index)) return std::nullopt;
  }
  const auto data1 = field(text, 0, 8);
  const auto data2 = field(text, 9, 4);
  const auto data3 = field(text, 14, 4);
  if (!data1 || !data2 || !data3) return std::nullopt;
  SQLGUID guid{};
  guid.Data1 = *data1;
  guid.Data2 = static_cast<std::uint16_t>(*data2);
  guid.Data3 = static_cast<std::uint16_t>(*data3);
  for (std::size_t index = 0; index < sizeof guid.Data4; ++index) {
    const auto byte = field(text, data4_start(index), 2);
    if (!byte) return std::nullopt;
    guid.Data4[index] = static_cast<std::uint8_t>(*byte);
  }
  return guid;
}

std::string_view format_guid(const SQLGUID& guid, char* out) noexcept {
  for (std::size_t index = 0; index < kGuidText; ++index) out[index] = '-';
  put_hex(out, guid.Data1, 8);
  put_hex(out + 9, guid.Data2, 4);
  put_hex(out + 14, guid.Data3, 4);
  for (std::size_t index = 0; index < sizeof guid.Data4; ++index) {
    put_hex(out + data4_start(index), guid.Data4[index], 2);
  }
  return {out, kGuidText};
}

}  // namespace driver::convert
