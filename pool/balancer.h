// Choice among servers that may all serve: no clock, no network. Not thread-safe: the owner (a
// GroupPool) locks.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "fabric/types.h"

namespace pool {

class Balancer {
 public:
  virtual ~Balancer() = default;
  /// Null when there is no candidate.
  virtual const fabric::Server* pick(std::span<const fabric::Server* const> candidates) = 0;
  /// Drops what is kept about servers that are not in the group any more.
  virtual void retain(std::span<const fabric::Server> servers) = 0;
};

/// Smooth: weights 2:1 give a b a, not a a b. Counts are kept by server uuid, so a refresh of the
/// topology does not start the round anew. Weight 0 serves only when every candidate has it.
class WeightedRoundRobin final : public Balancer {
 public:
  /// The first pick is the one that `ahead` picks would have come before: started at random points,
  /// processes that ask once each spread by weight too.
  explicit WeightedRoundRobin(unsigned ahead = 0) : ahead_(ahead) {}

  const fabric::Server* pick(std::span<const fabric::Server* const> candidates) override;
  void retain(std::span<const fabric::Server> servers) override;

 private:
  const fabric::Server* advance(std::span<const fabric::Server* const> candidates);

  unsigned ahead_;
  std::map<std::string, double> due_;
};

/// The fewest leases out or waited for, for its weight; in turn among those that have equally few.
class LeastOutstanding final : public Balancer {
 public:
  /// How many of them the server has now.
  using Outstanding = std::function<std::size_t(const fabric::Server&)>;

  explicit LeastOutstanding(Outstanding outstanding, unsigned ahead = 0)
      : outstanding_(std::move(outstanding)), turns_(ahead) {}

  const fabric::Server* pick(std::span<const fabric::Server* const> candidates) override;
  void retain(std::span<const fabric::Server> servers) override { turns_.retain(servers); }

 private:
  const Outstanding outstanding_;
  WeightedRoundRobin turns_;
};

}  // namespace pool
