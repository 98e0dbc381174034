// The SQL files of the node, written for the mysql client, taken apart into statements. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tools::node {

/// Ends at each delimiter outside quotes; DELIMITER lines change it; comments (-- ) are left out.
std::vector<std::string> statements_of(std::string_view script);

}  // namespace tools::node
