#include "fabric/static_source.h"

#include <set>

namespace fabric {

StaticSource::StaticSource(const std::vector<base::Endpoint>& servers) {
  std::set<base::Endpoint> seen;
  for (const base::Endpoint& endpoint : servers) {
    if (!seen.insert(endpoint).second) continue;
    content_.servers.push_back({.uuid = endpoint.text(),
                                .group = "",
                                .endpoint = endpoint,
                                .status = ServerStatus::kPrimary,
                                .mode = ServerMode::kReadWrite,
                                .weight = 1.0});
  }
  content_.ttl = base::Duration::max();
}

Topology::Content StaticSource::fetch(base::Deadline) { return content_; }

void StaticSource::report(const FaultReport&, base::Deadline) {}

}  // namespace fabric
