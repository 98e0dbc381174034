#include "driver/type_info.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace driver {
namespace {

constexpr SQLUINTEGER kLongestColumn = 2147483647;  // COLUMN_SIZE is a signed 32-bit column
constexpr std::string_view kQuote = "'";
constexpr std::string_view kHexPrefix = "0x";

constexpr TypeInfo text_type(MysqlType type, std::string_view name, SQLSMALLINT sql_type,
                             SQLUINTEGER column_size, std::string_view create = {}) {
  return {.type = type,
          .name = name,
          .sql_type = sql_type,
          .column_size = column_size,
          .quote = kQuote,
          .create = create,
          .c_type = sql_type <= SQL_WCHAR ? SQLSMALLINT{SQL_C_WCHAR} : SQLSMALLINT{SQL_C_CHAR}};
}

constexpr TypeInfo bytes_type(MysqlType type, std::string_view name, SQLSMALLINT sql_type,
                              SQLUINTEGER column_size, std::string_view create = {}) {
  return {.type = type,
          .name = name,
          .sql_type = sql_type,
          .column_size = column_size,
          .quote = kHexPrefix,
          .create = create,
          .case_sensitive = true,
          .c_type = SQL_C_BINARY};
}

constexpr TypeInfo integer_type(MysqlType type, std::string_view name, SQLSMALLINT sql_type,
                                SQLUINTEGER digits, SQLSMALLINT octets) {
  const bool is_unsigned = name.ends_with("unsigned") || type == MysqlType::kYear;
  SQLSMALLINT c_type = SQL_C_SBIGINT;
  if (sql_type == SQL_TINYINT) c_type = is_unsigned ? SQL_C_UTINYINT : SQL_C_STINYINT;
  if (sql_type == SQL_SMALLINT) c_type = is_unsigned ? SQL_C_USHORT : SQL_C_SSHORT;
  if (sql_type == SQL_INTEGER) c_type = is_unsigned ? SQL_C_ULONG : SQL_C_SLONG;
  if (sql_type == SQL_BIGINT && is_unsigned) c_type = SQL_C_UBIGINT;
  return {.type = type,
          .name = name,
          .sql_type = sql_type,
          .column_size = digits,
          .numeric = true,
          .is_unsigned = is_unsigned,
          .auto_unique = type != MysqlType::kYear,
          .minimum_scale = 0,
          .maximum_scale = 0,
          .radix = 10,
          .c_type = c_type,
          .octets = octets,
          .display = static_cast<SQLSMALLINT>(digits + (is_unsigned ? 0U : 1U))};
}

constexpr TypeInfo decimal_type(MysqlType type, std::string_view name, SQLSMALLINT sql_type) {
  return {.type = type,
          .name = name,
          .sql_type = sql_type,
          .column_size = 65,
          .create = "precision,scale",
          .numeric = true,
          .is_unsigned = name.ends_with("unsigned"),
          .minimum_scale = 0,
          .maximum_scale = 30,
          .radix = 10,
          .c_type = SQL_C_CHAR};
}

constexpr TypeInfo real_type(MysqlType type, std::string_view name, SQLSMALLINT sql_type) {
  const bool single = sql_type == SQL_REAL;
  return {.type = type,
          .name = name,
          .sql_type = sql_type,
          .column_size = single ? 7U : 15U,
          .numeric = true,
          .is_unsigned = name.ends_with("unsigned"),
          .auto_unique = true,
          .radix = 10,
          .c_type = single ? SQLSMALLINT{SQL_C_FLOAT} : SQLSMALLINT{SQL_C_DOUBLE},
          .octets = single ? SQLSMALLINT{4} : SQLSMALLINT{8},
          .display = single ? SQLSMALLINT{14} : SQLSMALLINT{24}};
}

constexpr TypeInfo moment_type(MysqlType type, std::string_view name, SQLSMALLINT sql_type,
                               SQLUINTEGER column_size, SQLSMALLINT octets) {
  const bool fraction = sql_type != SQL_TYPE_DATE;
  return {.type = type,
          .name = name,
          .sql_type = sql_type,
          .column_size = column_size,
          .quote = kQuote,
          .create = fraction ? "fraction" : "",
          .minimum_scale = static_cast<SQLSMALLINT>(fraction ? 0 : -1),
          .maximum_scale = static_cast<SQLSMALLINT>(fraction ? 6 : -1),
          .c_type = sql_type,  // SQL_C_TYPE_DATE is SQL_TYPE_DATE, and so on
          .octets = octets};
}

using enum MysqlType;

// A row takes 65535 bytes in all: how long one column may be depends on the others and on the
// character set. Every table takes this.
constexpr SQLUINTEGER kOfferedLength = 255;

// Rows of kNone are other names for parameters and for programs that ask for narrow types.
constexpr std::array kTypes{
    text_type(kLongText, "longtext", SQL_WLONGVARCHAR, kLongestColumn),
    text_type(kMediumText, "mediumtext", SQL_WLONGVARCHAR, 16777215),
    text_type(kText, "text", SQL_WLONGVARCHAR, 65535),
    text_type(kTinyText, "tinytext", SQL_WLONGVARCHAR, 255),
    text_type(kJson, "json", SQL_WLONGVARCHAR, kLongestColumn),
    text_type(kVarchar, "varchar", SQL_WVARCHAR, kOfferedLength, "length"),
    text_type(kChar, "char", SQL_WCHAR, 255, "length"),
    text_type(kEnum, "enum", SQL_WCHAR, 255, "values"),
    text_type(kSet, "set", SQL_WCHAR, 255, "values"),
    TypeInfo{.type = kBit1,
             .name = "bit",
             .sql_type = SQL_BIT,
             .column_size = 1,
             .numeric = true,
             .is_unsigned = true,
             .minimum_scale = 0,
             .maximum_scale = 0,
             .radix = 10,
             .c_type = SQL_C_BIT,
             .octets = 1,
             .display = 1},
    integer_type(kTinyInt, "tinyint", SQL_TINYINT, 3, 1),
    integer_type(kTinyIntUnsigned, "tinyint unsigned", SQL_TINYINT, 3, 1),
    integer_type(kBigInt, "bigint", SQL_BIGINT, 19, 8),
    integer_type(kBigIntUnsigned, "bigint unsigned", SQL_BIGINT, 20, 8),
    bytes_type(kLongBlob, "longblob", SQL_LONGVARBINARY, kLongestColumn),
    bytes_type(kMediumBlob, "mediumblob", SQL_LONGVARBINARY, 16777215),
    bytes_type(kBlob, "blob", SQL_LONGVARBINARY, 65535),
    bytes_type(kTinyBlob, "tinyblob", SQL_LONGVARBINARY, 255),
    bytes_type(kGeometry, "geometry", SQL_LONGVARBINARY, kLongestColumn),
    bytes_type(kVarBinary, "varbinary", SQL_VARBINARY, kOfferedLength, "length"),
    bytes_type(kBinary, "binary", SQL_BINARY, 255, "length"),
    text_type(kNone, "longtext", SQL_LONGVARCHAR, kLongestColumn),
    text_type(kNone, "mediumtext", SQL_LONGVARCHAR, 16777215),
    text_type(kNone, "text", SQL_LONGVARCHAR, 65535),
    text_type(kNone, "tinytext", SQL_LONGVARCHAR, 255),
    text_type(kNone, "char", SQL_CHAR, 255, "length"),
    decimal_type(kNone, "numeric", SQL_NUMERIC),
    decimal_type(kDecimal, "decimal", SQL_DECIMAL),
    decimal_type(kDecimalUnsigned, "decimal unsigned", SQL_DECIMAL),
    integer_type(kInt, "int", SQL_INTEGER, 10, 4),
    integer_type(kIntUnsigned, "int unsigned", SQL_INTEGER, 10, 4),
    integer_type(kMediumInt, "mediumint", SQL_INTEGER, 7, 4),
    integer_type(kMediumIntUnsigned, "mediumint unsigned", SQL_INTEGER, 8, 4),
    integer_type(kSmallInt, "smallint", SQL_SMALLINT, 5, 2),
    integer_type(kSmallIntUnsigned, "smallint unsigned", SQL_SMALLINT, 5, 2),
    integer_type(kYear, "year", SQL_SMALLINT, 4, 2),
    real_type(kNone, "double", SQL_FLOAT),
    real_type(kFloat, "float", SQL_REAL),
    real_type(kFloatUnsigned, "float unsigned", SQL_REAL),
    real_type(kDouble, "double", SQL_DOUBLE),
    real_type(kDoubleUnsigned, "double unsigned", SQL_DOUBLE),
    text_type(kNone, "varchar", SQL_VARCHAR, kOfferedLength, "length"),
    moment_type(kDate, "date", SQL_TYPE_DATE, 10, sizeof(SQL_DATE_STRUCT)),
    moment_type(kTime, "time", SQL_TYPE_TIME, 15, sizeof(SQL_TIME_STRUCT)),
    moment_type(kDateTime, "datetime", SQL_TYPE_TIMESTAMP, 26, sizeof(SQL_TIMESTAMP_STRUCT)),
    moment_type(kTimestamp, "timestamp", SQL_TYPE_TIMESTAMP, 26, sizeof(SQL_TIMESTAMP_STRUCT))};

// Described, but no type a table could be created with in these forms.
constexpr TypeInfo kNullRow = text_type(kNull, "null", SQL_WVARCHAR, 1);
constexpr TypeInfo kBitsRow = bytes_type(kBits, "bit", SQL_BINARY, 8, "length");

constexpr std::size_t kTypeCount = static_cast<std::size_t>(kTimestamp) + 1;

constexpr std::array<const TypeInfo*, kTypeCount> rows_by_type() {
  std::array<const TypeInfo*, kTypeCount> rows{};
  for (const TypeInfo& row : kTypes) {
    if (row.type != kNone) rows[static_cast<std::size_t>(row.type)] = &row;
  }
  rows[static_cast<std::size_t>(kNull)] = &kNullRow;
  rows[static_cast<std::size_t>(kBits)] = &kBitsRow;
  return rows;
}
constexpr auto kRowsByType = rows_by_type();

constexpr bool every_type_has_a_row() {
  return std::all_of(kRowsByType.begin() + 1, kRowsByType.end(),
                     [](const TypeInfo* row) { return row != nullptr; });
}
constexpr bool names_are_unique_within_a_sql_type() {
  for (std::size_t one = 0; one < kTypes.size(); ++one) {
    for (std::size_t other = 0; other < one; ++other) {
      const bool same =
          kTypes[one].sql_type == kTypes[other].sql_type && kTypes[one].name == kTypes[other].name;
      if (same) return false;
    }
  }
  return true;
}
static_assert(std::is_sorted(kTypes.begin(), kTypes.end(),
                             [](const TypeInfo& a, const TypeInfo& b) {
                               return a.sql_type < b.sql_type;
                             }));
static_assert(every_type_has_a_row());
static_assert(names_are_unique_within_a_sql_type());

}  // namespace

std::span<const TypeInfo> all_types() noexcept { return kTypes; }

const TypeInfo& type_info(MysqlType type) noexcept {
  const TypeInfo* row = kRowsByType[static_cast<std::size_t>(type)];
  return row != nullptr ? *row : kNullRow;
}

}  // namespace driver
