// Small answers of a server as names and texts; SQL NULL is empty. For looks at servers, not for
// data.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "fabric/mysql/server_connection.h"

namespace fabric::mysql {

using NamedValues = std::map<std::string, std::string>;

/// SHOW VARIABLES and its kin: the first column names the second.
NamedValues pairs(ServerConnection& connection, std::string_view sql, base::Deadline deadline);
/// The first row by its columns' names; nothing when there is none.
std::optional<NamedValues> first_row(ServerConnection& connection, std::string_view sql,
                                     base::Deadline deadline);

}  // namespace fabric::mysql
