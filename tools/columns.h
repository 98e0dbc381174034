// Text for terminals: columns in line, and foreign words made harmless. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tools {

using Cells = std::vector<std::string>;

/// Columns as wide as their widest cell, two blanks apart; lines ended by \n, without blanks at
/// their ends. `margins` go before the lines, two blanks where it has none.
std::string aligned(const std::vector<Cells>& lines, const std::vector<std::string>& margins = {});

/// A server's or a file's words must not move the terminal's cursor.
std::string printable(std::string_view text);

}  // namespace tools
