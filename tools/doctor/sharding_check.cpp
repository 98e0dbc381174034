// The shard mappings: readable, and the sharded tables where they should be.
#include <algorithm>
#include <set>

#include "fabric/mysql/named_values.h"
#include "tools/doctor/checks.h"
#include "tools/doctor/server_findings.h"

namespace tools::doctor {
namespace {

using fabric::ShardMap;
using fabric::ShardTable;
using fabric::mysql::ServerConnection;

std::string full_name(const ShardTable& table) { return table.schema + "." + table.table; }

std::set<std::string> shard_groups(const ShardMap& map) {
  std::set<std::string> names;
  for (const fabric::Shard& shard : map.shards) {
    if (!shard.group.empty()) names.insert(shard.group);
  }
  return names;
}

/// "columns" and "keys": how many columns it has as far as the account sees, and whether one is the
/// sharding column.
fabric::mysql::NamedValues columns_of(ServerConnection& connection, const ShardTable& table,
                                      fabric::base::Deadline deadline) {
  return fabric::mysql::first_row(
             connection,
             "SELECT COUNT(*) AS `columns`, COALESCE(SUM(column_name = " +
                 sql_quoted(table.column) +
                 "), 0) AS `keys` FROM information_schema.columns WHERE table_schema = " +
                 sql_quoted(table.schema) + " AND table_name = " + sql_quoted(table.table),
             deadline)
      .value_or(fabric::mysql::NamedValues());
}

/// Options of the command line client for the primary of another of the mapping's groups.
std::string other_shard(const Examination& examination, const Patient& patient,
                        const ShardMap& map) {
  const std::set<std::string> groups = shard_groups(map);
  for (const Patient& other : examination.patients) {
    if (other.server.status == fabric::ServerStatus::kPrimary && other.facts.asked &&
        other.server.group != patient.server.group && groups.contains(other.server.group)) {
      return client_options(other.server.endpoint);
    }
  }
  return "-h OTHER_SHARD";
}

void say_missing_table(Examination& examination, const Patient& patient, const ShardMap& map,
                       const ShardTable& table) {
  examination.report.error(
      server_subject(examination, patient),
      "has no table " + full_name(table) + " that " + patient.facts.account +
          " may see, though its group holds a shard of it",
      {.where = "make it there as it is in the other shards, in a shell; or GRANT SELECT on it",
       .lines = "mariadb-dump --no-data -u root -p " + other_shard(examination, patient, map) +
                " " + shell_quoted(table.schema) + " " + shell_quoted(table.table) +
                " > table.sql\nmariadb -u root -p " + client_options(patient.server.endpoint) +
                " " + shell_quoted(table.schema) + " < table.sql"});
}

void say_no_rights(Examination& examination, const Patient& patient, const std::string& schema) {
  examination.report.warning(
      server_subject(examination, patient),
      patient.facts.account + " may see no table of " + schema +
          ": whether the sharded ones are there was not looked at",
      sql_fix(patient.server.endpoint, rights_statement(examination, patient, schema)));
}

void say_missing_column(Examination& examination, const Patient& patient, const ShardMap& map,
                        const ShardTable& table) {
  const std::string name = sql_quoted(full_name(table));
  examination.report.error(
      server_subject(examination, patient),
      "has " + full_name(table) + ", but that has no column " + table.column +
          ", by which the farm shards it",
      examination.node_fix(
          "CALL sharding.remove_table(" + name + ", 'true');\nCALL sharding.add_table(" +
              std::to_string(map.mapping_id) + ", " + name + ", 'COLUMN', 'true');",
          "mysqlfabric sharding remove_table " + full_name(table) +
              "\nmysqlfabric sharding add_table " + std::to_string(map.mapping_id) + " " +
              full_name(table) + " COLUMN"));
}

/// True when all of the mapping's tables are on the server.
bool look_for_tables(Examination& examination, const Patient& patient, const ShardMap& map) {
  const auto deadline = examination.deadline();
  const Progress::Step step(examination.progress,
                            "looking for sharded tables on " + patient.server.endpoint.text());
  fabric::mysql::ConnectOptions options;
  options.server = patient.server.endpoint;
  options.credentials = examination.settings->credentials;
  const auto connection = ServerConnection::open(options, examination.watchdog, deadline);
  bool all = true;
  std::set<std::string> closed;  // schemas
  for (const ShardTable& table : map.tables) {
    const fabric::mysql::NamedValues found = columns_of(*connection, table, deadline);
    const auto is_none = [&found](const char* name) {
      const auto value = found.find(name);
      return value == found.end() || value->second == "0";
    };
    if (!is_none("keys")) continue;
    all = false;
    if (!is_none("columns")) {
      say_missing_column(examination, patient, map, table);
    } else if (rights_of(patient.facts.grants, table.schema).anything) {
      say_missing_table(examination, patient, map, table);
    } else if (closed.insert(table.schema).second) {
      say_no_rights(examination, patient, table.schema);
    }
  }
  return all;
}

/// The groups on whose primaries all of the mapping's tables are. Says what else is there.
std::vector<std::string> groups_with_tables(Examination& examination, const ShardMap& map) {
  const std::set<std::string> groups = shard_groups(map);
  std::vector<std::string> with;
  for (const Patient& patient : examination.patients) {
    const bool wanted = patient.server.status == fabric::ServerStatus::kPrimary &&
                        patient.facts.asked && groups.contains(patient.server.group);
    if (wanted && look_for_tables(examination, patient, map)) with.push_back(patient.server.group);
  }
  return with;
}

void check_map(Examination& examination, const ShardMap& map) {
  std::vector<std::string> tables;
  for (const ShardTable& table : map.tables) tables.push_back(full_name(table));
  const std::string subject = "mapping " + std::to_string(map.mapping_id) + " (" + map.type_name +
                              (tables.empty() ? "" : " of " + joined(tables)) + ")";
  Report& report = examination.report;
  if (!map.problem.empty()) {
    return report.error(subject, "cannot be used: " + map.problem,
                        examination.node_fix("CALL sharding.list_definitions();",
                                             "mysqlfabric sharding list_definitions"));
  }
  if (map.tables.empty() || map.shards.empty()) {
    const std::string id = std::to_string(map.mapping_id);
    return report.warning(
        subject, map.tables.empty() ? "has no tables" : "has no shards",
        map.tables.empty()
            ? examination.node_fix(
                  "CALL sharding.add_table(" + id + ", 'database.table', 'column', 'true');",
                  "mysqlfabric sharding add_table " + id + " database.table column")
            : examination.node_fix(
                  "CALL sharding.add_shard(" + id + ", 'group/1', 'ENABLED', 'true');",
                  "mysqlfabric sharding add_shard " + id + " group/1 --state=ENABLED"));
  }
  const std::vector<std::string> with = groups_with_tables(examination, map);
  if (!with.empty()) report.ok(subject, "has its tables in " + joined(with));
}

}  // namespace

void check_sharding(Examination& examination) {
  const fabric::Topology::Content& content = examination.topology->content();
  if (!content.shard_maps_known) {
    examination.report.warning("sharding", "cannot be read: " + content.sharding_problem,
                               {.where = "as it says"});
  }
  for (const ShardMap& map : content.shard_maps) check_map(examination, map);
}

}  // namespace tools::doctor
