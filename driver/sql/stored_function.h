// What the body of a stored function may leave in the session that calls it. Strict: what is not
// known may leave anything. Pure; any thread.
#pragma once

#include <string_view>

#include "driver/sql/scan.h"

namespace driver::sql {

/// `body`: as information_schema.ROUTINES tells it; empty: not shown to this account.
[[nodiscard]] bool may_leave_state(std::string_view body, ScanOptions options);

}  // namespace driver::sql
