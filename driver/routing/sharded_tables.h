// The sharded tables of a farm by their names as a statement writes them. A view of one topology,
// which must outlive it; any thread.
#pragma once

#include <string_view>

#include "fabric/topology.h"

namespace driver::routing {

struct ShardedTable {
  const fabric::ShardMap* map = nullptr;
  const fabric::ShardTable* table = nullptr;
  bool other_case = false;  ///< the name was written in another case
  explicit operator bool() const { return table != nullptr; }
  friend bool operator==(const ShardedTable&, const ShardedTable&) = default;
};

class ShardedTables {
 public:
  /// `exact`: the servers tell names apart by their case (lower_case_table_names=0).
  explicit ShardedTables(const fabric::Topology& topology, bool exact = false);

  /// As registered; unless exact, else whatever the case.
  [[nodiscard]] ShardedTable find(std::string_view schema, std::string_view table) const;
  /// Whether one of any schema has this name, whatever its case.
  [[nodiscard]] bool has_table_named(std::string_view table) const;
  /// Whether one has a name that is not ASCII.
  [[nodiscard]] bool beyond_ascii() const { return beyond_ascii_; }

 private:
  const fabric::Topology* topology_;
  bool exact_;
  bool beyond_ascii_;
};

}  // namespace driver::routing
