#include "tools/watch/servers.h"

#include <future>
#include <set>

namespace tools::watch {

using fabric::Server;

void Servers::follow_list(const std::vector<WatchedGroup>& groups) {
  std::set<std::string> listed;
  for (const WatchedGroup& group : groups) {
    for (const Server& server : group.servers) {
      listed.insert(server.uuid);
      Entry& entry = entries_[server.uuid];
      if (entry.link && entry.link->endpoint() == server.endpoint) continue;
      entry = Entry{std::make_unique<ServerLink>(server.endpoint, credentials_, watchdog_), {}, {}};
    }
  }
  std::erase_if(entries_, [&listed](const auto& one) { return !listed.contains(one.first); });
}

void Servers::look(const std::vector<WatchedGroup>& groups, fabric::base::Duration time) {
  follow_list(groups);
  const auto deadline = fabric::base::Deadline::after(watchdog_.clock(), time);
  std::vector<std::future<void>> looks;
  for (auto& [uuid, entry] : entries_) {
    looks.push_back(
        std::async(std::launch::async, [&link = *entry.link, deadline] { link.look(deadline); }));
  }
  for (auto& look : looks) look.get();
  const auto now = watchdog_.clock().now();
  for (const WatchedGroup& group : groups) weigh(group, now);
}

void Servers::weigh(const WatchedGroup& group, fabric::base::SteadyTime now) {
  for (const Server& server : group.servers) {
    entries_.at(server.uuid).evidence.saw(state(server).outcome, now);
  }
  for (const Server& replica : group.servers) {
    Entry& entry = entries_.at(replica.uuid);
    const ServerState& seen = entry.link->state();
    if (!seen.source) continue;
    const bool moved = !entry.progress.empty() && entry.progress != seen.source->progress;
    entry.progress = seen.source->progress;
    for (const Server& source : group.servers) {
      if (moved && source.endpoint == seen.source->endpoint) {
        entries_.at(source.uuid).evidence.heard(now);
      }
    }
  }
}

}  // namespace tools::watch
