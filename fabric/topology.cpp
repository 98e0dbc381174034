#include "fabric/topology.h"

namespace fabric {

Topology::Topology(Content content, std::uint64_t version, bool stale,
                   std::uint64_t sharding_version)
    : content_(std::move(content)),
      version_(version),
      sharding_version_(sharding_version == 0 ? version : sharding_version),
      stale_(stale) {
  for (const Server& server : content_.servers) {
    Group& group = groups_[server.group];
    group.name = server.group;
    group.servers.push_back(server);
    servers_.emplace(server.uuid, &server);
  }
  lookups_.reserve(content_.shard_maps.size());
  for (const ShardMap& map : content_.shard_maps) {
    lookups_.emplace_back(map);
    for (const ShardTable& table : map.tables)
      tables_.try_emplace({table.schema, table.table}, &map);
  }
}

const Group* Topology::find_group(std::string_view name) const {
  const auto found = groups_.find(name);
  return found == groups_.end() ? nullptr : &found->second;
}

const Server* Topology::find_server(std::string_view uuid) const {
  const auto found = servers_.find(uuid);
  return found == servers_.end() ? nullptr : found->second;
}

const ShardMap* Topology::find_shard_map(std::string_view schema, std::string_view table) const {
  const auto found = tables_.find({schema, table});
  return found == tables_.end() ? nullptr : found->second;
}

const ShardLookup& Topology::lookup(const ShardMap& map) const {
  return lookups_.at(static_cast<std::size_t>(&map - content_.shard_maps.data()));
}

}  // namespace fabric
