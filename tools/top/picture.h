// All that `fabricctl top` shows at one time, as a person reads it and as JSON. Pure.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fabric/types.h"
#include "tools/top/server_sample.h"
#include "tools/top/stats_files.h"

namespace tools::top {

struct ServerRow {
  fabric::Server server;
  ServerSample sample;
  std::optional<double> queries_per_second;
  std::string replication;  ///< replication_text()
};

struct Picture {
  std::string time;                ///< utc_now()
  std::vector<ServerRow> servers;  ///< in the farm's order
  /// Of nodes that do not answer: address and why.
  std::vector<std::pair<std::string, std::string>> silent_nodes;
  bool current = true;  ///< a node has told the servers just now
  bool has_stats_file = false;
  std::vector<ProcessStats> processes;
};

/// Lines ended by \n.
std::string picture_text(const Picture& picture);
/// One line, without its end.
std::string picture_json(const Picture& picture);

}  // namespace tools::top
