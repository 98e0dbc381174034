// Adds, changes and removes data sources of odbc.ini, through unixODBC's installer library, which
// has chosen the user's file or the system's. All is checked before anything is written. No state;
// the installer library is not made for several threads.
#pragma once

#include <odbcinst.h>

#include <string>
#include <vector>

#include "driver/settings/connection_string.h"

namespace driver::setup {

/// `request` is ODBC_ADD_DSN, which replaces one of that name, ODBC_CONFIG_DSN, where an empty
/// value takes an entry away, or ODBC_REMOVE_DSN; `driver` is a section of odbcinst.ini. Another
/// driver's data sources are left alone. Throws Refusal.
void configure(WORD request, const std::string& driver,
               const std::vector<settings::GivenPair>& attributes);

}  // namespace driver::setup
