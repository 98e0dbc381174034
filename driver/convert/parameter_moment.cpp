// Dates, times, timestamps and day-time intervals as parameters.
#include <algorithm>
#include <array>

#include "driver/convert/parameter_target.h"

namespace driver::convert {
namespace {

using fabric::mysql::DateTimeValue;
using fabric::mysql::DateValue;
using fabric::mysql::TimeValue;

constexpr unsigned kMostDigits = 6;

DateValue date_of(const Moment& moment) { return {moment.year, moment.month, moment.day}; }

TimeValue time_of(const Moment& moment) {
  return {moment.negative, moment.hours, moment.minutes, moment.seconds,
          moment.nanoseconds / kNanosPerMicro};
}

/// 0000-00-00 is a date to MySQL.
bool sound_date(const Moment& moment) {
  const bool zero = moment.year == 0 && moment.month == 0 && moment.day == 0;
  return zero || valid_date(moment);
}

/// The least date that ODBC's structures can hold.
bool is_least_date(const Moment& moment) {
  return moment.has_date && moment.year == 0 && moment.month == 1 && moment.day == 1;
}

bool sound_time(const Moment& moment, MomentSource source) {
  if (moment.has_date || source == MomentSource::kTyped) return valid_time_of_day(moment);
  return moment.hours <= kLargestHour && moment.minutes <= 59 && moment.seconds <= 59;
}

/// Then the fraction goes as fine as a server holds it, and programs have clocks of nanoseconds.
bool says_no_digits(const ParameterTarget& target) {
  return target.column_size == 0 && target.decimal_digits <= 0;
}

/// Digits of the fraction the marker takes; `whole` is the size of the type without one.
unsigned allowed_digits(const ParameterTarget& target, SQLULEN whole) {
  const unsigned by_digits =
      target.decimal_digits > 0 ? static_cast<unsigned>(target.decimal_digits) : 0;
  const auto by_size =
      target.column_size > whole + 1
          ? static_cast<unsigned>(std::min<SQLULEN>(target.column_size - whole - 1, kMostDigits))
          : 0;
  return std::min(std::max(by_digits, by_size), kMostDigits);
}

bool loses_fraction(const Moment& moment, const ParameterTarget& target, unsigned digits) {
  if (target.moments.cut) return false;
  std::uint32_t unit = 1000000000;
  for (unsigned digit = 0; digit < digits; ++digit) unit /= 10;
  return moment.lost_fraction || moment.nanoseconds % unit != 0;
}

SqlState to_date(const Moment& moment, const ParameterTarget& target, Parameter& out) {
  if (!moment.midnight() && !target.moments.cut) return SqlState::k22008;
  out = date_of(moment);
  return SqlState::k00000;
}

SqlState to_time(const Moment& moment, const ParameterTarget& target, Parameter& out) {
  constexpr SQLULEN kWhole = 8;
  // A timestamp gives TIME the fraction that was asked for alone (ODBC 3.8, appendix D).
  const bool any = says_no_digits(target) && !moment.has_date;
  if (!any && loses_fraction(moment, target, allowed_digits(target, kWhole))) {
    return SqlState::k22008;
  }
  out = time_of(moment);
  return SqlState::k00000;
}

SqlState to_timestamp(Moment moment, const ParameterTarget& target, Parameter& out) {
  constexpr SQLULEN kWhole = 19;
  if (!valid_time_of_day(moment)) return SqlState::k22007;
  if (!moment.has_date) set_today(moment);
  if (!says_no_digits(target) && loses_fraction(moment, target, allowed_digits(target, kWhole))) {
    return SqlState::k22008;
  }
  out = DateTimeValue{date_of(moment), time_of(moment)};
  return SqlState::k00000;
}

SqlState to_text(const Moment& moment, const ParameterTarget& target, Parameter& out) {
  unsigned digits = 9;
  for (std::uint32_t rest = moment.nanoseconds; digits != 0 && rest % 10 == 0; rest /= 10) --digits;
  std::array<char, kMomentText> scratch;
  return short_text_to_parameter(format_moment(moment, digits, scratch.data()), target, out);
}

SqlState natural(const Moment& moment, Parameter& out) {
  if (!moment.has_time) {
    out = date_of(moment);
  } else if (!moment.has_date) {
    out = time_of(moment);
  } else {
    out = DateTimeValue{date_of(moment), time_of(moment)};
  }
  return SqlState::k00000;
}

}  // namespace

SqlState moment_to_parameter(const Moment& given, MomentSource source,
                             const ParameterTarget& target, Parameter& out) {
  Moment moment = given;
  if (target.moments.min_date_to_zero && is_least_date(moment)) moment.month = moment.day = 0;
  const SqlState mismatch = source == MomentSource::kText ? SqlState::k22018 : SqlState::k07006;
  const TargetClass wanted = target.target_class();
  if (target.interval()) return mismatch;
  const bool date_counts = moment.has_date && wanted != TargetClass::kTime;
  const bool sound =
      (!date_counts || sound_date(moment)) && (!moment.has_time || sound_time(moment, source));
  if (!sound) return wanted == TargetClass::kText ? SqlState::k22008 : SqlState::k22007;
  switch (wanted) {
    case TargetClass::kNatural:
      return natural(moment, out);
    case TargetClass::kText:
      return to_text(moment, target, out);
    case TargetClass::kDate:
      return moment.has_date ? to_date(moment, target, out) : mismatch;
    case TargetClass::kTime:
      return moment.has_time ? to_time(moment, target, out) : mismatch;
    case TargetClass::kTimestamp:
      return to_timestamp(moment, target, out);
    default:
      return SqlState::k07006;
  }
}

SqlState duration_to_interval_parameter(const Duration& duration, const ParameterTarget& target,
                                        Parameter& out) {
  Moment time;
  const SqlState state = duration_to_time(duration, target.sql_type, time);
  if (state == SqlState::k00000) out = time_of(time);
  return state;
}

SqlState duration_to_parameter(const Duration& duration, SQLSMALLINT c_type,
                               const ParameterTarget& target, Parameter& out) {
  std::array<char, kIntervalText> scratch;
  switch (target.target_class()) {
    case TargetClass::kText:
      return short_text_to_parameter(format_interval(duration, c_type, scratch.data()), target,
                                     out);
    case TargetClass::kInteger:
    case TargetClass::kDecimal: {
      const std::string_view number = number_of_interval(duration, c_type, scratch.data());
      if (number.empty()) return SqlState::k07006;
      char* kept = target.storage.take(number.size());
      std::copy(number.begin(), number.end(), kept);
      return number_to_parameter(Number::of(std::string_view(kept, number.size())), target, out);
    }
    case TargetClass::kTime:
      if (target.interval()) return duration_to_interval_parameter(duration, target, out);
      break;
    case TargetClass::kNatural:
      if (!duration.in_months) break;
      return short_text_to_parameter(format_interval(duration, c_type, scratch.data()), target,
                                     out);
    default:
      return SqlState::k07006;
  }
  Moment time;
  const SqlState state = duration_to_time(duration, SQL_TYPE_TIME, time);
  return state == SqlState::k00000 ? moment_to_parameter(time, MomentSource::kText, target, out)
                                   : state;
}

}  // namespace driver::convert
