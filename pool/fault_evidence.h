// What an error of a connection says about its server: what to think of it in this process, and
// what to tell the farm. Pure.
#pragma once

#include <optional>

#include "fabric/farm.h"
#include "fabric/mysql/mysql_error.h"
#include "pool/suspects.h"

namespace pool {

struct Evidence {
  Doubt doubt;
  fabric::FaultKind kind;
  bool doubt_connections;  ///< the server's other connections may be dead too
};

/// Nothing when the error is no sign of a server in trouble: a statement's own fault, a login
/// denied.
std::optional<Evidence> evidence_of(const fabric::mysql::MysqlError& error);

}  // namespace pool
