#include "fabric/failover_monitor.h"

#include <algorithm>
#include <array>
#include <exception>

#include "fabric/base/net.h"
#include "fabric/mysql/refusal.h"

namespace fabric {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A role that a server refused to play is waited for no longer than this after the last refusal.
constexpr base::Duration kRolePatience = seconds(30);
/// What no caller has met for so long is not watched any more.
constexpr base::Duration kMemory = std::chrono::minutes(2);
constexpr std::size_t kErrorTextLimit = 64;

/// Denials and full servers are no faults.
bool is_no_fault(unsigned native_error) {
  const mysql::Refusal refusal = mysql::refusal_of(native_error);
  return refusal == mysql::Refusal::kDenied || refusal == mysql::Refusal::kDatabaseDenied ||
         refusal == mysql::Refusal::kNoRoom;
}

bool probed(FaultKind kind) { return kind != FaultKind::kReadOnly; }

/// Between looks at one server: it may be back within moments, or be gone for good.
base::Duration probe_interval(base::Duration age) {
  if (age < seconds(5)) return milliseconds(200);
  return seconds(1);
}

bool has_other_primary(const Topology& topology, const Server& suspect) {
  const Group* group = topology.find_group(suspect.group);
  if (group == nullptr) return false;
  return std::any_of(group->servers.begin(), group->servers.end(), [&](const Server& server) {
    return server.writable() && server.uuid != suspect.uuid;
  });
}

bool listed(const Topology& topology, const Server& suspect) {
  const Server* now = topology.find_server(suspect.uuid);
  return now != nullptr && now->status != ServerStatus::kFaulty;
}

/// The farm has settled what became of the server: it is out, or no longer what it failed as.
bool settled(const Topology& topology, const Server& suspect) {
  const Server* now = topology.find_server(suspect.uuid);
  const bool out =
      now == nullptr || now->status == ServerStatus::kFaulty || now->status == ServerStatus::kSpare;
  if (suspect.status != ServerStatus::kPrimary) return out;
  return (out || now->status != ServerStatus::kPrimary) && has_other_primary(topology, suspect);
}

}  // namespace

ProbeOutcome probe_server(const base::Endpoint& server, base::Deadline deadline) {
  const base::ConnectResult result = base::connect_to(server, deadline);
  switch (result.outcome) {
    case base::ConnectOutcome::kRefused:
      return ProbeOutcome::kRefused;
    case base::ConnectOutcome::kConnected:
      return base::wait_first_byte(result.socket, deadline) ? ProbeOutcome::kAnswers
                                                            : ProbeOutcome::kSilent;
    case base::ConnectOutcome::kUnreachable:
    case base::ConnectOutcome::kTimedOut:
      break;
  }
  return ProbeOutcome::kUnreachable;
}

FailoverMonitor::FailoverMonitor(std::unique_ptr<TopologySource> source, Options options,
                                 Hooks hooks, const base::Clock& clock)
    : source_(std::move(source)),
      options_(std::move(options)),
      hooks_(std::move(hooks)),
      clock_(clock),
      reports_(options_.reports) {}

FailoverMonitor::~FailoverMonitor() {
  source_->cancel();
  base::Worker looker;  // both join after the unlock
  base::Worker reporter;
  base::MutexLock lock(mutex_);
  stop_ = true;
  looker = std::move(looker_);
  reporter = std::move(reporter_);
  look_wake_.notify_all();
  report_wake_.notify_all();
}

void FailoverMonitor::start_threads() {
  if (looker_.joinable()) return;
  looker_ = base::Worker("fabric-look", [this](const std::stop_token&) { look(); });
  reporter_ = base::Worker("fabric-report", [this](const std::stop_token&) { report(); });
}

void FailoverMonitor::worked(const std::string& uuid) {
  const base::SteadyTime now = clock_.now();
  base::MutexLock lock(mutex_);
  worked_[uuid] = now;
}

void FailoverMonitor::suspect(const Server& server, FaultKind kind, unsigned native_error) {
  if (is_no_fault(native_error)) return;
  const base::SteadyTime now = clock_.now();
  const TopologyPtr topology = hooks_.current();
  base::MutexLock lock(mutex_);
  const auto [found, fresh] = suspicions_.try_emplace(server.uuid);
  Suspicion& suspicion = found->second;
  if (fresh && topology && settled(*topology, server)) {  // a straggler of a failover that is over
    suspicions_.erase(found);
    return;
  }
  // What was met at an address counts for that address.
  if (fresh || suspicion.server.endpoint != server.endpoint) suspicion = {.since = now};
  suspicion.server = server;
  suspicion.native_error = native_error;
  suspicion.seen = now;
  if (fresh || probed(kind)) suspicion.kind = kind;
  suspicion.lost = suspicion.lost || kind == FaultKind::kLinkLost;
  recoveries_.missed(server, now);
  start_threads();
  look_wake_.notify_one();
  report_wake_.notify_one();
  lock.unlock();
  if (!fresh) return;
  options_.events->suspected(server, native_error);
  hooks_.changed();
}

void FailoverMonitor::observe(const Topology& topology) {
  const base::SteadyTime now = clock_.now();
  base::MutexLock lock(mutex_);
  const std::vector<Recoveries::Change> changes = recoveries_.observe(topology, now);
  for (auto& [uuid, suspicion] : suspicions_) suspicion.out = !listed(topology, suspicion.server);
  std::erase_if(suspicions_, [&](const auto& entry) REQUIRES(mutex_) {
    const Suspicion& suspicion = entry.second;
    const base::Duration memory = probed(suspicion.kind) ? kMemory : kRolePatience;
    const bool forgotten = now - suspicion.seen > memory;
    if (forgotten) recoveries_.answered(suspicion.server);
    return forgotten || settled(topology, suspicion.server);
  });
  lock.unlock();
  for (const Recoveries::Change& change : changes) options_.events->primary_changed(change);
}

std::optional<base::SteadyTime> FailoverMonitor::polling_since() const {
  base::MutexLock lock(mutex_);
  std::optional<base::SteadyTime> youngest;
  for (const auto& [uuid, suspicion] : suspicions_) {
    youngest = std::max(youngest.value_or(suspicion.since), suspicion.since);
  }
  return youngest;
}

Evidence FailoverMonitor::evidence_of(const Suspicion& suspicion) const {
  const auto worked = worked_.find(suspicion.server.uuid);
  return {.worked = worked == worked_.end() ? std::nullopt : std::optional(worked->second),
          .lost = suspicion.lost,
          .probe = suspicion.probe.value_or(ProbeOutcome::kAnswers)};
}

FailoverMonitor::Suspicion* FailoverMonitor::next_to_probe(base::SteadyTime* wake) {
  Suspicion* next = nullptr;
  for (auto& [uuid, suspicion] : suspicions_) {
    if (!probed(suspicion.kind)) continue;
    if (next == nullptr || suspicion.next_probe < next->next_probe) next = &suspicion;
  }
  *wake = next == nullptr ? base::SteadyTime::max() : next->next_probe;
  return *wake <= clock_.now() ? next : nullptr;
}

/// A server that lets one wait is waited for on one connection rather than called again and again:
/// each broken-off login counts towards its max_connect_errors.
base::Duration FailoverMonitor::patience(const Suspicion& suspicion) const {
  constexpr base::Duration kFirst = milliseconds(500);
  if (suspicion.kind == FaultKind::kSilent && suspicion.silent_probes == 0) return kFirst / 2;
  if (suspicions_.size() > 1) return kFirst;
  return std::min<base::Duration>(seconds(5),
                                  kFirst * (1U << std::min(suspicion.silent_probes, 4U)));
}

bool FailoverMonitor::note_probe(const std::string& uuid, ProbeOutcome outcome) {
  const base::SteadyTime now = clock_.now();
  base::MutexLock lock(mutex_);
  const auto found = suspicions_.find(uuid);
  if (found == suspicions_.end()) return false;
  if (outcome == ProbeOutcome::kAnswers) {
    const Suspicion over = found->second;
    suspicions_.erase(found);
    recoveries_.answered(over.server);
    lock.unlock();
    options_.events->answers(over.server, now - over.since);
    return true;
  }
  Suspicion& suspicion = found->second;
  suspicion.probe = outcome;
  suspicion.silent_probes += outcome == ProbeOutcome::kSilent ? 1 : 0;
  suspicion.next_probe = now + probe_interval(now - suspicion.since);
  report_wake_.notify_one();
  return false;
}

void FailoverMonitor::look() {
  for (;;) {
    Server server;
    base::Duration limit{};
    {
      base::MutexLock lock(mutex_);
      base::SteadyTime wake{};
      Suspicion* next = next_to_probe(&wake);
      if (stop_) return;
      if (next == nullptr) {
        if (wake == base::SteadyTime::max()) {
          look_wake_.wait(mutex_);
        } else {
          look_wake_.wait_until(mutex_, wake);
        }
        continue;
      }
      server = next->server;
      limit = patience(*next);
    }
    const ProbeOutcome outcome =
        hooks_.probe(server.endpoint, base::Deadline::after(clock_, limit));
    if (note_probe(server.uuid, outcome)) hooks_.changed();
  }
}

std::optional<FailoverMonitor::Due> FailoverMonitor::next_report(base::SteadyTime* wake) {
  const base::SteadyTime now = clock_.now();
  *wake = base::SteadyTime::max();
  for (const auto& [uuid, suspicion] : suspicions_) {
    if (!suspicion.probe || !probed(suspicion.kind) || suspicion.out) continue;
    const Evidence evidence = evidence_of(suspicion);
    const auto kind = reports_.due(suspicion.server, evidence, now);
    if (!kind) {
      *wake = std::min(*wake, reports_.next(suspicion.server, evidence, now));
      continue;
    }
    return Due{suspicion.server,
               {.kind = *kind,
                .server_uuid = uuid,
                .reporter = reporter_name(),
                .error = plain_text(std::to_string(suspicion.native_error), kErrorTextLimit)}};
  }
  return {};
}

void FailoverMonitor::send(const Due& due) {
  bool taken = true;
  try {
    source_->report(due.report, base::Deadline::after(clock_, options_.report_timeout));
    options_.events->reported(due.server, due.report);
  } catch (const std::exception& error) {
    taken = false;  // reports never change what an application is told
    options_.events->report_failed(due.server, error.what());
  }
  {
    base::MutexLock lock(mutex_);
    const base::SteadyTime now = clock_.now();
    if (taken) {
      reports_.taken(due.server, due.report.kind, now);
    } else {
      reports_.not_taken(due.server, now);
    }
  }
  if (taken) hooks_.report_taken();
}

void FailoverMonitor::report() {
  for (;;) {
    std::optional<Due> due;
    {
      base::MutexLock lock(mutex_);
      if (stop_) return;
      base::SteadyTime wake{};
      due = next_report(&wake);
      if (!due) {
        if (wake == base::SteadyTime::max()) {
          report_wake_.wait(mutex_);
        } else {
          report_wake_.wait_until(mutex_, wake);
        }
        continue;
      }
    }
    send(*due);
  }
}

}  // namespace fabric
