// What servers told of names that statements mention, for the whole process: by farm, version of
// its shard maps, group and name, for a minute at most, as the topology itself may be as old. A
// group's servers may be others meanwhile: they have the same tables.
// Owner: Runtime. Thread-safe.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "driver/routing/column_info.h"
#include "driver/routing/hidden_tables.h"
#include "fabric/base/clock.h"
#include "fabric/base/mutex.h"

namespace driver::routing {

template <class Text>
struct NameOf {
  const void* farm = nullptr;
  std::uint64_t version = 0;  ///< Topology::sharding_version()
  Text group = {};            ///< empty: alike in all groups of its mapping
  Text schema = {}, name = {};
  NameUse use = NameUse::kRead;

  template <class Other>
  auto operator<=>(const NameOf<Other>& other) const {
    return parts() <=> other.parts();
  }
  [[nodiscard]] auto parts() const {
    using View = std::string_view;
    return std::tuple(farm, version, View(name), View(schema), View(group), use);
  }
};
using CachedName = NameOf<std::string>;
using WantedName = NameOf<std::string_view>;

inline CachedName to_cache(const WantedName& name) {
  return {.farm = name.farm,
          .version = name.version,
          .group = std::string(name.group),
          .schema = std::string(name.schema),
          .name = std::string(name.name),
          .use = name.use};
}

template <class Fact>
class FactCache {
 public:
  using Known = std::shared_ptr<const Fact>;

  /// Null when not known, or not any more.
  template <class Text>
  Known find(const NameOf<Text>& name, fabric::base::SteadyTime now) {
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
  std::map<CachedName, Entry, std::less<>> entries_ GUARDED_BY(mutex_);
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
