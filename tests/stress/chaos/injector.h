// Breaks the farm at random: three threads at once, one for the cluster, one for the shards, one
// for the networks; each repairs what it broke before it breaks the next. Its seed decides what,
// when and for how long.
#pragma once

#include <atomic>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "tests/stress/chaos/farm.h"
#include "tests/stress/chaos/history.h"

namespace chaos {

class Injector {
 public:
  Injector(Farm& farm, std::uint64_t seed) : farm_(farm), random_(seed) {}

  void break_cluster(const std::atomic<bool>& stop);
  void break_shards(const std::atomic<bool>& stop);
  void break_networks(const std::atomic<bool>& stop);
  [[nodiscard]] const std::vector<Fault>& faults() const { return faults_; }

 private:
  /// Runs `act`, waits, runs `repair`.
  struct Plan {
    std::string kind, victim;
    std::vector<Route> routes;
    Milliseconds hold{0};
    std::function<void()> act, repair;
  };
  void loop(const std::atomic<bool>& stop, const std::function<Plan()>& next);
  Plan cluster_plan();
  Plan shard_plan();
  Plan network_plan();
  Plan signal_plan(const std::string& kind, const std::string& victim);

  int below(int limit) { return std::uniform_int_distribution(0, limit - 1)(random_); }
  Milliseconds between(int low, int high) { return Milliseconds(low + below(high - low + 1)); }

  Farm& farm_;
  std::mt19937_64 random_;
  std::vector<Fault> faults_;
};

}  // namespace chaos
