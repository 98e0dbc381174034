#include "driver/server_facts.h"

#include <algorithm>

#include "driver/routing/key_triggers.h"
#include "driver/sql/literals.h"

namespace driver {

std::vector<std::string> groups_of(const fabric::ShardMap& map) {
  std::vector<std::string> groups;
  if (!map.global_group.empty()) groups.push_back(map.global_group);
  for (const fabric::Shard& shard : map.shards) {
    if (!shard.group.empty()) groups.push_back(shard.group);  // else it is disabled
  }
  return groups;
}

bool holds(const fabric::ShardMap& map, const std::string& group) {
  const std::vector<std::string> groups = groups_of(map);
  return std::ranges::find(groups, group) != groups.end();
}

routing::WantedName ServerFacts::wanted(std::string_view group, std::string_view schema,
                                        std::string_view name, routing::NameUse use) const {
  return {place_.farm, place_.topology.sharding_version(), group, schema, name, use};
}

std::shared_ptr<const routing::TableColumns> ServerFacts::columns(const std::string& schema,
                                                                  const std::string& table) {
  const routing::WantedName key = wanted({}, schema, table, routing::NameUse::kRead);
  auto found = place_.caches.columns.find(key, place_.now);
  if (found == nullptr) {
    const std::vector<std::string> groups =
        groups_of(*place_.topology.find_shard_map(schema, table));
    const std::string sql = routing::columns_query(sql::sql_text(schema), sql::sql_text(table));
    found = std::make_shared<const routing::TableColumns>(
        routing::columns_from(groups.empty() ? std::vector<rows::Record>() : ask_(groups, sql)));
    if (!found->columns.empty()) {
      place_.caches.columns.put(routing::to_cache(key), found, place_.now);
    }
  }
  return found;
}

std::vector<routing::Definition> ServerFacts::definitions(const routing::MentionedName& name) {
  const std::string sql =
      routing::definitions_query(name.use, sql::sql_text(name.schema), sql::sql_text(name.name));
  return routing::definitions_from(ask_({group_}, sql));
}

/// From the cache, or by `find()`.
template <class Find>
routing::FactCache<routing::HiddenTable>::Known ServerFacts::hidden(
    const routing::MentionedName& name, const std::string& group, Find&& find) {
  group_ = group;
  const routing::WantedName key = wanted(group, name.schema, name.name, name.use);
  auto known = place_.caches.hidden.find(key, place_.now);
  if (known != nullptr) return known;
  known = std::make_shared<const routing::HiddenTable>(find());
  place_.caches.hidden.put(routing::to_cache(key), known, place_.now);
  return known;
}

routing::HiddenTable ServerFacts::hidden_by(const std::vector<routing::MentionedName>& names,
                                            bool functions, const std::string& group) {
  for (const routing::MentionedName& name : names) {
    if ((name.use == routing::NameUse::kCalled) != functions) continue;
    const auto found = hidden(name, group, [&] {
      return routing::hidden_table(name, routing::ShardedTables(place_.topology), *this);
    });
    if (!found->why.empty()) return *found;
  }
  return {};
}

std::string ServerFacts::events_that_set_key(const fabric::ShardTable& table,
                                             const std::string& group) {
  const routing::MentionedName name{table.schema, table.table, routing::NameUse::kWritten};
  const auto found = hidden(name, group, [&]() -> routing::HiddenTable {
    routing::HiddenTable events;
    for (const routing::Definition& one : definitions(name)) {
      if (!one.event.empty() && routing::sets_new_value(one, table.column)) events.why += one.event;
    }
    return events;
  });
  return found->why;
}

}  // namespace driver
