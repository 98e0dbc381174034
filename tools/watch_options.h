// The options that `fabricctl watch` and `fabricctl promote` share.
#pragma once

#include <map>
#include <string>

#include "tools/farm_option.h"
#include "tools/watch/options.h"

namespace CLI {
class App;
}

namespace tools {

struct WatchOptions {
  FarmOption farm;
  watch::Options options;
  std::map<std::string, std::string> times;  ///< as written, by option
  std::string rejoin = "secondary";
  bool json = false;

  /// The options with what was written as text put in. The replication account is that of
  /// `settings` unless given. Throws base::Error HY024.
  [[nodiscard]] watch::Options complete(const driver::settings::ConnectionSettings& settings) const;
};

void add_watch_options(CLI::App& command, WatchOptions& into);

}  // namespace tools
