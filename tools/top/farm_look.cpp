#include "tools/top/farm_look.h"

#include <future>
#include <vector>

#include "tools/time_text.h"

namespace tools::top {

void FarmLook::probe_all(const fabric::Topology& topology) {
  std::map<Key, Watched> listed;
  for (const fabric::Server& server : topology.content().servers) {
    const auto [place, fresh] = listed.try_emplace(key_of(server));
    if (!fresh) continue;
    Watched& one = place->second;
    const auto known = watched_.find(place->first);
    if (known != watched_.end()) {
      one = std::move(known->second);
    } else {
      one.probe =
          std::make_unique<ServerProbe>(server.endpoint, options_.asking, options_.user, watchdog_);
    }
  }
  watched_ = std::move(listed);
  const auto deadline = fabric::base::Deadline::after(watchdog_.clock(), options_.timeout);
  std::vector<std::future<void>> looks;
  for (auto& [key, one] : watched_) {
    looks.push_back(std::async(std::launch::async, [&one = one, deadline] {
      one.before = std::move(one.now);
      one.now = one.probe->look(deadline);
    }));
  }
  for (auto& look : looks) look.get();
}

const ServerSample* FarmLook::primary_of(const fabric::Group& group) const {
  for (const fabric::Server& server : group.servers) {
    if (server.status == fabric::ServerStatus::kPrimary) return &watched_.at(key_of(server)).now;
  }
  return nullptr;
}

Picture FarmLook::look() {
  const topology::FarmReading reading = reader_.read();
  topology::require_topology(reading);
  probe_all(*reading.topology);
  Picture picture;
  picture.time = utc_now();
  picture.current = reading.current;
  picture.silent_nodes = reading.problems;
  for (const auto& [name, group] : reading.topology->groups()) {
    const ServerSample* primary = primary_of(group);
    for (const fabric::Server& server : group.servers) {
      const Watched& one = watched_.at(key_of(server));
      picture.servers.push_back({server, one.now, queries_per_second(one.before, one.now),
                                 replication_text(one.now, primary)});
    }
  }
  picture.has_stats_file = !options_.stats_file.empty();
  if (picture.has_stats_file) picture.processes = read_stats_files(options_.stats_file);
  return picture;
}

}  // namespace tools::top
