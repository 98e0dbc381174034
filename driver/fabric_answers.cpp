#include "driver/fabric_answers.h"

#include <algorithm>

#include "driver/catalog_results.h"
#include "driver/fabric_explain.h"
#include "driver/route_attributes.h"
#include "fabric/names.h"

namespace driver {
namespace {

using fabric::Server;
using fabric::ServerStatus;
using fabric::mysql::Column;
using Value = std::optional<std::string>;

constexpr std::uint32_t kAddressLength = 255;
constexpr std::uint32_t kTextLength = 1024;

Value text_or_null(std::string text) { return text.empty() ? Value() : Value(std::move(text)); }

Column text_column(const char* name, std::uint32_t characters) {
  return varchar_column(name, characters);
}

std::vector<Column> columns_of(FabricView view) {
  switch (view) {
    case FabricView::kStatus:
      return {not_null(text_column("name", kNameLength)), text_column("value", kTextLength)};
    case FabricView::kGroups:
      return {not_null(text_column("group_name", kNameLength)),
              text_column("primary", kAddressLength),
              not_null(integer_column("servers")),
              not_null(integer_column("secondaries")),
              not_null(integer_column("spares")),
              not_null(integer_column("faulty"))};
    case FabricView::kServers:
      return {not_null(text_column("group_name", kNameLength)),
              not_null(text_column("server", kAddressLength)),
              not_null(text_column("status", 16)),
              not_null(text_column("mode", 16)),
              not_null(text_column("weight", 32)),
              not_null(text_column("uuid", kNameLength)),
              not_null(text_column("current", 3))};
    case FabricView::kShards:
      return {not_null(integer_column("mapping_id")),
              not_null(text_column("type", 32)),
              integer_column("shard_id"),
              text_column("lower_bound", kAddressLength),
              text_column("group_name", kNameLength),
              text_column("global_group", kNameLength),
              text_column("tables", kTextLength),
              text_column("problem", kTextLength)};
    case FabricView::kPools:
      break;
  }
  std::vector<Column> columns{
      not_null(text_column("server", kAddressLength)), not_null(text_column("user", kNameLength)),
      not_null(text_column("pooled", 3)), not_null(integer_column("max_size"))};
  for (const char* state : {"connecting", "idle", "leased", "resetting", "waiting"}) {
    columns.push_back(not_null(integer_column(state)));
  }
  for (const char* counter :
       {"borrows", "waits", "timeouts", "connects", "connect_failures", "resets", "pings",
        "closed_idle", "closed_lifetime", "closed_broken", "closed_retired"}) {
    columns.push_back(not_null(bigint_column(counter)));
  }
  columns.push_back(text_column("pins", kTextLength));
  return columns;
}

std::string mode_name(FabricMode mode) {
  if (mode == FabricMode::kAuto) return "AUTO";
  return mode == FabricMode::kReadWrite ? "RW" : "RO";
}

std::string nodes_of(const ConnectionSettings& settings) {
  if (!settings.fabric.topology_file.empty()) return "file:" + settings.fabric.topology_file;
  std::string names;
  for (const auto& node : settings.fabric.nodes) names += (names.empty() ? "" : ",") + node.text();
  return names;
}

/// "user variables 3, warnings 1"
std::string pins_text(const std::map<std::string, std::uint64_t>& pins) {
  std::string text;
  for (const auto& [reason, count] : pins) {
    text += (text.empty() ? "" : ", ") + reason + " " + std::to_string(count);
  }
  return text;
}

std::string tables_of(const fabric::ShardMap& map) {
  std::string names;
  for (const fabric::ShardTable& table : map.tables) {
    names +=
        (names.empty() ? "" : ", ") + table.schema + "." + table.table + "(" + table.column + ")";
  }
  return names;
}

}  // namespace

std::vector<Column> fabric_columns(const FabricStatement& statement) {
  switch (statement.verb) {
    case FabricVerb::kSet:
      return {};
    case FabricVerb::kExplain:
      return explain_columns();
    case FabricVerb::kShow:
      break;
  }
  return columns_of(statement.view);
}

FabricRows status_rows(const ConnectionSettings& settings, const FabricPlace& place,
                       const fabric::Topology* topology) {
  const FabricSettings& asked = settings.fabric;
  const auto part = [&asked](SQLINTEGER id) { return text_or_null(route_text(asked, id)); };
  FabricRows rows{{"nodes", text_or_null(nodes_of(settings))},
                  {"group", part(SQL_ATTR_FABRIC_GROUP)},
                  {"tables", part(SQL_ATTR_FABRIC_TABLES)},
                  {"key", part(SQL_ATTR_FABRIC_KEY)},
                  {"scope", asked.scope == ShardScope::kLocal ? "LOCAL" : "GLOBAL"},
                  {"mode", mode_name(asked.mode)},
                  {"current_server", text_or_null(place.server)},
                  {"current_group", text_or_null(place.group)},
                  {"current_mapping", text_or_null(place.mapping)},
                  {"pinned_by", text_or_null(place.pinned)}};
  if (topology == nullptr || !settings.has_fabric()) return rows;
  rows.push_back({"topology_version", std::to_string(topology->version())});
  rows.push_back({"topology_stale", topology->stale() ? "YES" : "NO"});
  rows.push_back({"sharding_problem", text_or_null(topology->content().sharding_problem)});
  return rows;
}

FabricRows group_rows(const fabric::Topology& topology) {
  FabricRows rows;
  for (const auto& [name, group] : topology.groups()) {
    const auto count = [&group = group](ServerStatus status) {
      return std::to_string(std::ranges::count(group.servers, status, &Server::status));
    };
    const auto primary =
        std::ranges::find_if(group.servers, [](const Server& server) { return server.writable(); });
    rows.push_back({name,
                    primary == group.servers.end() ? Value() : Value(primary->endpoint.text()),
                    std::to_string(group.servers.size()), count(ServerStatus::kSecondary),
                    count(ServerStatus::kSpare), count(ServerStatus::kFaulty)});
  }
  return rows;
}

FabricRows server_rows(const fabric::Topology& topology, const FabricPlace& place) {
  FabricRows rows;
  for (const auto& [name, group] : topology.groups()) {
    for (const Server& server : group.servers) {
      const std::string address = server.endpoint.text();
      const bool current = address == place.server && name == place.group;
      rows.push_back({name, address, fabric::status_name(server.status),
                      fabric::mode_name(server.mode), fabric::weight_text(server.weight),
                      server.uuid, current ? "YES" : "NO"});
    }
  }
  return rows;
}

FabricRows shard_rows(const fabric::Topology& topology) {
  FabricRows rows;
  for (const fabric::ShardMap& map : topology.content().shard_maps) {
    const auto row = [&](Value id, Value bound, Value group) {
      rows.push_back({std::to_string(map.mapping_id), map.type_name, std::move(id),
                      std::move(bound), std::move(group), text_or_null(map.global_group),
                      text_or_null(tables_of(map)), text_or_null(map.problem)});
    };
    for (const fabric::Shard& shard : map.shards) {
      row(std::to_string(shard.id), shard.lower_bound, text_or_null(shard.group));
    }
    if (map.shards.empty()) row({}, {}, {});
  }
  return rows;
}

FabricRows pool_rows(const std::vector<pool::PoolReport>& pools) {
  FabricRows rows;
  for (const pool::PoolReport& pool : pools) {
    const pool::PoolStats& stats = pool.stats;
    Record row{pool.server.text(), pool.user, pool.pooled ? "YES" : "NO",
               std::to_string(pool.max_size)};
    for (const std::size_t now :
         {stats.connecting, stats.idle, stats.leased, stats.resetting, stats.waiting}) {
      row.emplace_back(std::to_string(now));
    }
    for (const std::uint64_t counter :
         {stats.borrows, stats.waits, stats.timeouts, stats.connects, stats.connect_failures,
          stats.resets, stats.pings, stats.closed_idle, stats.closed_lifetime, stats.closed_broken,
          stats.closed_retired}) {
      row.emplace_back(std::to_string(counter));
    }
    row.push_back(text_or_null(pins_text(stats.pins)));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace driver
