// What a process of the driver wrote to its STATS_FILE, read back: Prometheus' text format with the
// names of driver/stats_text.cpp. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tools::top {

struct PoolStats {
  std::string server, user;
  bool pooled = true;  ///< false: POOLING=0
  std::uint64_t idle = 0, leased = 0, connecting = 0, resetting = 0;
  std::uint64_t waiting = 0, max = 0;
  std::uint64_t borrows = 0, timeouts = 0, connect_failures = 0, retries = 0;
};

struct FarmStats {
  std::string farm;
  std::uint64_t failovers = 0, switchovers = 0;
};

struct StatsPage {
  std::vector<PoolStats> pools;  ///< in the order of the file
  std::vector<FarmStats> farms;
};

/// Lines that it does not know are left out, as are those that are cut.
StatsPage parse_stats(std::string_view text);

}  // namespace tools::top
