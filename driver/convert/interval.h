// Intervals between texts, numbers, the structures of ODBC and MySQL's TIME, which is the nearest
// it has. Pure functions, any thread, no allocation.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "driver/convert/cell_to_c.h"
#include "driver/convert/moment.h"
#include "driver/convert/number.h"

namespace driver::convert {

/// What any interval comes down to; a code of its type is the same for C and for SQL.
struct Duration {
  bool negative = false;
  bool in_months = false;
  bool lost_fraction = false;  ///< digits of a second past the ninth
  std::uint64_t total = 0;     ///< months or seconds
  std::uint32_t nanoseconds = 0;
};

constexpr bool is_interval_type(SQLSMALLINT type) {
  return type >= SQL_C_INTERVAL_YEAR && type <= SQL_C_INTERVAL_MINUTE_TO_SECOND;
}

/// An interval literal, or its value alone in the form that `type` has ("2 03:04:05.5", "5-06",
/// "7"; any day-time type also takes "h:mm:ss" and "d h:mm:ss"); blanks around are ignored.
std::optional<Duration> parse_interval(std::string_view text, SQLSMALLINT type) noexcept;
/// A structure; nullopt when a field behind the leading one is out of its range. The fraction has
/// `digits` digits.
std::optional<Duration> duration_of(SQLSMALLINT type, const SQL_INTERVAL_STRUCT& interval,
                                    SQLSMALLINT digits) noexcept;
Duration duration_of(const Moment& time) noexcept;

/// To a structure: 01S07 when fields or digits are cut, 22015 when the leading field cannot hold
/// it, 07006 when one counts months and the other seconds.
SqlState duration_to_c(const Duration& duration, const CTarget& target) noexcept;
/// An exact number to an interval of one field: 01S07, 22015 (also for several fields), 22018.
SqlState number_to_interval(const Number& number, const CTarget& target) noexcept;

/// The same for parameters, where nothing may be cut (22015); several fields are 07006.
SqlState number_to_duration(const Number& number, SQLSMALLINT type, Duration& out) noexcept;
/// A time of MySQL; 22015 when it has what `type` does not, or more than TIME holds.
SqlState duration_to_time(const Duration& duration, SQLSMALLINT type, Moment& out) noexcept;

inline constexpr std::size_t kIntervalText = 64;
/// The value as parse_interval() takes it. `out` holds kIntervalText bytes.
std::string_view format_interval(const Duration& duration, SQLSMALLINT type, char* out) noexcept;
/// The value of an interval of one field, as text; empty for several fields.
std::string_view number_of_interval(const Duration& duration, SQLSMALLINT type, char* out) noexcept;

}  // namespace driver::convert
