// The small interface behind which the ways to learn a topology lie.
#pragma once

#include <cstdint>
#include <string>

#include "fabric/base/deadline.h"
#include "fabric/topology.h"

namespace fabric {

enum class ReportKind : std::uint8_t { kError, kFailure };

struct FaultReport {
  ReportKind kind = ReportKind::kError;
  std::string server_uuid;
  std::string reporter;  ///< host-pid, 64 characters at most
  std::string error;     ///< a number or a few plain words
};

/// Used by one thread at a time (the cache's refresher or the monitor, each with its own source).
class TopologySource {
 public:
  virtual ~TopologySource() = default;
  /// Asks the farm's nodes, the next one when one is slow or fails. Throws base::Error (08001 when
  /// no node answered usefully, with each node's reason).
  virtual Topology::Content fetch(base::Deadline deadline) = 0;
  /// Sends one report. Throws base::Error when no node took it.
  virtual void report(const FaultReport& report, base::Deadline deadline) = 0;
  /// False for a fixed list of servers: nothing will ever change, nobody takes reports.
  [[nodiscard]] virtual bool can_change() const { return true; }
};

}  // namespace fabric
