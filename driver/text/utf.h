// UTF-8 <-> UTF-16: the only place past the entry points that knows how SQLWCHAR text is made.
// Ill-formed input is read as U+FFFD, one for each maximal ill-formed part (Unicode 15, 3.9).
// Writers into buffers stop at whole characters. Pure functions, any thread.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace driver::text {

inline constexpr char32_t kReplacement = 0xFFFD;

/// One character read from the front of a text.
struct Character {
  char32_t code_point = kReplacement;
  std::size_t units = 0;  ///< bytes or 16-bit units it took, 0 at the end of the text
  bool valid = false;
};

Character first_utf8(std::string_view utf8) noexcept;
Character first_utf16(const SQLWCHAR* text, std::size_t units) noexcept;

struct WriteResult {
  std::size_t consumed = 0;  ///< units of the source that were written
  std::size_t written = 0;   ///< units put into the buffer; no terminator is added
};

/// `length` in 16-bit units or SQL_NTS; a null pointer is an empty text.
std::string to_utf8(const SQLWCHAR* text, SQLINTEGER length);
std::string to_utf8(std::u16string_view text);
/// `length` in bytes or SQL_NTS: the argument of an ANSI entry point, which is UTF-8 already.
std::string_view ansi_text(const SQLCHAR* text, SQLINTEGER length) noexcept;
std::u16string to_utf16(std::string_view utf8);

/// Units up to the terminating zero.
std::size_t length_of(const SQLWCHAR* text) noexcept;
/// 16-bit units the text needs, bytes the text needs.
std::size_t utf16_units(std::string_view utf8) noexcept;
std::size_t utf8_bytes(const SQLWCHAR* text, std::size_t units) noexcept;
/// Unicode characters in the text; what ODBC counts in a column size.
std::size_t characters(std::string_view utf8) noexcept;
bool valid_utf8(std::string_view utf8) noexcept;

/// Buffers may be unaligned. `capacity` in units of the buffer; never half a surrogate pair.
WriteResult write_utf16(std::string_view utf8, SQLWCHAR* buffer, std::size_t capacity) noexcept;
/// Never a part of a UTF-8 sequence. `buffer` must hold `capacity` bytes.
WriteResult write_utf8(const SQLWCHAR* text, std::size_t units, char* buffer,
                       std::size_t capacity) noexcept;

/// The longest front of `utf8` of at most `limit` bytes that cuts no character.
std::size_t whole_characters(std::string_view utf8, std::size_t limit) noexcept;

}  // namespace driver::text
