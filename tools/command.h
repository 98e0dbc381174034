// A command of fabricctl: its options, which are added to the program's, and what it does when it
// was chosen. CLI11 is known to the command files and fabricctl.cpp alone.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace tools {

/// What fabricctl exits with; scripts rely on it (docs/fabricctl.md).
enum ExitCode : int { kDone = 0, kFailed = 1, kUsage = 2 };

struct Command {
  CLI::App* options = nullptr;  ///< the program's
  std::function<int()> run;     ///< throws base::Error: kFailed, its text is shown
};

Command doctor_command(CLI::App& program);
Command init_command(CLI::App& program);
Command topology_command(CLI::App& program);
Command route_command(CLI::App& program);
Command top_command(CLI::App& program);
Command watch_command(CLI::App& program);
Command node_command(CLI::App& program);
Command promote_command(CLI::App& program);
Command serve_command(CLI::App& program);

}  // namespace tools
