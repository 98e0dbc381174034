#include "driver/text/utf.h"

#include <cstdint>
#include <cstring>

namespace driver::text {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080U;

std::uint8_t byte_at(std::string_view text, std::size_t index) {
  return static_cast<std::uint8_t>(text[index]);
}

std::uint16_t load_unit(const SQLWCHAR* text, std::size_t index) {
  std::uint16_t unit = 0;
  std::memcpy(&unit, text + index, sizeof unit);
  return unit;
}

void store_unit(SQLWCHAR* buffer, std::size_t index, char32_t unit) {
  const auto value = static_cast<std::uint16_t>(unit);
  std::memcpy(buffer + index, &value, sizeof value);
}

/// How many bytes at the front are ASCII, at most `limit`; eight at a time, as most text is.
std::size_t ascii_front(std::string_view text, std::size_t limit) {
  limit = limit < text.size() ? limit : text.size();
  std::size_t index = 0;
  for (; index + sizeof(std::uint64_t) <= limit; index += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + index, sizeof word);
    if ((word & kHighBits) != 0) break;
  }
  while (index < limit && byte_at(text, index) < 0x80) ++index;
  return index;
}

constexpr std::size_t units_of(char32_t code_point) { return code_point > 0xFFFF ? 2 : 1; }

constexpr std::size_t bytes_of(char32_t code_point) {
  if (code_point < 0x80) return 1;
  if (code_point < 0x800) return 2;
  return code_point > 0xFFFF ? 4 : 3;
}

void put_utf8(char* out, char32_t code_point) {
  const auto put = [out](std::size_t index, char32_t bits) {
    out[index] = static_cast<char>(static_cast<std::uint8_t>(bits));
  };
  const std::size_t size = bytes_of(code_point);
  if (size == 1) return put(0, code_point);
  constexpr char32_t kLead[] = {0, 0, 0xC0, 0xE0, 0xF0};
  put(0, kLead[size] | (code_point >> (6 * (size - 1))));
  for (std::size_t index = 1; index < size; ++index) {
    put(index, 0x80 | ((code_point >> (6 * (size - 1 - index))) & 0x3F));
  }
}

/// What the first byte of a sequence says: how many follow, and the range of the next one
/// (Unicode 15, table 3-7).
struct Lead {
  std::size_t following = 0;
  std::uint8_t low = 0x80, high = 0xBF;
  char32_t bits = 0;
};

Lead lead_of(std::uint8_t byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {1, 0x80, 0xBF, byte & 0x1FU};
  if (byte == 0xE0) return {2, 0xA0, 0xBF, 0};
  if (byte == 0xED) return {2, 0x80, 0x9F, 0xD};
  if (byte >= 0xE1 && byte <= 0xEF) return {2, 0x80, 0xBF, byte & 0x0FU};
  if (byte == 0xF0) return {3, 0x90, 0xBF, 0};
  if (byte == 0xF4) return {3, 0x80, 0x8F, 4};
  if (byte >= 0xF1 && byte <= 0xF3) return {3, 0x80, 0xBF, byte & 0x07U};
  return {};
}

}  // namespace

Character first_utf8(std::string_view utf8) noexcept {
  if (utf8.empty()) return {};
  const std::uint8_t first = byte_at(utf8, 0);
  if (first < 0x80) return {first, 1, true};
  Lead lead = lead_of(first);
  if (lead.following == 0) return {kReplacement, 1, false};
  for (std::size_t index = 1; index <= lead.following; ++index) {
    if (index == utf8.size()) return {kReplacement, index, false};
    const std::uint8_t next = byte_at(utf8, index);
    if (next < lead.low || next > lead.high) return {kReplacement, index, false};
    lead.bits = (lead.bits << 6U) | (next & 0x3FU);
    lead.low = 0x80;
    lead.high = 0xBF;
  }
  return {lead.bits, lead.following + 1, true};
}

Character first_utf16(const SQLWCHAR* text, std::size_t units) noexcept {
  if (units == 0) return {};
  const char32_t first = load_unit(text, 0);
  if (first < 0xD800 || first > 0xDFFF) return {first, 1, true};
  if (first > 0xDBFF || units == 1) return {kReplacement, 1, false};
  const char32_t second = load_unit(text, 1);
  if (second < 0xDC00 || second > 0xDFFF) return {kReplacement, 1, false};
  return {0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00), 2, true};
}

std::string to_utf8(const SQLWCHAR* text, SQLINTEGER length) {
  if (text == nullptr) return {};
  const std::size_t units = length == SQL_NTS ? length_of(text)
                            : length > 0      ? static_cast<std::size_t>(length)
                                              : 0;
  std::string utf8(utf8_bytes(text, units), '\0');
  write_utf8(text, units, utf8.data(), utf8.size());
  return utf8;
}

std::string to_utf8(std::u16string_view text) {
  static_assert(sizeof(SQLWCHAR) == sizeof(char16_t));
  const auto* units = reinterpret_cast<const SQLWCHAR*>(text.data());
  std::string utf8(utf8_bytes(units, text.size()), '\0');
  write_utf8(units, text.size(), utf8.data(), utf8.size());
  return utf8;
}

std::string_view ansi_text(const SQLCHAR* text, SQLINTEGER length) noexcept {
  if (text == nullptr) return {};
  const auto* bytes = reinterpret_cast<const char*>(text);
  if (length == SQL_NTS) return bytes;
  return {bytes, length > 0 ? static_cast<std::size_t>(length) : 0};
}

std::u16string to_utf16(std::string_view utf8) {
  std::u16string text(utf16_units(utf8), u'\0');
  write_utf16(utf8, reinterpret_cast<SQLWCHAR*>(text.data()), text.size());
  return text;
}

std::size_t length_of(const SQLWCHAR* text) noexcept {
  std::size_t units = 0;
  while (load_unit(text, units) != 0) ++units;
  return units;
}

std::size_t utf16_units(std::string_view utf8) noexcept {
  std::size_t units = 0;
  while (!utf8.empty()) {
    const std::size_t ascii = ascii_front(utf8, utf8.size());
    units += ascii;
    utf8.remove_prefix(ascii);
    if (utf8.empty()) break;
    const Character next = first_utf8(utf8);
    units += units_of(next.code_point);
    utf8.remove_prefix(next.units);
  }
  return units;
}

std::size_t utf8_bytes(const SQLWCHAR* text, std::size_t units) noexcept {
  std::size_t bytes = 0;
  for (std::size_t index = 0; index < units;) {
    const Character next = first_utf16(text + index, units - index);
    bytes += bytes_of(next.code_point);
    index += next.units;
  }
  return bytes;
}

std::size_t characters(std::string_view utf8) noexcept {
  std::size_t count = 0;
  while (!utf8.empty()) {
    const std::size_t ascii = ascii_front(utf8, utf8.size());
    count += ascii;
    utf8.remove_prefix(ascii);
    if (utf8.empty()) break;
    ++count;
    utf8.remove_prefix(first_utf8(utf8).units);
  }
  return count;
}

bool valid_utf8(std::string_view utf8) noexcept {
  while (!utf8.empty()) {
    utf8.remove_prefix(ascii_front(utf8, utf8.size()));
    if (utf8.empty()) return true;
    const Character next = first_utf8(utf8);
    if (!next.valid) return false;
    utf8.remove_prefix(next.units);
  }
  return true;
}

WriteResult write_utf16(std::string_view utf8, SQLWCHAR* buffer, std::size_t capacity) noexcept {
  WriteResult result;
  while (result.consumed < utf8.size() && result.written < capacity) {
    const std::string_view rest = utf8.substr(result.consumed);
    const std::size_t ascii = ascii_front(rest, capacity - result.written);
    for (std::size_t index = 0; index < ascii; ++index) {
      store_unit(buffer, result.written + index, byte_at(rest, index));
    }
    result.consumed += ascii;
    result.written += ascii;
    if (ascii != 0) continue;
    const Character next = first_utf8(rest);
    const std::size_t units = units_of(next.code_point);
    if (units > capacity - result.written) break;
    if (units == 1) {
      store_unit(buffer, result.written, next.code_point);
    } else {
      store_unit(buffer, result.written, 0xD800 + ((next.code_point - 0x10000) >> 10U));
      store_unit(buffer, result.written + 1, 0xDC00 + (next.code_point & 0x3FFU));
    }
    result.consumed += next.units;
    result.written += units;
  }
  return result;
}

WriteResult write_utf8(const SQLWCHAR* text, std::size_t units, char* buffer,
                       std::size_t capacity) noexcept {
  WriteResult result;
  while (result.consumed < units) {
    const Character next = first_utf16(text + result.consumed, units - result.consumed);
    const std::size_t bytes = bytes_of(next.code_point);
    if (bytes > capacity - result.written) break;
    put_utf8(buffer + result.written, next.code_point);
    result.consumed += next.units;
    result.written += bytes;
  }
  return result;
}

std::size_t whole_characters(std::string_view utf8, std::size_t limit) noexcept {
  if (limit >= utf8.size()) return utf8.size();
  constexpr std::size_t kLongest = 4;
  // A character that crosses the limit begins at most three bytes before it.
  for (std::size_t back = 1; back < kLongest && back <= limit; ++back) {
    const std::size_t start = limit - back;
    if ((byte_at(utf8, start) & 0xC0U) == 0x80U) continue;
    const Character last = first_utf8(utf8.substr(start));
    return last.valid && start + last.units > limit ? start : limit;
  }
  return limit;
}

}  // namespace driver::text
