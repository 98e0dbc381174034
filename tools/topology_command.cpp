#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "driver/runtime.h"
#include "tools/command.h"
#include "tools/farm_option.h"
#include "tools/live_screen.h"
#include "tools/time_option.h"
#include "tools/topology/farm_reader.h"
#include "tools/topology/view.h"
#include "tools/topology_text.h"

namespace tools {
namespace {

constexpr const char* kWatch = "--watch";
constexpr const char* kUsualPause = "1s";

struct TopologyOptions {
  FarmOption farm;
  bool json = false;
  std::string every;  ///< of --watch
  CLI::Option* watch = nullptr;
};

int show_topology(const TopologyOptions& options,
                  const driver::settings::ConnectionSettings& settings) {
  driver::Runtime& runtime = driver::Runtime::current();
  const auto deadline =
      fabric::base::Deadline::after(runtime.clock(), settings.fabric.farm.node_timeout);
  const fabric::TopologyPtr topology = runtime.farms().farm(settings)->topology(deadline);
  std::cout << (options.json ? topology_json(*topology) : topology_text(*topology));
  return kDone;
}

int watch_topology(const TopologyOptions& options,
                   const driver::settings::ConnectionSettings& settings) {
  const bool timed = !options.every.empty() && options.every != "{}";
  const auto every = pause_of(kWatch, timed ? options.every : kUsualPause);
  driver::Runtime& runtime = driver::Runtime::current();
  topology::FarmReader reader(settings, runtime.watchdog());
  LiveScreen screen;
  const auto form = options.json             ? topology::View::Form::kJson
                    : LiveScreen::possible() ? topology::View::Form::kScreen
                                             : topology::View::Form::kLines;
  topology::View view(
      form, [&options] { return title_line(options.farm); }, std::cout, screen);
  repeat_until_signal(
      every,
      [&] {
        const topology::FarmReading reading = reader.read();
        topology::require_topology(reading);
        view.show(reading, runtime.clock().now());
      },
      [&reader] { reader.cancel(); });
  return kDone;
}

int run_topology(const TopologyOptions& options) {
  const bool live = options.watch->count() > 0;
  if (live) hold_back_signals();
  const driver::settings::ConnectionSettings settings = settings_of(options.farm);
  return live ? watch_topology(options, settings) : show_topology(options, settings);
}

}  // namespace

Command topology_command(CLI::App& program) {
  auto options = std::make_shared<TopologyOptions>();
  CLI::App* command = program.add_subcommand(
      "topology", "Shows the tree of groups, servers and shards as the nodes tell it");
  add_farm_option(*command, options->farm);
  options->watch =
      command
          ->add_option(kWatch, options->every,
                       "go on until Ctrl-C, asking all nodes each so often (1s if not said): "
                       "the tree drawn live on a terminal; elsewhere a line for each change. "
                       "Stands behind NODE-OR-DSN")
          ->expected(0, 1)
          ->type_name("TIME");
  command->add_flag("--json", options->json, "as JSON; with --watch a line for each change");
  command->footer(
      "Examples:\n"
      "  fabricctl topology orders\n"
      "  fabricctl topology orders --watch 500ms\n"
      "  fabricctl topology orders --watch --json | tee -a changes.log");
  return {command, [options] { return run_topology(*options); }};
}

}  // namespace tools
