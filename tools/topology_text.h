// A topology as a person reads it, and as JSON. Pure.
#pragma once

#include <set>
#include <string>

#include "fabric/topology.h"

namespace tools {

/// The tree of groups, servers and shards, lines ended by \n. The lines of the servers with these
/// uuids begin with '*'.
std::string topology_text(const fabric::Topology& topology,
                          const std::set<std::string>& marked = {});
std::string topology_json(const fabric::Topology& topology);
/// On one line, without its end, with the time it was told.
std::string topology_line(const std::string& time, const fabric::Topology& topology);

}  // namespace tools
