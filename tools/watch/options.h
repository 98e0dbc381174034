// What `fabricctl watch` and `fabricctl promote` were asked to do. Plain values; holds a password.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "fabric/base/clock.h"
#include "tools/watch/evidence.h"

namespace tools::watch {

/// What becomes of a server that follows the primary again.
enum class Rejoin : std::uint8_t { kOff, kSpare, kSecondary };

struct Options {
  fabric::base::Duration interval = std::chrono::milliseconds(500);  ///< between two looks
  fabric::base::Duration probe_timeout = std::chrono::seconds(1);
  fabric::base::Duration step_timeout = std::chrono::seconds(5);  ///< of one statement
  fabric::base::Duration apply_timeout = std::chrono::seconds(30);
  fabric::base::Duration drain = std::chrono::seconds(1);  ///< for open transactions, when planned
  fabric::base::Duration lease = std::chrono::seconds(10);
  Thresholds thresholds;
  std::vector<std::string> groups;  ///< empty: all REPLICATED ones
  Rejoin rejoin = Rejoin::kSecondary;
  std::string fence_command;
  std::string replication_user, replication_password;
};

}  // namespace tools::watch
