// In which order a farm's nodes are asked: the one that answered last first, the others at random.
// Shared by the sources of one farm, so that who waits for the effect of a report asks the node
// that took it. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "fabric/base/mutex.h"

namespace fabric {

class NodeOrder {
 public:
  NodeOrder(std::size_t nodes, std::uint32_t seed);

  [[nodiscard]] std::vector<std::size_t> next();
  /// `node` gave a useful answer: it is asked first from now on.
  void answered(std::size_t node);

 private:
  base::Mutex mutex_;
  std::vector<std::size_t> order_ GUARDED_BY(mutex_);
  std::minstd_rand random_ GUARDED_BY(mutex_);
};

}  // namespace fabric
