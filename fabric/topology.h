// The immutable snapshot of a farm that routing reads. Shared as shared_ptr<const Topology>; a
// refresh builds a new one and swaps it, so nobody sees half a failover. Freely readable from all
// threads.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "fabric/base/clock.h"
#include "fabric/shard_lookup.h"
#include "fabric/types.h"

namespace fabric {

class Topology {
 public:
  struct Content {
    std::vector<Server> servers;
    std::vector<ShardMap> shard_maps;
    bool shard_maps_known = true;  ///< false: the node could not tell them, now or before
    std::string sharding_problem;  ///< what is wrong with shard maps or roles; empty: nothing
    base::Duration ttl{};          ///< as the node said; the cache applies its floor
    friend bool operator==(const Content&, const Content&) = default;
  };

  /// `version` rises by one at each change of content within one farm; its shard maps are those of
  /// `sharding_version`, 0: of this one.
  Topology(Content content, std::uint64_t version, bool stale, std::uint64_t sharding_version = 0);
  Topology(const Topology&) = delete;
  Topology& operator=(const Topology&) = delete;

  [[nodiscard]] std::uint64_t version() const { return version_; }
  /// The version in which the shard maps became what they are: servers come and go without it.
  [[nodiscard]] std::uint64_t sharding_version() const { return sharding_version_; }
  /// True when every node is down and this is the last good answer.
  [[nodiscard]] bool stale() const { return stale_; }
  [[nodiscard]] const Content& content() const { return content_; }
  /// There are shard maps, or nobody knows.
  [[nodiscard]] bool may_be_sharded() const {
    return !content_.shard_maps.empty() || !content_.shard_maps_known;
  }
  /// Null when the node lists no server of such a group (names compare exactly).
  [[nodiscard]] const Group* find_group(std::string_view name) const;
  [[nodiscard]] const Server* find_server(std::string_view uuid) const;
  /// Null when no mapping has this table (`schema.table`, exact).
  [[nodiscard]] const ShardMap* find_shard_map(std::string_view schema,
                                               std::string_view table) const;
  /// The prepared lookup of a mapping that find_shard_map() or content() of this topology gave.
  [[nodiscard]] const ShardLookup& lookup(const ShardMap& map) const;
  [[nodiscard]] const std::map<std::string, Group, std::less<>>& groups() const { return groups_; }

 private:
  Content content_;
  std::map<std::string, Group, std::less<>> groups_;
  std::unordered_map<std::string_view, const Server*> servers_;  // views into content_
  std::map<std::pair<std::string_view, std::string_view>, const ShardMap*> tables_;
  std::vector<ShardLookup> lookups_;  // one per shard map, same order
  std::uint64_t version_;
  std::uint64_t sharding_version_;
  bool stale_;
};

using TopologyPtr = std::shared_ptr<const Topology>;

}  // namespace fabric
