// Catalog functions of an ODBC driver, a table at a time. Belongs to the statement's thread.
#pragma once

#include "bench/candidate.h"
#include "bench/odbc_calls.h"

namespace bench {

/// Throws std::runtime_error.
std::uint64_t odbc_catalog(SQLHSTMT statement, std::size_t count, Catalog what);

}  // namespace bench
