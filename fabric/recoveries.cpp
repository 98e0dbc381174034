#include "fabric/recoveries.h"

#include <algorithm>
#include <utility>

namespace fabric {

void Recoveries::missed(const Server& server, base::SteadyTime now) {
  const auto known = primaries_.find(server.group);
  if (known == primaries_.end() || known->second.uuid != server.uuid) return;
  if (!known->second.missed_since) known->second.missed_since = now;
}

void Recoveries::answered(const Server& server) {
  const auto known = primaries_.find(server.group);
  if (known == primaries_.end() || known->second.uuid != server.uuid) return;
  if (known->second.listed) known->second.missed_since.reset();
}

std::vector<Recoveries::Change> Recoveries::observe(const Topology& topology,
                                                    base::SteadyTime now) {
  std::vector<Change> changes;
  for (const auto& [name, group] : topology.groups()) {
    const auto found = std::ranges::find_if(group.servers, &Server::writable);
    const bool none = found == group.servers.end();
    const auto known = primaries_.find(name);
    if (known == primaries_.end()) {
      if (!none) primaries_[name] = {.uuid = found->uuid, .endpoint = found->endpoint};
      continue;
    }
    Primary& primary = known->second;
    if (none) {
      primary.listed = false;
      if (!primary.missed_since) primary.missed_since = now;
      continue;
    }
    const Server* const same = topology.find_server(primary.uuid);
    if (same != nullptr && same->group == name && same->writable()) {
      // A node may list a dead primary for long: that it lives, it must say itself.
      if (!std::exchange(primary.listed, true)) primary.missed_since.reset();
      continue;
    }
    Change change{name, primary.endpoint, found->endpoint, {}};
    if (primary.missed_since) change.without = now - *primary.missed_since;
    changes.push_back(std::move(change));
    primary = {.uuid = found->uuid, .endpoint = found->endpoint};
  }
  return changes;
}

}  // namespace fabric
