// A Moment into the date, time and timestamp structures of ODBC. Any thread.
#pragma once

#include "driver/convert/cell_to_c.h"
#include "driver/convert/moment.h"

namespace driver::convert {

/// Where a moment came from decides which state a mismatch has.
enum class MomentSource : std::uint8_t {
  kTyped,  ///< a DATE, TIME, DATETIME column: what does not fit is 07006, its fields are not judged
  kText    ///< a character column: 22018, and 22007 for fields out of range
};

/// To SQL_C_TYPE_DATE, SQL_C_TYPE_TIME, SQL_C_TYPE_TIMESTAMP; others are 07006.
SqlState moment_to_c(const Moment& moment, MomentSource source, const CTarget& target) noexcept;

}  // namespace driver::convert
