#include "tools/topology_text.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <sstream>
#include <vector>

#include "fabric/names.h"
#include "tools/columns.h"
#include "tools/topology_json.h"

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

void add(const fabric::Topology& topology, Object& whole) {
  Poco::JSON::Array groups;
  for (const auto& [name, group] : topology.groups()) {
    Object one = json_object();
    one.set("group", name);
    Poco::JSON::Array servers;
    for (const Server& server : group.servers) servers.add(server_json(server));
    one.set("servers", servers);
    groups.add(one);
  }
  whole.set("groups", groups);
  Poco::JSON::Array maps;
  for (const ShardMap& map : topology.content().shard_maps) maps.add(shard_map_json(map));
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
  Object whole = json_object();
  add(topology, whole);
  std::ostringstream text;
  whole.stringify(text, 2);
  return text.str() + "\n";
}

std::string topology_line(const std::string& time, const fabric::Topology& topology) {
  Object whole = json_object();
  whole.set("time", time);
  add(topology, whole);
  std::ostringstream text;
  whole.stringify(text);
  return text.str();
}

}  // namespace tools
