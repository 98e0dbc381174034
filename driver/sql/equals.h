// "column = value", for statements that the driver writes itself. Pure functions; any thread.
#pragma once

#include <string>

#include "fabric/mysql/parameter.h"
#include "fabric/mysql/reply.h"

namespace driver::sql {

/// "`column` = value", true for rows that hold exactly what `cell` does; "`column` IS NULL".
std::string sql_equals(const fabric::mysql::Column& column, fabric::mysql::RowFormat format,
                       const fabric::mysql::Cell& cell);

/// The same for a value that was given to the server.
std::string sql_equals(const fabric::mysql::Column& column, const fabric::mysql::Parameter& given);

/// Whether sql_equals() of it finds what was read for sure: not for what is rounded when read or
/// has several spellings.
bool compares_exactly(const fabric::mysql::Column& column);

}  // namespace driver::sql
