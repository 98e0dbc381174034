// One command to a Fabric node and its answer, whichever protocol carries them. Plain values, and
// the checks that both protocols make of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fabric/base/clock.h"
#include "fabric/node_failure.h"

namespace fabric {

/// One result set; all values are text, and both SQL NULL and the word `None` are nothing.
struct RpcTable {
  using Cell = std::optional<std::string>;
  std::vector<std::string> names;
  std::vector<std::vector<Cell>> rows;  ///< each as long as `names`

  /// The place of a column, found by name. Throws NodeFailure (malformed) when it is missing.
  [[nodiscard]] std::size_t column(std::string_view name) const;
};

struct RpcAnswer {
  base::Duration ttl{};
  std::vector<RpcTable> tables;
};

/// MySQL-RPC takes any text for true, so there a flag is false only by not being given.
enum class RpcFlag : std::uint8_t { kFalse, kNotGiven };
using RpcArgument = std::variant<int, std::string, RpcFlag>;

struct RpcCall {
  std::string procedure;  ///< e.g. `dump.servers`
  std::vector<RpcArgument> arguments;
};

/// Far more than any farm has; a peer that sends without end is stopped here.
constexpr std::size_t kMostRpcRows = 100000;
constexpr std::size_t kMostRpcTables = 16;

NodeFailure malformed_answer(const std::string& text);
NodeFailure too_many_rows(const std::string& procedure);
/// `message` is what the node says went wrong with the command.
NodeFailure failed_command(const std::string& procedure, const std::string& message);

RpcTable::Cell rpc_cell(std::string_view text);
/// Throws NodeFailure (malformed).
base::Duration rpc_ttl(const std::string& text);

}  // namespace fabric
