#include "driver/routing/sharded_tables.h"

#include "driver/routing/session_text.h"
#include "driver/sql_scan.h"

namespace driver::routing {

ShardedTable ShardedTables::find(std::string_view schema, std::string_view table) const {
  ShardedTable alike;
  for (const fabric::ShardMap& map : topology_->content().shard_maps) {
    for (const fabric::ShardTable& one : map.tables) {
      if (one.table == table && one.schema == schema) return {&map, &one};
      if (equals_ignoring_case(one.table, table) && equals_ignoring_case(one.schema, schema)) {
        alike = {&map, &one, true};
      }
    }
  }
  return exact_ ? ShardedTable() : alike;
}

bool ShardedTables::has_table_named(std::string_view table) const {
  for (const fabric::ShardMap& map : topology_->content().shard_maps) {
    for (const fabric::ShardTable& one : map.tables) {
      if (equals_ignoring_case(one.table, table)) return true;
    }
  }
  return false;
}

bool ShardedTables::beyond_ascii() const {
  for (const fabric::ShardMap& map : topology_->content().shard_maps) {
    for (const fabric::ShardTable& one : map.tables) {
      if (!ascii(one.schema) || !ascii(one.table) || !ascii(one.column)) return true;
    }
  }
  return false;
}

}  // namespace driver::routing
