#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "driver/runtime.h"
#include "tools/command.h"
#include "tools/farm_option.h"
#include "tools/topology_text.h"

namespace tools {
namespace {

struct TopologyOptions {
  FarmOption farm;
  bool json = false;
};

int show(const TopologyOptions& options) {
  const driver::ConnectionSettings settings = settings_of(options.farm);
  driver::Runtime& runtime = driver::Runtime::current();
  const auto deadline =
      fabric::base::Deadline::after(runtime.clock(), settings.fabric.farm.node_timeout);
  const fabric::TopologyPtr topology = runtime.farms().farm(settings)->topology(deadline);
  std::cout << (options.json ? topology_json(*topology) : topology_text(*topology));
  return kDone;
}

}  // namespace

Command topology_command(CLI::App& program) {
  auto options = std::make_shared<TopologyOptions>();
  CLI::App* command = program.add_subcommand(
      "topology", "Shows the tree of groups, servers and shards as the nodes tell it");
  add_farm_option(*command, options->farm);
  command->add_flag("--json", options->json, "as JSON");
  return {command, [options] { return show(*options); }};
}

}  // namespace tools
