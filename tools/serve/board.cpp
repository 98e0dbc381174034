#include "tools/serve/board.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace tools::serve {

using fabric::Server;
using fabric::ServerStatus;
using fabric::base::MutexLock;

namespace {

constexpr std::chrono::hours kUnlistedShown{1};
constexpr std::chrono::seconds kPositionLife{3};

/// Primaries first, what is no longer listed last.
auto rank(const ServerView& one) {
  return std::tuple(one.unlisted.has_value(), -static_cast<int>(one.server.status),
                    -one.server.weight, one.server.endpoint.text());
}

}  // namespace

Moment now() { return {std::chrono::steady_clock::now(), std::chrono::system_clock::now()}; }

void Board::topology_is(const fabric::TopologyPtr& topology, const std::string& problem) {
  const Moment moment = now();
  const MutexLock lock(mutex_);
  problem_ = problem;
  if (topology == nullptr) return;
  topology_ = topology;
  if (!problem.empty()) return;
  topology_at_ = moment;
  std::set<std::string> listed;
  for (const Server& server : topology->content().servers) {
    listed.insert(server.uuid);
    ServerView& view = servers_[server.uuid];
    if (view.server.endpoint != server.endpoint) view = ServerView{.since = moment};
    view.server = server;
    view.unlisted.reset();
  }
  for (auto& [uuid, view] : servers_) {
    if (!listed.contains(uuid) && !view.unlisted) view.unlisted = moment;
  }
  std::erase_if(servers_, [&moment](const auto& one) {
    return one.second.unlisted && moment.steady - one.second.unlisted->steady > kUnlistedShown;
  });
  std::set<std::string> groups;
  for (const auto& [uuid, view] : servers_) groups.insert(view.server.group);
  for (const std::string& group : groups) look_at_group(group, moment);
}

void Board::server_is(const std::string& uuid, Diagnosis diagnosis) {
  const MutexLock lock(mutex_);
  const auto found = servers_.find(uuid);
  if (found == servers_.end()) return;
  ServerView& view = found->second;
  const Moment moment = diagnosis.at;
  if (!view.diagnosis || view.diagnosis->answers() != diagnosis.answers()) view.since = moment;
  view.diagnosis = std::move(diagnosis);
  look_at_group(view.server.group, moment);
}

const ServerView* Board::primary_of(const std::string& group) const {
  for (const auto& [uuid, view] : servers_) {
    const bool primary = view.server.status == ServerStatus::kPrimary && !view.unlisted;
    if (primary && view.server.group == group) return &view;
  }
  return nullptr;
}

void Board::look_at_group(const std::string& name, const Moment& moment) {
  const ServerView* primary = primary_of(name);
  failovers_.saw(name, primary == nullptr ? nullptr : &primary->server,
                 primary != nullptr && (!primary->diagnosis || primary->diagnosis->answers()),
                 moment);
}

FarmView Board::view() const {
  FarmView view;
  view.name = farm_;
  view.began = began_;
  const MutexLock lock(mutex_);
  view.now = now();
  view.topology = topology_;
  view.problem = problem_;
  view.topology_at = topology_at_;
  view.failovers = failovers_.list();
  std::map<std::string, std::vector<ServerView>> groups;
  for (const auto& [uuid, server] : servers_) groups[server.server.group].push_back(server);
  for (auto& [name, servers] : groups) {
    std::ranges::sort(servers, {}, rank);
    view.groups.push_back({name, std::move(servers), failovers_.lost_since(name)});
  }
  return view;
}

std::vector<std::string> Board::servers() const {
  const MutexLock lock(mutex_);
  std::vector<std::string> uuids;
  for (const auto& [uuid, view] : servers_) uuids.push_back(uuid);
  return uuids;
}

std::optional<Server> Board::server(const std::string& uuid) const {
  const MutexLock lock(mutex_);
  const auto found = servers_.find(uuid);
  return found == servers_.end() ? std::nullopt : std::optional(found->second.server);
}

bool Board::failover_awaited() const {
  const MutexLock lock(mutex_);
  for (const auto& [uuid, view] : servers_) {
    if (failovers_.lost_since(view.server.group)) return true;
  }
  return false;
}

std::string Board::primary_position(const std::string& group, bool mariadb) const {
  const MutexLock lock(mutex_);
  const ServerView* primary = primary_of(group);
  if (primary == nullptr || !primary->diagnosis) return {};
  const Diagnosis& last = *primary->diagnosis;
  const bool fresh = std::chrono::steady_clock::now() - last.at.steady < kPositionLife;
  return fresh && last.answers() && last.facts.mariadb == mariadb ? last.facts.position
                                                                  : std::string();
}

}  // namespace tools::serve
