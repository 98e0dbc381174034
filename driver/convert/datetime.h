// A Moment into the date, time, timestamp and interval structures of ODBC. Any thread.
#pragma once

#include "driver/convert/cell_to_c.h"
#include "driver/convert/moment.h"
#include "driver/convert/number.h"

namespace driver::convert {

/// Where a moment came from decides which state a mismatch has.
enum class MomentSource : std::uint8_t {
  kTyped,  ///< a DATE, TIME, DATETIME column: what does not fit is 07006, its fields are not judged
  kText    ///< a character column: 22018, and 22007 for fields out of range
};

/// To SQL_C_TYPE_DATE, SQL_C_TYPE_TIME, SQL_C_TYPE_TIMESTAMP; others are 07006.
SqlState moment_to_c(const Moment& moment, MomentSource source, const CTarget& target) noexcept;

constexpr bool is_interval_c_type(SQLSMALLINT c_type) {
  return c_type >= SQL_C_INTERVAL_YEAR && c_type <= SQL_C_INTERVAL_MINUTE_TO_SECOND;
}
/// A time (of any number of hours) to one of the day-time intervals; the fraction is in
/// microseconds, the default precision. What lies below the last field is cut: 01S07.
SqlState time_to_interval(const Moment& moment, const CTarget& target) noexcept;
/// A number to an interval of one field; 22015 when the field cannot hold it.
SqlState number_to_interval(const Number& number, const CTarget& target) noexcept;

/// A day-time interval of an application as a time of MySQL; nullopt for year-month intervals and
/// for types that do not agree with `c_type`.
std::optional<Moment> moment_of_interval(SQLSMALLINT c_type,
                                         const SQL_INTERVAL_STRUCT& interval) noexcept;
/// The value of an interval of one field; nullopt when `c_type` has several.
std::optional<Number> number_of_interval(SQLSMALLINT c_type,
                                         const SQL_INTERVAL_STRUCT& interval) noexcept;

}  // namespace driver::convert
