// Numbers written as text: [blanks][sign]digits[.digits][e[sign]digits][blanks], exactly.
// Pure functions, any thread, no allocation.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace driver::convert {

__extension__ using Unsigned128 = unsigned __int128;

struct DecimalText {
  bool negative = false;
  std::string_view whole;     ///< digits before the point, possibly with leading zeros
  std::string_view fraction;  ///< digits behind it
  int exponent = 0;           ///< limited to +-100000

  [[nodiscard]] bool zero() const noexcept;
};

/// nullopt when the text is no numeric literal.
std::optional<DecimalText> parse_decimal(std::string_view text) noexcept;

struct Scaled {
  Unsigned128 magnitude = 0;  ///< the number times 10^scale, cut towards zero
  bool cut = false;           ///< digits other than zero were cut
  bool cut_whole = false;     ///< one of them stands before the point
  bool overflow = false;      ///< more than 128 bits: the other fields mean nothing
};
Scaled scaled(const DecimalText& number, int scale) noexcept;

enum class RealState : std::uint8_t { kDone, kNoNumber, kOutOfRange };
/// Correctly rounded; a number too small for the type is zero.
RealState parse_real(std::string_view text, double& out) noexcept;
RealState parse_real(std::string_view text, float& out) noexcept;

std::string_view trim_blanks(std::string_view text) noexcept;

inline constexpr std::size_t kRealText = 400;
/// The shortest text that reads back as the same number, plain between 1e-5 and 1e15, else like
/// 1.5e-7; with `decimals` below 31 exactly so many places, as MySQL shows FLOAT(7,2).
/// `out` holds kRealText bytes.
std::string_view format_real(double value, unsigned decimals, char* out) noexcept;
std::string_view format_real(float value, unsigned decimals, char* out) noexcept;

}  // namespace driver::convert
