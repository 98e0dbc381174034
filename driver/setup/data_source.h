// Adds, changes and removes data sources of odbc.ini, through unixODBC's installer library, which
// has chosen the user's file or the system's. All is checked before anything is written. No state;
// the installer library is not made for several threads.
#pragma once

#include <odbcinst.h>

#include <string>
#include <string_view>
#include <vector>

#include "driver/connection_string.h"

namespace driver::setup {

/// Why a request was not done: one of ODBC_ERROR_*, and a sentence without secrets.
struct Refusal {
  DWORD code = ODBC_ERROR_GENERAL_ERR;
  std::string text;
};

/// "KEYWORD=value" texts, each ended by a zero, the list by another. Throws Refusal.
std::vector<GivenPair> parse_attributes(const char* attributes);

/// `request` is ODBC_ADD_DSN, which replaces one of that name, ODBC_CONFIG_DSN, where an empty
/// value takes an entry away, or ODBC_REMOVE_DSN. Throws Refusal.
void configure(WORD request, const std::string& driver, const std::vector<GivenPair>& attributes);

}  // namespace driver::setup
