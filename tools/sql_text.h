// Texts as literals of SQL. Pure.
#pragma once

#include <string>

namespace tools {

/// UTF-8 as a literal that means the same in every session, whatever its sql_mode.
std::string text_literal(const std::string& text);

}  // namespace tools
