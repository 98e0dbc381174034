// A farm's watch over servers that failed a caller: looks with connections of its own, decides what
// to report, and says for how long the nodes are to be polled. Two threads, started by the first
// suspicion: one looks, one reports (a node may hold a report up for as long as its cluster
// stalls, and looking must not wait for that). Owner: Farm. Thread-safe; no lock is held over I/O.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "fabric/base/clock.h"
#include "fabric/base/deadline.h"
#include "fabric/base/mutex.h"
#include "fabric/base/worker.h"
#include "fabric/farm_events.h"
#include "fabric/fault_kind.h"
#include "fabric/fault_report.h"
#include "fabric/recoveries.h"
#include "fabric/topology.h"
#include "fabric/topology_source.h"

namespace fabric {

/// Looks at a server; must return by the deadline.
using Probe = std::function<ProbeOutcome(const base::Endpoint&, base::Deadline)>;

/// Connects and waits for the greeting, which a MySQL server sends first; says nothing itself.
ProbeOutcome probe_server(const base::Endpoint& server, base::Deadline deadline);

class FailoverMonitor {
 public:
  struct Hooks {
    Probe probe;
    std::function<void()> changed;       ///< polling_since() says something else now
    std::function<void()> report_taken;  ///< a node knows more than before
    std::function<TopologyPtr()> current;
  };

  struct Options {
    ReportPolicy reports = ReportPolicy::kAuto;
    base::Duration report_timeout = std::chrono::seconds(5);
    std::shared_ptr<FarmEvents> events = std::make_shared<FarmEvents>(nullptr, "");
  };

  /// `source` takes the reports.
  FailoverMonitor(std::unique_ptr<TopologySource> source, Options options, Hooks hooks,
                  const base::Clock& clock);
  ~FailoverMonitor();  ///< joins the threads
  FailoverMonitor(const FailoverMonitor&) = delete;
  FailoverMonitor& operator=(const FailoverMonitor&) = delete;

  /// As Farm::worked() and Farm::suspect().
  void worked(const std::string& uuid);
  void suspect(const Server& server, FaultKind kind, unsigned native_error);

  /// A node has just confirmed this topology: ends the suspicions that it settles.
  void observe(const Topology& topology);

  /// As TopologySource::abandon_after_fork().
  void abandon_after_fork() noexcept { source_->abandon_after_fork(); }

  /// When the youngest open suspicion began; nothing when there is none.
  [[nodiscard]] std::optional<base::SteadyTime> polling_since() const;

 private:
  struct Suspicion {
    Server server{};
    FaultKind kind = FaultKind::kLinkLost;
    unsigned native_error = 0;
    bool lost = false;
    base::SteadyTime since{};
    base::SteadyTime seen{};  // the last caller that met it
    bool out = false;         // no node lists it any more: nothing is left to report
    std::optional<ProbeOutcome> probe{};
    unsigned silent_probes = 0;
    base::SteadyTime next_probe{};
  };
  struct Due {
    Server server;
    FaultReport report;
  };

  void start_threads() REQUIRES(mutex_);
  [[nodiscard]] Evidence evidence_of(const Suspicion& suspicion) const REQUIRES(mutex_);

  void look();
  Suspicion* next_to_probe(base::SteadyTime* wake) REQUIRES(mutex_);
  [[nodiscard]] base::Duration patience(const Suspicion& suspicion) const REQUIRES(mutex_);
  /// True when the suspicion is over.
  bool note_probe(const std::string& uuid, ProbeOutcome outcome);

  void report();
  std::optional<Due> next_report(base::SteadyTime* wake) REQUIRES(mutex_);
  void send(const Due& due);

  const std::unique_ptr<TopologySource> source_;
  const Options options_;
  const Hooks hooks_;
  const base::Clock& clock_;

  mutable base::Mutex mutex_;
  base::CondVar look_wake_;
  base::CondVar report_wake_;
  bool stop_ GUARDED_BY(mutex_) = false;
  Recoveries recoveries_ GUARDED_BY(mutex_);
  FaultReports reports_ GUARDED_BY(mutex_);
  std::map<std::string, Suspicion> suspicions_ GUARDED_BY(mutex_);  // by uuid
  std::unordered_map<std::string, base::SteadyTime> worked_ GUARDED_BY(mutex_);
  base::Worker looker_ GUARDED_BY(mutex_);
  base::Worker reporter_ GUARDED_BY(mutex_);
};

}  // namespace fabric
