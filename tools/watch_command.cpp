#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <thread>

#include "tools/command.h"
#include "tools/end_signals.h"
#include "tools/watch/watch.h"
#include "tools/watch_options.h"

namespace tools {
namespace {

int watch_farm(const WatchOptions& given) {
  const EndSignals ends;
  const driver::settings::ConnectionSettings settings = settings_of(given.farm);
  watch::Log log(std::cout, given.json);
  watch::Watch watch(settings, given.complete(settings), log);
  std::jthread runner([&watch](const std::stop_token& stop) { watch.run(stop); });
  ends.wait();
  return kDone;
}

}  // namespace

Command watch_command(CLI::App& program) {
  auto options = std::make_shared<WatchOptions>();
  CLI::App* command = program.add_subcommand(
      "watch",
      "Looks after the REPLICATED groups of a Fabric node in SQL: promotes when a primary dies");
  add_farm_option(*command, options->farm);
  command->add_option("--group", options->options.groups, "watch this group only; may be repeated");
  add_watch_options(*command, *options);
  return {command, [options] { return watch_farm(*options); }};
}

}  // namespace tools
