#include "driver/convert/decimal_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "driver/text/character.h"

namespace driver::convert {
namespace {

constexpr int kLargestExponent = 100000;
constexpr unsigned kNoDecimals = 31;  // what a server sends for "as many as it takes"

bool all_zero(std::string_view digits) { return digits.find_first_not_of('0') == digits.npos; }

std::string_view take_digits(std::string_view& text) {
  const auto* end = std::find_if_not(text.begin(), text.end(), is_digit);
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

bool take_sign(std::string_view& text) {
  if (text.empty() || (text.front() != '-' && text.front() != '+')) return false;
  const bool negative = text.front() == '-';
  text.remove_prefix(1);
  return negative;
}

/// The exponent behind an 'e', or nullopt when there are no digits.
std::optional<int> take_exponent(std::string_view& text) {
  text.remove_prefix(1);
  const bool negative = take_sign(text);
  const std::string_view digits = take_digits(text);
  if (digits.empty()) return std::nullopt;
  int exponent = 0;
  for (const char digit : digits) {
    exponent = std::min(exponent * 10 + (digit - '0'), kLargestExponent);
  }
  return negative ? -exponent : exponent;
}

bool times_ten_plus(Unsigned128& value, unsigned digit) {
  constexpr Unsigned128 kMost = ~Unsigned128{0};
  if (value > (kMost - digit) / 10) return false;
  value = value * 10 + digit;
  return true;
}

/// How many digits stand before the point once the exponent is applied; negative: zeros behind it.
std::int64_t order_of(const DecimalText& number) {
  const std::size_t zeros = number.whole.find_first_not_of('0');
  if (zeros != std::string_view::npos) {
    return static_cast<std::int64_t>(number.whole.size() - zeros) + number.exponent;
  }
  const std::size_t behind = number.fraction.find_first_not_of('0');
  return number.exponent - static_cast<std::int64_t>(std::min(behind, number.fraction.size()));
}

template <class Real>
RealState parse(std::string_view text, Real& out) {
  const char* end = text.data() + text.size();
  const std::string_view digits = text.substr(!text.empty() && text.front() == '-' ? 1 : 0);
  if (!digits.empty() && is_digit(digits.front())) {
    const auto plain = std::from_chars(text.data(), end, out);
    if (plain.ec == std::errc() && plain.ptr == end) return RealState::kDone;
  }
  text = trim_blanks(text);
  const std::optional<DecimalText> number = parse_decimal(text);
  if (!number) return RealState::kNoNumber;
  if (text.front() == '+') text.remove_prefix(1);
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
  if (result.ec != std::errc::result_out_of_range) return RealState::kDone;
  if (order_of(*number) > 0) return RealState::kOutOfRange;
  out = number->negative ? -Real{0} : Real{0};
  return RealState::kDone;
}

/// 1.5e-07 and 1e+20 become 1.5e-7 and 1e20, as MySQL writes them.
std::size_t shorten_exponent(char* text, std::size_t size) {
  auto* end = text + size;
  auto* mark = std::find(text, end, 'e');
  if (mark == end) return size;
  auto* out = mark + 1;
  const auto* in = mark + 1;
  if (*in == '-') ++out;
  ++in;
  while (in + 1 < end && *in == '0') ++in;
  while (in < end) *out++ = *in++;
  return static_cast<std::size_t>(out - text);
}

template <class Real>
std::string_view format(Real value, unsigned decimals, char* out) {
  const auto size_of = [out](std::to_chars_result result) {
    return static_cast<std::size_t>(result.ptr - out);
  };
  char* end = out + kRealText;
  if (decimals < kNoDecimals) {
    const auto fixed =
        std::to_chars(out, end, value, std::chars_format::fixed, static_cast<int>(decimals));
    return {out, size_of(fixed)};
  }
  const double magnitude = std::fabs(static_cast<double>(value));
  const bool plain = magnitude == 0 || (magnitude >= 1e-5 && magnitude < 1e15);
  const auto form = plain ? std::chars_format::fixed : std::chars_format::scientific;
  const std::size_t size = size_of(std::to_chars(out, end, value, form));
  return {out, plain ? size : shorten_exponent(out, size)};
}

}  // namespace

bool DecimalText::zero() const noexcept { return all_zero(whole) && all_zero(fraction); }

std::string_view trim_blanks(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<DecimalText> parse_decimal(std::string_view text) noexcept {
  text = trim_blanks(text);
  DecimalText number;
  number.negative = take_sign(text);
  number.whole = take_digits(text);
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    number.fraction = take_digits(text);
  }
  if (number.whole.empty() && number.fraction.empty()) return std::nullopt;
  if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
    const std::optional<int> exponent = take_exponent(text);
    if (!exponent) return std::nullopt;
    number.exponent = *exponent;
  }
  if (!text.empty()) return std::nullopt;
  return number;
}

Scaled scaled(const DecimalText& number, int scale) noexcept {
  Scaled result;
  if (number.zero()) return result;
  const std::size_t digits = number.whole.size() + number.fraction.size();
  const auto digit_at = [&number](std::size_t index) {
    const std::size_t before = number.whole.size();
    const char digit = index < before ? number.whole[index] : number.fraction[index - before];
    return static_cast<unsigned>(digit - '0');
  };
  const auto whole = static_cast<std::int64_t>(number.whole.size()) + number.exponent;
  const std::int64_t wanted = whole + scale;
  for (std::size_t index = 0; index < digits; ++index) {
    if (static_cast<std::int64_t>(index) >= wanted) {
      const bool lost = digit_at(index) != 0;
      result.cut = result.cut || lost;
      result.cut_whole = result.cut_whole || (lost && static_cast<std::int64_t>(index) < whole);
    } else if (!times_ten_plus(result.magnitude, digit_at(index))) {
      result.overflow = true;
      return result;
    }
  }
  for (auto index = static_cast<std::int64_t>(digits); index < wanted; ++index) {
    if (times_ten_plus(result.magnitude, 0)) continue;
    result.overflow = true;
    return result;
  }
  return result;
}

RealState parse_real(std::string_view text, double& out) noexcept { return parse(text, out); }
RealState parse_real(std::string_view text, float& out) noexcept { return parse(text, out); }

std::string_view format_real(double value, unsigned decimals, char* out) noexcept {
  return format(value, decimals, out);
}
std::string_view format_real(float value, unsigned decimals, char* out) noexcept {
  return format(value, decimals, out);
}

}  // namespace driver::convert
