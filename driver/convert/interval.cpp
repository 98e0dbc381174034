// The interval structures of ODBC; MySQL has no such type, a TIME is the nearest.
#include <algorithm>
#include <array>
#include <cstddef>

#include "driver/convert/datetime.h"
#include "driver/convert/target.h"

namespace driver::convert {
namespace {

constexpr std::uint32_t kNanosPerMicro = 1000;
constexpr std::uint64_t kSecondsPerHour = 3600;

enum Field : std::uint8_t { kDay, kHour, kMinute, kSecond, kFields };
constexpr std::array<std::uint64_t, kFields> kSeconds{86400, 3600, 60, 1};

struct IntervalRow {
  SQLSMALLINT c_type;
  Field first, last;
};
constexpr std::array kDayTimeIntervals{
    IntervalRow{SQL_C_INTERVAL_DAY, kDay, kDay},
    IntervalRow{SQL_C_INTERVAL_HOUR, kHour, kHour},
    IntervalRow{SQL_C_INTERVAL_MINUTE, kMinute, kMinute},
    IntervalRow{SQL_C_INTERVAL_SECOND, kSecond, kSecond},
    IntervalRow{SQL_C_INTERVAL_DAY_TO_HOUR, kDay, kHour},
    IntervalRow{SQL_C_INTERVAL_DAY_TO_MINUTE, kDay, kMinute},
    IntervalRow{SQL_C_INTERVAL_DAY_TO_SECOND, kDay, kSecond},
    IntervalRow{SQL_C_INTERVAL_HOUR_TO_MINUTE, kHour, kMinute},
    IntervalRow{SQL_C_INTERVAL_HOUR_TO_SECOND, kHour, kSecond},
    IntervalRow{SQL_C_INTERVAL_MINUTE_TO_SECOND, kMinute, kSecond}};

const IntervalRow* find_row(SQLSMALLINT c_type) {
  const auto* row =
      std::find_if(kDayTimeIntervals.begin(), kDayTimeIntervals.end(),
                   [c_type](const IntervalRow& each) { return each.c_type == c_type; });
  return row == kDayTimeIntervals.end() ? nullptr : row;
}

SQLUINTEGER& field_of(SQL_INTERVAL_STRUCT& interval, Field field) {
  auto& fields = interval.intval.day_second;
  const std::array<SQLUINTEGER*, kFields> all{&fields.day, &fields.hour, &fields.minute,
                                              &fields.second};
  return *all[field];
}

SQL_INTERVAL_STRUCT empty_interval(SQLSMALLINT c_type, bool negative) {
  SQL_INTERVAL_STRUCT interval{};
  interval.interval_type = static_cast<SQLINTERVAL>(c_type - SQL_C_INTERVAL_YEAR + SQL_IS_YEAR);
  interval.interval_sign = static_cast<SQLSMALLINT>(negative ? SQL_TRUE : SQL_FALSE);
  return interval;
}

}  // namespace

SqlState time_to_interval(const Moment& moment, const CTarget& target) noexcept {
  const IntervalRow* row = find_row(target.c_type);
  if (row == nullptr || moment.has_date || !moment.has_time) return SqlState::k07006;
  if (moment.minutes > 59 || moment.seconds > 59) return SqlState::k22007;
  std::uint64_t rest = moment.hours * kSecondsPerHour + moment.minutes * 60 + moment.seconds;
  SQL_INTERVAL_STRUCT interval = empty_interval(target.c_type, moment.negative);
  for (int index = row->first; index <= row->last; ++index) {
    const auto field = static_cast<Field>(index);
    field_of(interval, field) = static_cast<SQLUINTEGER>(rest / kSeconds[field]);
    rest %= kSeconds[field];
  }
  bool cut = rest != 0 || moment.lost_fraction;
  if (row->last == kSecond) {
    interval.intval.day_second.fraction = moment.nanoseconds / kNanosPerMicro;
    cut = cut || moment.nanoseconds % kNanosPerMicro != 0;
  } else {
    cut = cut || moment.nanoseconds != 0;
  }
  return put(target, interval, cut ? SqlState::k01S07 : SqlState::k00000);
}

SqlState number_to_interval(const Number& number, const CTarget& target) noexcept {
  const Whole whole = whole_of(number);
  if (!stored(whole.state)) return whole.state == SqlState::k22003 ? SqlState::k22015 : whole.state;
  SQLUINTEGER value = 0;
  if (!narrow(false, whole.magnitude, value)) return SqlState::k22015;
  SQL_INTERVAL_STRUCT interval = empty_interval(target.c_type, whole.negative);
  const IntervalRow* row = find_row(target.c_type);
  if (target.c_type == SQL_C_INTERVAL_YEAR) {
    interval.intval.year_month.year = value;
  } else if (target.c_type == SQL_C_INTERVAL_MONTH) {
    interval.intval.year_month.month = value;
  } else if (row != nullptr && row->first == row->last) {
    field_of(interval, row->first) = value;
  } else {
    return SqlState::k07006;
  }
  return put(target, interval, whole.state);
}

std::optional<Moment> moment_of_interval(SQLSMALLINT c_type,
                                         const SQL_INTERVAL_STRUCT& interval) noexcept {
  const IntervalRow* row = find_row(c_type);
  if (row == nullptr) return std::nullopt;
  SQL_INTERVAL_STRUCT copy = interval;
  std::uint64_t total = 0;
  for (int index = row->first; index <= row->last; ++index) {
    const auto field = static_cast<Field>(index);
    total += field_of(copy, field) * kSeconds[field];
  }
  constexpr SQLUINTEGER kMicrosPerSecond = 1000000;
  const SQLUINTEGER micros = row->last == kSecond ? interval.intval.day_second.fraction : 0;
  const std::uint64_t hours = total / kSecondsPerHour;
  if (micros >= kMicrosPerSecond || hours > 0xFFFFFFFFU) return std::nullopt;
  return Moment{.has_time = true,
                .negative = interval.interval_sign == SQL_TRUE,
                .hours = static_cast<unsigned>(hours),
                .minutes = static_cast<unsigned>(total / 60 % 60),
                .seconds = static_cast<unsigned>(total % 60),
                .nanoseconds = micros * kNanosPerMicro};
}

std::optional<Number> number_of_interval(SQLSMALLINT c_type,
                                         const SQL_INTERVAL_STRUCT& interval) noexcept {
  const IntervalRow* row = find_row(c_type);
  SQL_INTERVAL_STRUCT copy = interval;
  std::int64_t value = 0;
  if (c_type == SQL_C_INTERVAL_YEAR) {
    value = interval.intval.year_month.year;
  } else if (c_type == SQL_C_INTERVAL_MONTH) {
    value = interval.intval.year_month.month;
  } else if (row != nullptr && row->first == row->last) {
    value = field_of(copy, row->first);
  } else {
    return std::nullopt;
  }
  return Number::of(interval.interval_sign == SQL_TRUE ? -value : value);
}

}  // namespace driver::convert
