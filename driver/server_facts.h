// What servers tell of the names in a statement: from the process's cache, else asked for once.
// Lives while one statement is planned.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "driver/routing/fact_cache.h"
#include "fabric/topology.h"

namespace driver {

class ServerFacts final : public routing::ColumnSource, public routing::DefinitionSource {
 public:
  /// The rows of a query, asked of the group at hand if it is one of these, else of the first.
  using Ask = std::function<std::vector<rows::Record>(const std::vector<std::string>& groups,
                                                      const std::string& sql)>;
  struct Place {
    routing::FactCaches& caches;
    const void* farm;
    const fabric::Topology& topology;
    fabric::base::SteadyTime now;
  };

  ServerFacts(Place place, Ask ask) : place_(place), ask_(std::move(ask)) {}

  std::shared_ptr<const routing::TableColumns> columns(const std::string& schema,
                                                       const std::string& table) override;
  std::vector<routing::Definition> definitions(const routing::MentionedName& name) override;

  /// The first of the names behind which there is a sharded table, as the group knows them.
  routing::HiddenTable hidden_by(const std::vector<routing::MentionedName>& names, bool functions,
                                 const std::string& group);
  /// At what, in that group, a trigger of the table may change the sharding column of a row: "",
  /// or "INSERT", "UPDATE" or both.
  std::string events_that_set_key(const fabric::ShardTable& table, const std::string& group);

 private:
  template <class Find>
  routing::FactCache<routing::HiddenTable>::Known hidden(const routing::MentionedName& name,
                                                         const std::string& group, Find&& find);
  [[nodiscard]] routing::WantedName wanted(std::string_view group, std::string_view schema,
                                           std::string_view name, routing::NameUse use) const;

  const Place place_;
  const Ask ask_;
  std::string group_;  ///< where definitions are asked for
};

/// All groups that hold tables of the mapping, its global group first.
std::vector<std::string> groups_of(const fabric::ShardMap& map);
/// It is one of them.
bool holds(const fabric::ShardMap& map, const std::string& group);

}  // namespace driver
