// Looks at a whole farm again and again: its nodes, all its servers at once, and the statistics
// files of the driver's processes. Used by one thread at a time (cancel(): any).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "driver/settings/connection_settings.h"
#include "fabric/mysql/watchdog.h"
#include "tools/top/picture.h"
#include "tools/top/server_probe.h"
#include "tools/topology/farm_reader.h"

namespace tools::top {

struct LookOptions {
  fabric::mysql::Credentials asking;  ///< who asks the servers
  std::string user;                   ///< whose connections are ours
  std::string stats_file;             ///< as STATS_FILE takes it; empty: none
  fabric::base::Duration timeout{};   ///< for one look at all servers
};

class FarmLook {
 public:
  /// `watchdog` must outlive it.
  FarmLook(const driver::settings::ConnectionSettings& settings, LookOptions options,
           fabric::mysql::Watchdog& watchdog)
      : options_(std::move(options)), watchdog_(watchdog), reader_(settings, watchdog) {}

  /// Throws base::Error while no node has ever told the servers.
  Picture look();
  /// As FarmReader::cancel(), servers included.
  void cancel() noexcept { reader_.cancel(); }

 private:
  void probe_all(const fabric::Topology& topology);
  [[nodiscard]] const ServerSample* primary_of(const fabric::Group& group) const;

  struct Watched {
    std::unique_ptr<ServerProbe> probe;
    ServerSample before, now;
  };
  /// Two servers may have one uuid, as where one was copied with its folder.
  using Key = std::pair<std::string, fabric::base::Endpoint>;
  static Key key_of(const fabric::Server& server) { return {server.uuid, server.endpoint}; }

  const LookOptions options_;
  fabric::mysql::Watchdog& watchdog_;
  topology::FarmReader reader_;
  std::map<Key, Watched> watched_;
};

}  // namespace tools::top
