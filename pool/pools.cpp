#include "pool/pools.h"

#include <map>
#include <tuple>
#include <vector>

#include "fabric/base/mutex.h"
#include "fabric/base/ticker.h"
#include "pool/farm_watch.h"
#include "pool/housekeeper.h"
#include "pool/server_pool.h"
#include "pool/surroundings.h"

namespace pool {
namespace {

using fabric::base::Endpoint;
using fabric::base::MutexLock;
using fabric::mysql::Credentials;

constexpr fabric::base::Duration kSweepEvery = std::chrono::seconds(1);

/// Connections of POOLING=0 are a kind of their own: no limit, nothing kept.
using Key = std::tuple<Endpoint, Credentials, bool>;

}  // namespace

struct Pools::State {
  State(const fabric::base::Clock& clock, fabric::mysql::Watchdog& watchdog, fabric::base::Log& log)
      : surroundings{clock, watchdog, log, std::make_shared<Connectors>(),
                     std::make_shared<Suspects>(clock, log)} {}

  std::vector<std::shared_ptr<ServerPool>> all() const;
  std::vector<std::shared_ptr<ServerPool>> at(const Endpoint& server) const;
  fabric::base::SteadyTime sweep();

  const Surroundings surroundings;
  mutable fabric::base::Mutex mutex;
  std::map<Key, std::shared_ptr<ServerPool>> pools GUARDED_BY(mutex);
  PoolStats gone GUARDED_BY(mutex);  ///< what pools counted that are no more
  std::map<const fabric::Farm*, std::weak_ptr<FarmWatch>> watches GUARDED_BY(mutex);
  fabric::base::Ticker housekeeper{"fabric-house", [this] { return sweep(); }};
};

std::vector<std::shared_ptr<ServerPool>> Pools::State::all() const {
  std::vector<std::shared_ptr<ServerPool>> found;
  MutexLock lock(mutex);
  for (const auto& [key, pool] : pools) found.push_back(pool);
  return found;
}

std::vector<std::shared_ptr<ServerPool>> Pools::State::at(const Endpoint& server) const {
  std::vector<std::shared_ptr<ServerPool>> found;
  MutexLock lock(mutex);
  for (const auto& [key, pool] : pools) {
    if (std::get<Endpoint>(key) == server) found.push_back(pool);
  }
  return found;
}

/// A pool that no GroupPool names any more closes what is idle, and ends when nothing is lent.
fabric::base::SteadyTime Pools::State::sweep() {
  std::vector<std::shared_ptr<ServerPool>> unnamed;
  std::vector<std::shared_ptr<ServerPool>> empty;  // die after the unlock
  {
    MutexLock lock(mutex);
    for (auto next = pools.begin(); next != pools.end();) {
      const auto item = next++;
      if (item->second.use_count() > 1) continue;
      if (!item->second->empty()) {
        unnamed.push_back(item->second);
        continue;
      }
      gone += item->second->stats();
      empty.push_back(std::move(item->second));
      pools.erase(item);
    }
  }
  for (const auto& pool : unnamed) pool->retire_all();
  for (const auto& pool : all()) {
    Housekeeper(*pool, *surroundings.suspects, surroundings.clock).sweep();
  }
  return std::chrono::steady_clock::now() + kSweepEvery;
}

Pools::Pools(const fabric::base::Clock& clock, fabric::mysql::Watchdog& watchdog,
             fabric::base::Log& log)
    : state_(std::make_unique<State>(clock, watchdog, log)) {}

Pools::~Pools() { end(); }

void Pools::end() {
  state_->housekeeper.end();
  std::vector<std::shared_ptr<FarmWatch>> watches;
  {
    MutexLock lock(state_->mutex);
    for (const auto& [farm, weak] : state_->watches) {
      if (auto watch = weak.lock()) watches.push_back(std::move(watch));
    }
  }
  for (const auto& watch : watches) watch->leave();
  state_->surroundings.connectors->stop();
  for (const auto& pool : state_->all()) pool->end_service();
  std::map<Key, std::shared_ptr<ServerPool>> pools;  // dies after the unlock; what is lent lives on
  MutexLock lock(state_->mutex);
  pools.swap(state_->pools);
}

std::shared_ptr<ServerPool> Pools::of(const Endpoint& server, const Credentials& credentials,
                                      const PoolOptions& options, bool* limit_differs) {
  if (limit_differs != nullptr) *limit_differs = false;
  MutexLock lock(state_->mutex);
  auto& pool = state_->pools[{server, credentials, options.pooling}];
  if (pool == nullptr) {
    pool = std::make_shared<ServerPool>(server, credentials, options, state_->surroundings);
    state_->housekeeper.wake_by(std::chrono::steady_clock::now() + kSweepEvery);
    return pool;
  }
  const bool differs = pool->widen(options);
  if (limit_differs != nullptr) *limit_differs = differs;
  return pool;
}

std::shared_ptr<FarmWatch> Pools::watch(const std::shared_ptr<fabric::Farm>& farm) {
  MutexLock lock(state_->mutex);
  std::erase_if(state_->watches, [](const auto& item) { return item.second.expired(); });
  auto& known = state_->watches[farm.get()];
  auto watch = known.lock();
  if (watch == nullptr) {
    watch = std::make_shared<FarmWatch>(*this);
    watch->listen_to(*farm);
    known = watch;
  }
  return watch;
}

void Pools::retire(const Endpoint& server) {
  for (const auto& pool : state_->at(server)) pool->retire_all();
}

void Pools::doubt(const Endpoint& server) {
  for (const auto& pool : state_->at(server)) pool->doubt();
}

Connectors& Pools::connectors() { return *state_->surroundings.connectors; }

Suspects& Pools::suspects() { return *state_->surroundings.suspects; }

const fabric::base::Clock& Pools::clock() const { return state_->surroundings.clock; }

fabric::base::Log& Pools::log() { return state_->surroundings.log; }

PoolStats Pools::stats() const {
  PoolStats sum;
  {
    MutexLock lock(state_->mutex);
    sum = state_->gone;
  }
  for (const auto& pool : state_->all()) sum += pool->stats();
  return sum;
}

std::vector<PoolReport> Pools::reports() const {
  std::map<Key, std::shared_ptr<ServerPool>> pools;
  {
    MutexLock lock(state_->mutex);
    pools = state_->pools;
  }
  std::vector<PoolReport> reports;
  for (const auto& [key, pool] : pools) {
    reports.push_back({.server = std::get<Endpoint>(key),
                       .user = std::get<Credentials>(key).user,
                       .pooled = std::get<bool>(key),
                       .max_size = pool->max_size(),
                       .stats = pool->stats()});
  }
  return reports;
}

void Pools::lock_for_fork() {
  state_->mutex.lock();
  for (const auto& [key, pool] : state_->pools) pool->lock_for_fork();
}

void Pools::unlock_after_fork() {
  for (const auto& [key, pool] : state_->pools) pool->unlock_after_fork();
  state_->mutex.unlock();
}

void Pools::abandon_after_fork() noexcept {
  for (const auto& [key, pool] : state_->pools) pool->abandon_after_fork();
}

}  // namespace pool
