// What happens to one farm: counted, and told to the log. Owner: Farm, shared with the sources that
// ask its nodes. Thread-safe; no I/O.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "fabric/base/endpoint.h"
#include "fabric/base/histogram.h"
#include "fabric/base/log.h"
#include "fabric/base/mutex.h"
#include "fabric/fault_report.h"
#include "fabric/node_failure.h"
#include "fabric/recoveries.h"
#include "fabric/topology.h"

namespace fabric {

inline constexpr std::array<base::Duration, 8> kRecoveryBounds{
    std::chrono::milliseconds(100), std::chrono::milliseconds(250), std::chrono::milliseconds(500),
    std::chrono::seconds(1),        std::chrono::seconds(3),        std::chrono::seconds(10),
    std::chrono::seconds(30),       std::chrono::minutes(2)};

/// What became of calls to nodes.
enum class NodeOutcome : std::uint8_t { kAnswered, kFailed, kRefused };
inline constexpr std::array<const char*, 3> kNodeOutcomes{"answered", "failed", "refused"};

/// Counters of one farm, copied out whole.
struct FarmStats {
  std::array<std::uint64_t, kNodeOutcomes.size()> node_calls{};  ///< by NodeOutcome
  std::uint64_t refreshes = 0, refresh_failures = 0;
  std::uint64_t reports = 0, report_failures = 0;
  std::uint64_t failovers = 0;    ///< a group whose primary was lost has another one
  std::uint64_t switchovers = 0;  ///< another primary, though nobody missed the one before
  /// Of failovers: from the first call that failed to the topology with the new primary.
  base::Histogram<kRecoveryBounds> recovery;

  FarmStats& operator+=(const FarmStats& other);
};

class FarmEvents {
 public:
  /// `log`: null, or longer-lived. `farm` is its name in lines of the log.
  FarmEvents(base::Log* log, std::string farm);

  void node_answered(const base::Endpoint& node);
  void node_failed(const base::Endpoint& node, const NodeFailure& failure);
  /// A node has told this topology, or confirmed it.
  void refreshed(const Topology& topology);
  void refresh_failed(const char* why);
  void reported(const Server& server, const FaultReport& report);
  void report_failed(const Server& server, const char* why);
  void suspected(const Server& server, unsigned native_error);
  /// A suspect server turned out to live.
  void answers(const Server& server, base::Duration after);
  void primary_changed(const Recoveries::Change& change);

  [[nodiscard]] const std::string& farm() const { return farm_; }
  [[nodiscard]] FarmStats stats() const;
  /// Why no node took the latest report; empty when one did, or none was sent.
  [[nodiscard]] std::string why_not_reported() const;

 private:
  template <class Text>
  void note(base::LogLevel level, Text&& text) const noexcept;
  /// True for the first failure since the last success.
  bool begins_to_fail(const std::string& what);
  bool ends_to_fail(const std::string& what);

  base::Log* const log_;
  const std::string farm_;
  mutable base::Mutex mutex_;
  FarmStats stats_ GUARDED_BY(mutex_);
  std::set<std::string> failing_ GUARDED_BY(mutex_);
  std::string why_not_reported_ GUARDED_BY(mutex_);
  std::uint64_t known_version_ GUARDED_BY(mutex_) = 0;
};

}  // namespace fabric
