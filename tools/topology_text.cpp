#include "tools/topology_text.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <sstream>
#include <vector>

#include "fabric/names.h"
#include "tools/columns.h"

namespace tools {
namespace {

using fabric::Server;
using fabric::ShardMap;
using Object = Poco::JSON::Object;

std::string tables_of(const ShardMap& map) {
  std::string text;
  for (const auto& table : map.tables) {
    text +=
        (text.empty() ? "" : ", ") + table.schema + "." + table.table + "(" + table.column + ")";
  }
  return text.empty() ? "no tables" : text;
}

std::string map_text(const ShardMap& map) {
  std::string text = "mapping " + std::to_string(map.mapping_id) + " " + map.type_name + " " +
                     tables_of(map) + ", global group " +
                     (map.global_group.empty() ? "none" : map.global_group) + "\n";
  std::vector<Cells> lines;
  for (const auto& shard : map.shards) {
    lines.push_back(
        {"from " + shard.lower_bound, shard.group, "shard " + std::to_string(shard.id)});
  }
  text += aligned(lines);
  if (!map.problem.empty()) text += "  cannot be used: " + map.problem + "\n";
  return text;
}

Object ordered() { return Object(Poco::JSON_PRESERVE_KEY_ORDER); }

Object json_of(const Server& server) {
  Object object = ordered();
  object.set("uuid", server.uuid);
  object.set("address", server.endpoint.text());
  object.set("status", fabric::status_name(server.status));
  object.set("mode", fabric::mode_name(server.mode));
  object.set("weight", server.weight);
  return object;
}

Object json_of(const ShardMap& map) {
  Object object = ordered();
  object.set("mapping_id", map.mapping_id);
  object.set("type", map.type_name);
  object.set("global_group", map.global_group);
  Poco::JSON::Array tables;
  for (const auto& table : map.tables) {
    Object one = ordered();
    one.set("table", table.schema + "." + table.table);
    one.set("column", table.column);
    tables.add(one);
  }
  object.set("tables", tables);
  Poco::JSON::Array shards;
  for (const auto& shard : map.shards) {
    Object one = ordered();
    one.set("shard_id", shard.id);
    one.set("lower_bound", shard.lower_bound);
    one.set("group", shard.group);
    shards.add(one);
  }
  object.set("shards", shards);
  if (!map.problem.empty()) object.set("problem", map.problem);
  return object;
}

void add(const fabric::Topology& topology, Object& whole) {
  Poco::JSON::Array groups;
  for (const auto& [name, group] : topology.groups()) {
    Object one = ordered();
    one.set("group", name);
    Poco::JSON::Array servers;
    for (const Server& server : group.servers) servers.add(json_of(server));
    one.set("servers", servers);
    groups.add(one);
  }
  whole.set("groups", groups);
  Poco::JSON::Array maps;
  for (const ShardMap& map : topology.content().shard_maps) maps.add(json_of(map));
  whole.set("shard_maps", maps);
  const std::string& problem = topology.content().sharding_problem;
  if (!problem.empty()) whole.set("problem", problem);
}

}  // namespace

std::string topology_text(const fabric::Topology& topology, const std::set<std::string>& marked) {
  std::string text;
  for (const auto& [name, group] : topology.groups()) {
    text += "group " + name + "\n";
    std::vector<Cells> lines;
    std::vector<std::string> margins;
    for (const Server& server : group.servers) {
      margins.emplace_back(marked.contains(server.uuid) ? "* " : "  ");
      lines.push_back({fabric::status_name(server.status), fabric::mode_name(server.mode),
                       "weight " + fabric::weight_text(server.weight), server.endpoint.text(),
                       server.uuid});
    }
    text += aligned(lines, margins);
  }
  for (const ShardMap& map : topology.content().shard_maps) text += map_text(map);
  const std::string& problem = topology.content().sharding_problem;
  if (!problem.empty()) text += "shard maps could not be read: " + problem + "\n";
  return text;
}

std::string topology_json(const fabric::Topology& topology) {
  Object whole = ordered();
  add(topology, whole);
  std::ostringstream text;
  whole.stringify(text, 2);
  return text.str() + "\n";
}

std::string topology_line(const std::string& time, const fabric::Topology& topology) {
  Object whole = ordered();
  whole.set("time", time);
  add(topology, whole);
  std::ostringstream text;
  whole.stringify(text);
  return text.str();
}

}  // namespace tools
