#include "tools/watch/watch.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "fabric/fault_report.h"
#include "tools/watch/group_care.h"
#include "tools/watch/promotion.h"

namespace tools::watch {
namespace {

using fabric::Server;
using fabric::ServerStatus;
using fabric::base::Error;

void sleep_for(fabric::base::Duration time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, time, [] { return false; });
}

bool could_take_over(const Server& server) {
  return server.status == ServerStatus::kSecondary && server.mode == fabric::ServerMode::kReadOnly;
}

}  // namespace

Watch::Watch(const driver::settings::ConnectionSettings& settings, Options options, Log& log)
    : options_(std::move(options)),
      node_(settings, watchdog_),
      lease_(std::make_unique<NodeStore>(settings, watchdog_), fabric::reporter_name(),
             options_.lease, clock_),
      servers_(settings.credentials, watchdog_),
      log_(log),
      round_{options_, node_, lease_, servers_, log_, clock_} {}

void Watch::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (!round()) sleep_for(options_.interval, stop);
  }
  log_.say("", "", "stops");
}

bool Watch::round() {
  try {
    const bool again = active() && act();
    log_.say_once("", "", "round", "");
    return again;
  } catch (const LeaseLost& lost) {
    log_.say("", "", std::string("nothing more is done: ") + lost.what());
  } catch (const std::exception& error) {
    log_.say_once("", "", "round", error.what());
  }
  return false;
}

bool Watch::active() {
  if (lease_.held()) return true;
  std::string holder;
  if (lease_.take(holder)) {
    log_.say("", "", "active, epoch " + std::to_string(lease_.epoch()));
    log_.say_once("", "", "standby", "");
    return true;
  }
  log_.say_once("", "", "standby", "standing by: the lease is " + holder + "'s");
  return false;
}

bool Watch::watched(const WatchedGroup& group) const {
  return options_.groups.empty() || std::find(options_.groups.begin(), options_.groups.end(),
                                              group.name) != options_.groups.end();
}

bool Watch::act() {
  round_.groups = node_.look();
  servers_.look(round_.groups, options_.probe_timeout);
  bool again = false;
  for (const WatchedGroup& group : round_.groups) {
    if (!watched(group)) continue;
    try {
      again = tend(group) || again;
    } catch (const LeaseLost&) {
      throw;
    } catch (const std::exception& error) {
      tell(group, error.what());
    }
  }
  return again;
}

bool Watch::tend(const WatchedGroup& group) {
  GroupCare::mark_dead(round_, group);
  const Server* primary = group.primary();
  if (group.promotion && (primary == nullptr || group.promotion->leaving.empty())) {
    return promote(group);
  }
  if (primary == nullptr) {
    log_.say_once(group.name, "", "orphan",
                  "has no primary, and none was asked for: fabricctl promote");
    return false;
  }
  log_.say_once(group.name, "", "orphan", "");
  if (group.promotion) round_.change("watch.publish", {group.name, primary->uuid});  // done by hand
  const ServerState& state = servers_.state(*primary);
  if (state.known) {
    log_.say_once(group.name, name_of(*primary), "silent", "");
    GroupCare(round_, group).run();
    return false;
  }
  log_.say_once(group.name, name_of(*primary), "silent",
                "the primary does not answer: " + state.why);
  if (!servers_.evidence(*primary).dead(options_.thresholds, clock_.now())) return false;
  if (std::none_of(group.servers.begin(), group.servers.end(), could_take_over)) {
    log_.say_once(group.name, name_of(*primary), "alone",
                  "is dead, and the group has no SECONDARY to take over");
    return false;
  }
  log_.say(group.name, name_of(*primary),
           "is dead: " + std::to_string(servers_.evidence(*primary).failures()) +
               " looks in a row failed");
  return promote(group);
}

bool Watch::promote(const WatchedGroup& group) {
  if (hopeless_request(group)) return false;
  PromotionRun(round_, group).run();
  log_.say_once(group.name, "", "held", "");
  return true;
}

/// A switch-over that was asked for and has not begun must not cost the group its primary.
bool Watch::hopeless_request(const WatchedGroup& group) {
  const Server* primary = group.primary();
  if (!group.promotion || primary == nullptr || !servers_.state(*primary).known) return false;
  std::string reason = "no SECONDARY follows the primary";
  for (const Server& server : group.servers) {
    const std::string& wanted = group.promotion->wanted;
    if (wanted.empty() ? !could_take_over(server) : server.uuid != wanted) continue;
    const ServerState& state = servers_.state(server);
    const bool follows = state.known && state.usable && state.source &&
                         state.source->endpoint == primary->endpoint && state.source->receiving &&
                         state.source->applying;
    if (follows) return false;
    reason = name_of(server) + " does not follow the primary" +
             (state.source ? " " + state.source->trouble : "");
  }
  tell(group, std::string(kRefused) + reason);
  return true;
}

void Watch::tell(const WatchedGroup& group, const std::string& problem) {
  if (!log_.say_once(group.name, "", "held", problem) || !group.promotion) return;
  try {
    round_.change("watch.say", {group.name, problem});
  } catch (const fabric::NodeFailure&) {
    // It is in the log, and the next round says it again.
  }
}

void Watch::ask(const std::string& group, const std::string& server) {
  node_.call("watch.ask", {group, server});
}

void Watch::take_back(const std::string& group) { node_.call("watch.take_back", {group}); }

WatchedGroup Watch::group(const std::string& name) {
  for (WatchedGroup& one : node_.look()) {
    if (one.name == name) return std::move(one);
  }
  throw Error(fabric::base::SqlState::kHY000, "The node has no REPLICATED group '" + name + "'");
}

}  // namespace tools::watch
