// Which farm a command is about: a DSN, a connection string or a list of nodes, and whose accounts
// are used. The commands share these options.
#pragma once

#include <string>
#include <vector>

#include "driver/settings/connection_settings.h"

namespace CLI {
class App;
}

namespace tools {

struct FarmOption {
  std::string where;  ///< DSN, connection string, or host:port,...
  std::string user, password;
  std::string node_user, node_password;
};

/// The positional argument NODE-OR-DSN and the accounts. `into` must outlive the parsing.
void add_farm_option(CLI::App& command, FarmOption& into);

/// Heads a live picture, and shows no secret: its name, the time, how it ends.
std::string title_line(const FarmOption& farm);

/// As the driver would read it; what is given by an option beats the DSN's. Warnings go to stderr.
/// Throws base::Error.
driver::settings::ConnectionSettings settings_of(const FarmOption& farm);
/// The same, the warnings told to the caller instead.
driver::settings::ConnectionSettings settings_of(const FarmOption& farm,
                                                 std::vector<driver::settings::Warning>& warnings);

}  // namespace tools
