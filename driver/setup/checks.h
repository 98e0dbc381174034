// What a request to change data sources may hold: its attributes, the data source's name, its
// entries. Each throws a Refusal, whose sentence shows no secret. No state; any thread.
#pragma once

#include <odbcinst.h>

#include <string>
#include <string_view>
#include <vector>

#include "driver/settings/connection_string.h"

namespace driver::setup {

/// Why a request was not done: one of ODBC_ERROR_*, and a sentence without secrets.
struct Refusal {
  DWORD code = ODBC_ERROR_GENERAL_ERR;
  std::string text;
};

[[noreturn]] void refuse(DWORD code, const std::string& text);

/// An entry of odbc.ini to be, under the name by which it is read.
struct Entry {
  std::string name;
  std::string value;
};

/// "KEYWORD=value" texts, each ended by a zero, the list by another.
std::vector<settings::GivenPair> parse_attributes(const char* attributes);

/// The keyword's name as the driver or the driver manager writes it; empty when neither knows it.
std::string_view canonical_name(std::string_view keyword);

/// Of the data source.
std::string checked_name(const std::vector<settings::GivenPair>& attributes);

/// Without DSN and DRIVER. Of a keyword that is given twice the first counts, as in a connection
/// string.
std::vector<Entry> checked_entries(const std::vector<settings::GivenPair>& attributes);

}  // namespace driver::setup
