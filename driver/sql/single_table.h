// Whether each row of a SELECT is one row of one table, from its text: what positioned updates and
// deletes need. And their text: UPDATE|DELETE ... WHERE CURRENT OF a cursor, and what the UPDATE
// sets, as far as a SELECT would give the same values: so that a row can be found again whose key
// it has changed. Strict: what is not known is refused. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/sql/scan.h"

namespace driver::sql {

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

struct Assignment {
  std::string column;            ///< unquoted, without its table
  std::string value;             ///< as written
  std::size_t first_marker = 0;  ///< of the statement's, from 0
  std::size_t markers = 0;       ///< in `value`
  bool foreseeable = false;      ///< a SELECT of `value` gives what the UPDATE will set
};
struct Assignments {
  std::string target;  ///< the table with its alias, as the statement names it
  std::vector<Assignment> list;
};
/// Of `UPDATE table SET column = value, ...`, up to its WHERE. Nullopt for any other text.
std::optional<Assignments> assignments_of(std::string_view update, ScanOptions options = {});

}  // namespace driver::sql
