// SQLGetTypeInfo: the type table as a result set. Stateless; thread-safe.
#pragma once

#include <sql.h>

#include <memory>

#include "fabric/mysql/reply.h"

namespace driver {

/// Rows ordered by DATA_TYPE, then by how closely a type maps to it. `type` is SQL_ALL_TYPES or one
/// SQL data type; with `odbc2` dates and times have the codes and columns the names of ODBC 2.
/// Throws base::Error HY004 for a type that ODBC does not know.
std::unique_ptr<fabric::mysql::Reply> type_info_rows(SQLSMALLINT type, bool odbc2);

}  // namespace driver
