// Values and names as SQL text, for statements that the driver writes itself and for markers of
// what a server cannot prepare: values mean the same as in the binary protocol, whatever sql_mode
// and character set the session has, and none can end its literal. Pure functions; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "driver/sql/scan.h"
#include "fabric/mysql/parameter.h"

namespace driver::sql {

/// Appends one value as a literal, blanks around it where they are needed.
void append_literal(std::string& sql, const fabric::mysql::Parameter& value);

/// `utf8` as a literal.
std::string sql_text(std::string_view utf8);
/// In single quotes, as a person would type it; servers are sent sql_text().
std::string sql_quoted(std::string_view text);
/// In backticks.
std::string sql_name(std::string_view name);

/// Throws base::Error 07002 when the text has not as many markers as there are values.
std::string with_literals(std::string_view sql, std::span<const fabric::mysql::Parameter> values,
                          ScanOptions options);

}  // namespace driver::sql
