#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <vector>

#include "tools/command.h"

namespace {

int run(int argc, char** argv) {
  CLI::App program("Looks at and looks after a farm of MySQL or MariaDB servers.", "fabricctl");
  program.set_version_flag("--version", FABRIC_ODBC_VERSION);
  program.require_subcommand(1);
  program.failure_message(CLI::FailureMessage::simple);
  program.footer("Exit codes: 0 done, 1 it could not be done (stderr says why), 2 wrong usage.");
  const std::vector<tools::Command> commands{
      tools::init_command(program),     tools::doctor_command(program),
      tools::topology_command(program), tools::route_command(program),
      tools::top_command(program),      tools::node_command(program),
      tools::watch_command(program),    tools::promote_command(program),
      tools::serve_command(program)};
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? tools::kDone : tools::kUsage;
  }
  for (const tools::Command& command : commands) {
    if (command.options->parsed()) return command.run();
  }
  return tools::kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "fabricctl: " << error.what() << '\n';
    return tools::kFailed;
  }
}
