// Text as applications pass it: SQLCHAR (UTF-8) or SQLWCHAR (UTF-16), with a length or SQL_NTS, in
// and out. The entry points use this; past them everything is UTF-8.
#pragma once

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "driver/odbc.h"
#include "driver/text/utf.h"
#include "fabric/base/error.h"

namespace driver::text {

template <class Length>
void check_length(Length length) {
  if (length < 0 && length != SQL_NTS) {
    throw fabric::base::Error(fabric::base::SqlState::kHY090,
                              "A text length is negative and not SQL_NTS");
  }
}

/// Of a buffer that the application reads from.
inline void check_capacity(const void* buffer, SQLINTEGER capacity) {
  if (buffer == nullptr || capacity >= 0) return;
  throw fabric::base::Error(fabric::base::SqlState::kHY090, "The buffer's length is negative");
}

/// Null gives nothing. Length in characters of the type, or SQL_NTS. Throws HY090.
inline std::optional<std::string> from_application(const SQLCHAR* text, SQLINTEGER length) {
  if (text == nullptr) return std::nullopt;
  check_length(length);
  const char* begin = static_cast<const char*>(static_cast<const void*>(text));
  return length == SQL_NTS ? std::string(begin)
                           : std::string(begin, static_cast<std::size_t>(length));
}

inline std::optional<std::string> from_application(const SQLWCHAR* text, SQLINTEGER length) {
  if (text == nullptr) return std::nullopt;
  check_length(length);
  return to_utf8(text, length);
}

/// The same of a text that cannot hold a terminating zero: one before its length ends it, as where
/// programs give the size of their buffer.
template <class Char>
std::optional<std::string> terminated_from_application(const Char* text, SQLINTEGER length) {
  std::optional<std::string> whole = from_application(text, length);
  if (whole) whole->resize(std::min(whole->size(), whole->find('\0')));
  return whole;
}

/// Writes `value` with a terminator into a buffer of `capacity` characters, sets `*length` to the
/// whole length in characters, and says whether the text was cut. Null buffer: only the length.
template <class Length>
bool to_application(std::string_view value, SQLCHAR* buffer, SQLINTEGER capacity, Length* length) {
  if (length != nullptr) *length = static_cast<Length>(value.size());
  if (buffer == nullptr) return false;
  if (capacity <= 0) return true;
  std::size_t fit = std::min(value.size(), static_cast<std::size_t>(capacity) - 1);
  if (fit < value.size()) {
    while (fit > 0 && (static_cast<unsigned char>(value[fit]) & 0xC0U) == 0x80U) --fit;
  }
  if (fit > 0) std::memcpy(buffer, value.data(), fit);
  buffer[fit] = 0;
  return fit < value.size();
}

template <class Length>
bool to_application(std::string_view value, SQLWCHAR* buffer, SQLINTEGER capacity, Length* length) {
  const std::u16string wide = to_utf16(value);
  if (length != nullptr) *length = static_cast<Length>(wide.size());
  if (buffer == nullptr) return false;
  if (capacity <= 0) return true;
  std::size_t fit = std::min(wide.size(), static_cast<std::size_t>(capacity) - 1);
  if (fit < wide.size() && fit > 0 && (wide[fit - 1] & 0xFC00U) == 0xD800U) --fit;
  std::memcpy(buffer, wide.data(), fit * sizeof(SQLWCHAR));
  buffer[fit] = 0;
  return fit < wide.size();
}

/// As to_application, where the standard counts bytes even for SQLWCHAR (SQLGetInfo, attributes,
/// diagnostic and descriptor fields).
template <class Char, class Length>
bool to_application_bytes(std::string_view value, Char* buffer, SQLINTEGER capacity,
                          Length* length) {
  Length characters = 0;
  const bool cut =
      to_application(value, buffer, capacity / static_cast<SQLINTEGER>(sizeof(Char)), &characters);
  if (length != nullptr) {
    *length = static_cast<Length>(characters * static_cast<Length>(sizeof(Char)));
  }
  return cut;
}

}  // namespace driver::text
