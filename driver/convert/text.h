// Texts and bytes into buffers of variable size, whole or in pieces: the one place of the
// truncation rule (ODBC 3.8, SQLGetData). Any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "driver/convert/cell_to_c.h"

namespace driver::convert {

/// Where a text may be cut that does not fit a bound buffer.
enum class Cut : std::uint8_t {
  kAnywhere,   ///< character data
  kInFraction  ///< numbers, dates and times: what stands before the point must fit, else 22003
};

/// A text that is cut in a bound buffer ends at a whole character. A piece of SQLGetData fills its
/// buffer, as programs expect who join the pieces, and may end in the middle of one. Both end in a
/// zero.
SqlState text_to_char(std::string_view utf8, Cut cut, const CTarget& target, Piece* piece) noexcept;
SqlState text_to_wchar(std::string_view utf8, Cut cut, const CTarget& target,
                       Piece* piece) noexcept;

/// Two hexadecimal digits (0-9, A-F) for each byte.
SqlState hex_to_char(std::string_view bytes, const CTarget& target, Piece* piece) noexcept;
SqlState hex_to_wchar(std::string_view bytes, const CTarget& target, Piece* piece) noexcept;

SqlState bytes_to_binary(std::string_view bytes, const CTarget& target, Piece* piece) noexcept;

}  // namespace driver::convert
