// The scalar functions of {fn ...} whose name or arguments differ in MySQL (ODBC 3.8, appendix E).
// Pure function.
#pragma once

#include <string>
#include <string_view>

#include "driver/sql/scan.h"

namespace driver::sql {

/// `call` is what stands after {fn, its own escapes already translated: `NAME(arguments)`.
/// Functions that MySQL has by the same name, and unknown ones, come back as they are. Throws
/// base::Error 42000 for an interval or a type of ODBC that MySQL cannot do.
std::string native_function(std::string_view call, ScanOptions options);

}  // namespace driver::sql
