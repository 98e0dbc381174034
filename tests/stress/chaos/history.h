// What happened in a chaos run: every call with its time and SQLSTATE, what became of every write,
// and every fault. Each thread fills its own; they are read after the threads have ended.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace chaos {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Milliseconds = std::chrono::milliseconds;

/// How a statement finds its server.
enum class Route : std::uint8_t { kNodes, kProxies, kShard1, kShard2 };
inline constexpr std::array kRoutes{Route::kNodes, Route::kProxies, Route::kShard1, Route::kShard2};
inline constexpr std::array kRouteNames{"g1 by the node", "g1 by a file, through proxies",
                                        "shard1 through proxies", "shard2 through proxies"};
constexpr std::size_t index_of(Route route) { return static_cast<std::size_t>(route); }

struct Call {
  Route route;
  const char* what;
  Time begun, ended;
  std::string state;  ///< "00000" when it went well
  std::string sentence;
};

/// By what the application was told.
enum class Fate : std::uint8_t { kAcknowledged, kUnknown, kRefused };

struct Write {
  Route route;
  const char* table;
  std::uint64_t token;
  Fate fate;
  std::string state;
  Time begun, ended;
};

struct History {
  std::vector<Call> calls;
  std::vector<Write> writes;
  std::vector<std::string> wrong;  ///< what a thread saw itself, e.g. a sum that does not hold
};

struct Fault {
  std::string kind;  ///< with whom, for the table
  std::string victim;
  std::vector<Route> routes;
  Time begun, ended;
};

}  // namespace chaos
