#include "driver/routing/column_cache.h"

#include <utility>

namespace driver::routing {
namespace {

constexpr std::chrono::seconds kLongest{60};
constexpr std::size_t kMost = 4096;

}  // namespace

ColumnCache::Columns ColumnCache::find(const CachedTable& key, fabric::base::SteadyTime now) {
  const fabric::base::MutexLock lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return nullptr;
  if (now - found->second.since < kLongest) return found->second.columns;
  entries_.erase(found);
  return nullptr;
}

void ColumnCache::put(const CachedTable& key, Columns columns, fabric::base::SteadyTime now) {
  const fabric::base::MutexLock lock(mutex_);
  if (entries_.size() >= kMost) entries_.clear();  // of topologies that are gone, mostly
  entries_.insert_or_assign(key, Entry{std::move(columns), now});
}

void ColumnCache::forget() {
  const fabric::base::MutexLock lock(mutex_);
  entries_.clear();
}

}  // namespace driver::routing
