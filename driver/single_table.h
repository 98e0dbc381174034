// Whether each row of a SELECT is one row of one table, from its text: what positioned updates and
// deletes need. And their text: UPDATE|DELETE ... WHERE CURRENT OF a cursor.
// Strict: what is not known is refused. Pure functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "driver/sql_scan.h"

namespace driver {

struct SingleTable {
  std::string table;    ///< its name without its database, unquoted; empty: refused
  std::string refusal;  ///< why, as the rest of the sentence "The rows cannot be changed: ..."
};
SingleTable single_table_of(std::string_view select, ScanOptions options = {});

struct CurrentOf {
  std::size_t where = 0;  ///< offset of WHERE in the text
  std::string cursor;     ///< unquoted
  std::string table;      ///< that the statement changes, unquoted, without its database
};
/// Nullopt for any other statement.
std::optional<CurrentOf> current_of(std::string_view sql, ScanOptions options = {});

}  // namespace driver
