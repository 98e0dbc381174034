// One parameter, from an application's buffer to what the binary protocol takes: the table
// "C to SQL" of ODBC 3.8, appendix D. The Storage belongs to a statement; any thread, one at a
// time.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <optional>

#include "driver/convert/moment.h"
#include "driver/convert/storage.h"
#include "fabric/base/sqlstate.h"
#include "fabric/mysql/parameter.h"

namespace driver::convert {

using fabric::base::SqlState;
using fabric::mysql::Parameter;

/// A record of an APD and its record of the IPD. Offsets and array positions are already applied;
/// data at execution has been put together ("data", with "length" pointing at its size in bytes).
struct CSource {
  SQLSMALLINT c_type = SQL_C_DEFAULT;
  SQLSMALLINT sql_type = SQL_UNKNOWN_TYPE;  ///< unknown: the type that fits the C type
  SQLULEN column_size = 0;  ///< 0: not said; texts and bytes that need no conversion may be longer:
                            ///< the server knows its column, and SQLDescribeParam can only guess
  SQLSMALLINT decimal_digits = 0;
  SQLSMALLINT numeric_scale = 0;      ///< SQL_C_NUMERIC: SQL_DESC_SCALE of the APD
  SQLSMALLINT seconds_precision = 6;  ///< of intervals: digits of the fraction
  const void* data = nullptr;         ///< may be unaligned
  SQLLEN capacity = 0;                ///< bytes of a text's buffer; 0: not said
  const SQLLEN* length = nullptr;     ///< bytes or SQL_NTS; null: up to a zero or the buffer's end
  const SQLLEN* indicator = nullptr;  ///< SQL_NULL_DATA or not; may be the pointer `length`
  MomentRules moments{};
};

/// Wherever it lies; nothing: a null pointer.
std::optional<SQLLEN> load_length(const SQLLEN* place);

/// k00000 or an error; `out` then views `source.data` or `storage`. Throws std::bad_alloc only.
///
/// Choices of this driver: an integer fits a type when it fits its signed or its unsigned form;
/// decimals travel as text; SQL_C_CHAR for a binary type holds hexadecimal digits (ODBC);
/// a timestamp's fraction may have DecimalDigits digits, or those that ColumnSize leaves for it
/// and never more than six, else 22008; when neither is said, those beyond six are cut.
SqlState from_c(const CSource& source, Storage& storage, Parameter& out);

/// from_c(), or what comes to the same for all values of these two types and is shorter: to be
/// asked for once for many values.
using FromC = SqlState (*)(const CSource& source, Storage& storage, Parameter& out);
FromC way_from_c(const CSource& types) noexcept;

}  // namespace driver::convert
