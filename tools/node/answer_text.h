// A node's answers as a person reads them, and as JSON. Pure.
#pragma once

#include <string>
#include <vector>

#include "fabric/rpc_call.h"

namespace tools::node {

/// The table that was looked up, or what came of a change: "done", "mapping 3" where `result` names
/// its number. Lines ended by \n.
std::string answer_text(const std::vector<fabric::RpcTable>& tables, const char* result);
/// A list of objects; of a change one object, {"done": true}.
std::string answer_json(const std::vector<fabric::RpcTable>& tables, const char* result);

}  // namespace tools::node
