// The columns of sharded tables as a server told them, for the whole process: by farm, version of
// its topology, schema and table, for a minute at most, as the topology itself may be as old.
// Owner: Runtime. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "driver/routing/column_info.h"
#include "fabric/base/clock.h"
#include "fabric/base/mutex.h"

namespace driver::routing {

struct CachedTable {
  const void* farm = nullptr;
  std::uint64_t version = 0;  ///< of the farm's topology
  std::string schema, table;
  auto operator<=>(const CachedTable&) const = default;
};

class ColumnCache {
 public:
  using Columns = std::shared_ptr<const TableColumns>;

  /// Null when not known, or not any more.
  Columns find(const CachedTable& key, fabric::base::SteadyTime now);
  void put(const CachedTable& key, Columns columns, fabric::base::SteadyTime now);
  /// A statement of this process may have changed tables.
  void forget();

 private:
  struct Entry {
    Columns columns;
    fabric::base::SteadyTime since;
  };
  fabric::base::Mutex mutex_;
  std::map<CachedTable, Entry> entries_ GUARDED_BY(mutex_);
};

}  // namespace driver::routing
