// The small interface behind which the ways to learn a topology lie.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fabric/base/deadline.h"
#include "fabric/base/error.h"
#include "fabric/topology.h"

namespace fabric {

enum class ReportKind : std::uint8_t { kError, kFailure };

struct FaultReport {
  ReportKind kind = ReportKind::kError;
  std::string server_uuid;
  std::string reporter;  ///< host-pid, 64 characters at most
  std::string error;     ///< a number or a few plain words
};

/// The servers alone: what a failover changes.
struct ServerList {
  std::vector<Server> servers;
  base::Duration ttl{};
};

/// Every node answered, and none usefully (credentials, missing procedures, a command error): to
/// ask again at once is pointless. 08001; 28000 where all refused the login.
class NodesRefused final : public base::Error {
 public:
  explicit NodesRefused(const std::string& text, int native = 0,
                        base::SqlState state = base::SqlState::k08001)
      : Error(state, text, native) {}
};

/// Used by one thread at a time (the refresher or the reporter, each with its own source).
class TopologySource {
 public:
  virtual ~TopologySource() = default;
  /// Asks the farm's nodes, the next one when one is slow or fails. Throws base::Error (08001 when
  /// no node answered usefully, with each node's reason).
  virtual Topology::Content fetch(base::Deadline deadline) = 0;
  /// The same for the servers alone, which is cheaper where a node can be asked so.
  virtual ServerList fetch_servers(base::Deadline deadline) {
    Topology::Content all = fetch(deadline);
    return {std::move(all.servers), all.ttl};
  }
  /// Sends one report. Throws base::Error when no node took it.
  virtual void report(const FaultReport& report, base::Deadline deadline) = 0;
  /// False for a fixed list of servers: nothing will ever change, nobody takes reports.
  [[nodiscard]] virtual bool can_change() const { return true; }
  /// From any thread, for the farm's end: a call in flight fails soon, later ones at once.
  virtual void cancel() noexcept {}
  /// In a forked child: closes what was inherited without a word on the wire. After it the object
  /// is only fit to be leaked.
  virtual void abandon_after_fork() noexcept {}
};

}  // namespace fabric
