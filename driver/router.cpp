#include "driver/router.h"

#include <set>

#include "fabric/base/error.h"

namespace driver {
namespace {

using fabric::base::Error;
using fabric::base::SqlState;

const fabric::ShardMap& map_of(const std::string& table, const fabric::Topology& topology) {
  const std::size_t dot = table.find('.');
  if (dot == std::string::npos) {
    throw Error(SqlState::kHY000,
                "FABRIC_TABLES: '" + table + "' lacks its database: write database.table");
  }
  const auto* found = topology.find_shard_map(table.substr(0, dot), table.substr(dot + 1));
  if (found == nullptr) {
    const std::string& problem = topology.content().sharding_problem;
    throw Error(SqlState::k42S02, "FABRIC_TABLES: the farm has no sharded table '" + table + "'" +
                                      (problem.empty() ? "" : "; " + problem));
  }
  return *found;
}

std::string global_group_of(const fabric::ShardMap& map) {
  if (map.global_group.empty()) {
    throw Error(SqlState::kHY000, "Shard mapping " + std::to_string(map.mapping_id) +
                                      " has no global group: set FABRIC_GROUP instead");
  }
  return map.global_group;
}

std::string group_of_tables(const settings::RouteSettings& settings,
                            const fabric::Topology& topology) {
  const fabric::ShardMap& map = map_of(settings.tables.front(), topology);
  for (const std::string& table : settings.tables) {
    if (map_of(table, topology).mapping_id != map.mapping_id) {
      throw Error(SqlState::kHY000, "FABRIC_TABLES: '" + settings.tables.front() + "' and '" +
                                        table +
                                        "' belong to different shard mappings: name tables of one");
    }
  }
  if (settings.scope == settings::ShardScope::kGlobal) return global_group_of(map);
  if (!settings.key_given) {
    throw Error(SqlState::kHY000,
                "FABRIC_TABLES needs FABRIC_KEY (or FABRIC_SCOPE=GLOBAL) to find the shard");
  }
  const fabric::ShardAnswer answer = topology.lookup(map).find(fabric::ShardKey(settings.key));
  if (!answer.found()) throw Error(SqlState::kHY000, answer.error);
  return std::string(answer.group);
}

std::set<std::string> global_groups(const fabric::Topology& topology) {
  std::set<std::string> groups;
  for (const fabric::ShardMap& map : topology.content().shard_maps) groups.insert(map.global_group);
  return groups;
}

}  // namespace

std::string route(const settings::RouteSettings& settings, const fabric::Topology& topology) {
  if (!settings.tables.empty()) return group_of_tables(settings, topology);
  if (settings.key_given) {
    throw Error(
        SqlState::kHY000,
        "FABRIC_KEY is given without FABRIC_TABLES: add the sharded tables, or drop the key");
  }
  if (!settings.group.empty()) return settings.group;
  const std::set<std::string> globals = global_groups(topology);
  if (globals.size() == 1 && !globals.begin()->empty()) return *globals.begin();
  if (globals.size() < 2) {
    throw Error(SqlState::kHY000,
                "The connection names no group: set FABRIC_GROUP, or FABRIC_TABLES and FABRIC_KEY");
  }
  std::string names;
  for (const std::string& one : globals) {
    names += (names.empty() ? "" : ", ") + (one.empty() ? "none" : one);
  }
  throw Error(SqlState::kHY000,
              "No sharded table is named, and the shard mappings have different global groups (" +
                  names + "): set FABRIC_GROUP, or say /*fabric: group=... */");
}

std::string start_group(const settings::RouteSettings& settings, const fabric::Topology& topology) {
  const auto& maps = topology.content().shard_maps;
  const bool named = !settings.tables.empty() || settings.key_given || !settings.group.empty();
  const std::set<std::string> globals = global_groups(topology);
  if (named || (globals.size() == 1 && !globals.begin()->empty())) return route(settings, topology);
  for (const fabric::ShardMap& map : maps) {
    if (!map.global_group.empty()) return map.global_group;
    for (const fabric::Shard& shard : map.shards) {
      if (!shard.group.empty()) return shard.group;
    }
  }
  return route(settings, topology);
}

std::optional<int> mapping_of(const settings::RouteSettings& settings,
                              const fabric::Topology& topology) {
  if (settings.tables.empty()) return std::nullopt;
  return map_of(settings.tables.front(), topology).mapping_id;
}

}  // namespace driver
