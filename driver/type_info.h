// The one table of types: describe, catalog, bind and SQLGetTypeInfo all read it.
// Sizes follow ODBC 3.8, appendix D (column size, decimal digits, octet length, display size).
// Constant data and pure functions, any thread.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstdint>
#include <span>
#include <string_view>

#include "fabric/mysql/reply.h"

namespace driver {

/// What MySQL calls its types; kNone marks rows that only SQLGetTypeInfo shows.
enum class MysqlType : std::uint8_t {
  kNone,
  kLongText,
  kMediumText,
  kText,
  kTinyText,
  kJson,
  kVarchar,
  kNull,
  kChar,
  kEnum,
  kSet,
  kBit1,
  kTinyInt,
  kTinyIntUnsigned,
  kBigInt,
  kBigIntUnsigned,
  kLongBlob,
  kMediumBlob,
  kBlob,
  kTinyBlob,
  kGeometry,
  kVarBinary,
  kBinary,
  kBits,
  kDecimal,
  kDecimalUnsigned,
  kInt,
  kIntUnsigned,
  kMediumInt,
  kMediumIntUnsigned,
  kSmallInt,
  kSmallIntUnsigned,
  kYear,
  kFloat,
  kFloatUnsigned,
  kDouble,
  kDoubleUnsigned,
  kDate,
  kTime,
  kDateTime,
  kTimestamp,
};

/// One row of SQLGetTypeInfo, in its column order, and the constants of describe.
/// Character types are the wide ones: the connection is utf8mb4.
struct TypeInfo {
  MysqlType type = MysqlType::kNone;
  std::string_view name = {};    ///< TYPE_NAME and LOCAL_TYPE_NAME
  SQLSMALLINT sql_type = 0;      ///< DATA_TYPE, the concise type, ODBC 3 codes
  SQLUINTEGER column_size = 0;   ///< the largest
  std::string_view quote = {};   ///< LITERAL_PREFIX; empty is SQL NULL
  std::string_view create = {};  ///< CREATE_PARAMS; empty is SQL NULL
  bool case_sensitive = false;
  SQLSMALLINT searchable = SQL_SEARCHABLE;
  bool numeric = false;  ///< false: UNSIGNED_ATTRIBUTE, AUTO_UNIQUE_VALUE are SQL NULL
  bool is_unsigned = false;
  bool auto_unique = false;        ///< may be AUTO_INCREMENT
  SQLSMALLINT minimum_scale = -1;  ///< -1 is SQL NULL, as below
  SQLSMALLINT maximum_scale = -1;
  SQLSMALLINT radix = 0;            ///< NUM_PREC_RADIX; 0 is SQL NULL
  SQLSMALLINT c_type = SQL_C_CHAR;  ///< what SQL_C_DEFAULT means
  SQLSMALLINT octets = 0;           ///< fixed transfer octet length; 0: by the column's size
  SQLSMALLINT display = 0;          ///< fixed display size; 0: by the column's size

  /// LITERAL_SUFFIX; empty is SQL NULL: nothing closes 0x....
  [[nodiscard]] constexpr std::string_view closing_quote() const noexcept {
    return quote == "'" ? quote : std::string_view{};
  }
};

/// All rows, ordered as SQLGetTypeInfo wants them: by DATA_TYPE, then by closeness to it.
std::span<const TypeInfo> all_types() noexcept;
/// The first row of a concise SQL type, of ODBC 2 or 3; null when there is none.
const TypeInfo* find_sql_type(SQLSMALLINT sql_type) noexcept;
/// The row of a type; not for kNone.
const TypeInfo& type_info(MysqlType type) noexcept;

/// Choices of an application or a DSN that change what is described and how it is fetched.
struct TypeRules {
  bool odbc2 = false;              ///< dates by their ODBC 2 codes (9, 10, 11)
  bool ansi = false;               ///< SQL_CHAR kinds instead of SQL_WCHAR kinds
  bool no_bigint = false;          ///< BIGINT described as SQL_INTEGER
  bool bigint_as_text = false;     ///< SQL_C_DEFAULT means SQL_C_CHAR for BIGINT
  bool no_binary_result = false;   ///< binary strings of no table are text
  bool zero_date_to_min = false;   ///< zeros in a date become ones instead of SQL NULL
  bool full_column_names = false;  ///< SQL_DESC_NAME is table.column
};

/// A binary string that NO_BINARY_RESULT takes for text.
bool taken_for_text(const fabric::mysql::Column& column, const TypeRules& rules) noexcept;

/// The code under the rules of an ODBC 3 concise type.
SQLSMALLINT sql_type_under(SQLSMALLINT sql_type, const TypeRules& rules) noexcept;
/// The ODBC 3 code of an ODBC 2 date code, other codes unchanged.
SQLSMALLINT odbc3_sql_type(SQLSMALLINT sql_type) noexcept;
/// SQL_DATETIME for dates, SQL_INTERVAL for intervals, else the concise type itself.
SQLSMALLINT verbose_type(SQLSMALLINT concise_type) noexcept;
/// SQL_CODE_DATE, ... of a concise date or interval type (SQL or C), else 0.
SQLSMALLINT datetime_subcode(SQLSMALLINT concise_type) noexcept;
/// The concise type of a verbose one and its subcode; 0 when there is none.
SQLSMALLINT concise_type(SQLSMALLINT verbose, SQLSMALLINT subcode) noexcept;
/// What SQL_C_DEFAULT means for a concise SQL type; SQL_C_CHAR for unknown ones.
SQLSMALLINT default_c_type(SQLSMALLINT sql_type, bool is_unsigned,
                           const TypeRules& rules = {}) noexcept;
/// Bytes of a C type of fixed size in an array of bound values; 0 for those of variable size.
SQLLEN fixed_c_size(SQLSMALLINT c_type) noexcept;
bool known_c_type(SQLSMALLINT c_type) noexcept;
bool known_sql_type(SQLSMALLINT sql_type) noexcept;

/// A column as SQLDescribeCol, SQLColAttribute and an IRD give it. Fields named as there.
struct ColumnDescription {
  const TypeInfo* type = nullptr;  ///< name, quotes, searchable, case: never null
  SQLSMALLINT sql_type = 0;        ///< SQL_DESC_CONCISE_TYPE, under the rules
  SQLSMALLINT verbose_type = 0;    ///< SQL_DESC_TYPE
  SQLSMALLINT datetime_code = 0;   ///< SQL_DESC_DATETIME_INTERVAL_CODE
  SQLULEN column_size = 0;         ///< characters, bytes or digits; at most 2^31-1
  SQLSMALLINT decimal_digits = 0;
  SQLULEN length = 0;         ///< SQL_DESC_LENGTH: characters or bytes
  SQLSMALLINT precision = 0;  ///< SQL_DESC_PRECISION: digits, or digits of a fraction of seconds
  SQLSMALLINT scale = 0;
  SQLLEN octet_length = 0;
  SQLLEN display_size = 0;
  SQLSMALLINT radix = 0;
  SQLSMALLINT nullable = SQL_NULLABLE;
  bool is_unsigned = false;  ///< true for types that are not numbers (ODBC: SQL_TRUE)
  bool auto_unique = false;
  bool case_sensitive = false;
};

ColumnDescription describe(const fabric::mysql::Column& column, const TypeRules& rules) noexcept;
MysqlType type_of(const fabric::mysql::Column& column) noexcept;

/// A column as information_schema.COLUMNS (or ROUTINES' parameters) declares it.
struct DeclaredType {
  std::string_view data_type;    ///< DATA_TYPE, e.g. "int"
  std::string_view column_type;  ///< COLUMN_TYPE, e.g. "int(10) unsigned"
  std::uint64_t characters = 0;  ///< CHARACTER_MAXIMUM_LENGTH
  std::uint32_t precision = 0;   ///< NUMERIC_PRECISION
  std::uint32_t scale = 0;       ///< NUMERIC_SCALE
  std::uint32_t fraction = 0;    ///< DATETIME_PRECISION
  bool nullable = true;
  bool auto_increment = false;
};

/// Unknown names are described as text.
ColumnDescription describe(const DeclaredType& declared, const TypeRules& rules) noexcept;

}  // namespace driver
