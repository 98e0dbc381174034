// SQLGetFunctions: which ODBC functions the driver has. Stateless; thread-safe.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstdint>
#include <span>
#include <string_view>

namespace driver {

enum class FunctionUse : std::uint8_t {
  kExported,
  kReplaced,  ///< ODBC 2's, exported too; a driver manager calls its successor
  kManager,   ///< a driver manager's own
  kMissing,   ///< IM001
};

struct FunctionRow {
  SQLUSMALLINT id;  ///< SQL_API_...
  std::string_view name;
  FunctionUse use;
};

/// Every function of ODBC 3.8 that has a number, in its order.
std::span<const FunctionRow> functions();

bool has_function(SQLUSMALLINT id);

/// Fills `answer` as the standard wants it for `id`: one SQLUSMALLINT for a single function,
/// 100 for SQL_API_ALL_FUNCTIONS, SQL_API_ODBC3_ALL_FUNCTIONS_SIZE for
/// SQL_API_ODBC3_ALL_FUNCTIONS. Throws base::Error HY095 for an id out of range.
void get_functions(SQLUSMALLINT id, SQLUSMALLINT* answer);

}  // namespace driver
