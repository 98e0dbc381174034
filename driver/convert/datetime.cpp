#include "driver/convert/datetime.h"

#include <algorithm>

#include "driver/convert/target.h"

namespace driver::convert {
namespace {

SqlState mismatch(MomentSource source) {
  return source == MomentSource::kText ? SqlState::k22018 : SqlState::k07006;
}

bool sound_date(const Moment& moment, MomentSource source) {
  return source == MomentSource::kTyped || valid_date(moment);
}

SqlState cut_if(bool cut) { return cut ? SqlState::k01S07 : SqlState::k00000; }

/// ZERO_DATE_TO_MIN: zeros become ones, so that no date is SQL NULL.
void apply_rules(Moment& moment, const CTarget& target) {
  if (!target.rules.zero_date_to_min) return;
  moment.month = std::max(moment.month, 1U);
  moment.day = std::max(moment.day, 1U);
}

SqlState to_date(const Moment& given, MomentSource source, const CTarget& target) {
  if (!given.has_date) return mismatch(source);
  Moment moment = given;
  apply_rules(moment, target);
  if (moment.zero_date()) return set_null(target);
  if (!sound_date(moment, source)) return SqlState::k22007;
  const SQL_DATE_STRUCT date{static_cast<SQLSMALLINT>(moment.year),
                             static_cast<SQLUSMALLINT>(moment.month),
                             static_cast<SQLUSMALLINT>(moment.day)};
  return put(target, date, cut_if(!moment.midnight()));
}

SqlState to_time(const Moment& moment, MomentSource source, const CTarget& target) {
  if (!moment.has_time) return mismatch(source);
  if (!valid_time_of_day(moment)) return SqlState::k22007;
  const SQL_TIME_STRUCT time{static_cast<SQLUSMALLINT>(moment.hours),
                             static_cast<SQLUSMALLINT>(moment.minutes),
                             static_cast<SQLUSMALLINT>(moment.seconds)};
  return put(target, time, cut_if(moment.nanoseconds != 0 || moment.lost_fraction));
}

SqlState to_timestamp(const Moment& given, MomentSource source, const CTarget& target) {
  Moment moment = given;
  const bool a_time = !moment.has_date && source == MomentSource::kTyped;
  if (!a_time && !valid_time_of_day(moment)) return SqlState::k22007;
  if (!moment.has_date) set_today(moment);
  const bool cut = moment.lost_fraction || (a_time && moment.nanoseconds != 0);
  if (a_time) moment.nanoseconds = 0;  // ODBC 3.8, appendix D
  apply_rules(moment, target);
  if (moment.zero_date()) return set_null(target);
  if (!sound_date(moment, source)) return SqlState::k22007;
  const SQL_TIMESTAMP_STRUCT timestamp{static_cast<SQLSMALLINT>(moment.year),
                                       static_cast<SQLUSMALLINT>(moment.month),
                                       static_cast<SQLUSMALLINT>(moment.day),
                                       static_cast<SQLUSMALLINT>(moment.hours),
                                       static_cast<SQLUSMALLINT>(moment.minutes),
                                       static_cast<SQLUSMALLINT>(moment.seconds),
                                       moment.nanoseconds};
  return put(target, timestamp, cut_if(cut));
}

}  // namespace

SqlState moment_to_c(const Moment& moment, MomentSource source, const CTarget& target) noexcept {
  switch (target.c_type) {
    case SQL_C_TYPE_DATE:
      return to_date(moment, source, target);
    case SQL_C_TYPE_TIME:
      return to_time(moment, source, target);
    case SQL_C_TYPE_TIMESTAMP:
      return to_timestamp(moment, source, target);
    default:
      return SqlState::k07006;
  }
}

}  // namespace driver::convert
