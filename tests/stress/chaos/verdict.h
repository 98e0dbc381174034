// What a chaos run has shown: the promises that were not kept, and the figures as tables.
// Reads histories of threads that have ended.
#pragma once

#include <string>
#include <vector>

#include "tests/stress/chaos/farm.h"
#include "tests/stress/chaos/history.h"

namespace chaos {

/// No call may take longer: the SQL_ATTR_CONNECTION_TIMEOUT of the run, and a busy machine.
inline constexpr std::chrono::seconds kBound(20);

/// Every promise that was broken, as a sentence with the history behind it.
std::vector<std::string> broken_promises(Farm& farm, const std::vector<const History*>& histories,
                                         const std::vector<Fault>& faults);
/// Markdown.
std::string figures(const std::vector<const History*>& histories, const std::vector<Fault>& faults);

/// An example of each error.
std::string sentences(const std::vector<const History*>& histories);

}  // namespace chaos
