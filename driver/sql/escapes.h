// ODBC escape sequences ({d '...'}, {fn ...}, {oj ...}, {call ...}, {escape ...} and their long
// form --(*vendor(Microsoft),product(ODBC) ...*)--) to what MySQL and MariaDB read (ODBC 3.8,
// appendix C and E). Strings, quoted names, comments and version comments stay as they are.
// Pure functions; callable from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "driver/sql/scan.h"

namespace driver::sql {

struct NativeSql {
  std::optional<std::string> sql;  ///< empty: the text had no escapes, use it as it is
  bool is_call = false;            ///< {call p(...)}
  bool returns_value = false;  ///< {?=call f(...)}, now SELECT f(...): parameter 1 is its result
                               ///< and has no marker left; the markers are parameters 2 and up

  bool operator==(const NativeSql&) const = default;
};

/// Throws base::Error with a sentence and, for syntax, the position: 42000 for an escape that is
/// not known or not closed, 22007 for a date, time, timestamp or interval that is none, 22019 for
/// an escape character that is not one character.
NativeSql translate_escapes(std::string_view sql, ScanOptions options = {});
/// False: the text has none, and translating it changes nothing.
bool may_have_escapes(std::string_view sql);
/// Whether both ways to read the text translate it, and to the same.
bool translate_alike(std::string_view sql, ScanOptions one, ScanOptions other);

}  // namespace driver::sql
