// ODBC escape sequences ({d '...'}, {fn ...}, {oj ...}, {call ...}, {escape ...}) to what MySQL and
// MariaDB read (ODBC 3.8, appendix C and E). Pure functions; callable from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "driver/sql_scan.h"

namespace driver {

struct NativeSql {
  std::optional<std::string> sql;  ///< empty: the text had no escapes, use it as it is
  bool is_call = false;            ///< {call p(...)}
  bool returns_value = false;  ///< {?=call f(...)}, now SELECT f(...): parameter 1 is its result
                               ///< and has no marker left; the markers are parameters 2 and up
};

/// Throws base::Error 42000, with a sentence and the position, for an escape that is not known or
/// whose braces do not match.
NativeSql translate_escapes(std::string_view sql, ScanOptions options = {});

}  // namespace driver
