// The time of day as it is written. Any thread.
#pragma once

#include <string>

namespace tools {

/// 2026-11-26T13:02:11.123Z
std::string utc_now();
/// 14:02:11, where we are.
std::string local_time();

}  // namespace tools
