// The farms of the process, and their group pools: made when first asked for, ended when nobody
// uses them any more. A thread of its own looks once a second, so that no caller waits for an end.
// Owner: Runtime. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "driver/routing/fact_cache.h"
#include "driver/settings/connection_settings.h"
#include "driver/stats_text.h"
#include "fabric/base/clock.h"
#include "fabric/base/log.h"
#include "fabric/base/mutex.h"
#include "fabric/base/ticker.h"
#include "fabric/farm.h"
#include "fabric/mysql/watchdog.h"
#include "pool/group_pool.h"
#include "pool/pools.h"

namespace driver {

class Farms {
 public:
  /// What farms live in.
  struct Surroundings {
    const fabric::base::Clock& clock;
    fabric::base::Log& log;
    fabric::mysql::Watchdog& watchdog;
    pool::Pools& pools;
    routing::FactCaches& facts;
  };

  explicit Farms(const Surroundings& surroundings) : surroundings_(surroundings) {}
  ~Farms() { end(); }
  Farms(const Farms&) = delete;
  Farms& operator=(const Farms&) = delete;

  /// The farm these settings name: by nodes and node credentials, or the plain list of servers. It
  /// lives while the caller holds it, and for POOL_IDLE_TIMEOUT after that.
  std::shared_ptr<fabric::Farm> farm(const settings::ConnectionSettings& settings);
  /// The pool of one group of that farm for these settings; lives as long.
  std::shared_ptr<pool::GroupPool> group_pool(const settings::ConnectionSettings& settings,
                                              const std::string& group);
  /// A connect has failed: a farm that never answered need not be kept for another look.
  void look_soon() noexcept;
  /// Of those that can change.
  [[nodiscard]] std::vector<FarmReport> reports() const;
  /// Ends all that nobody holds, and keeps the rest for those who do.
  void end();

  /// Around fork(). In the child the object is only fit to be leaked after it.
  void lock_for_fork() NO_THREAD_SAFETY_ANALYSIS { mutex_.lock(); }
  void unlock_after_fork() NO_THREAD_SAFETY_ANALYSIS { mutex_.unlock(); }
  void abandon_after_fork() noexcept NO_THREAD_SAFETY_ANALYSIS;

 private:
  using FarmKey = std::tuple<std::string, std::vector<fabric::base::Endpoint>,
                             std::optional<fabric::RpcProtocol>, fabric::mysql::Credentials, bool,
                             fabric::ReportPolicy, fabric::base::Duration>;
  using GroupKey = std::tuple<std::string, fabric::mysql::Credentials, pool::PoolOptions>;

  template <class Thing>
  struct Kept {
    std::shared_ptr<Thing> thing;
    fabric::base::SteadyTime used{};  ///< seen in use last
    fabric::base::Duration keep{};    ///< for so long when it is not; zero: for ever
  };
  struct Known {
    Kept<fabric::Farm> farm;
    std::map<GroupKey, Kept<pool::GroupPool>> groups;  // ends before the farm
  };

  Known& known(const settings::ConnectionSettings& settings) REQUIRES(mutex_);
  std::shared_ptr<fabric::Farm> make(const settings::ConnectionSettings& settings);
  std::function<std::unique_ptr<fabric::TopologySource>()> sources_of(
      const settings::ConnectionSettings& settings,
      const std::shared_ptr<fabric::FarmEvents>& events);
  template <class Thing>
  static bool unused(Kept<Thing>& kept, long ours, fabric::base::SteadyTime now);
  std::shared_ptr<void> take_unused();
  fabric::base::SteadyTime sweep();

  const Surroundings surroundings_;
  mutable fabric::base::Mutex mutex_;
  std::map<FarmKey, Known> farms_ GUARDED_BY(mutex_);
  fabric::base::Ticker sweeper_{"fabric-farms", [this] { return sweep(); }};
};

}  // namespace driver
