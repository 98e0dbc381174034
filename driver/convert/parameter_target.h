// The second half of a parameter's way: a value, no matter which C type it came in, to the wire
// value that fits the SQL type of its marker. Any thread; throws std::bad_alloc only.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstdint>
#include <string_view>

#include "driver/convert/datetime.h"
#include "driver/convert/interval.h"
#include "driver/convert/moment.h"
#include "driver/convert/number.h"
#include "driver/convert/storage.h"
#include "fabric/base/sqlstate.h"
#include "fabric/mysql/parameter.h"

namespace driver::convert {

using fabric::mysql::Parameter;

/// What the SQL types come down to for MySQL.
enum class TargetClass : std::uint8_t {
  kNatural,  ///< not said: as the C type is
  kText,
  kBytes,
  kInteger,
  kDecimal,
  kReal,
  kBit,
  kDate,
  kTime,  ///< intervals below a month as well
  kTimestamp,
  kGuid,
  kUnsupported
};

struct ParameterTarget {
  SQLSMALLINT sql_type;  ///< ODBC 3 code
  SQLULEN column_size;   ///< 0: not said
  SQLSMALLINT decimal_digits;
  MomentRules moments;
  Storage& storage;

  [[nodiscard]] TargetClass target_class() const noexcept;
  [[nodiscard]] bool interval() const noexcept { return is_interval_type(sql_type); }
};

/// From a number type of C, or a number among bytes.
SqlState number_to_parameter(const Number& number, const ParameterTarget& target, Parameter& out);
/// From SQL_C_CHAR or SQL_C_WCHAR; `utf8` lives as long as `out`.
SqlState text_to_parameter(std::string_view utf8, const ParameterTarget& target, Parameter& out);
/// From SQL_C_BINARY.
SqlState bytes_to_parameter(std::string_view bytes, const ParameterTarget& target, Parameter& out);
/// From a structure, or a text that was one.
SqlState moment_to_parameter(const Moment& moment, MomentSource source,
                             const ParameterTarget& target, Parameter& out);
/// From the structure of the interval `c_type`.
SqlState duration_to_parameter(const Duration& duration, SQLSMALLINT c_type,
                               const ParameterTarget& target, Parameter& out);
/// To a marker of an interval type below a month: nothing may be cut (22015).
SqlState duration_to_interval_parameter(const Duration& duration, const ParameterTarget& target,
                                        Parameter& out);
/// A text of the driver's own (a formatted number, a GUID) for a character type.
SqlState short_text_to_parameter(std::string_view text, const ParameterTarget& target,
                                 Parameter& out);

}  // namespace driver::convert
