#include "fabric/rpc_tables.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

namespace fabric {

namespace {

using Row = std::vector<RpcTable::Cell>;

/// The one table that a dump command answers.
const RpcTable& only_table(const RpcAnswer& answer) {
  if (answer.tables.size() == 1) return answer.tables.front();
  throw NodeFailure(NodeFailure::Kind::kMalformed,
                    "its answer has " + std::to_string(answer.tables.size()) +
                        " result sets after the first, where one belongs");
}

NodeFailure bad_value(const char* column, const RpcTable::Cell& cell) {
  return {NodeFailure::Kind::kMalformed,
          cell ? "its answer has '" + cell->substr(0, 40) + "' as " + column
               : "its answer has no value in the column " + std::string(column)};
}

template <class Number>
Number number_of(const RpcTable::Cell& cell, const char* column, Number low, Number high) {
  Number value{};
  const std::string& text = cell ? *cell : std::string();
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!cell || !whole || !(value >= low && value <= high)) throw bad_value(column, cell);
  return value;
}

std::string text_in(const RpcTable::Cell& cell, const char* column) {
  if (!cell || cell->empty()) throw bad_value(column, cell);
  return *cell;
}

ServerStatus status_of(const RpcTable::Cell& cell) {
  constexpr unsigned kConfiguring = 4;  // known to old clients' enumerations: takes no traffic
  const unsigned number = number_of(cell, "status", 0U, kConfiguring);
  return number == kConfiguring ? ServerStatus::kSpare : static_cast<ServerStatus>(number);
}

constexpr int kMostId = std::numeric_limits<int>::max();

ShardMap* map_with(std::vector<ShardMap>& maps, int id) {
  const auto found = std::find_if(maps.begin(), maps.end(),
                                  [&](const ShardMap& map) { return map.mapping_id == id; });
  return found == maps.end() ? nullptr : &*found;
}

std::unordered_map<int, ShardMap*> maps_by_shard(std::vector<ShardMap>& maps) {
  std::unordered_map<int, ShardMap*> found;
  for (ShardMap& map : maps) {
    for (const Shard& shard : map.shards) found.try_emplace(shard.id, &map);
  }
  return found;
}

/// Runs `read` on a row of the mapping; what does not fit is that mapping's problem alone.
template <class Read>
void read_for(ShardMap* map, Read read) {
  if (map == nullptr) return;
  try {
    read(*map);
  } catch (const NodeFailure& failure) {
    if (map->problem.empty()) map->problem = failure.what();
  }
}

}  // namespace

ShardType shard_type_of(const std::string& name) {
  constexpr std::array<std::pair<std::string_view, ShardType>, 5> kTypes{
      {{"RANGE", ShardType::kRange},
       {"RANGE_INTEGER", ShardType::kRangeInteger},
       {"RANGE_STRING", ShardType::kRangeString},
       {"RANGE_DATETIME", ShardType::kRangeDatetime},
       {"HASH", ShardType::kHash}}};
  const auto* const found = std::find_if(kTypes.begin(), kTypes.end(),
                                         [&](const auto& row) { return row.first == name; });
  return found == kTypes.end() ? ShardType::kUnknown : found->second;
}

std::vector<Server> servers_of(const RpcAnswer& answer) {
  const RpcTable& table = only_table(answer);
  const std::size_t uuid = table.column("server_uuid");
  const std::size_t group = table.column("group_id");
  const std::size_t host = table.column("host");
  const std::size_t port = table.column("port");
  const std::size_t mode = table.column("mode");
  const std::size_t status = table.column("status");
  const std::size_t weight = table.column("weight");
  std::vector<Server> servers;
  servers.reserve(table.rows.size());
  for (const Row& row : table.rows) {
    Server server;
    server.uuid = text_in(row[uuid], "server_uuid");
    server.group = text_in(row[group], "group_id");
    server.endpoint.host = text_in(row[host], "host");
    server.endpoint.port = static_cast<std::uint16_t>(number_of(row[port], "port", 1U, 65535U));
    server.mode = static_cast<ServerMode>(number_of(row[mode], "mode", 0U, 3U));
    server.status = status_of(row[status]);
    server.weight = number_of(row[weight], "weight", 0.0, 1e9);
    servers.push_back(std::move(server));
  }
  return servers;
}

std::vector<ShardMap> shard_maps_of(const RpcAnswer& answer) {
  const RpcTable& table = only_table(answer);
  const std::size_t id = table.column("mapping_id");
  const std::size_t type = table.column("type_name");
  const std::size_t global = table.column("global_group_id");
  std::vector<ShardMap> maps;
  for (const Row& row : table.rows) {
    ShardMap map;
    map.mapping_id = number_of(row[id], "mapping_id", 0, kMostId);
    map.type_name = row[type].value_or("");
    map.type = shard_type_of(map.type_name);
    map.global_group = row[global].value_or("");
    maps.push_back(std::move(map));
  }
  return maps;
}

void add_tables(std::vector<ShardMap>& maps, const RpcAnswer& answer) {
  const RpcTable& table = only_table(answer);
  const std::size_t id = table.column("mapping_id");
  const std::size_t schema = table.column("schema_name");
  const std::size_t name = table.column("table_name");
  const std::size_t column = table.column("column_name");
  for (const Row& row : table.rows) {
    read_for(map_with(maps, number_of(row[id], "mapping_id", 0, kMostId)), [&](ShardMap& map) {
      map.tables.push_back({.schema = text_in(row[schema], "schema_name"),
                            .table = text_in(row[name], "table_name"),
                            .column = text_in(row[column], "column_name")});
    });
  }
}

void add_shards(std::vector<ShardMap>& maps, const RpcAnswer& answer) {
  const RpcTable& table = only_table(answer);
  const std::size_t bound = table.column("lower_bound");
  const std::size_t id = table.column("mapping_id");
  const std::size_t shard = table.column("shard_id");
  const std::size_t group = table.column("group_id");
  for (const Row& row : table.rows) {
    read_for(map_with(maps, number_of(row[id], "mapping_id", 0, kMostId)), [&](ShardMap& map) {
      // Bounds are never NULL at a node: what a real one sends as NULL is the text None.
      map.shards.push_back({.lower_bound = row[bound].value_or("None"),
                            .id = number_of(row[shard], "shard_id", 0, kMostId),
                            .group = text_in(row[group], "group_id")});
    });
  }
}

void add_tables_by_shard(std::vector<ShardMap>& maps, const RpcAnswer& answer) {
  const RpcTable& table = only_table(answer);
  const std::size_t shard = table.column("shard_id");
  const std::size_t schema = table.column("schema_name");
  const std::size_t name = table.column("table_name");
  const std::size_t column = table.column("column_name");
  const auto by_shard = maps_by_shard(maps);
  for (const Row& row : table.rows) {
    const auto found = by_shard.find(number_of(row[shard], "shard_id", 0, kMostId));
    read_for(found == by_shard.end() ? nullptr : found->second, [&](ShardMap& known) {
      ShardTable one{.schema = text_in(row[schema], "schema_name"),
                     .table = text_in(row[name], "table_name"),
                     .column = text_in(row[column], "column_name")};
      if (std::find(known.tables.begin(), known.tables.end(), one) == known.tables.end()) {
        known.tables.push_back(std::move(one));  // one row per table and shard
      }
    });
  }
}

}  // namespace fabric
