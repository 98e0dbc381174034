// The numbers of ODBC: concise and verbose codes, ODBC 2 codes, C types and their sizes.
#include <algorithm>
#include <array>

#include "driver/type_info.h"

namespace driver {
namespace {

struct CTypeRow {
  SQLSMALLINT c_type;
  SQLLEN size;  // 0: variable
};

constexpr std::array kCTypes{CTypeRow{SQL_C_UTINYINT, sizeof(SQLCHAR)},
                             CTypeRow{SQL_C_UBIGINT, sizeof(SQLUBIGINT)},
                             CTypeRow{SQL_C_STINYINT, sizeof(SQLSCHAR)},
                             CTypeRow{SQL_C_SBIGINT, sizeof(SQLBIGINT)},
                             CTypeRow{SQL_C_ULONG, sizeof(SQLUINTEGER)},
                             CTypeRow{SQL_C_USHORT, sizeof(SQLUSMALLINT)},
                             CTypeRow{SQL_C_SLONG, sizeof(SQLINTEGER)},
                             CTypeRow{SQL_C_SSHORT, sizeof(SQLSMALLINT)},
                             CTypeRow{SQL_C_GUID, sizeof(SQLGUID)},
                             CTypeRow{SQL_C_WCHAR, 0},
                             CTypeRow{SQL_C_BIT, sizeof(SQLCHAR)},
                             CTypeRow{SQL_C_TINYINT, sizeof(SQLSCHAR)},
                             CTypeRow{SQL_C_BINARY, 0},
                             CTypeRow{SQL_C_CHAR, 0},
                             CTypeRow{SQL_C_NUMERIC, sizeof(SQL_NUMERIC_STRUCT)},
                             CTypeRow{SQL_C_LONG, sizeof(SQLINTEGER)},
                             CTypeRow{SQL_C_SHORT, sizeof(SQLSMALLINT)},
                             CTypeRow{SQL_C_FLOAT, sizeof(SQLREAL)},
                             CTypeRow{SQL_C_DOUBLE, sizeof(SQLDOUBLE)},
                             CTypeRow{SQL_C_DATE, sizeof(SQL_DATE_STRUCT)},
                             CTypeRow{SQL_C_TIME, sizeof(SQL_TIME_STRUCT)},
                             CTypeRow{SQL_C_TIMESTAMP, sizeof(SQL_TIMESTAMP_STRUCT)},
                             CTypeRow{SQL_C_TYPE_DATE, sizeof(SQL_DATE_STRUCT)},
                             CTypeRow{SQL_C_TYPE_TIME, sizeof(SQL_TIME_STRUCT)},
                             CTypeRow{SQL_C_TYPE_TIMESTAMP, sizeof(SQL_TIMESTAMP_STRUCT)},
                             CTypeRow{SQL_C_DEFAULT, 0}};
static_assert(std::adjacent_find(kCTypes.begin(), kCTypes.end(),
                                 [](const CTypeRow& a, const CTypeRow& b) {
                                   return a.c_type >= b.c_type;
                                 }) == kCTypes.end());

constexpr bool is_interval(SQLSMALLINT type) {
  return type >= SQL_INTERVAL_YEAR && type <= SQL_INTERVAL_MINUTE_TO_SECOND;
}

constexpr bool is_datetime(SQLSMALLINT type) {
  return type >= SQL_TYPE_DATE && type <= SQL_TYPE_TIMESTAMP;
}

const CTypeRow* find_c_type(SQLSMALLINT c_type) {
  const auto* row = std::find_if(kCTypes.begin(), kCTypes.end(),
                                 [c_type](const CTypeRow& each) { return each.c_type == c_type; });
  return row == kCTypes.end() ? nullptr : row;
}

constexpr SQLSMALLINT kDatesApart = SQL_TYPE_DATE - SQL_DATE;  // 91 and 9, 92 and 10, 93 and 11
static_assert(SQL_TYPE_TIME - SQL_TIME == kDatesApart);
static_assert(SQL_TYPE_TIMESTAMP - SQL_TIMESTAMP == kDatesApart);

}  // namespace

SQLSMALLINT sql_type_under(SQLSMALLINT sql_type, const TypeRules& rules) noexcept {
  if (rules.odbc2 && is_datetime(sql_type)) return static_cast<SQLSMALLINT>(sql_type - kDatesApart);
  if (rules.no_bigint && sql_type == SQL_BIGINT) return SQL_INTEGER;
  if (!rules.ansi) return sql_type;
  switch (sql_type) {
    case SQL_WCHAR:
      return SQL_CHAR;
    case SQL_WVARCHAR:
      return SQL_VARCHAR;
    case SQL_WLONGVARCHAR:
      return SQL_LONGVARCHAR;
    default:
      return sql_type;
  }
}

SQLSMALLINT odbc3_sql_type(SQLSMALLINT sql_type) noexcept {
  const bool old = sql_type >= SQL_DATE && sql_type <= SQL_TIMESTAMP;
  return old ? static_cast<SQLSMALLINT>(sql_type + kDatesApart) : sql_type;
}

SQLSMALLINT verbose_type(SQLSMALLINT concise_type) noexcept {
  const SQLSMALLINT type = odbc3_sql_type(concise_type);
  if (is_datetime(type)) return SQL_DATETIME;
  return is_interval(type) ? SQLSMALLINT{SQL_INTERVAL} : type;
}

SQLSMALLINT datetime_subcode(SQLSMALLINT concise_type) noexcept {
  const SQLSMALLINT type = odbc3_sql_type(concise_type);
  if (is_datetime(type)) return static_cast<SQLSMALLINT>(type - SQL_TYPE_DATE + SQL_CODE_DATE);
  if (is_interval(type)) return static_cast<SQLSMALLINT>(type - SQL_INTERVAL_YEAR + SQL_CODE_YEAR);
  return 0;
}

SQLSMALLINT concise_type(SQLSMALLINT verbose, SQLSMALLINT subcode) noexcept {
  if (verbose == SQL_DATETIME) {
    const auto type = static_cast<SQLSMALLINT>(SQL_TYPE_DATE + subcode - SQL_CODE_DATE);
    return is_datetime(type) ? type : SQLSMALLINT{0};
  }
  if (verbose == SQL_INTERVAL) {
    const auto type = static_cast<SQLSMALLINT>(SQL_INTERVAL_YEAR + subcode - SQL_CODE_YEAR);
    return is_interval(type) ? type : SQLSMALLINT{0};
  }
  return verbose;
}

SQLSMALLINT default_c_type(SQLSMALLINT sql_type, bool is_unsigned,
                           const TypeRules& rules) noexcept {
  if (rules.bigint_as_text && sql_type == SQL_BIGINT) return SQL_C_CHAR;
  const SQLSMALLINT type = odbc3_sql_type(sql_type);
  if (is_interval(type)) return type;  // SQL_C_INTERVAL_DAY is SQL_INTERVAL_DAY, and so on
  if (type == SQL_GUID) return SQL_C_GUID;
  const TypeInfo* found = nullptr;
  for (const TypeInfo& row : all_types()) {
    if (row.sql_type != type) continue;
    if (found == nullptr || row.is_unsigned == is_unsigned) found = &row;
    if (row.is_unsigned == is_unsigned) break;
  }
  return found != nullptr ? found->c_type : SQLSMALLINT{SQL_C_CHAR};
}

SQLLEN fixed_c_size(SQLSMALLINT c_type) noexcept {
  if (is_interval(c_type)) return sizeof(SQL_INTERVAL_STRUCT);
  const CTypeRow* row = find_c_type(c_type);
  return row != nullptr ? row->size : 0;
}

bool known_c_type(SQLSMALLINT c_type) noexcept {
  return is_interval(c_type) || find_c_type(c_type) != nullptr;
}

const TypeInfo* find_sql_type(SQLSMALLINT sql_type) noexcept {
  const auto types = all_types();
  const auto found = std::ranges::find(types, odbc3_sql_type(sql_type), &TypeInfo::sql_type);
  return found == types.end() ? nullptr : &*found;
}

bool known_sql_type(SQLSMALLINT sql_type) noexcept {
  const SQLSMALLINT type = odbc3_sql_type(sql_type);
  return is_interval(type) || type == SQL_GUID || type == SQL_UNKNOWN_TYPE ||
         find_sql_type(type) != nullptr;
}

}  // namespace driver
