// The thirteen intervals as rows: their first and last field. Constant data; shared by what reads
// and writes their structures and their texts.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace driver::convert {

enum IntervalField : std::uint8_t {
  kIntervalYear,
  kIntervalMonth,
  kIntervalDay,
  kIntervalHour,
  kIntervalMinute,
  kIntervalSecond,
  kIntervalFields
};
/// In months or seconds.
inline constexpr std::array<std::uint64_t, kIntervalFields> kIntervalUnits{12,   1,  86400,
                                                                           3600, 60, 1};
/// Of a field that is not the leading one.
inline constexpr std::array<std::uint64_t, kIntervalFields> kLargestInterval{0, 11, 0, 23, 59, 59};
inline constexpr std::uint32_t kNanosPerSecond = 1000000000;

struct IntervalType {
  SQLSMALLINT type;
  IntervalField first, last;

  [[nodiscard]] constexpr bool in_months() const { return last <= kIntervalMonth; }
};
inline constexpr std::array kIntervalTypes{
    IntervalType{SQL_C_INTERVAL_YEAR, kIntervalYear, kIntervalYear},
    IntervalType{SQL_C_INTERVAL_MONTH, kIntervalMonth, kIntervalMonth},
    IntervalType{SQL_C_INTERVAL_DAY, kIntervalDay, kIntervalDay},
    IntervalType{SQL_C_INTERVAL_HOUR, kIntervalHour, kIntervalHour},
    IntervalType{SQL_C_INTERVAL_MINUTE, kIntervalMinute, kIntervalMinute},
    IntervalType{SQL_C_INTERVAL_SECOND, kIntervalSecond, kIntervalSecond},
    IntervalType{SQL_C_INTERVAL_YEAR_TO_MONTH, kIntervalYear, kIntervalMonth},
    IntervalType{SQL_C_INTERVAL_DAY_TO_HOUR, kIntervalDay, kIntervalHour},
    IntervalType{SQL_C_INTERVAL_DAY_TO_MINUTE, kIntervalDay, kIntervalMinute},
    IntervalType{SQL_C_INTERVAL_DAY_TO_SECOND, kIntervalDay, kIntervalSecond},
    IntervalType{SQL_C_INTERVAL_HOUR_TO_MINUTE, kIntervalHour, kIntervalMinute},
    IntervalType{SQL_C_INTERVAL_HOUR_TO_SECOND, kIntervalHour, kIntervalSecond},
    IntervalType{SQL_C_INTERVAL_MINUTE_TO_SECOND, kIntervalMinute, kIntervalSecond}};

/// Only for a type that is_interval_type() knows.
constexpr const IntervalType& interval_type(SQLSMALLINT type) {
  return kIntervalTypes[static_cast<std::size_t>(type - SQL_C_INTERVAL_YEAR)];
}
static_assert(interval_type(SQL_C_INTERVAL_DAY_TO_MINUTE).type == SQL_C_INTERVAL_DAY_TO_MINUTE);
static_assert(interval_type(SQL_C_INTERVAL_MINUTE_TO_SECOND).type ==
              SQL_C_INTERVAL_MINUTE_TO_SECOND);

}  // namespace driver::convert
