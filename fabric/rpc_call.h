// One `CALL schema.procedure(...)` to a Fabric node, answered in either of its two forms: the real
// node's result sets without a closing OK, or a stored procedure's with one. Belongs to the thread
// that uses the connection. Source: fabric-protocol reference, sections 1.6 and 1.7.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fabric/base/clock.h"
#include "fabric/base/deadline.h"
#include "fabric/mysql/server_connection.h"
#include "fabric/node_failure.h"

namespace fabric {

/// One result set; all values are text, and both SQL NULL and the word `None` are nothing.
struct RpcTable {
  using Cell = std::optional<std::string>;
  std::vector<std::string> names;
  std::vector<std::vector<Cell>> rows;

  /// The place of a column, found by name. Throws NodeFailure (malformed) when it is missing.
  [[nodiscard]] std::size_t column(std::string_view name) const;
};

struct RpcAnswer {
  base::Duration ttl{};
  std::vector<RpcTable> tables;  ///< after the info set
};

struct RpcCall {
  std::string procedure;  ///< e.g. `dump.servers`
  std::string arguments;  ///< e.g. `0,''`
};

/// Throws NodeFailure.
RpcAnswer call_node(mysql::ServerConnection& connection, const RpcCall& call,
                    const std::string& user, base::Deadline deadline);

}  // namespace fabric
