// The farm as it is told now, asked again and again: every node by itself, so that one that is gone
// is noticed while the others answer. Used by one thread at a time (cancel(): any).
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "driver/settings/connection_settings.h"
#include "fabric/base/deadline.h"
#include "fabric/farm.h"
#include "fabric/mysql/watchdog.h"
#include "fabric/node_link.h"
#include "fabric/topology.h"

namespace tools::topology {

struct FarmReading {
  fabric::TopologyPtr topology;  ///< the last that was told; null: none so far
  /// Who did not answer, by its address, and why; empty: all did.
  std::vector<std::pair<std::string, std::string>> problems;
  bool current = false;  ///< the topology was told just now
};

/// Throws base::Error 08001, which says why nobody answered, where there is no topology yet.
void require_topology(const FarmReading& reading);

class FarmReader {
 public:
  /// `watchdog` must outlive the reader.
  FarmReader(const driver::settings::ConnectionSettings& settings,
             fabric::mysql::Watchdog& watchdog);

  /// Waits for each node for FABRIC_TIMEOUT at most. Throws only where there is no node to ask and
  /// the topology file, say, cannot be read.
  FarmReading read();
  /// What is waited for fails soon, as do all later questions: of nodes, and all else that the
  /// watchdog watches.
  void cancel() noexcept;

 private:
  FarmReading read_nodes();
  FarmReading read_farm();
  void keep(fabric::Topology::Content content);
  [[nodiscard]] fabric::base::Deadline deadline() const;

  const driver::settings::ConnectionSettings settings_;
  fabric::mysql::Watchdog& watchdog_;
  std::vector<std::unique_ptr<fabric::NodeLink>> links_;  // as settings_.fabric.nodes
  std::shared_ptr<fabric::Farm> farm_;                    // where there are no nodes
  fabric::TopologyPtr last_;
};

}  // namespace tools::topology
