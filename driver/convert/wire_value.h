// What a cell holds, whichever protocol brought it. Pure functions, any thread, no allocation.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "driver/convert/moment.h"
#include "driver/convert/number.h"
#include "fabric/mysql/reply.h"

namespace driver::convert {

enum class WireKind : std::uint8_t {
  kInteger,
  kReal,
  kDecimal,
  kMoment,  ///< DATE, TIME, DATETIME, TIMESTAMP
  kText,    ///< characters in UTF-8
  kBytes,
  kBit,  ///< BIT(1)
  kBits  ///< BIT(2) to BIT(64): bytes, and a number as well
};
WireKind wire_kind(const Column& column) noexcept;

inline std::string_view bytes_of(const Cell& cell) noexcept {
  return {reinterpret_cast<const char*>(cell.data), cell.size};
}

/// BINARY, which no BIT(n) of a table has.
inline constexpr std::uint16_t kExpressionFlag = 128;
/// Whether values of this BIT(n) may come as digits: they are an expression's.
bool may_come_as_digits(const Column& column) noexcept;

using BitBytes = std::array<std::uint8_t, sizeof(std::uint64_t)>;
/// A BIT(n) that came as decimal digits, as servers send expressions and output parameters, with
/// the bytes that a column's would have, which are put into `room`. Else the cell as it is.
Cell bits_of_digits(const Column& column, const Cell& cell, BitBytes& room) noexcept;

/// The number in a cell of kInteger, kReal, kDecimal, kBit or kBits; nullopt: malformed.
std::optional<Number> wire_number(const Column& column, RowFormat format,
                                  const Cell& cell) noexcept;
/// The moment in a cell of kMoment; nullopt: malformed.
std::optional<Moment> wire_moment(const Column& column, RowFormat format,
                                  const Cell& cell) noexcept;

inline constexpr std::size_t kWireText = kRealText;
/// The text of a cell of kInteger, kReal, kDecimal, kMoment or kBit, as MySQL writes it: the
/// cell's own or written to `out` of kWireText bytes. Empty: malformed.
std::string_view wire_text(const Column& column, RowFormat format, const Cell& cell,
                           char* out) noexcept;

}  // namespace driver::convert
