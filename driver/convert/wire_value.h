// What a cell holds, whichever protocol brought it. Pure functions, any thread, no allocation.
#pragma once

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
