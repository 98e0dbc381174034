// What is different between two topologies of a farm, as a person reads it and as JSON. Pure.
#pragma once

#include <string>
#include <vector>

#include "fabric/topology.h"

namespace tools::topology {

struct Change {
  std::string group;   ///< empty: of a shard mapping
  std::string uuid;    ///< of the server
  std::string server;  ///< host:port
  std::string what;    ///< status, mode, weight, address, member, mapping
  std::string from, to;

  friend bool operator==(const Change&, const Change&) = default;
};

/// In the order of groups and servers.
std::vector<Change> changes_between(const fabric::Topology& before, const fabric::Topology& after);

/// Without a line's end: `g1: db1:3306: status SECONDARY -> PRIMARY`.
std::string change_text(const Change& change);
/// One line, without its end. `time` as utc_now() gives it.
std::string change_json(const std::string& time, const Change& change);

}  // namespace tools::topology
