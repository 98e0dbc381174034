#include "driver/fabric_answers.h"

#include <algorithm>

#include "driver/catalog/results.h"
#include "driver/fabric_explain.h"
#include "driver/route_attributes.h"
#include "fabric/names.h"

namespace driver {

using rows::bigint_column;
using rows::integer_column;
using rows::not_null;
using rows::varchar_column;

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
      return {not_null(text_column("name", catalog::kNameLength)),
              text_column("value", kTextLength)};
    case FabricView::kGroups:
      return {not_null(text_column("group_name", catalog::kNameLength)),
              text_column("primary", kAddressLength),
              not_null(integer_column("servers")),
              not_null(integer_column("secondaries")),
              not_null(integer_column("spares")),
              not_null(integer_column("faulty"))};
    case FabricView::kServers:
      return {not_null(text_column("group_name", catalog::kNameLength)),
              not_null(text_column("server", kAddressLength)),
              not_null(text_column("status", 16)),
              not_null(text_column("mode", 16)),
              not_null(text_column("weight", 32)),
              not_null(text_column("uuid", catalog::kNameLength)),
              not_null(text_column("current", 3))};
    case FabricView::kShards:
      return {not_null(integer_column("mapping_id")),
              not_null(text_column("type", 32)),
              integer_column("shard_id"),
              text_column("lower_bound", kAddressLength),
              text_column("group_name", catalog::kNameLength),
              text_column("global_group", catalog::kNameLength),
              text_column("tables", kTextLength),
              text_column("problem", kTextLength)};
    case FabricView::kPools:
      break;
  }
  std::vector<Column> columns{not_null(text_column("server", kAddressLength)),
                              not_null(text_column("user", catalog::kNameLength)),
                              not_null(text_column("pooled", 3)),
                              not_null(integer_column("max_size"))};
  for (const char* state : {"connecting", "idle", "leased", "resetting", "waiting"}) {
    columns.push_back(not_null(integer_column(state)));
  }
  for (const char* counter :
       {"borrows", "waits", "timeouts", "connects", "connect_failures", "pings", "keepalives",
        "retries", "leaks", "prepared_hits", "prepared_misses"}) {
    columns.push_back(not_null(bigint_column(counter)));
  }
  for (const char* counts : {"resets", "closed", "waited", "pins"}) {
    columns.push_back(text_column(counts, kTextLength));
  }
  return columns;
}

std::string mode_name(settings::FabricMode mode) {
  if (mode == settings::FabricMode::kAuto) return "AUTO";
  return mode == settings::FabricMode::kReadWrite ? "RW" : "RO";
}

std::string in_ms(fabric::base::Duration time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time);
  return std::to_string(ms.count()) + "ms";
}

/// "user variables 3, warnings 1"
std::string pins_text(const std::map<std::string, std::uint64_t>& pins) {
  std::string text;
  for (const auto& [reason, count] : pins) {
    text += (text.empty() ? "" : ", ") + reason + " " + std::to_string(count);
  }
  return text;
}

/// "idle 3, broken 1"
template <std::size_t kCount>
std::string counts_text(const std::array<const char*, kCount>& names,
                        const std::array<std::uint64_t, kCount>& counts) {
  std::string text;
  for (std::size_t i = 0; i < kCount; ++i) {
    if (counts[i] == 0) continue;
    text += (text.empty() ? "" : ", ") + std::string(names[i]) + " " + std::to_string(counts[i]);
  }
  return text;
}

/// "<=1ms 3, <=100ms 1, longer 1; 20061ms in all"
template <class Histogram>
std::string times_text(const Histogram& times) {
  std::string text;
  for (std::size_t i = 0; i < times.counts.size(); ++i) {
    if (times.counts[i] == 0) continue;
    const bool last = i == times.bounds().size();
    text += (text.empty() ? "" : ", ") + (last ? "longer" : "<=" + in_ms(times.bounds()[i])) + " " +
            std::to_string(times.counts[i]);
  }
  return text.empty() ? text : text + "; " + in_ms(times.sum) + " in all";
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

FabricRows status_rows(const settings::ConnectionSettings& settings, const FabricPlace& place,
                       const fabric::Topology* topology, const fabric::FarmStats& farm) {
  const settings::FabricSettings& asked = settings.fabric;
  const auto part = [&asked](SQLINTEGER id) { return text_or_null(route_text(asked, id)); };
  FabricRows rows{{"nodes", text_or_null(asked.nodes_text())},
                  {"group", part(SQL_ATTR_FABRIC_GROUP)},
                  {"tables", part(SQL_ATTR_FABRIC_TABLES)},
                  {"key", part(SQL_ATTR_FABRIC_KEY)},
                  {"scope", asked.scope == settings::ShardScope::kLocal ? "LOCAL" : "GLOBAL"},
                  {"mode", mode_name(asked.mode)},
                  {"current_server", text_or_null(place.server)},
                  {"current_group", text_or_null(place.group)},
                  {"current_mapping", text_or_null(place.mapping)},
                  {"pinned_by", text_or_null(place.pinned)}};
  if (!settings.has_fabric()) return rows;
  rows.push_back({"node_calls", text_or_null(counts_text(fabric::kNodeOutcomes, farm.node_calls))});
  rows.push_back({"refreshes", std::to_string(farm.refreshes)});
  rows.push_back({"refresh_failures", std::to_string(farm.refresh_failures)});
  rows.push_back({"reports", std::to_string(farm.reports)});
  rows.push_back({"report_failures", std::to_string(farm.report_failures)});
  rows.push_back({"failovers", std::to_string(farm.failovers)});
  rows.push_back({"switchovers", std::to_string(farm.switchovers)});
  rows.push_back({"time_to_recover", text_or_null(times_text(farm.recovery))});
  if (topology == nullptr) return rows;
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
    rows::Record row{pool.server.text(), pool.user, pool.pooled ? "YES" : "NO",
                     std::to_string(pool.max_size)};
    for (const std::size_t now :
         {stats.connecting, stats.idle, stats.leased, stats.resetting, stats.waiting}) {
      row.emplace_back(std::to_string(now));
    }
    for (const std::uint64_t counter :
         {stats.borrows, stats.waits, stats.timeouts, stats.connects, stats.connect_failures,
          stats.pings, stats.keepalives, stats.retries, stats.leaks, stats.prepared_hits,
          stats.prepared_misses}) {
      row.emplace_back(std::to_string(counter));
    }
    row.push_back(text_or_null(counts_text(pool::kResetKinds, stats.resets)));
    row.push_back(text_or_null(counts_text(pool::kCloseReasons, stats.closed)));
    row.push_back(text_or_null(times_text(stats.waited)));
    row.push_back(text_or_null(pins_text(stats.pins)));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace driver
