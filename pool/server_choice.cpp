#include "pool/server_choice.h"

#include <algorithm>

namespace pool {
namespace {

using fabric::Group;
using fabric::RequestMode;
using fabric::Server;
using fabric::base::SteadyTime;

using Predicate = bool (Server::*)() const;

/// Those of the group that fit and are not suspect; suspects go to `doubtful`.
std::vector<const Server*> sound(const Group& group, Predicate fits, RequestMode mode,
                                 const Suspects& suspects, std::vector<const Server*>& doubtful) {
  std::vector<const Server*> good;
  for (const Server& server : group.servers) {
    if (!(server.*fits)()) continue;
    const bool suspect = suspects.standing(server.endpoint, mode).suspect;
    (suspect ? doubtful : good).push_back(&server);
  }
  return good;
}

/// The suspect whose turn came first, or when the first will have it.
Choice first_due(const std::vector<const Server*>& doubtful, RequestMode mode,
                 const Suspects& suspects, SteadyTime now) {
  Choice choice;
  for (const Server* server : doubtful) {
    const SteadyTime retry_at = suspects.standing(server->endpoint, mode).retry_at;
    if (retry_at >= choice.retry_at) continue;
    choice.retry_at = retry_at;
    choice.server = server;
  }
  if (choice.retry_at > now) choice.server = nullptr;
  return choice;
}

}  // namespace

Choice choose(const Group& group, RequestMode mode, const Suspects& suspects, SteadyTime now,
              Balancer& balancer) {
  std::vector<const Server*> doubtful;
  if (mode == RequestMode::kReadWrite) {
    const auto primaries = sound(group, &Server::writable, mode, suspects, doubtful);
    if (!primaries.empty()) return {primaries.front()};
  } else {
    const auto secondaries = sound(group, &Server::readable_secondary, mode, suspects, doubtful);
    if (!secondaries.empty()) return {balancer.pick(secondaries)};
    const auto primaries = sound(group, &Server::readable_primary, mode, suspects, doubtful);
    if (!primaries.empty()) return {primaries.front()};
  }
  return first_due(doubtful, mode, suspects, now);
}

std::vector<const Server*> in_order(const Group& group, RequestMode mode,
                                    const Suspects& suspects) {
  std::vector<const Server*> doubtful;
  std::vector<const Server*> order;
  const auto add = [&](Predicate fits) {
    const auto good = sound(group, fits, mode, suspects, doubtful);
    order.insert(order.end(), good.begin(), good.end());
  };
  if (mode == RequestMode::kReadWrite) {
    add(&Server::writable);
  } else {
    add(&Server::readable_secondary);
    add(&Server::readable_primary);
  }
  order.insert(order.end(), doubtful.begin(), doubtful.end());
  return order;
}

}  // namespace pool
