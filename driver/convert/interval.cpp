#include "driver/convert/interval.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "driver/convert/interval_type.h"
#include "driver/convert/target.h"

namespace driver::convert {
namespace {

constexpr std::uint64_t kSecondsPerHour = 3600;

SQLUINTEGER& field_of(SQL_INTERVAL_STRUCT& interval, IntervalField field) {
  auto& months = interval.intval.year_month;
  auto& seconds = interval.intval.day_second;
  const std::array<SQLUINTEGER*, kIntervalFields> all{
      &months.year, &months.month, &seconds.day, &seconds.hour, &seconds.minute, &seconds.second};
  return *all[field];
}

SQL_INTERVAL_STRUCT empty_interval(SQLSMALLINT type, bool negative) {
  SQL_INTERVAL_STRUCT interval{};
  interval.interval_type = static_cast<SQLINTERVAL>(type - SQL_C_INTERVAL_YEAR + SQL_IS_YEAR);
  interval.interval_sign = static_cast<SQLSMALLINT>(negative ? SQL_TRUE : SQL_FALSE);
  return interval;
}

/// One part of a nanosecond count that has `digits` digits.
std::uint32_t fraction_unit(SQLSMALLINT digits) {
  std::uint32_t unit = kNanosPerSecond;
  for (SQLSMALLINT digit = 0; digit < std::clamp<SQLSMALLINT>(digits, 0, 9); ++digit) unit /= 10;
  return unit;
}

/// Seconds with their fraction, or whole units of one field; nullopt: out of every range.
SqlState scaled_number(const Number& number, bool seconds, Scaled& out, bool& negative) {
  std::array<char, kRealText> scratch;
  const auto decimal = parse_decimal(format_number(number, scratch.data()));
  if (!decimal) return SqlState::k22018;
  out = scaled(*decimal, seconds ? 9 : 0);
  negative = decimal->negative && out.magnitude != 0;
  return out.overflow ? SqlState::k22015 : SqlState::k00000;
}

}  // namespace

std::optional<Duration> duration_of(SQLSMALLINT type, const SQL_INTERVAL_STRUCT& interval,
                                    SQLSMALLINT digits) noexcept {
  const IntervalType& row = interval_type(type);
  SQL_INTERVAL_STRUCT copy = interval;
  Duration duration{.negative = interval.interval_sign == SQL_TRUE, .in_months = row.in_months()};
  for (int index = row.first; index <= row.last; ++index) {
    const auto field = static_cast<IntervalField>(index);
    const SQLUINTEGER value = field_of(copy, field);
    if (field != row.first && value > kLargestInterval[field]) return std::nullopt;
    duration.total += value * kIntervalUnits[field];
  }
  if (row.last != kIntervalSecond) return duration;
  const std::uint32_t unit = fraction_unit(digits);
  const SQLUINTEGER fraction = interval.intval.day_second.fraction;
  if (fraction >= kNanosPerSecond / unit) return std::nullopt;
  duration.nanoseconds = fraction * unit;
  return duration;
}

Duration duration_of(const Moment& time) noexcept {
  return {.negative = time.negative,
          .lost_fraction = time.lost_fraction,
          .total = time.hours * kSecondsPerHour + time.minutes * 60ULL + time.seconds,
          .nanoseconds = time.nanoseconds};
}

SqlState duration_to_c(const Duration& duration, const CTarget& target) noexcept {
  const IntervalType& row = interval_type(target.c_type);
  if (row.in_months() != duration.in_months) return SqlState::k07006;
  SQL_INTERVAL_STRUCT interval = empty_interval(target.c_type, duration.negative);
  std::uint64_t rest = duration.total;
  for (int index = row.first; index <= row.last; ++index) {
    const auto field = static_cast<IntervalField>(index);
    const std::uint64_t value = rest / kIntervalUnits[field];
    if (value > std::numeric_limits<SQLUINTEGER>::max()) return SqlState::k22015;
    field_of(interval, field) = static_cast<SQLUINTEGER>(value);
    rest %= kIntervalUnits[field];
  }
  bool cut = rest != 0 || duration.lost_fraction;
  if (row.last == kIntervalSecond) {
    const std::uint32_t unit = fraction_unit(target.seconds_precision);
    interval.intval.day_second.fraction = duration.nanoseconds / unit;
    cut = cut || duration.nanoseconds % unit != 0;
  } else {
    cut = cut || duration.nanoseconds != 0;
  }
  return put(target, interval, cut ? SqlState::k01S07 : SqlState::k00000);
}

SqlState number_to_interval(const Number& number, const CTarget& target) noexcept {
  const IntervalType& row = interval_type(target.c_type);
  if (row.first != row.last) return SqlState::k22015;
  Scaled value;
  bool negative = false;
  const bool seconds = row.last == kIntervalSecond;
  const SqlState state = scaled_number(number, seconds, value, negative);
  if (state != SqlState::k00000) return state;
  const Unsigned128 whole = seconds ? value.magnitude / kNanosPerSecond : value.magnitude;
  if (whole > std::numeric_limits<SQLUINTEGER>::max()) return SqlState::k22015;
  const auto nanoseconds =
      static_cast<std::uint32_t>(seconds ? value.magnitude % kNanosPerSecond : 0);
  return duration_to_c({.negative = negative,
                        .in_months = row.in_months(),
                        .lost_fraction = value.cut,
                        .total = static_cast<std::uint64_t>(whole) * kIntervalUnits[row.first],
                        .nanoseconds = nanoseconds},
                       target);
}

SqlState number_to_duration(const Number& number, SQLSMALLINT type, Duration& out) noexcept {
  const IntervalType& row = interval_type(type);
  if (row.first != row.last || number.kind == Number::Kind::kReal) return SqlState::k07006;
  SQL_INTERVAL_STRUCT interval{};
  SQLLEN length = 0;
  constexpr SQLSMALLINT kAllDigits = 9;
  const CTarget target{.c_type = type,
                       .buffer = &interval,
                       .length = &length,
                       .indicator = &length,
                       .seconds_precision = kAllDigits};
  const SqlState state = number_to_interval(number, target);
  if (state == SqlState::k01S07) return SqlState::k22015;
  if (state == SqlState::k00000) out = *duration_of(type, interval, kAllDigits);
  return state;
}

SqlState duration_to_time(const Duration& duration, SQLSMALLINT type, Moment& out) noexcept {
  const IntervalField last = type == SQL_TYPE_TIME ? kIntervalSecond : interval_type(type).last;
  const std::uint64_t hours = duration.total / kSecondsPerHour;
  const bool cut = duration.total % kIntervalUnits[last] != 0 || duration.lost_fraction ||
                   duration.nanoseconds % kNanosPerMicro != 0 ||
                   (last != kIntervalSecond && duration.nanoseconds != 0);
  if (duration.in_months) return SqlState::k07006;
  if (cut || hours > kLargestHour) return SqlState::k22015;
  out = {.has_time = true,
         .negative = duration.negative,
         .hours = static_cast<unsigned>(hours),
         .minutes = static_cast<unsigned>(duration.total / 60 % 60),
         .seconds = static_cast<unsigned>(duration.total % 60),
         .nanoseconds = duration.nanoseconds};
  return SqlState::k00000;
}

std::string_view number_of_interval(const Duration& duration, SQLSMALLINT type,
                                    char* out) noexcept {
  const IntervalType& row = interval_type(type);
  return row.first == row.last ? format_interval(duration, type, out) : std::string_view{};
}

}  // namespace driver::convert
