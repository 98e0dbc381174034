#include "fabric/removed_shards.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "fabric/fault_report.h"
#include "fabric/shard_lookup.h"

namespace fabric {
namespace {

constexpr std::size_t kLongestKey = 100;

ShardMap without_groupless(const ShardMap& map) {
  ShardMap rest = map;
  std::erase_if(rest.shards, [](const Shard& shard) { return shard.group.empty(); });
  return rest;
}

/// A key of the shard, as a node takes it. None for RANGE_DATETIME, whose keys MySQL Fabric looks
/// up in the lowest shard, whatever they are.
std::optional<std::string> key_in(const ShardMap& map, const Shard& shard) {
  if (map.type == ShardType::kRangeDatetime) return {};
  if (map.type != ShardType::kHash) return shard.lower_bound;
  ShardMap as_if_enabled = map;
  for (Shard& one : as_if_enabled.shards) {
    if (one.id == shard.id) one.group = "any";
  }
  const ShardLookup lookup(as_if_enabled);
  constexpr int kTries = 1000;
  for (int i = 0; i < kTries; ++i) {
    std::string key = std::to_string(i);
    if (lookup.find(ShardKey(key)).shard_id == shard.id) return key;
  }
  return {};
}

/// Of the servers in the answer to a lookup; empty: of none or several groups.
std::string group_in(const RpcAnswer& answer, const std::vector<Server>& servers) {
  std::string group;
  if (answer.tables.empty()) return group;
  const RpcTable& table = answer.tables.front();
  const std::size_t uuid = table.column("server_uuid");
  for (const auto& row : table.rows) {
    const auto found = std::ranges::find(servers, row[uuid].value_or(""), &Server::uuid);
    if (found == servers.end() || (!group.empty() && found->group != group)) return {};
    group = found->group;
  }
  return group;
}

bool below_all_bounds(const NodeFailure& failure) {
  return failure.kind() == NodeFailure::Kind::kCommand &&
         std::string_view(failure.what()).find("Invalid Key") != std::string_view::npos;
}

bool removed(const NodeClient::Caller& call, const std::vector<Server>& servers,
             const ShardMap& map, const Shard& shard) {
  const std::optional<std::string> key = key_in(map, shard);
  if (!key || map.tables.empty() || plain_text(*key, kLongestKey) != *key) return false;
  const ShardLookup rest(without_groupless(map));
  const ShardAnswer neighbour = rest.find(ShardKey(*key));
  try {
    const ShardTable& table = map.tables.front();
    const RpcAnswer answer =
        call({"sharding.lookup_servers", {table.schema + "." + table.table, *key, "LOCAL"}});
    // Another group: the shard has been enabled since it was dumped.
    return neighbour.found() && group_in(answer, servers) == neighbour.group;
  } catch (const NodeFailure& failure) {
    return !neighbour.found() && below_all_bounds(failure);
  }
}

}  // namespace

void drop_removed_shards(const NodeClient::Caller& call, Topology::Content& content) {
  for (ShardMap& map : content.shard_maps) {
    const ShardMap before = map;
    std::erase_if(map.shards, [&](const Shard& shard) {
      return shard.group.empty() && removed(call, content.servers, before, shard);
    });
  }
}

}  // namespace fabric
