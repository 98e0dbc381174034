// A topology as a person reads it, and as JSON. Pure.
#pragma once

#include <string>

#include "fabric/topology.h"

namespace tools {

/// The tree of groups, servers and shards, lines ended by \n.
std::string topology_text(const fabric::Topology& topology);
std::string topology_json(const fabric::Topology& topology);

}  // namespace tools
