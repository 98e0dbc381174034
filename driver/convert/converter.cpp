#include "driver/convert/converter.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "driver/convert/datetime.h"
#include "driver/convert/target.h"
#include "driver/convert/text.h"
#include "driver/convert/wire_value.h"

namespace driver::convert {
namespace {

using fabric::mysql::WireType;

template <class Wire, class Value>
SqlState binary_integer(const Column&, RowFormat, const Cell& cell,
                        const CTarget& target) noexcept {
  if (cell.null()) return set_null(target);
  if (cell.size != sizeof(Wire)) return SqlState::kHY000;
  Wire wire{};
  std::memcpy(&wire, cell.data, sizeof wire);
  if (!std::in_range<Value>(wire)) return SqlState::k22003;
  return put(target, static_cast<Value>(wire));
}

/// Characters as they lie in memory, the first in the lowest byte.
template <class Word>
Word word_at(const std::uint8_t* text) noexcept {
  static_assert(std::endian::native == std::endian::little);
  Word word = 0;
  std::memcpy(&word, text, sizeof word);
  return word;
}

/// In each byte that of its digit and the next one's as a number.
template <class Word>
constexpr Word in_pairs(Word values) noexcept {
  return values * 10 + (values >> 8U);
}

/// The characters '0' to '9' without it are their values.
constexpr std::uint64_t kZeros = 0x3030303030303030;

/// The number of eight digits' values.
constexpr std::uint64_t number_of(std::uint64_t values) noexcept {
  constexpr std::uint64_t kEveryFourth = 0x000000FF000000FF;
  constexpr std::uint64_t kFirstAndThird = 100 + (std::uint64_t{1'000'000} << 32U);
  constexpr std::uint64_t kSecondAndFourth = 1 + (std::uint64_t{10'000} << 32U);
  const std::uint64_t pairs = in_pairs(values);
  return ((pairs & kEveryFourth) * kFirstAndThird +
          ((pairs >> 16U) & kEveryFourth) * kSecondAndFourth) >>
         32U;
}

constexpr bool all_digits(std::uint64_t values) noexcept {
  constexpr std::uint64_t kAboveNine = 0x7676767676767676;  // 10 and more reach the highest bit
  return (((values + kAboveNine) | values) & 0x8080808080808080) == 0;
}

template <class Value>
SqlState text_integer(const Column& column, RowFormat format, const Cell& cell,
                      const CTarget& target) noexcept {
  if (cell.null()) return set_null(target);
  constexpr std::ptrdiff_t kSafeDigits = 18;
  const bool negative = cell.size > 0 && cell.data[0] == '-';
  const std::uint8_t* const end = cell.data + cell.size;
  const std::uint8_t* at = cell.data + (negative ? 1 : 0);
  if (at == end || end - at > kSafeDigits) return to_c(column, format, cell, target, nullptr);
  std::uint64_t magnitude = 0;
  if (end - at >= 8) {
    const std::uint64_t values = word_at<std::uint64_t>(at) ^ kZeros;
    if (!all_digits(values)) return to_c(column, format, cell, target, nullptr);
    magnitude = number_of(values);
    at += 8;
  }
  for (; at != end; ++at) {
    const unsigned digit = *at - unsigned{'0'};
    if (digit > 9) return to_c(column, format, cell, target, nullptr);
    magnitude = magnitude * 10 + digit;
  }
  const auto value = static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
  return std::in_range<Value>(value) ? put(target, static_cast<Value>(value))
                                     : to_c(column, format, cell, target, nullptr);
}

template <class Real>
SqlState binary_real(const Column&, RowFormat, const Cell& cell, const CTarget& target) noexcept {
  if (cell.null()) return set_null(target);
  if (cell.size != sizeof(Real)) return SqlState::kHY000;
  Real value{};
  std::memcpy(&value, cell.data, sizeof value);
  return put(target, value);
}

/// Digits with a point among them, so few that their quotient as DOUBLE is the nearest one; nothing
/// for all else.
std::optional<double> short_decimal(std::string_view text) noexcept {
  constexpr std::size_t kExactDigits = 15;
  static constexpr std::array kPowers{1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                      1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.size() > kExactDigits + 1) return std::nullopt;
  std::uint64_t digits = 0;
  const char* const end = text.data() + text.size();
  const char* behind = nullptr;  // the point
  for (const char* at = text.data(); at != end; ++at) {
    const unsigned digit = static_cast<unsigned char>(*at) - unsigned{'0'};
    if (digit <= 9) {
      digits = digits * 10 + digit;
    } else if (*at == '.' && behind == nullptr) {
      behind = at + 1;
    } else {
      return std::nullopt;
    }
  }
  const std::size_t count = text.size() - (behind == nullptr ? 0 : 1);
  if (count == 0 || count > kExactDigits) return std::nullopt;
  const auto behind_point = static_cast<std::size_t>(behind == nullptr ? 0 : end - behind);
  const double value = static_cast<double>(digits) / kPowers[behind_point];
  return negative ? -value : value;
}

template <class Real>
[[gnu::noinline]] SqlState any_text_real(const Column& column, RowFormat format, const Cell& cell,
                                         const CTarget& target) noexcept {
  const std::string_view text = bytes_of(cell);
  const char* const end = text.data() + text.size();
  Real value{};
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  const bool number = error == std::errc() && rest == end && std::isfinite(value);
  return number ? put(target, value) : to_c(column, format, cell, target, nullptr);
}

template <class Real>
SqlState text_real(const Column& column, RowFormat format, const Cell& cell,
                   const CTarget& target) noexcept {
  if (cell.null()) return set_null(target);
  if constexpr (std::is_same_v<Real, double>) {
    if (const auto value = short_decimal(bytes_of(cell))) return put(target, *value);
  }
  return any_text_real<Real>(column, format, cell, target);
}

SqlState moment_struct(const Column& column, RowFormat format, const Cell& cell,
                       const CTarget& target) noexcept {
  if (cell.null()) return set_null(target);
  const std::optional<Moment> moment = wire_moment(column, format, cell);
  return moment ? moment_to_c(*moment, MomentSource::kTyped, target) : SqlState::kHY000;
}

/// Without a call where it is as short as most: two words that may overlap.
void copy(const Cell& cell, std::uint8_t* to) noexcept {
  struct Sixteen {
    std::uint64_t first, second;
  };
  const auto both_ends = [&]<class Word>(Word) {
    Word first;
    Word last;
    std::memcpy(&first, cell.data, sizeof first);
    std::memcpy(&last, cell.data + cell.size - sizeof last, sizeof last);
    std::memcpy(to, &first, sizeof first);
    std::memcpy(to + cell.size - sizeof last, &last, sizeof last);
  };
  if (cell.size > 2 * sizeof(Sixteen)) {
    std::memcpy(to, cell.data, cell.size);
  } else if (cell.size >= sizeof(Sixteen)) {
    both_ends(Sixteen{});
  } else if (cell.size >= 8) {
    both_ends(std::uint64_t{});
  } else if (cell.size >= 4) {
    both_ends(std::uint32_t{});
  } else {
    for (std::size_t i = 0; i < cell.size; ++i) to[i] = cell.data[i];
  }
}

/// What lies on the wire as the text that is wanted.
template <Cut cut>
SqlState own_chars(const Column&, RowFormat, const Cell& cell, const CTarget& target) noexcept {
  if (cell.null()) return set_null(target);
  if (cut == Cut::kInFraction && cell.size == 0) return SqlState::kHY000;
  if (target.buffer == nullptr || static_cast<SQLLEN>(cell.size) >= target.capacity) {
    return text_to_char(bytes_of(cell), cut, target, nullptr);
  }
  copy(cell, static_cast<std::uint8_t*>(target.buffer));
  static_cast<char*>(target.buffer)[cell.size] = '\0';
  set_length(target, cell.size);
  return SqlState::k00000;
}

template <Cut cut>
SqlState own_wide_chars(const Column&, RowFormat, const Cell& cell,
                        const CTarget& target) noexcept {
  if (cell.null()) return set_null(target);
  if (cut == Cut::kInFraction && cell.size == 0) return SqlState::kHY000;
  return text_to_wchar(bytes_of(cell), cut, target, nullptr);
}

template <bool wide>
SqlState formatted(const Column& column, RowFormat format, const Cell& cell,
                   const CTarget& target) noexcept {
  if (cell.null()) return set_null(target);
  std::array<char, kWireText> scratch;
  const std::string_view text = wire_text(column, format, cell, scratch.data());
  if (text.empty()) return SqlState::kHY000;
  return wide ? text_to_wchar(text, Cut::kInFraction, target, nullptr)
              : text_to_char(text, Cut::kInFraction, target, nullptr);
}

bool usual(const SQL_TIMESTAMP_STRUCT& moment) {
  return moment.month != 0 && moment.day != 0 && moment.hour <= 23 && moment.minute <= 59 &&
         moment.second <= 59;
}

/// A DATETIME or TIMESTAMP as it is in most rows.
SqlState binary_timestamp(const Column& column, RowFormat format, const Cell& cell,
                          const CTarget& target) noexcept {
  constexpr std::size_t kSeconds = 7;
  if (cell.size != kSeconds) return moment_struct(column, format, cell, target);
  const std::uint8_t* const data = cell.data;
  const SQL_TIMESTAMP_STRUCT moment{static_cast<SQLSMALLINT>(data[0] | data[1] << 8U),
                                    data[2],
                                    data[3],
                                    data[4],
                                    data[5],
                                    data[6],
                                    0};
  return usual(moment) ? put(target, moment) : moment_struct(column, format, cell, target);
}

/// The values of digits that stand in `text` as in `form`, which has 0 in their places.
template <class Word>
Word values_in(const std::uint8_t* text, const char* form, bool& formed) noexcept {
  constexpr auto kHighest = static_cast<Word>(0x8080808080808080);
  const Word expected = word_at<Word>(reinterpret_cast<const std::uint8_t*>(form));
  // What reaches the highest bit of a byte is above 9, or no mark as it stands there.
  Word above = 0;
  for (std::size_t i = 0; i < sizeof(Word); ++i) {
    above |= static_cast<Word>(form[i] == '0' ? 0x76U : 0x7FU) << i * 8;
  }
  const Word values = word_at<Word>(text) ^ expected;
  formed &= (((values + above) | values) & kHighest) == 0;
  return values;
}

/// Likewise.
SqlState text_timestamp(const Column& column, RowFormat format, const Cell& cell,
                        const CTarget& target) noexcept {
  constexpr char kForm[] = "0000-00-00 00:00:00";
  constexpr std::size_t kSize = sizeof kForm - 1;
  if (cell.size != kSize) return moment_struct(column, format, cell, target);
  bool formed = true;
  const std::uint64_t date = in_pairs(values_in<std::uint64_t>(cell.data, kForm, formed));
  const std::uint64_t time = in_pairs(values_in<std::uint64_t>(cell.data + 8, kForm + 8, formed));
  const std::uint64_t end =
      in_pairs(values_in<std::uint32_t>(cell.data + kSize - 4, kForm + kSize - 4, formed));
  const auto at = [](std::uint64_t pairs, unsigned byte) {
    return static_cast<SQLUSMALLINT>(pairs >> byte * 8 & 0xFFU);
  };
  const SQL_TIMESTAMP_STRUCT moment{static_cast<SQLSMALLINT>(at(date, 0) * 100 + at(date, 2)),
                                    at(date, 5),
                                    at(time, 0),
                                    at(time, 3),
                                    at(time, 6),
                                    at(end, 2),
                                    0};
  return formed && usual(moment) ? put(target, moment)
                                 : moment_struct(column, format, cell, target);
}

template <class Value>
Converter integer_into(const Column& column, RowFormat format) noexcept {
  if (format == RowFormat::kText) return text_integer<Value>;
  const bool is_unsigned = column.is_unsigned();
  switch (column.type) {
    case WireType::kTiny:
      return is_unsigned ? binary_integer<std::uint8_t, Value> : binary_integer<std::int8_t, Value>;
    case WireType::kYear:
      return binary_integer<std::uint16_t, Value>;
    case WireType::kShort:
      return is_unsigned ? binary_integer<std::uint16_t, Value>
                         : binary_integer<std::int16_t, Value>;
    case WireType::kInt24:
    case WireType::kLong:
      return is_unsigned ? binary_integer<std::uint32_t, Value>
                         : binary_integer<std::int32_t, Value>;
    case WireType::kLongLong:
      return is_unsigned ? binary_integer<std::uint64_t, Value>
                         : binary_integer<std::int64_t, Value>;
    default:
      return nullptr;
  }
}

Converter of_integer(const Column& column, RowFormat format, SQLSMALLINT c_type) noexcept {
  switch (c_type) {
    case SQL_C_STINYINT:
    case SQL_C_TINYINT:
      return integer_into<SQLSCHAR>(column, format);
    case SQL_C_UTINYINT:
      return integer_into<SQLCHAR>(column, format);
    case SQL_C_SSHORT:
    case SQL_C_SHORT:
      return integer_into<SQLSMALLINT>(column, format);
    case SQL_C_USHORT:
      return integer_into<SQLUSMALLINT>(column, format);
    case SQL_C_SLONG:
    case SQL_C_LONG:
      return integer_into<SQLINTEGER>(column, format);
    case SQL_C_ULONG:
      return integer_into<SQLUINTEGER>(column, format);
    case SQL_C_SBIGINT:
      return integer_into<std::int64_t>(column, format);
    case SQL_C_UBIGINT:
      return integer_into<std::uint64_t>(column, format);
    default:
      return nullptr;
  }
}

Converter text_to_real(SQLSMALLINT c_type) noexcept {
  if (c_type == SQL_C_DOUBLE) return text_real<double>;
  return c_type == SQL_C_FLOAT ? text_real<float> : nullptr;
}

Converter of_real(const Column& column, RowFormat format, SQLSMALLINT c_type) noexcept {
  if (format == RowFormat::kText) return text_to_real(c_type);
  if (column.type == WireType::kDouble && c_type == SQL_C_DOUBLE) return binary_real<double>;
  if (column.type == WireType::kFloat && c_type == SQL_C_FLOAT) return binary_real<float>;
  return nullptr;
}

Converter into_text(WireKind kind, RowFormat format, bool wide) noexcept {
  switch (kind) {
    case WireKind::kBytes:
    case WireKind::kBits:
      return nullptr;
    case WireKind::kText:
      return wide ? own_wide_chars<Cut::kAnywhere> : own_chars<Cut::kAnywhere>;
    case WireKind::kBit:
      break;
    default:
      if (format == RowFormat::kBinary && kind != WireKind::kDecimal) break;
      return wide ? own_wide_chars<Cut::kInFraction> : own_chars<Cut::kInFraction>;
  }
  return wide ? formatted<true> : formatted<false>;
}

}  // namespace

Converter converter_for(const Column& column, RowFormat format, const CTarget& target) noexcept {
  const SQLSMALLINT c_type = target.c_type;
  if (c_type == SQL_C_DEFAULT || taken_for_text(column, target.rules)) return nullptr;
  if (may_come_as_digits(column)) return nullptr;
  const WireKind kind = wire_kind(column);
  if (c_type == SQL_C_CHAR || c_type == SQL_C_WCHAR) {
    return into_text(kind, format, c_type == SQL_C_WCHAR);
  }
  switch (kind) {
    case WireKind::kInteger:
      return of_integer(column, format, c_type);
    case WireKind::kReal:
      return of_real(column, format, c_type);
    case WireKind::kDecimal:
      return text_to_real(c_type);
    case WireKind::kMoment: {
      const bool timestamp = c_type == SQL_C_TYPE_TIMESTAMP;
      const bool dated = column.type == WireType::kDateTime || column.type == WireType::kTimestamp;
      if (timestamp && dated) {
        return format == RowFormat::kBinary ? binary_timestamp : text_timestamp;
      }
      const bool structure = timestamp || c_type == SQL_C_TYPE_DATE || c_type == SQL_C_TYPE_TIME;
      return structure ? moment_struct : nullptr;
    }
    default:
      return nullptr;
  }
}

}  // namespace driver::convert
