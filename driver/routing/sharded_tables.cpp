#include "driver/routing/sharded_tables.h"

#include "driver/routing/same_name.h"
#include "driver/routing/session_text.h"
#include "driver/sql/scan.h"

namespace driver::routing {
namespace {

bool any_beyond_ascii(const fabric::Topology& topology) {
  for (const fabric::ShardMap& map : topology.content().shard_maps) {
    for (const fabric::ShardTable& one : map.tables) {
      if (!ascii(one.schema) || !ascii(one.table) || !ascii(one.column)) return true;
    }
  }
  return false;
}

}  // namespace

ShardedTables::ShardedTables(const fabric::Topology& topology, bool exact)
    : topology_(&topology), exact_(exact), beyond_ascii_(any_beyond_ascii(topology)) {}

ShardedTable ShardedTables::find(std::string_view schema, std::string_view table) const {
  const bool plain = !beyond_ascii_ && ascii(schema) && ascii(table);
  const auto alike = [plain](std::string_view a, std::string_view b) {
    return plain ? sql::equals_ignoring_case(a, b) : same_name(a, b);
  };
  ShardedTable found;
  for (const fabric::ShardMap& map : topology_->content().shard_maps) {
    for (const fabric::ShardTable& one : map.tables) {
      if (one.table == table && one.schema == schema) return {&map, &one};
      if (alike(one.table, table) && alike(one.schema, schema)) found = {&map, &one, true};
    }
  }
  return exact_ ? ShardedTable() : found;
}

bool ShardedTables::has_table_named(std::string_view table) const {
  const bool plain = !beyond_ascii_ && ascii(table);
  for (const fabric::ShardMap& map : topology_->content().shard_maps) {
    for (const fabric::ShardTable& one : map.tables) {
      if (plain ? sql::equals_ignoring_case(one.table, table) : same_name(one.table, table))
        return true;
    }
  }
  return false;
}

}  // namespace driver::routing
