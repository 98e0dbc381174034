// SQLGetFunctions: which ODBC functions the driver has. Stateless; thread-safe.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <span>

namespace driver {

bool has_function(SQLUSMALLINT id);

/// Fills `answer` as the standard wants it for `id`: one SQLUSMALLINT for a single function,
/// 100 for SQL_API_ALL_FUNCTIONS, SQL_API_ODBC3_ALL_FUNCTIONS_SIZE for
/// SQL_API_ODBC3_ALL_FUNCTIONS. Throws base::Error HY095 for an id out of range.
void get_functions(SQLUSMALLINT id, SQLUSMALLINT* answer);

}  // namespace driver
