#include "fabric/farm.h"

#include <algorithm>
#include <list>
#include <random>

#include "fabric/base/mutex.h"
#include "fabric/refresher.h"
#include "fabric/topology_cache.h"

namespace fabric {

struct Farm::State {
  explicit State(const FarmOptions& options)
      : cache(options.ttl_limit, std::random_device{}()),
        events(options.events ? options.events : std::make_shared<FarmEvents>(nullptr, "")) {}

  /// On the refresher's thread, after each answer of a node.
  void tell_listeners();

  TopologyCache cache;
  const std::shared_ptr<FarmEvents> events;
  base::Mutex mutex;
  std::list<Listener> listeners GUARDED_BY(mutex);
  std::uint64_t told = 0;  // of the refresher's thread
  // Both null for a plain list of servers. Each calls the other through its hooks, so what is
  // destroyed first must be told to the other; see ~Farm.
  std::unique_ptr<FailoverMonitor> monitor;
  std::unique_ptr<Refresher> refresher;
};

void Farm::State::tell_listeners() {
  const TopologyPtr topology = cache.snapshot();
  if (topology == nullptr || topology->version() == told) return;
  told = topology->version();
  std::list<Listener> called;
  {
    base::MutexLock lock(mutex);
    called.swap(listeners);
  }
  called.remove_if([&topology](const Listener& listener) { return !listener(topology); });
  base::MutexLock lock(mutex);
  listeners.splice(listeners.begin(), called);
}

Farm::Farm(const std::function<std::unique_ptr<TopologySource>()>& make_source,
           const FarmOptions& options, const base::Clock& clock)
    : state_(std::make_unique<State>(options)) {
  std::unique_ptr<TopologySource> source = make_source();
  State& state = *state_;
  if (!source->can_change()) {
    state.cache.publish(source->fetch(base::Deadline::never()), clock.now());
    return;
  }
  state.monitor = std::make_unique<FailoverMonitor>(
      make_source(),
      FailoverMonitor::Options{.reports = options.reports,
                               .report_timeout = options.node_timeout,
                               .events = state.events},
      FailoverMonitor::Hooks{.probe = options.probe,
                             .changed = [&state] { state.refresher->wake(); },
                             .report_taken = [&state] { state.refresher->ask_servers(); },
                             .current = [&state] { return state.cache.snapshot(); }},
      clock);
  state.refresher = std::make_unique<Refresher>(
      std::move(source), state.cache,
      RefresherOptions{.node_timeout = options.node_timeout,
                       .attempts = options.attempts,
                       .attempt_delay = options.attempt_delay,
                       .events = state.events},
      Refresher::Hooks{.polling_since = [&state] { return state.monitor->polling_since(); },
                       .answered =
                           [&state](const Topology& topology) {
                             state.monitor->observe(topology);
                             state.tell_listeners();
                           }},
      clock);
}

Farm::~Farm() {
  if (!can_change()) return;
  state_->refresher->stop();  // from here on it calls nobody, but may still be called
  state_->monitor.reset();
}

TopologyPtr Farm::topology(base::Deadline deadline) {
  return can_change() ? state_->refresher->topology(deadline) : state_->cache.snapshot();
}

TopologyPtr Farm::at_hand() {
  return can_change() ? state_->refresher->at_hand() : state_->cache.snapshot();
}

TopologyPtr Farm::wait_newer(std::uint64_t version, base::Deadline deadline) {
  return can_change() ? state_->refresher->wait_newer(version, deadline) : state_->cache.snapshot();
}

void Farm::on_change(Listener listener) {
  base::MutexLock lock(state_->mutex);
  state_->listeners.push_back(std::move(listener));
}

TopologyPtr Farm::refresh(base::Deadline deadline) {
  return can_change() ? state_->refresher->refresh(deadline) : state_->cache.snapshot();
}

void Farm::worked(const std::string& uuid) {
  if (can_change()) state_->monitor->worked(uuid);
}

void Farm::suspect(const Server& server, FaultKind kind, unsigned native_error) {
  if (can_change()) state_->monitor->suspect(server, kind, native_error);
}

void Farm::abandon_after_fork() noexcept {
  if (!can_change()) return;
  state_->monitor->abandon_after_fork();
  state_->refresher->abandon_after_fork();
}

bool Farm::hopeless() const { return can_change() && state_->refresher->hopeless(); }

bool Farm::irreplaceable() const {
  const TopologyPtr known = state_->cache.snapshot();
  if (known == nullptr || !can_change()) return false;
  const auto has_disabled = [](const ShardMap& map) {
    return std::ranges::any_of(map.shards, [](const Shard& one) { return one.group.empty(); });
  };
  return known->stale() || std::ranges::any_of(known->content().shard_maps, has_disabled);
}

FarmStats Farm::stats() const { return state_->events->stats(); }

std::string Farm::why_not_reported() const { return state_->events->why_not_reported(); }

const std::string& Farm::name() const { return state_->events->farm(); }

bool Farm::can_change() const { return state_->refresher != nullptr; }

}  // namespace fabric
