#include "fabric/topology_cache.h"

#include <algorithm>

namespace fabric {

namespace {

constexpr base::Duration kFloor = std::chrono::seconds(1);
/// While the process uses the farm the next answer is there in one. Meanwhile a shard may have
/// moved.
constexpr int kMostTtls = 3;

}  // namespace

TopologyCache::TopologyCache(base::Duration ttl_limit, std::uint32_t jitter_seed)
    : limit_(std::max(ttl_limit, kFloor)), ttl_(limit_), random_(jitter_seed) {}

TopologyPtr TopologyCache::snapshot() const {
  base::MutexLock lock(mutex_);
  return current_;
}

std::shared_ptr<const Topology> TopologyCache::successor(Topology::Content next) const {
  const bool same = current_ && current_->content() == next;
  if (same && !current_->stale()) return current_;
  const std::uint64_t before = current_ ? current_->version() : 0;
  const bool same_maps = current_ && current_->content().shard_maps == next.shard_maps;
  const std::uint64_t sharding = same_maps ? current_->sharding_version() : 0;
  return std::make_shared<const Topology>(std::move(next), same ? before : before + 1, false,
                                          sharding);
}

void TopologyCache::store(std::shared_ptr<const Topology>& next) {
  const bool newer = !current_ || next->version() != current_->version();
  current_.swap(next);
  if (newer) changed_.notify_all();
}

void TopologyCache::publish(Topology::Content next, base::SteadyTime asked) {
  std::shared_ptr<const Topology> snapshot;  // what it replaces dies after the unlock
  base::MutexLock lock(mutex_);
  if (!next.shard_maps_known && current_) {
    next.shard_maps = current_->content().shard_maps;
    next.shard_maps_known = current_->content().shard_maps_known;
  }
  ttl_ = std::clamp(next.ttl, kFloor, limit_);
  loaded_ = asked;
  const double share = std::uniform_real_distribution<double>(0.75, 0.95)(random_);
  due_ = asked + std::chrono::duration_cast<base::Duration>(ttl_ * share);
  snapshot = successor(std::move(next));
  store(snapshot);
}

void TopologyCache::publish_servers(ServerList next) {
  std::shared_ptr<const Topology> snapshot;
  base::MutexLock lock(mutex_);
  if (!current_) return;
  Topology::Content content = current_->content();
  content.servers = std::move(next.servers);
  snapshot = successor(std::move(content));
  store(snapshot);
}

void TopologyCache::mark_stale(base::SteadyTime retry) {
  std::shared_ptr<const Topology> snapshot;
  base::MutexLock lock(mutex_);
  due_ = std::max(due_, retry);
  if (!current_ || current_->stale()) return;
  snapshot = std::make_shared<const Topology>(current_->content(), current_->version(), true,
                                              current_->sharding_version());
  store(snapshot);
}

TopologyPtr TopologyCache::wait_newer(std::uint64_t version, base::Deadline deadline) {
  base::MutexLock lock(mutex_);
  while (!current_ || current_->version() <= version) {
    if (deadline.is_never()) {
      changed_.wait(mutex_);
      continue;
    }
    if (deadline.passed(std::chrono::steady_clock::now())) break;
    changed_.wait_until(mutex_, deadline.time());
  }
  return current_;
}

base::SteadyTime TopologyCache::refresh_due() const {
  base::MutexLock lock(mutex_);
  return due_;
}

base::Duration TopologyCache::ttl() const {
  base::MutexLock lock(mutex_);
  return ttl_;
}

bool TopologyCache::too_old(base::SteadyTime now) const {
  base::MutexLock lock(mutex_);
  return !current_ || loaded_too_long_ago(now);
}

TopologyPtr TopologyCache::servable(base::SteadyTime now) const {
  base::MutexLock lock(mutex_);
  if (!current_ || (loaded_too_long_ago(now) && !current_->stale())) return nullptr;
  return current_;
}

bool TopologyCache::loaded_too_long_ago(base::SteadyTime now) const {
  return now - loaded_ > std::min(limit_, kMostTtls * ttl_);
}

}  // namespace fabric
