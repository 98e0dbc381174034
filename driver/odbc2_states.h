// SQLSTATEs as ODBC 2 has them (ODBC 3.8, appendix A, "SQLSTATE Mappings"). Pure; any thread.
#pragma once

#include <string>

#include "fabric/base/sqlstate.h"

namespace driver {

/// "S1010" for HY010; those that ODBC 2 has under the same code, or not at all, stay.
std::string odbc2_state(fabric::base::SqlState state);

}  // namespace driver
