// All that one Fabric manages, as this process knows it: the topology cache, the failover monitor
// and their threads. Owner: the process's Runtime, one per (nodes, node credentials). Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "fabric/base/clock.h"
#include "fabric/base/deadline.h"
#include "fabric/failover_monitor.h"
#include "fabric/farm_events.h"
#include "fabric/fault_kind.h"
#include "fabric/fault_report.h"
#include "fabric/topology.h"
#include "fabric/topology_source.h"

namespace fabric {

struct FarmOptions {
  base::Duration ttl_limit = std::chrono::seconds(60);     ///< FABRIC_TTL
  base::Duration node_timeout = std::chrono::seconds(5);   ///< FABRIC_TIMEOUT, per call to a node
  unsigned attempts = 3;                                   ///< FABRIC_ATTEMPTS
  base::Duration attempt_delay = std::chrono::seconds(1);  ///< FABRIC_ATTEMPT_DELAY
  ReportPolicy reports = ReportPolicy::kAuto;              ///< FABRIC_REPORT_ERRORS
  Probe probe = probe_server;                              ///< how the monitor looks at a server
  std::shared_ptr<FarmEvents> events{};                    ///< null: its own, told to nobody
};

class Farm {
 public:
  /// `make_source` is called for each thread of the farm that asks nodes. `clock` runs as the
  /// steady clock does.
  Farm(const std::function<std::unique_ptr<TopologySource>()>& make_source,
       const FarmOptions& options, const base::Clock& clock);
  ~Farm();  ///< joins the threads
  Farm(const Farm&) = delete;
  Farm& operator=(const Farm&) = delete;

  /// The current snapshot. The first call waits for a node (FABRIC_ATTEMPTS within the deadline)
  /// and throws base::Error 08001 if none answers; later ones never wait: refresh runs behind.
  TopologyPtr topology(base::Deadline deadline);
  /// The same where nobody is to be waited for; else null.
  TopologyPtr at_hand();

  /// Waits until the snapshot is newer than `version`, or the deadline; returns the current one.
  TopologyPtr wait_newer(std::uint64_t version, base::Deadline deadline);

  /// Told of each newer topology, on a thread of the farm, without a lock; not of what is current
  /// already. Must not throw. Returning false ends it. Never called after the farm's destructor,
  /// nor by a plain list.
  using Listener = std::function<bool(const TopologyPtr&)>;
  void on_change(Listener listener);

  /// Asks for a refresh now and waits for it (single flight), for callers that found a name
  /// missing.
  TopologyPtr refresh(base::Deadline deadline);

  /// A session of this process with `uuid` did work just now (evidence for failure reports). Cheap.
  void worked(const std::string& uuid);

  /// A server failed a caller: the monitor verifies with a connection of its own, reports by the
  /// evidence, and refreshes every 50-100 ms (backing off) until the server answers again or its
  /// group has another primary. Returns at once. A pooled connection that is found dead counts as
  /// kLinkLost too: only what was lost can be the subject of report_failure.
  void suspect(const Server& server, FaultKind kind, unsigned native_error);

  /// In a forked child, which has none of the threads: closes the inherited connections to nodes
  /// without a word on the wire. After it the object is only fit to be leaked.
  void abandon_after_fork() noexcept;

  /// No node has ever answered, and none is being asked: nothing is lost if it ends.
  [[nodiscard]] bool hopeless() const;
  /// It knows what no node would tell another one now: an older answer that serves on while none
  /// can be had, or shards that are disabled.
  [[nodiscard]] bool irreplaceable() const;
  /// False for a plain list of servers.
  [[nodiscard]] bool can_change() const;
  /// What happened to it so far.
  [[nodiscard]] FarmStats stats() const;
  /// FarmEvents::why_not_reported().
  [[nodiscard]] std::string why_not_reported() const;
  /// In the log and in counters.
  [[nodiscard]] const std::string& name() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fabric
