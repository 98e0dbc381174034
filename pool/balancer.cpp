#include "pool/balancer.h"

#include <algorithm>

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

}  // namespace pool
