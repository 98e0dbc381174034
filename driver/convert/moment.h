// A date, a time or both, between the wire or an application's buffer and its target.
// Pure functions but for set_today(), any thread, no allocation.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "fabric/mysql/reply.h"

namespace driver::convert {

inline constexpr std::uint32_t kNanosPerMicro = 1000;
inline constexpr unsigned kLargestHour = 838;  ///< of MySQL's TIME

struct Moment {
  bool has_date = false;
  bool has_time = false;
  bool negative = false;       ///< a time alone may be
  bool lost_fraction = false;  ///< the text had more than nine digits of a second
  int year = 0;
  unsigned month = 0, day = 0;
  unsigned hours = 0;  ///< of a time alone: may exceed 23
  unsigned minutes = 0, seconds = 0;
  std::uint32_t nanoseconds = 0;

  /// MySQL's zero dates, and dates with a zero month or day.
  [[nodiscard]] bool zero_date() const { return month == 0 || day == 0; }
  [[nodiscard]] bool midnight() const {
    return hours == 0 && minutes == 0 && seconds == 0 && nanoseconds == 0;
  }
};

/// Choices of a DSN for dates and times that are sent.
struct MomentRules {
  bool min_date_to_zero = false;  ///< 0000-01-01 is sent as 0000-00-00
  bool cut = false;               ///< what the type cannot hold is cut off instead of 22008
};

/// yyyy-mm-dd, [-]h:mm:ss[.f], or both with a blank or T between; also in {d '...'}, {t '...'},
/// {ts '...'}; blanks around are ignored. Looks at the form only, not at the ranges.
std::optional<Moment> parse_moment(std::string_view text) noexcept;
/// A date, time or timestamp cell of the binary protocol; nullopt when its size is not one of them.
std::optional<Moment> wire_moment(fabric::mysql::WireType type,
                                  const fabric::mysql::Cell& cell) noexcept;

/// Month 1-12, a day that month has, year 0-9999.
bool valid_date(const Moment& moment) noexcept;
/// 00:00:00 to 23:59:59.
bool valid_time_of_day(const Moment& moment) noexcept;
/// Gives a time the current local date, as ODBC wants it in timestamps. A TIME of MySQL that is
/// negative or beyond a day counts from midnight, as in the server's own conversion.
void set_today(Moment& moment) noexcept;

inline constexpr std::size_t kMomentText = 48;
/// With `fraction_digits` (0 to 9) digits of the fraction, cut. `out` holds kMomentText bytes.
std::string_view format_moment(const Moment& moment, unsigned fraction_digits, char* out) noexcept;

}  // namespace driver::convert
