// The driver's keywords as unixODBC's installer library describes them to editors of data sources:
// name, kind of prompt, choices and help. No state; any thread.
#pragma once

#include <odbcinstext.h>

#include "driver/settings/keywords.h"

namespace driver::setup {

/// Appends a property for each keyword that does something, in the order of the table. Their memory
/// is malloc's: the installer library frees it, after it may have unloaded this one.
void append_properties(ODBCINSTPROPERTY& last);

/// What the keyword means, accepts, and is when it is not given.
std::string help_of(const settings::KeywordRow& row);

}  // namespace driver::setup
