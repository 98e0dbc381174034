// Which group a connection works with, by what its settings say: tables with a key or a scope, else
// the default group, else the global group that all mappings share. Pure.
#pragma once

#include <optional>
#include <string>

#include "driver/settings/connection_settings.h"
#include "fabric/topology.h"

namespace driver {

/// Throws base::Error HY000 with a sentence that says what to set; 42S02 for a table that no
/// mapping has.
std::string route(const settings::RouteSettings& settings, const fabric::Topology& topology);

/// Where a session begins: the same, and where no group is named and the mappings share none, the
/// first of theirs. Its statements name sharded tables, or none.
std::string start_group(const settings::RouteSettings& settings, const fabric::Topology& topology);

/// The id of the mapping whose shards decide; nothing when no sharded tables are set. After
/// route() has taken the same.
std::optional<int> mapping_of(const settings::RouteSettings& settings,
                              const fabric::Topology& topology);

}  // namespace driver
