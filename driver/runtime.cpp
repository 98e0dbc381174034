#include "driver/runtime.h"

#include <pthread.h>

#include <atomic>
#include <cstdlib>
#include <utility>

#include "driver/stats_text.h"
#include "fabric/file_source.h"
#include "fabric/mysql/library.h"
#include "fabric/rpc_source.h"
#include "fabric/static_source.h"

namespace driver {
namespace {

using fabric::base::Mutex;
using fabric::base::MutexLock;

/// What the end of a process grants the calls in flight: a reset or a login on its way.
constexpr std::chrono::milliseconds kFarewell{500};

struct Process {
  Mutex mutex;
  Runtime* current GUARDED_BY(mutex) = nullptr;
  /// Kept: handles that are freed after the end still refer to its clock and watchdog.
  Runtime* ended GUARDED_BY(mutex) = nullptr;
};

/// Never destroyed: entry points may run while the process ends.
Process& process() {
  static Process* const instance = new Process;
  return *instance;
}

/// Who asks nodes; of a topology file, who asks the servers, and so with their TLS options.
fabric::mysql::Credentials login_of(const ConnectionSettings& settings) {
  fabric::mysql::Credentials login = settings.fabric.credentials;
  if (!settings.fabric.topology_file.empty()) login.tls = settings.credentials.tls;
  return login;
}

void before_fork() NO_THREAD_SAFETY_ANALYSIS {
  process().mutex.lock();
  if (process().current != nullptr) process().current->lock_for_fork();
}

void after_fork_in_parent() NO_THREAD_SAFETY_ANALYSIS {
  if (process().current != nullptr) process().current->unlock_after_fork();
  process().mutex.unlock();
}

void after_fork_in_child() NO_THREAD_SAFETY_ANALYSIS {
  Runtime* inherited = process().current;
  // The parent's threads do not exist here, so its runtime is only fit to be leaked.
  process().current = nullptr;
  Runtime::end_generation();
  if (inherited != nullptr) inherited->abandon_after_fork();
  process().mutex.unlock();
}

void end_of_process() {
  Runtime* last = nullptr;
  {
    MutexLock lock(process().mutex);
    last = std::exchange(process().current, nullptr);
    Runtime::end_generation();
  }
  if (last == nullptr) return;
  last->end();
  MutexLock lock(process().mutex);
  process().ended = last;
}

void install_handlers() {
  static const bool installed = [] {
    fabric::mysql::start_client_library();
    static_cast<void>(pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child));
    // After the C library's initialisation, so that it runs before that library's own end.
    static_cast<void>(std::atexit(end_of_process));
    return true;
  }();
  static_cast<void>(installed);
}

}  // namespace

Runtime::Runtime()
    : watchdog_(clock_),
      pools_(std::make_unique<pool::Pools>(clock_, watchdog_, log_)),
      query_timer_(pools_->connectors()),
      stats_file_([this] { return stats(); }) {}

std::string Runtime::stats() {
  std::vector<FarmReport> farms;
  {
    MutexLock lock(mutex_);
    for (const auto& [key, farm] : farms_) {
      if (farm->can_change()) farms.push_back({farm->name(), farm->stats()});
    }
  }
  return stats_text(pools_->reports(), farms);
}

void Runtime::end() {
  watchdog_.end_all_by(fabric::base::Deadline::after(clock_, kFarewell));
  read_ahead_.end();
  query_timer_.end();
  stats_file_.end();
  std::map<GroupKey, std::shared_ptr<pool::GroupPool>> group_pools;
  std::map<FarmKey, std::shared_ptr<fabric::Farm>> farms;
  {
    MutexLock lock(mutex_);
    group_pools.swap(group_pools_);
    farms.swap(farms_);
  }
  group_pools.clear();
  farms.clear();
  pools_->end();
  log_.end();
}

void Runtime::lock_for_fork() NO_THREAD_SAFETY_ANALYSIS {
  mutex_.lock();
  read_ahead_.lock_for_fork();
  pools_->lock_for_fork();
  log_.lock_for_fork();
}

void Runtime::unlock_after_fork() NO_THREAD_SAFETY_ANALYSIS {
  log_.unlock_after_fork();
  pools_->unlock_after_fork();
  read_ahead_.unlock_after_fork();
  mutex_.unlock();
}

void Runtime::abandon_after_fork() noexcept NO_THREAD_SAFETY_ANALYSIS {
  log_.abandon_after_fork();
  pools_->abandon_after_fork();
  for (const auto& [key, farm] : farms_) farm->abandon_after_fork();
  read_ahead_.unlock_after_fork();
  mutex_.unlock();
}

Runtime& Runtime::current() {
  install_handlers();
  Process& shared = process();
  MutexLock lock(shared.mutex);
  if (shared.current == nullptr) shared.current = new Runtime;
  return *shared.current;
}

std::shared_ptr<fabric::Farm> Runtime::farm(const ConnectionSettings& settings) {
  const FabricSettings& asked = settings.fabric;
  const bool plain = !settings.has_fabric();
  const FarmKey key{asked.topology_file,
                    plain ? settings.servers : asked.nodes,
                    asked.protocol,
                    plain ? fabric::mysql::Credentials{} : login_of(settings),
                    plain || asked.user_of_servers,
                    asked.farm.reports,
                    asked.farm.ttl_limit};
  MutexLock lock(mutex_);
  std::shared_ptr<fabric::Farm>& farm = farms_[key];
  if (farm == nullptr) {
    fabric::FarmOptions options = asked.farm;
    options.events = std::make_shared<fabric::FarmEvents>(&log_, asked.nodes_text());
    farm = std::make_shared<fabric::Farm>(sources_of(settings, options.events), options, clock_);
  }
  return farm;
}

std::function<std::unique_ptr<fabric::TopologySource>()> Runtime::sources_of(
    const ConnectionSettings& settings, const std::shared_ptr<fabric::FarmEvents>& events) {
  const FabricSettings& asked = settings.fabric;
  if (!asked.topology_file.empty()) {
    return fabric::file_sources({.path = asked.topology_file,
                                 .credentials = login_of(settings),
                                 .timeout = asked.farm.node_timeout},
                                watchdog_);
  }
  if (!asked.nodes.empty()) {
    return fabric::rpc_sources({.nodes = asked.nodes,
                                .protocol = asked.protocol,
                                .credentials = asked.credentials,
                                .user_of_servers = asked.user_of_servers,
                                .timeout = asked.farm.node_timeout,
                                .events = events},
                               watchdog_, clock_);
  }
  return [servers = settings.servers] { return std::make_unique<fabric::StaticSource>(servers); };
}

std::shared_ptr<pool::GroupPool> Runtime::group_pool(const ConnectionSettings& settings,
                                                     const std::string& group) {
  const std::shared_ptr<fabric::Farm> its_farm = farm(settings);
  const GroupKey key{its_farm.get(), group, settings.credentials, settings.pool};
  MutexLock lock(mutex_);
  std::shared_ptr<pool::GroupPool>& found = group_pools_[key];
  if (found == nullptr) {
    found = std::make_shared<pool::GroupPool>(its_farm, group, *pools_, settings.credentials,
                                              settings.pool);
  }
  return found;
}

}  // namespace driver
