// SQLGetTypeInfo: the type table as a result set. Stateless; thread-safe.
#pragma once

#include <sql.h>

#include <memory>

#include "driver/type_info.h"
#include "fabric/mysql/reply.h"

namespace driver::catalog {

/// Rows ordered by DATA_TYPE, then by how closely a type maps to it. `type` is SQL_ALL_TYPES or one
/// SQL data type of ODBC 2 or 3; `rules` give the codes, with `odbc2` also the column names.
/// `has_json`: the server knows that type. Throws base::Error HY004 for a type ODBC does not know.
std::unique_ptr<fabric::mysql::Reply> type_info_rows(SQLSMALLINT type, const TypeRules& rules,
                                                     bool has_json = true);

}  // namespace driver::catalog
