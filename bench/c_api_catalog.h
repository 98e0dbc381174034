// What the C API asks a server to know what a catalog function tells: the cheapest question that is
// sufficient. Belongs to the connection's thread.
#pragma once

#include <mysql.h>

#include "bench/candidate.h"

namespace bench {

/// Throws std::runtime_error.
std::uint64_t c_api_catalog(MYSQL* mysql, std::size_t count, Catalog what);

}  // namespace bench
