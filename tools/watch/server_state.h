// What one look at a server of a replicated group found. A plain value.
#pragma once

#include <optional>
#include <string>

#include "fabric/base/endpoint.h"
#include "fabric/fault_report.h"
#include "tools/watch/gtid_set.h"

namespace tools::watch {

struct Source {
  fabric::base::Endpoint endpoint;
  bool receiving = false;
  bool applying = false;
  std::string trouble;   ///< the last error of either thread
  std::string progress;  ///< changes whenever something comes from the source
};

struct ServerState {
  fabric::ProbeOutcome outcome = fabric::ProbeOutcome::kUnreachable;
  bool known = false;  ///< all below was read
  std::string why;     ///< when it was not

  bool mariadb = false;
  bool read_only = false;
  bool usable = false;  ///< GTIDs, a binary log, and what it receives goes there too
  bool semi_sync_source = false, semi_sync_replica = false;
  GtidSet applied;   ///< executed here
  GtidSet received;  ///< that, and what its relay log holds
  GtidSet history;   ///< what was executed, so that parted histories are told apart
  std::optional<Source> source;
};

}  // namespace tools::watch
