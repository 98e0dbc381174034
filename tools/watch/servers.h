// All servers of the watched groups: their links, what the last look found, and the evidence of
// death. A round looks at all of them at once. Used by one thread at a time.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/watchdog.h"
#include "tools/watch/evidence.h"
#include "tools/watch/node_store.h"
#include "tools/watch/server_link.h"

namespace tools::watch {

class Servers {
 public:
  Servers(fabric::mysql::Credentials credentials, fabric::mysql::Watchdog& watchdog)
      : credentials_(std::move(credentials)), watchdog_(watchdog) {}

  /// Makes and drops links as the groups say, and looks at all.
  void look(const std::vector<WatchedGroup>& groups, fabric::base::Duration time);

  ServerLink& link(const fabric::Server& server) { return *entries_.at(server.uuid).link; }
  [[nodiscard]] const ServerState& state(const fabric::Server& server) const {
    return entries_.at(server.uuid).link->state();
  }
  [[nodiscard]] const Evidence& evidence(const fabric::Server& server) const {
    return entries_.at(server.uuid).evidence;
  }

 private:
  struct Entry {
    std::unique_ptr<ServerLink> link;
    Evidence evidence;
    std::string progress;  // of what it receives, as of the look before
  };
  void follow_list(const std::vector<WatchedGroup>& groups);
  void weigh(const WatchedGroup& group, fabric::base::SteadyTime now);

  const fabric::mysql::Credentials credentials_;
  fabric::mysql::Watchdog& watchdog_;
  std::map<std::string, Entry> entries_;  // by uuid
};

}  // namespace tools::watch
