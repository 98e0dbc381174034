#include "fabric/server_roles.h"

#include <algorithm>

namespace fabric {

namespace {

using Part = FileServer::Part;

bool may_lead(const FileServer& server, const ServerView& view, bool galera) {
  if (!view.answers || server.part != Part::kAny || view.read_only) return false;
  return galera ? view.galera_live : !view.replica;
}

ServerStatus follower_status(const FileServer& server, const ServerView& view, bool galera) {
  if (!view.answers || (galera && !view.galera_live)) return ServerStatus::kFaulty;
  if (server.part == Part::kSpare) return ServerStatus::kSpare;
  if (galera) return ServerStatus::kSecondary;
  const bool follows = view.replica ? view.replicating : view.read_only;
  return follows ? ServerStatus::kSecondary : ServerStatus::kSpare;
}

ServerMode mode_of(ServerStatus status) {
  if (status == ServerStatus::kPrimary) return ServerMode::kReadWrite;
  return status == ServerStatus::kSecondary ? ServerMode::kReadOnly : ServerMode::kOffline;
}

/// Places in the group of those that accept writes.
std::vector<std::size_t> leaders(const FileGroup& group, const std::vector<ServerView>& views,
                                 bool galera) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < views.size(); ++i) {
    if (may_lead(group.servers[i], views[i], galera)) places.push_back(i);
  }
  return places;
}

std::string several(const FileGroup& group, const std::vector<std::size_t>& places) {
  std::string text = "group '" + group.name + "': ";
  for (const std::size_t place : places) {
    text += (place == places.front() ? "" : " and ") + group.servers[place].endpoint.text();
  }
  return text + " accept writes, so none is taken for the primary: set read_only on the replicas";
}

}  // namespace

GroupRoles roles_of(const FileGroup& group, const std::vector<ServerView>& views,
                    const std::string& primary_before) {
  const bool galera =
      std::any_of(views.begin(), views.end(), [](const ServerView& view) { return view.galera; });
  const std::vector<std::size_t> able = leaders(group, views, galera);
  std::size_t leader = views.size();
  GroupRoles roles;
  if (able.size() == 1 || (galera && !able.empty())) leader = able.front();
  if (able.size() > 1 && !galera) {
    const auto same = std::find_if(able.begin(), able.end(), [&](std::size_t place) {
      return group.servers[place].endpoint.text() == primary_before;
    });
    if (same != able.end()) leader = *same;
    if (same == able.end()) roles.problem = several(group, able);
  }
  for (std::size_t i = 0; i < views.size(); ++i) {
    const FileServer& server = group.servers[i];
    const ServerStatus status =
        i == leader ? ServerStatus::kPrimary : follower_status(server, views[i], galera);
    roles.servers.push_back({.uuid = server.endpoint.text(),
                             .group = group.name,
                             .endpoint = server.endpoint,
                             .status = status,
                             .mode = mode_of(status),
                             .weight = server.weight});
  }
  return roles;
}

}  // namespace fabric
