#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <thread>

#include "fabric/base/error.h"
#include "tools/command.h"
#include "tools/watch/watch.h"
#include "tools/watch_options.h"

namespace tools {
namespace {

using fabric::base::Deadline;
using fabric::base::Error;

constexpr std::chrono::milliseconds kPause{50};
constexpr std::chrono::seconds kRejoinTime{5};

struct Options {
  WatchOptions watch;
  std::string group, server;
  unsigned timeout = 60;  // seconds
};

[[noreturn]] void fail(const std::string& text) {
  throw Error(fabric::base::SqlState::kHY000, text);
}

/// This instance acts itself when no `fabricctl watch` does; else it waits for that one.
watch::WatchedGroup until_done(watch::Watch& watch, const Options& options) {
  const fabric::base::SystemClock clock;
  const Deadline deadline = Deadline::after(clock, std::chrono::seconds(options.timeout));
  while (true) {
    watch.round();
    watch::WatchedGroup now = watch.group(options.group);
    if (!now.promotion) return now;
    const std::string& problem = now.promotion->problem;
    const bool refused = problem.starts_with(watch::kRefused);
    if (refused || deadline.passed(clock.now())) {
      watch.take_back(options.group);
      if (refused) fail("Nothing was changed: " + problem.substr(watch::kRefused.size()));
      fail(now.promotion->leaving.empty()
               ? "Nothing was changed: no instance began within the time"
               : "Not done within the time; the next watch goes on. Last problem: " + problem);
    }
    std::this_thread::sleep_for(kPause);
  }
}

/// Where no watch runs, the old primary is made to follow here.
void let_others_follow(watch::Watch& watch, const Options& options) {
  const fabric::base::SystemClock clock;
  const Deadline deadline = Deadline::after(clock, kRejoinTime);
  while (!deadline.passed(clock.now())) {
    const auto servers = watch.group(options.group).servers;
    const bool settled = std::none_of(servers.begin(), servers.end(), [](const auto& one) {
      return one.status == fabric::ServerStatus::kFaulty;
    });
    if (settled) return;
    watch.round();
    std::this_thread::sleep_for(kPause);
  }
}

int promote(const Options& options) {
  const driver::settings::ConnectionSettings settings = settings_of(options.watch.farm);
  watch::Log log(std::cout, options.watch.json);
  watch::Options complete = options.watch.complete(settings);
  complete.groups = {options.group};
  watch::Watch watch(settings, complete, log);
  const watch::WatchedGroup before = watch.group(options.group);
  watch.ask(options.group, options.server);
  const watch::WatchedGroup after = until_done(watch, options);
  const fabric::Server* primary = after.primary();
  if (primary == nullptr) fail("Group " + options.group + " has no primary");
  const fabric::Server* was = before.primary();
  const bool named = primary->uuid == options.server || primary->endpoint.text() == options.server;
  if (was != nullptr && was->uuid == primary->uuid && !named) {
    fail("Nothing was changed: " + watch::name_of(*primary) + " is the primary still");
  }
  log.say(options.group, watch::name_of(*primary), "is the primary");
  let_others_follow(watch, options);
  return kDone;
}

}  // namespace

Command promote_command(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "promote", "Switches a REPLICATED group over to another primary, losing nothing");
  add_farm_option(*command, options->watch.farm);
  command->add_option("GROUP", options->group, "the group")->required();
  command->add_option("SERVER", options->server,
                      "uuid or host:port of the new primary; without it the best secondary");
  command->add_option("--timeout", options->timeout, "seconds until it must be done")
      ->capture_default_str();
  add_watch_options(*command, options->watch);
  return {command, [options] { return promote(*options); }};
}

}  // namespace tools
