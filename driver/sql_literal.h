// Values and names as SQL text, for statements that the driver writes itself. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "fabric/mysql/parameter.h"
#include "fabric/mysql/reply.h"

namespace driver {

/// In backticks.
std::string sql_name(std::string_view name);

/// `utf8` as a literal, quotes included; read with or without NO_BACKSLASH_ESCAPES.
std::string sql_text(std::string_view utf8, bool no_backslash_escapes);

/// "`column` = value", true for rows that hold exactly what `cell` does; "`column` IS NULL".
std::string sql_equals(const fabric::mysql::Column& column, fabric::mysql::RowFormat format,
                       const fabric::mysql::Cell& cell, bool no_backslash_escapes);

/// The same for a value that was given to the server.
std::string sql_equals(const fabric::mysql::Column& column, const fabric::mysql::Parameter& value,
                       bool no_backslash_escapes);

/// Whether sql_equals() of it finds what was read for sure: not for what is rounded when read or
/// has several spellings.
bool compares_exactly(const fabric::mysql::Column& column);

}  // namespace driver
