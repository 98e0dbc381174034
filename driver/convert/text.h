// Texts and bytes into buffers of variable size, whole or in pieces: the one place of the
// truncation rule (ODBC 3.8, SQLGetData). Any thread.
#pragma once

#include <string_view>

#include "driver/convert/cell_to_c.h"

namespace driver::convert {

/// `essential` bytes at the front must fit in a bound buffer, else 22003: the whole digits of a
/// number, a date, a time up to its seconds. 0 for character data.
/// A cut text ends at a whole character and in a zero; only a buffer too small for any character
/// gets a part of one, and only from SQLGetData, so that its caller makes progress.
SqlState text_to_char(std::string_view utf8, std::size_t essential, const CTarget& target,
                      Piece* piece) noexcept;
SqlState text_to_wchar(std::string_view utf8, std::size_t essential, const CTarget& target,
                       Piece* piece) noexcept;

/// Two hexadecimal digits (0-9, A-F) for each byte.
SqlState hex_to_char(std::string_view bytes, const CTarget& target, Piece* piece) noexcept;
SqlState hex_to_wchar(std::string_view bytes, const CTarget& target, Piece* piece) noexcept;

SqlState bytes_to_binary(std::string_view bytes, const CTarget& target, Piece* piece) noexcept;

}  // namespace driver::convert
