// Reads a data source's entries from odbc.ini through unixODBC's installer library, so that
// ODBCINI, ODBCSYSINI and ~/.odbc.ini count as they do for the driver manager.
#pragma once

#include <string>
#include <vector>

#include "driver/settings/connection_string.h"

namespace driver::settings {

/// The sections of odbc.ini in file order, as often as each is there.
std::vector<std::string> dsn_names();

/// Every key of the section with its value, in file order; empty when there is no such section.
std::vector<GivenPair> dsn_entries(const std::string& dsn);

}  // namespace driver::settings
