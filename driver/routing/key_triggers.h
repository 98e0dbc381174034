// Triggers that may change the sharding column of the row they are called for, which would lie in
// another shard then than the one it is written to. Pure; any thread.
#pragma once

#include <string_view>

#include "driver/routing/hidden_tables.h"

namespace driver::routing {

/// Whether the trigger's text may give NEW.`column` a value: by SET, INTO, or as an argument of
/// CALL. Rather too often than not.
bool sets_new_value(const Definition& trigger, std::string_view column);

}  // namespace driver::routing
