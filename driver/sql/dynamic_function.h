// SQL_DIAG_DYNAMIC_FUNCTION: what kind of statement a text is, by ODBC's names. Pure.
#pragma once

#include <string_view>

#include "driver/odbc.h"
#include "driver/sql/scan.h"

namespace driver::sql {

struct DynamicFunction {
  std::string_view name;
  SQLINTEGER code = SQL_DIAG_UNKNOWN_STATEMENT;
};

/// An empty name for what ODBC has none for.
DynamicFunction dynamic_function(std::string_view sql, ScanOptions options = {});

}  // namespace driver::sql
