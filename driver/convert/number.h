// A number between the wire, or an application's buffer, and its target. Any thread.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "driver/convert/cell_to_c.h"
#include "driver/convert/decimal_text.h"

namespace driver::convert {

struct Number {
  enum class Kind : std::uint8_t { kInteger, kReal, kText };

  Kind kind = Kind::kInteger;
  bool negative = false;        ///< kInteger
  bool single = false;          ///< kReal: `real` came from a float
  std::uint64_t magnitude = 0;  ///< kInteger
  double real = 0;              ///< kReal
  std::string_view text;        ///< kText: checked only when converted

  static Number of(std::int64_t value) noexcept;
  static Number of(std::uint64_t value) noexcept;
  static Number of(double value) noexcept;
  static Number of(float value) noexcept;
  static Number of(std::string_view text) noexcept;
};

/// A number cut to its integer part.
struct Whole {
  SqlState state = SqlState::k00000;  ///< k01S07: a fraction was cut; 22018, 22003: no value
  bool negative = false;
  std::uint64_t magnitude = 0;
};
Whole whole_of(const Number& number) noexcept;

/// k00000, 22018 or 22003.
SqlState real_of(const Number& number, double& out) noexcept;
SqlState real_of(const Number& number, float& out) noexcept;

/// `precision` digits (0: 38), `scale` of them behind the point. k00000, 01S07, 22018 or 22003.
SqlState numeric_of(const Number& number, int precision, int scale,
                    SQL_NUMERIC_STRUCT& out) noexcept;

/// Only 0 and 1 are bits; between 0 and 2 the fraction is cut (01S07), else 22003.
SqlState bit_of(const Number& number, std::uint8_t& out) noexcept;

inline constexpr std::size_t kNumericText = 256;
/// The text of an SQL_NUMERIC_STRUCT into `out` of kNumericText bytes; empty: its sign or scale
/// is not sensible.
std::string_view format_numeric(const SQL_NUMERIC_STRUCT& value, char* out) noexcept;

/// The number as text, its own or written to `out` of kRealText bytes; reals in their shortest
/// form.
std::string_view format_number(const Number& number, char* out) noexcept;

/// Whether `magnitude` with its sign lies within Integer, and the value if so.
template <class Integer>
bool narrow(bool negative, std::uint64_t magnitude, Integer& out) noexcept;

/// To one of the number types of C: integers, SQL_C_BIT, reals, SQL_C_NUMERIC; else 07006.
SqlState number_to_c(const Number& number, const CTarget& target) noexcept;

template <class Integer>
bool narrow(bool negative, std::uint64_t magnitude, Integer& out) noexcept {
  using Limits = std::numeric_limits<Integer>;
  const auto most = static_cast<std::uint64_t>(Limits::max());
  const std::uint64_t least = Limits::is_signed ? most + 1 : 0;
  if (magnitude > (negative ? least : most)) return false;
  out = static_cast<Integer>(negative ? 0 - magnitude : magnitude);
  return true;
}

}  // namespace driver::convert
