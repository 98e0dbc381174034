#include "fabric/node_order.h"

#include <algorithm>
#include <numeric>

namespace fabric {

NodeOrder::NodeOrder(std::size_t nodes, std::uint32_t seed) : order_(nodes), random_(seed) {
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::shuffle(order_.begin(), order_.end(), random_);
}

std::vector<std::size_t> NodeOrder::next() {
  base::MutexLock lock(mutex_);
  if (order_.size() > 2) std::shuffle(order_.begin() + 1, order_.end(), random_);
  return order_;
}

void NodeOrder::answered(std::size_t node) {
  base::MutexLock lock(mutex_);
  const auto place = std::find(order_.begin(), order_.end(), node);
  if (place != order_.end()) std::iter_swap(order_.begin(), place);
}

}  // namespace fabric
