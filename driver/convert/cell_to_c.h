// One cell of a result, from the wire buffer into an application's buffer: the table
// "SQL to C" of ODBC 3.8, appendix D. Nothing is allocated and nothing is thrown.
// Pure but for the Piece, which belongs to the caller. Any thread.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstddef>

#include "driver/type_info.h"
#include "fabric/base/sqlstate.h"
#include "fabric/mysql/reply.h"

namespace driver::convert {

using fabric::base::SqlState;
using fabric::mysql::Cell;
using fabric::mysql::Column;
using fabric::mysql::RowFormat;

/// Where a value goes: a record of an ARD, or the arguments of SQLGetData. Buffers may be
/// unaligned; offsets and array positions are already applied.
struct CTarget {
  SQLSMALLINT c_type = SQL_C_DEFAULT;
  SQLPOINTER buffer = nullptr;  ///< null: only the length is wanted, nothing is cut
  SQLLEN capacity = 0;          ///< bytes; ignored for types of fixed size
  SQLLEN* length = nullptr;     ///< octet length; may be the same pointer as `indicator`
  SQLLEN* indicator = nullptr;
  SQLSMALLINT precision = 0;          ///< SQL_C_NUMERIC: digits, 0 means 38
  SQLSMALLINT scale = 0;              ///< SQL_C_NUMERIC
  SQLSMALLINT seconds_precision = 6;  ///< of intervals: digits of the fraction
  TypeRules rules{};                  ///< of the connection
};

/// How far SQLGetData has read one column. A fresh one for every column of every row. When
/// `exhausted` is set before a call, the caller answers SQL_NO_DATA instead of calling.
/// Another C type than that of the call before starts the value anew.
struct Piece {
  std::size_t offset = 0;  ///< units of the source given out: bytes, or characters of a number
  bool begun = false;
  bool exhausted = false;
  bool half_pair = false;  ///< a buffer for one unit took the first half of a surrogate pair
  SQLSMALLINT c_type = 0;
  std::size_t remaining = 0;  ///< 16-bit units still to come, once counted (SQL_C_WCHAR)
};

/// k00000: done; k01004 and k01S07: done, with a warning; anything else: an error, the buffer's
/// contents undefined. Nothing is written past `capacity`. `piece` is null for bound columns.
///
/// Choices of this driver: SQL_C_CHAR is UTF-8; bytes become hexadecimal digits in character
/// buffers; a date with a zero month or day is SQL NULL in date and timestamp structures;
/// a TIME outside 00:00:00-23:59:59 is 22007 in SQL_C_TYPE_TIME and text or an interval elsewhere;
/// numbers go to SQL_C_BINARY in their own C form (DECIMAL: its text); a BIT(n) is also a number.
SqlState to_c(const Column& column, RowFormat format, const Cell& cell, const CTarget& target,
              Piece* piece) noexcept;

/// The same for a text the driver made itself (catalog results): UTF-8, null is SQL NULL.
/// SQL_C_DEFAULT is SQL_C_CHAR.
Column text_column() noexcept;

}  // namespace driver::convert
