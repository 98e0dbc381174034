// The statements that the driver answers itself: SET FABRIC name = value[, ...], SHOW FABRIC ...,
// EXPLAIN FABRIC <statement>. Told from those of a server by their first two words; the rest is
// read here. Pure; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "driver/odbc.h"
#include "driver/sql/scan.h"

namespace driver {

enum class FabricVerb : std::uint8_t { kSet, kShow, kExplain };
enum class FabricView : std::uint8_t { kStatus, kGroups, kServers, kShards, kPools };

/// By the attribute of fabric_odbc.h (UTF-8 form) that does the same, with a value as
/// route_value() gives it; nothing: DEFAULT, what the DSN says.
using RouteChanges = std::map<SQLINTEGER, std::optional<std::string>>;

struct FabricStatement {
  FabricVerb verb = FabricVerb::kSet;
  RouteChanges changes;                   ///< of SET
  FabricView view = FabricView::kStatus;  ///< of SHOW
  std::string explained;                  ///< of EXPLAIN: the statement, as written
};

/// By the first two words alone: names of tables and variables called `fabric` are the server's.
bool is_fabric_statement(std::string_view sql, sql::ScanOptions options = {});

/// Nothing: a statement for a server. Throws base::Error 42000 for one of these that cannot be
/// read, HY024 for a value that is not accepted; the sentence says what is.
std::optional<FabricStatement> fabric_statement(std::string_view sql,
                                                sql::ScanOptions options = {});

}  // namespace driver
