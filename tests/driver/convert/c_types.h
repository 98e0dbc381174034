// The C types by the names the case files give them.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

namespace driver::convert::testing {

struct NamedType {
  std::string_view name;
  SQLSMALLINT type;
};

inline constexpr std::array kCTypeNames{
    NamedType{"CHAR", SQL_C_CHAR},
    NamedType{"WCHAR", SQL_C_WCHAR},
    NamedType{"BINARY", SQL_C_BINARY},
    NamedType{"BIT", SQL_C_BIT},
    NamedType{"TINYINT", SQL_C_TINYINT},
    NamedType{"STINYINT", SQL_C_STINYINT},
    NamedType{"UTINYINT", SQL_C_UTINYINT},
    NamedType{"SHORT", SQL_C_SHORT},
    NamedType{"SSHORT", SQL_C_SSHORT},
    NamedType{"USHORT", SQL_C_USHORT},
    NamedType{"LONG", SQL_C_LONG},
    NamedType{"SLONG", SQL_C_SLONG},
    NamedType{"ULONG", SQL_C_ULONG},
    NamedType{"SBIGINT", SQL_C_SBIGINT},
    NamedType{"UBIGINT", SQL_C_UBIGINT},
    NamedType{"FLOAT", SQL_C_FLOAT},
    NamedType{"DOUBLE", SQL_C_DOUBLE},
    NamedType{"NUMERIC", SQL_C_NUMERIC},
    NamedType{"DATE2", SQL_C_DATE},
    NamedType{"TIME2", SQL_C_TIME},
    NamedType{"TIMESTAMP2", SQL_C_TIMESTAMP},
    NamedType{"DATE", SQL_C_TYPE_DATE},
    NamedType{"TIME", SQL_C_TYPE_TIME},
    NamedType{"TIMESTAMP", SQL_C_TYPE_TIMESTAMP},
    NamedType{"GUID", SQL_C_GUID},
    NamedType{"DEFAULT", SQL_C_DEFAULT},
    NamedType{"INTERVAL_YEAR", SQL_C_INTERVAL_YEAR},
    NamedType{"INTERVAL_MONTH", SQL_C_INTERVAL_MONTH},
    NamedType{"INTERVAL_YEAR_TO_MONTH", SQL_C_INTERVAL_YEAR_TO_MONTH},
    NamedType{"INTERVAL_DAY", SQL_C_INTERVAL_DAY},
    NamedType{"INTERVAL_HOUR", SQL_C_INTERVAL_HOUR},
    NamedType{"INTERVAL_MINUTE", SQL_C_INTERVAL_MINUTE},
    NamedType{"INTERVAL_SECOND", SQL_C_INTERVAL_SECOND},
    NamedType{"INTERVAL_DAY_TO_HOUR", SQL_C_INTERVAL_DAY_TO_HOUR},
    NamedType{"INTERVAL_DAY_TO_MINUTE", SQL_C_INTERVAL_DAY_TO_MINUTE},
    NamedType{"INTERVAL_DAY_TO_SECOND", SQL_C_INTERVAL_DAY_TO_SECOND},
    NamedType{"INTERVAL_HOUR_TO_MINUTE", SQL_C_INTERVAL_HOUR_TO_MINUTE},
    NamedType{"INTERVAL_HOUR_TO_SECOND", SQL_C_INTERVAL_HOUR_TO_SECOND},
    NamedType{"INTERVAL_MINUTE_TO_SECOND", SQL_C_INTERVAL_MINUTE_TO_SECOND}};

inline constexpr std::array kSqlTypeNames{
    NamedType{"UNKNOWN", SQL_UNKNOWN_TYPE},
    NamedType{"CHAR", SQL_CHAR},
    NamedType{"VARCHAR", SQL_VARCHAR},
    NamedType{"LONGVARCHAR", SQL_LONGVARCHAR},
    NamedType{"WCHAR", SQL_WCHAR},
    NamedType{"WVARCHAR", SQL_WVARCHAR},
    NamedType{"WLONGVARCHAR", SQL_WLONGVARCHAR},
    NamedType{"BINARY", SQL_BINARY},
    NamedType{"VARBINARY", SQL_VARBINARY},
    NamedType{"LONGVARBINARY", SQL_LONGVARBINARY},
    NamedType{"BIT", SQL_BIT},
    NamedType{"TINYINT", SQL_TINYINT},
    NamedType{"SMALLINT", SQL_SMALLINT},
    NamedType{"INTEGER", SQL_INTEGER},
    NamedType{"BIGINT", SQL_BIGINT},
    NamedType{"REAL", SQL_REAL},
    NamedType{"FLOAT", SQL_FLOAT},
    NamedType{"DOUBLE", SQL_DOUBLE},
    NamedType{"DECIMAL", SQL_DECIMAL},
    NamedType{"NUMERIC", SQL_NUMERIC},
    NamedType{"DATE", SQL_TYPE_DATE},
    NamedType{"TIME", SQL_TYPE_TIME},
    NamedType{"TIMESTAMP", SQL_TYPE_TIMESTAMP},
    NamedType{"DATE2", SQL_DATE},
    NamedType{"TIME2", SQL_TIME},
    NamedType{"TIMESTAMP2", SQL_TIMESTAMP},
    NamedType{"GUID", SQL_GUID},
    NamedType{"INTERVAL_YEAR", SQL_INTERVAL_YEAR},
    NamedType{"INTERVAL_MONTH", SQL_INTERVAL_MONTH},
    NamedType{"INTERVAL_DAY", SQL_INTERVAL_DAY},
    NamedType{"INTERVAL_HOUR", SQL_INTERVAL_HOUR},
    NamedType{"INTERVAL_MINUTE", SQL_INTERVAL_MINUTE},
    NamedType{"INTERVAL_SECOND", SQL_INTERVAL_SECOND},
    NamedType{"INTERVAL_YEAR_TO_MONTH", SQL_INTERVAL_YEAR_TO_MONTH},
    NamedType{"INTERVAL_DAY_TO_HOUR", SQL_INTERVAL_DAY_TO_HOUR},
    NamedType{"INTERVAL_DAY_TO_MINUTE", SQL_INTERVAL_DAY_TO_MINUTE},
    NamedType{"INTERVAL_DAY_TO_SECOND", SQL_INTERVAL_DAY_TO_SECOND},
    NamedType{"INTERVAL_HOUR_TO_MINUTE", SQL_INTERVAL_HOUR_TO_MINUTE},
    NamedType{"INTERVAL_HOUR_TO_SECOND", SQL_INTERVAL_HOUR_TO_SECOND},
    NamedType{"INTERVAL_MINUTE_TO_SECOND", SQL_INTERVAL_MINUTE_TO_SECOND}};

template <class Names>
SQLSMALLINT type_named(const Names& names, std::string_view name) {
  for (const NamedType& each : names) {
    if (each.name == name) return each.type;
  }
  throw std::runtime_error("no type named " + std::string(name));
}

}  // namespace driver::convert::testing
