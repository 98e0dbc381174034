#include "pool/balancer.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace pool {

const fabric::Server* WeightedRoundRobin::pick(std::span<const fabric::Server* const> candidates) {
  for (; ahead_ > 0; --ahead_) advance(candidates);
  return advance(candidates);
}

const fabric::Server* WeightedRoundRobin::advance(
    std::span<const fabric::Server* const> candidates) {
  const bool all_zero = std::ranges::none_of(
      candidates, [](const fabric::Server* server) { return server->weight > 0; });
  const fabric::Server* best = nullptr;
  double* best_due = nullptr;
  double total = 0;
  for (const fabric::Server* server : candidates) {
    const double weight = all_zero ? 1.0 : server->weight;
    if (!(weight > 0)) continue;
    double& due = due_[server->uuid];
    due += weight;
    total += weight;
    if (best == nullptr || due > *best_due) {
      best = server;
      best_due = &due;
    }
  }
  if (best != nullptr) *best_due -= total;
  return best;
}

void WeightedRoundRobin::retain(std::span<const fabric::Server> servers) {
  std::erase_if(due_, [servers](const auto& kept) {
    return std::ranges::find(servers, kept.first, &fabric::Server::uuid) == servers.end();
  });
}

const fabric::Server* LeastOutstanding::pick(std::span<const fabric::Server* const> candidates) {
  std::vector<const fabric::Server*> idlest;
  double least = std::numeric_limits<double>::infinity();
  for (const fabric::Server* server : candidates) {
    if (!(server->weight > 0)) continue;
    const double load = static_cast<double>(outstanding_(*server)) / server->weight;
    if (load > least) continue;
    if (load < least) idlest.clear();
    least = load;
    idlest.push_back(server);
  }
  return turns_.pick(idlest.empty() ? candidates : idlest);
}

}  // namespace pool
