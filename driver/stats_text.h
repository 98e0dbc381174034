// The counters of pools and farms in Prometheus' text format (exposition format 0.0.4). Pure; any
// thread.
#pragma once

#include <string>
#include <vector>

#include "fabric/farm_events.h"
#include "pool/stats.h"

namespace driver {

struct FarmReport {
  std::string farm;  ///< its nodes
  fabric::FarmStats stats;
};

/// Those with the same labels (other passwords or TLS options) are summed up.
std::string stats_text(const std::vector<pool::PoolReport>& pools,
                       const std::vector<FarmReport>& farms);

}  // namespace driver
