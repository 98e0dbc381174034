#include "tests/stress/chaos/injector.h"

#include <csignal>
#include <thread>

#include "fabric/base/error.h"

namespace chaos {
namespace {

using test_support::Cut;
using test_support::FaultProxy;

void rest(Milliseconds time, const std::atomic<bool>& stop) {
  const Time until = Clock::now() + time;
  while (!stop && Clock::now() < until) std::this_thread::sleep_for(Milliseconds(20));
}

std::vector<Route> routes_of(const std::string& server, bool direct) {
  if (server.starts_with("shard1")) return {Route::kShard1};
  if (server.starts_with("shard2")) return {Route::kShard2};
  if (direct) return {Route::kNodes, Route::kProxies};
  return {Route::kProxies};
}

}  // namespace

void Injector::loop(const std::atomic<bool>& stop, const std::function<Plan()>& next) {
  rest(between(1000, 3000), stop);
  while (!stop) {
    const Plan plan = next();
    const Milliseconds pause = between(1000, 4000);
    Fault fault{plan.kind, plan.victim, plan.routes, Clock::now(), {}};
    try {
      plan.act();
    } catch (const fabric::base::Error&) {  // e.g. nobody can be promoted now
      rest(pause, stop);
      continue;
    }
    rest(plan.hold, stop);
    if (plan.repair) plan.repair();
    fault.ended = Clock::now();
    faults_.push_back(fault);
    rest(pause, stop);
  }
}

/// kill, freeze, restart; `farm start` waits until the server is back and readmits it.
Injector::Plan Injector::signal_plan(const std::string& kind, const std::string& victim) {
  Plan plan{kind, victim, routes_of(victim, true), {}, {}, {}};
  const auto send = [this, victim](int number) {
    return [this, victim, number] { kill(farm_.pid(victim), number); };
  };
  plan.repair = [this, victim] { farm_.command({"start", victim}); };
  if (kind == "killed") {
    plan.act = send(SIGKILL);
    plan.hold = between(200, 3000);
  } else if (kind == "frozen") {
    plan.act = send(SIGSTOP);
    plan.hold = between(200, 4000);
    plan.repair = [thaw = send(SIGCONT), start = plan.repair] {
      thaw();
      start();
    };
  } else {
    plan.act = [this, victim] {
      const pid_t pid = farm_.pid(victim);
      kill(pid, SIGTERM);
      while (kill(pid, 0) == 0) std::this_thread::sleep_for(Milliseconds(20));
    };
  }
  return plan;
}

Injector::Plan Injector::cluster_plan() {
  const int kind = below(4);
  const std::string member = Farm::cluster().at(static_cast<std::size_t>(below(3)));
  // Two of three faults are for the primary.
  const std::string primary = below(3) != 0 ? farm_.primary() : "";
  const std::string victim = primary.empty() ? member : primary;
  if (kind < 3) {
    constexpr std::array kKinds{"killed", "frozen", "restarted"};
    return signal_plan(kKinds.at(static_cast<std::size_t>(kind)), victim);
  }
  Plan plan{"promoted", member, {Route::kNodes}, between(200, 1000), {}, {}};
  plan.act = [this, member] {
    farm_.run(member, "CALL `group`.promote('g1', '" + farm_.uuid(member) + "', 'false', 'true')");
  };
  return plan;
}

Injector::Plan Injector::shard_plan() {
  const std::string shard = below(2) == 0 ? "shard1" : "shard2";
  const int kind = below(6);
  if (kind == 0) return signal_plan("killed", shard + "a");
  if (kind == 1) return signal_plan("frozen", shard + "a");
  if (kind == 2) return signal_plan("restarted", shard + "a");
  if (kind == 3) return signal_plan("killed", shard + "b");
  if (kind == 4) return signal_plan("frozen", shard + "b");
  const std::string primary = shard + "a";
  Plan plan{"read-only", primary, routes_of(primary, true), between(200, 3000), {}, {}};
  plan.act = [this, primary] { farm_.run(primary, "SET GLOBAL read_only = 1"); };
  plan.repair = [this, primary] { farm_.run(primary, "SET GLOBAL read_only = 0"); };
  return plan;
}

Injector::Plan Injector::network_plan() {
  auto at = farm_.networks().begin();
  std::advance(at, below(static_cast<int>(farm_.networks().size())));
  FaultProxy& network = *at->second;
  Plan plan{"", at->first, routes_of(at->first, false), between(200, 3000), {}, {}};
  plan.repair = [&network] { network.heal(); };
  const auto lasts = [&](const char* kind, const FaultProxy::Faults& faults) {
    plan.kind = kind;
    plan.act = [&network, faults] { network.set(faults); };
  };
  FaultProxy::Faults one_way;
  switch (below(8)) {
    case 0:
      plan.kind = "links reset";
      plan.act = [&network] { network.cut(); };
      break;
    case 1:
      plan.kind = "links closed";
      plan.act = [&network] { network.cut(Cut::kFin); };
      break;
    case 2:
      lasts("network silent", FaultProxy::silent());
      break;
    case 3:
      one_way.to_client.hold = true;
      lasts("answers lost", one_way);
      break;
    case 4:
      lasts("network slow", FaultProxy::slow(between(50, 200)));
      break;
    case 5:
      lasts("network narrow", FaultProxy::narrow(20'000));
      break;
    case 6:
      plan.kind = "connects refused, links reset";
      plan.act = [&network] {
        network.set(FaultProxy::refusing());
        network.cut();
      };
      break;
    default:
      plan.kind = "links half-closed";
      plan.act = [&network] { network.half_close(FaultProxy::Way::kToClient); };
  }
  return plan;
}

void Injector::break_cluster(const std::atomic<bool>& stop) {
  loop(stop, [this] { return cluster_plan(); });
}
void Injector::break_shards(const std::atomic<bool>& stop) {
  loop(stop, [this] { return shard_plan(); });
}
void Injector::break_networks(const std::atomic<bool>& stop) {
  loop(stop, [this] { return network_plan(); });
}

}  // namespace chaos
