// What a new data source is to be, as options or a person answered, and what that makes of it.
// Plain values and pure functions.
#pragma once

#include <string>
#include <vector>

#include "driver/settings/connection_string.h"

namespace tools::init {

struct Answers {
  std::string dsn;
  std::string driver = "MySQL Fabric ODBC";  ///< a section of odbcinst.ini, or a path
  std::string nodes;                         ///< empty: `server`
  std::string node_user, node_password;      ///< empty: those of the servers
  std::string server;
  std::string user, password;
  std::string group, mode, database;
  std::vector<std::string> more;  ///< KEYWORD=value
};

/// DSN first, then the keywords that are not empty, the further ones behind. Throws base::Error
/// HY000 for one of `more` that is not KEYWORD=value.
std::vector<driver::settings::GivenPair> entries_of(const Answers& answers);

/// As it will be in odbc.ini, secrets as `...`; lines ended by \n.
std::string section_text(const Answers& answers,
                         const std::vector<driver::settings::GivenPair>& entries);

}  // namespace tools::init
