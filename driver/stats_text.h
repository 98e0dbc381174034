// The pools' counters in Prometheus' text format (exposition format 0.0.4). Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "pool/stats.h"

namespace driver {

std::string stats_text(const std::vector<pool::PoolReport>& pools);

}  // namespace driver
