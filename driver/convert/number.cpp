#include "driver/convert/number.h"

#include <algorithm>
#include <array>
#include <cfloat>
#include <charconv>
#include <cmath>
#include <optional>

#include "driver/convert/target.h"

namespace driver::convert {
namespace {

constexpr int kNumericDigits = 38;  // SQL_NUMERIC_STRUCT holds any number of so many
constexpr double kTwoTo64 = 18446744073709551616.0;
constexpr double kTwoTo63 = 9223372036854775808.0;
constexpr unsigned kAsManyAsItTakes = 31;

Whole whole_of_real(double value) {
  const double whole = std::trunc(value);
  if (!(whole >= -kTwoTo63 && whole < kTwoTo64)) return {SqlState::k22003};
  return {whole == value ? SqlState::k00000 : SqlState::k01S07, value < 0,
          static_cast<std::uint64_t>(std::fabs(whole))};
}

Whole whole_of_text(std::string_view text) {
  const std::optional<DecimalText> number = parse_decimal(text);
  if (!number) return {SqlState::k22018};
  const Scaled whole = scaled(*number, 0);
  if (whole.overflow || whole.magnitude > ~std::uint64_t{0}) return {SqlState::k22003};
  return {whole.cut ? SqlState::k01S07 : SqlState::k00000, number->negative,
          static_cast<std::uint64_t>(whole.magnitude)};
}

/// Plain digits, which is what nearly every text of a number is.
bool short_integer(std::string_view text, std::uint64_t& magnitude) {
  constexpr std::size_t kSafe = 19;
  if (text.empty() || text.size() > kSafe) return false;
  magnitude = 0;
  for (const char c : text) {
    const auto digit = static_cast<unsigned char>(c - '0');
    if (digit > 9) return false;
    magnitude = magnitude * 10 + digit;
  }
  return true;
}

template <class Real>
SqlState real_of_text(std::string_view text, Real& out) {
  switch (parse_real(text, out)) {
    case RealState::kDone:
      return SqlState::k00000;
    case RealState::kNoNumber:
      return SqlState::k22018;
    case RealState::kOutOfRange:
      break;
  }
  return SqlState::k22003;
}

double with_sign(const Number& number) {
  const auto value = static_cast<double>(number.magnitude);
  return number.negative ? -value : value;
}

Unsigned128 power_of_ten(int exponent) {
  Unsigned128 power = 1;
  for (int index = 0; index < exponent; ++index) power *= 10;
  return power;
}

SqlState numeric_of_text(std::string_view text, int precision, int scale, SQL_NUMERIC_STRUCT& out) {
  const std::optional<DecimalText> number = parse_decimal(text);
  if (!number) return SqlState::k22018;
  const Scaled value = scaled(*number, scale);
  const bool too_long = precision <= kNumericDigits && value.magnitude >= power_of_ten(precision);
  if (value.overflow || value.cut_whole || too_long) return SqlState::k22003;
  out = {};
  out.precision = static_cast<SQLCHAR>(precision);
  out.scale = static_cast<SQLSCHAR>(scale);
  out.sign = number->negative && value.magnitude != 0 ? 0 : 1;
  Unsigned128 rest = value.magnitude;
  for (auto& byte : out.val) {
    byte = static_cast<SQLCHAR>(rest & 0xFFU);
    rest >>= 8U;
  }
  return value.cut ? SqlState::k01S07 : SqlState::k00000;
}

template <class Integer>
SqlState put_integer(const Number& number, const CTarget& target) {
  const Whole whole = whole_of(number);
  if (!(whole.state == SqlState::k00000 || whole.state == SqlState::k01S07)) return whole.state;
  Integer value{};
  if (!narrow(whole.negative, whole.magnitude, value)) return SqlState::k22003;
  return put(target, value, whole.state);
}

template <class Real>
SqlState put_real(const Number& number, const CTarget& target) {
  Real value{};
  const SqlState state = real_of(number, value);
  return state == SqlState::k00000 ? put(target, value) : state;
}

SqlState put_bit(const Number& number, const CTarget& target) {
  std::uint8_t bit = 0;
  const SqlState state = bit_of(number, bit);
  return stored(state) ? put(target, bit, state) : state;
}

SqlState put_numeric(const Number& number, const CTarget& target) {
  SQL_NUMERIC_STRUCT value{};
  const SqlState state = numeric_of(number, target.precision, target.scale, value);
  return stored(state) ? put(target, value, state) : state;
}

}  // namespace

Number Number::of(std::int64_t value) noexcept {
  const auto bits = static_cast<std::uint64_t>(value);
  return {.negative = value < 0, .magnitude = value < 0 ? 0 - bits : bits, .text = {}};
}
Number Number::of(std::uint64_t value) noexcept { return {.magnitude = value, .text = {}}; }
Number Number::of(double value) noexcept {
  return {.kind = Kind::kReal, .real = value, .text = {}};
}
Number Number::of(float value) noexcept {
  return {.kind = Kind::kReal, .single = true, .real = static_cast<double>(value), .text = {}};
}
Number Number::of(std::string_view text) noexcept { return {.kind = Kind::kText, .text = text}; }

Whole whole_of(const Number& number) noexcept {
  switch (number.kind) {
    case Number::Kind::kInteger:
      return {SqlState::k00000, number.negative, number.magnitude};
    case Number::Kind::kReal:
      return whole_of_real(number.real);
    case Number::Kind::kText:
      break;
  }
  const bool minus = !number.text.empty() && number.text.front() == '-';
  std::uint64_t magnitude = 0;
  if (short_integer(number.text.substr(minus ? 1 : 0), magnitude)) {
    return {SqlState::k00000, minus, magnitude};
  }
  return whole_of_text(number.text);
}

SqlState real_of(const Number& number, double& out) noexcept {
  if (number.kind == Number::Kind::kText) return real_of_text(number.text, out);
  out = number.kind == Number::Kind::kReal ? number.real : with_sign(number);
  return SqlState::k00000;
}

SqlState real_of(const Number& number, float& out) noexcept {
  if (number.kind == Number::Kind::kText) return real_of_text(number.text, out);
  const double value = number.kind == Number::Kind::kReal ? number.real : with_sign(number);
  if (std::isfinite(value) && std::fabs(value) > double{FLT_MAX}) return SqlState::k22003;
  out = static_cast<float>(value);
  return SqlState::k00000;
}

SqlState numeric_of(const Number& number, int precision, int scale,
                    SQL_NUMERIC_STRUCT& out) noexcept {
  if (precision <= 0) precision = kNumericDigits;
  if (number.kind == Number::Kind::kReal && !std::isfinite(number.real)) return SqlState::k22003;
  std::array<char, kRealText> scratch;
  return numeric_of_text(format_number(number, scratch.data()), precision, scale, out);
}

SqlState bit_of(const Number& number, std::uint8_t& out) noexcept {
  const Whole whole = whole_of(number);
  if (!stored(whole.state)) return whole.state;
  const bool below_zero =
      whole.negative && (whole.magnitude != 0 || whole.state != SqlState::k00000);
  if (below_zero || whole.magnitude > 1) return SqlState::k22003;
  out = static_cast<std::uint8_t>(whole.magnitude);
  return whole.state;
}

std::string_view format_numeric(const SQL_NUMERIC_STRUCT& value, char* out) noexcept {
  constexpr int kLargestScale = 100;
  const int scale = value.scale;
  if (value.sign > 1 || scale > kLargestScale || scale < -kLargestScale) return {};
  Unsigned128 rest = 0;
  for (int index = SQL_MAX_NUMERIC_LEN - 1; index >= 0; --index) {
    rest = (rest << 8U) | value.val[index];
  }
  std::array<char, 40> reversed;
  int digits = 0;
  for (; rest != 0; rest /= 10) {
    reversed[static_cast<std::size_t>(digits++)] =
        static_cast<char>('0' + static_cast<int>(rest % 10));
  }
  char* end = out;
  if (value.sign == 0 && digits != 0) *end++ = '-';
  for (int place = std::max(digits, std::max(scale, 0) + 1) - 1; place >= 0; --place) {
    *end++ = place < digits ? reversed[static_cast<std::size_t>(place)] : '0';
    if (place == scale && place != 0) *end++ = '.';
  }
  for (int zeros = scale; zeros < 0 && digits != 0; ++zeros) *end++ = '0';
  return {out, static_cast<std::size_t>(end - out)};
}

std::string_view format_number(const Number& number, char* out) noexcept {
  if (number.kind == Number::Kind::kText) return number.text;
  if (number.kind == Number::Kind::kReal) {
    return number.single ? format_real(static_cast<float>(number.real), kAsManyAsItTakes, out)
                         : format_real(number.real, kAsManyAsItTakes, out);
  }
  out[0] = '-';
  char* digits = out + (number.negative ? 1 : 0);
  const auto end = std::to_chars(digits, out + kRealText, number.magnitude);
  return {out, static_cast<std::size_t>(end.ptr - out)};
}

SqlState number_to_c(const Number& number, const CTarget& target) noexcept {
  switch (target.c_type) {
    case SQL_C_STINYINT:
    case SQL_C_TINYINT:
      return put_integer<SQLSCHAR>(number, target);
    case SQL_C_UTINYINT:
      return put_integer<SQLCHAR>(number, target);
    case SQL_C_SSHORT:
    case SQL_C_SHORT:
      return put_integer<SQLSMALLINT>(number, target);
    case SQL_C_USHORT:
      return put_integer<SQLUSMALLINT>(number, target);
    case SQL_C_SLONG:
    case SQL_C_LONG:
      return put_integer<SQLINTEGER>(number, target);
    case SQL_C_ULONG:
      return put_integer<SQLUINTEGER>(number, target);
    case SQL_C_SBIGINT:
      return put_integer<SQLBIGINT>(number, target);
    case SQL_C_UBIGINT:
      return put_integer<SQLUBIGINT>(number, target);
    case SQL_C_FLOAT:
      return put_real<SQLREAL>(number, target);
    case SQL_C_DOUBLE:
      return put_real<SQLDOUBLE>(number, target);
    case SQL_C_BIT:
      return put_bit(number, target);
    case SQL_C_NUMERIC:
      return put_numeric(number, target);
    default:
      return SqlState::k07006;
  }
}

}  // namespace driver::convert
