#include "driver/farms.h"

#include <algorithm>
#include <utility>

#include "driver/settings/farm_options.h"
#include "fabric/static_source.h"

namespace driver {
namespace {

using fabric::base::Duration;
using fabric::base::MutexLock;
using fabric::base::SteadyTime;

constexpr Duration kSweepEvery = std::chrono::seconds(1);

/// Zero, for ever, where MIN_POOL_SIZE asks for warm connections.
Duration kept_for(const pool::PoolOptions& options) {
  return options.min_idle > 0 ? Duration::zero() : options.idle_timeout;
}

/// Of two times of which zero means for ever.
Duration longer(Duration one, Duration other) {
  const Duration none = Duration::zero();
  return one == none || other == none ? none : std::max(one, other);
}

}  // namespace

std::shared_ptr<fabric::Farm> Farms::farm(const settings::ConnectionSettings& settings) {
  MutexLock lock(mutex_);
  return known(settings).farm.thing;
}

std::shared_ptr<pool::GroupPool> Farms::group_pool(const settings::ConnectionSettings& settings,
                                                   const std::string& group) {
  MutexLock lock(mutex_);
  Known& its_farm = known(settings);
  const GroupKey key{group, settings.credentials, settings.pool};
  auto found = its_farm.groups.find(key);
  if (found == its_farm.groups.end()) {
    auto made = std::make_shared<pool::GroupPool>(its_farm.farm.thing, group, surroundings_.pools,
                                                  settings.credentials, settings.pool);
    found = its_farm.groups.insert({key, {std::move(made)}}).first;
    found->second.keep = kept_for(settings.pool);
  }
  found->second.used = surroundings_.clock.now();
  return found->second.thing;
}

Farms::Known& Farms::known(const settings::ConnectionSettings& settings) {
  const settings::FabricSettings& asked = settings.fabric;
  const bool plain = !settings.has_fabric();
  const FarmKey key{asked.topology_file,
                    plain ? settings.servers : asked.nodes,
                    asked.protocol,
                    plain ? fabric::mysql::Credentials{} : settings::farm_login(settings),
                    plain || asked.user_of_servers,
                    asked.farm.reports,
                    asked.farm.ttl_limit};
  auto found = farms_.find(key);
  if (found == farms_.end()) {
    sweeper_.wake_by(surroundings_.clock.now() + kSweepEvery);
    found = farms_.emplace(key, Known{{make(settings)}, {}}).first;
    found->second.farm.keep = kept_for(settings.pool);
  }
  Kept<fabric::Farm>& farm = found->second.farm;
  farm.used = surroundings_.clock.now();
  farm.keep = longer(farm.keep, kept_for(settings.pool));
  return found->second;
}

std::shared_ptr<fabric::Farm> Farms::make(const settings::ConnectionSettings& settings) {
  fabric::FarmOptions options = settings.fabric.farm;
  options.events =
      std::make_shared<fabric::FarmEvents>(&surroundings_.log, settings.fabric.nodes_text());
  return std::make_shared<fabric::Farm>(sources_of(settings, options.events), options,
                                        surroundings_.clock);
}

std::function<std::unique_ptr<fabric::TopologySource>()> Farms::sources_of(
    const settings::ConnectionSettings& settings,
    const std::shared_ptr<fabric::FarmEvents>& events) {
  const settings::FabricSettings& asked = settings.fabric;
  if (!asked.topology_file.empty()) {
    return fabric::file_sources(settings::file_options(settings), surroundings_.watchdog);
  }
  if (!asked.nodes.empty()) {
    fabric::RpcOptions options = settings::rpc_options(settings);
    options.events = events;
    return fabric::rpc_sources(options, surroundings_.watchdog, surroundings_.clock);
  }
  return [servers = settings.servers] { return std::make_unique<fabric::StaticSource>(servers); };
}

/// Nobody holds it but we, `ours` times, nor did for its time. Who wants to must take our lock.
template <class Thing>
bool Farms::unused(Kept<Thing>& kept, long ours, SteadyTime now) {
  if (kept.thing.use_count() > ours) kept.used = now;
  return kept.keep > Duration::zero() && now - kept.used >= kept.keep;
}

/// One group pool or farm that is out of the map now; null when there is none.
std::shared_ptr<void> Farms::take_unused() {
  const SteadyTime now = surroundings_.clock.now();
  MutexLock lock(mutex_);
  for (auto one = farms_.begin(); one != farms_.end(); ++one) {
    auto& [farm, groups] = one->second;
    const long ours = 1 + static_cast<long>(groups.size());  // each group pool holds its farm
    const bool over = unused(farm, ours, now);
    const auto group =
        std::ranges::find_if(groups, [now](auto& item) { return unused(item.second, 1, now); });
    if (group != groups.end()) {
      const std::shared_ptr<void> taken = std::move(group->second.thing);
      groups.erase(group);
      return taken;
    }
    if (!groups.empty() || farm.thing.use_count() > 1) continue;
    if (!farm.thing->hopeless() && (!over || farm.thing->irreplaceable())) continue;
    const std::shared_ptr<fabric::Farm> taken = std::move(farm.thing);
    farms_.erase(one);
    surroundings_.facts.forget(taken.get());  // before another farm may have its address
    return taken;
  }
  return nullptr;
}

SteadyTime Farms::sweep() {
  while (take_unused() != nullptr) continue;  // each ends here, off the lock
  MutexLock lock(mutex_);
  return farms_.empty() ? SteadyTime::max() : surroundings_.clock.now() + kSweepEvery;
}

void Farms::look_soon() noexcept {
  try {
    sweeper_.wake_by(surroundings_.clock.now());
  } catch (const std::exception&) {  // no thread to be had: there is one once there can be
  }
}

std::vector<FarmReport> Farms::reports() const {
  std::vector<FarmReport> reports;
  MutexLock lock(mutex_);
  for (const auto& [key, known] : farms_) {
    const fabric::Farm& farm = *known.farm.thing;
    if (farm.can_change()) reports.push_back({farm.name(), farm.stats()});
  }
  return reports;
}

void Farms::end() {
  sweeper_.end();
  std::map<FarmKey, Known> farms;  // dies after the unlock
  MutexLock lock(mutex_);
  farms.swap(farms_);
}

void Farms::abandon_after_fork() noexcept {
  for (const auto& [key, known] : farms_) known.farm.thing->abandon_after_fork();
  mutex_.unlock();
}

}  // namespace driver
