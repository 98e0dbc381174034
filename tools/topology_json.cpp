#include "tools/topology_json.h"

#include <Poco/JSON/Array.h>

#include "fabric/names.h"

namespace tools {
namespace {

using fabric::Server;
using fabric::ShardMap;
using Object = Poco::JSON::Object;

}  // namespace

Object json_object() { return Object(Poco::JSON_PRESERVE_KEY_ORDER); }

Object server_json(const Server& server) {
  Object object = json_object();
  object.set("uuid", server.uuid);
  object.set("address", server.endpoint.text());
  object.set("status", fabric::status_name(server.status));
  object.set("mode", fabric::mode_name(server.mode));
  object.set("weight", server.weight);
  return object;
}

Object shard_map_json(const ShardMap& map) {
  Object object = json_object();
  object.set("mapping_id", map.mapping_id);
  object.set("type", map.type_name);
  object.set("global_group", map.global_group);
  Poco::JSON::Array tables;
  for (const auto& table : map.tables) {
    Object one = json_object();
    one.set("table", table.schema + "." + table.table);
    one.set("column", table.column);
    tables.add(one);
  }
  object.set("tables", tables);
  Poco::JSON::Array shards;
  for (const auto& shard : map.shards) {
    Object one = json_object();
    one.set("shard_id", shard.id);
    one.set("lower_bound", shard.lower_bound);
    one.set("group", shard.group);
    shards.add(one);
  }
  object.set("shards", shards);
  if (!map.problem.empty()) object.set("problem", map.problem);
  return object;
}

}  // namespace tools
