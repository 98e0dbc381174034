// What servers told of names that statements mention, for the whole process: by farm, version of
// its shard maps, group and name, for a minute at most, as the topology itself may be as old. A
// group's servers may be others meanwhile: they have the same tables.
// Owner: Runtime. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "driver/routing/column_info.h"
#include "driver/routing/hidden_tables.h"
#include "fabric/base/clock.h"
#include "fabric/base/mutex.h"

namespace driver::routing {

struct CachedName {
  const void* farm = nullptr;
  std::uint64_t version = 0;  ///< Topology::sharding_version()
  std::string group = {};     ///< empty: alike in all groups of its mapping
  std::string schema = {}, name = {};
  NameUse use = NameUse::kRead;
  auto operator<=>(const CachedName&) const = default;
};

template <class Fact>
class FactCache {
 public:
  using Known = std::shared_ptr<const Fact>;

  /// Null when not known, or not any more.
  Known find(const CachedName& name, fabric::base::SteadyTime now) {
    const fabric::base::MutexLock lock(mutex_);
    const auto found = entries_.find(name);
    if (found == entries_.end()) return nullptr;
    if (now - found->second.since < kLongest) return found->second.fact;
    entries_.erase(found);
    return nullptr;
  }
  void put(const CachedName& name, Known fact, fabric::base::SteadyTime now) {
    const fabric::base::MutexLock lock(mutex_);
    if (entries_.size() >= kMost) entries_.clear();  // of topologies that are gone, mostly
    entries_.insert_or_assign(name, Entry{std::move(fact), now});
  }
  void forget() {
    const fabric::base::MutexLock lock(mutex_);
    entries_.clear();
  }
  void forget(const void* farm) {
    const fabric::base::MutexLock lock(mutex_);
    std::erase_if(entries_, [farm](const auto& entry) { return entry.first.farm == farm; });
  }

 private:
  static constexpr std::chrono::seconds kLongest{60};
  static constexpr std::size_t kMost = 4096;

  struct Entry {
    Known fact;
    fabric::base::SteadyTime since;
  };
  fabric::base::Mutex mutex_;
  std::map<CachedName, Entry> entries_ GUARDED_BY(mutex_);
};

struct FactCaches {
  FactCache<TableColumns> columns;
  FactCache<HiddenTable> hidden;
  FactCache<bool> leaving;  ///< functions that may leave state in their caller's session, by server
  FactCache<bool> code_behind;  ///< names that are more than a table without triggers, by server
  /// A statement of this process may have changed what they know.
  void forget() {
    columns.forget();
    hidden.forget();
    leaving.forget();
    code_behind.forget();
  }
  /// A farm has ended: another one may have its address.
  void forget(const void* farm) {
    columns.forget(farm);
    hidden.forget(farm);
  }
};

}  // namespace driver::routing
