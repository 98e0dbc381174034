#include "fabric/farm_events.h"

#include <utility>

namespace fabric {
namespace {

using base::LogLevel;
using base::MutexLock;

NodeOutcome outcome_of(const NodeFailure& failure) {
  return failure.answered() ? NodeOutcome::kRefused : NodeOutcome::kFailed;
}

std::string name_of(const Server& server) { return server.group + "/" + server.endpoint.text(); }

std::string in_ms(base::Duration time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time);
  return std::to_string(ms.count()) + " ms";
}

}  // namespace

FarmStats& FarmStats::operator+=(const FarmStats& other) {
  for (std::size_t i = 0; i < node_calls.size(); ++i) node_calls[i] += other.node_calls[i];
  refreshes += other.refreshes;
  refresh_failures += other.refresh_failures;
  reports += other.reports;
  report_failures += other.report_failures;
  failovers += other.failovers;
  switchovers += other.switchovers;
  recovery += other.recovery;
  return *this;
}

FarmEvents::FarmEvents(base::Log* log, std::string farm) : log_(log), farm_(std::move(farm)) {}

template <class Text>
void FarmEvents::note(LogLevel level, Text&& text) const noexcept {
  if (log_ == nullptr) return;
  log_->note(level, [&] { return "farm " + farm_ + ": " + text(); });
}

bool FarmEvents::begins_to_fail(const std::string& what) {
  MutexLock lock(mutex_);
  return failing_.insert(what).second;
}

bool FarmEvents::ends_to_fail(const std::string& what) {
  MutexLock lock(mutex_);
  return failing_.erase(what) > 0;
}

void FarmEvents::node_answered(const base::Endpoint& node) {
  {
    MutexLock lock(mutex_);
    ++stats_.node_calls[static_cast<std::size_t>(NodeOutcome::kAnswered)];
  }
  if (!ends_to_fail(node.text())) return;
  note(LogLevel::kInfo, [&] { return "node " + node.text() + " answers again"; });
}

void FarmEvents::node_failed(const base::Endpoint& node, const NodeFailure& failure) {
  {
    MutexLock lock(mutex_);
    ++stats_.node_calls[static_cast<std::size_t>(outcome_of(failure))];
  }
  const bool first = begins_to_fail(node.text());
  note(first ? LogLevel::kWarning : LogLevel::kDebug,
       [&] { return "node " + node.text() + ": " + failure.what(); });
}

void FarmEvents::refreshed(const Topology& topology) {
  bool changed = false;
  {
    MutexLock lock(mutex_);
    ++stats_.refreshes;
    changed = std::exchange(known_version_, topology.version()) != topology.version();
  }
  const bool again = ends_to_fail("refresh");
  note(changed || again ? LogLevel::kInfo : LogLevel::kDebug, [&] {
    const std::size_t servers = topology.content().servers.size();
    return "topology " + std::to_string(topology.version()) + (changed ? "" : " confirmed") + ": " +
           std::to_string(topology.groups().size()) + " groups, " + std::to_string(servers) +
           " servers";
  });
}

void FarmEvents::refresh_failed(const char* why) {
  {
    MutexLock lock(mutex_);
    ++stats_.refresh_failures;
  }
  const bool first = begins_to_fail("refresh");
  note(first ? LogLevel::kWarning : LogLevel::kDebug,
       [&] { return std::string("no news, older facts serve on: ") + why; });
}

void FarmEvents::reported(const Server& server, const FaultReport& report) {
  {
    MutexLock lock(mutex_);
    ++stats_.reports;
    why_not_reported_.clear();
  }
  ends_to_fail("report of " + server.uuid);
  note(LogLevel::kInfo, [&] {
    const bool failure = report.kind == ReportKind::kFailure;
    return std::string(failure ? "report_failure" : "report_error") + " of " + name_of(server) +
           " sent to a node: error " + report.error;
  });
}

void FarmEvents::report_failed(const Server& server, const char* why) {
  {
    MutexLock lock(mutex_);
    ++stats_.report_failures;
    why_not_reported_ = why;
  }
  const bool first = begins_to_fail("report of " + server.uuid);
  note(first ? LogLevel::kWarning : LogLevel::kDebug,
       [&] { return "no node takes a report of " + name_of(server) + ": " + why; });
}

void FarmEvents::suspected(const Server& server, unsigned native_error) {
  note(LogLevel::kWarning, [&] {
    return name_of(server) + " failed a session (" + std::to_string(native_error) +
           "): it is watched until it answers or the farm changes";
  });
}

void FarmEvents::answers(const Server& server, base::Duration after) {
  note(LogLevel::kInfo, [&] {
    return name_of(server) + " answers, " + in_ms(after) + " after it failed a session";
  });
}

void FarmEvents::primary_changed(const Recoveries::Change& change) {
  {
    MutexLock lock(mutex_);
    if (change.without) {
      ++stats_.failovers;
      stats_.recovery.note(*change.without);
    } else {
      ++stats_.switchovers;
    }
  }
  note(LogLevel::kWarning, [&] {
    const std::string how = change.without
                                ? "failover, " + in_ms(*change.without) + " without a primary"
                                : "switch-over";
    return "group " + change.group + ": primary " + change.from.text() + " -> " + change.to.text() +
           " (" + how + ")";
  });
}

std::string FarmEvents::why_not_reported() const {
  MutexLock lock(mutex_);
  return why_not_reported_;
}

FarmStats FarmEvents::stats() const {
  MutexLock lock(mutex_);
  return stats_;
}

}  // namespace fabric
