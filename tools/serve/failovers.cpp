#include "tools/serve/failovers.h"

namespace tools::serve {

void Failovers::saw(const std::string& group, const fabric::Server* primary, bool works,
                    const Moment& now) {
  Watched& watched = groups_[group];
  if (primary != nullptr) {
    if (watched.primary && watched.primary->uuid != primary->uuid) {
      Failover change{.at = now,
                      .group = group,
                      .from = watched.primary->endpoint.text(),
                      .to = primary->endpoint.text(),
                      .took = {}};
      if (watched.lost) change.took = now.steady - watched.lost->steady;
      watched.lost.reset();
      list_.push_front(std::move(change));
      if (list_.size() > kKept) list_.pop_back();
    }
    watched.primary = *primary;
  }
  if (primary != nullptr && works) {
    watched.lost.reset();
  } else if (!watched.lost) {
    watched.lost = now;
  }
}

std::optional<Moment> Failovers::lost_since(const std::string& group) const {
  const auto found = groups_.find(group);
  return found == groups_.end() ? std::nullopt : found->second.lost;
}

}  // namespace tools::serve
