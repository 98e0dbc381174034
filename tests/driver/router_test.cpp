#include "driver/router.h"

#include <gtest/gtest.h>

#include "fabric/base/error.h"

namespace driver {
namespace {

using fabric::base::SqlState;

fabric::ShardMap mapping(int id, const std::string& table, const std::string& global) {
  fabric::ShardMap map;
  map.mapping_id = id;
  map.type = fabric::ShardType::kRange;
  map.type_name = "RANGE";
  map.global_group = global;
  map.tables = {{"shop", table, "id"}, {"shop", table + "_lines", "id"}};
  map.shards = {{"1", 10 * id + 1, "s" + std::to_string(id) + "a"},
                {"100", 10 * id + 2, "s" + std::to_string(id) + "b"}};
  return map;
}

fabric::Topology topology(std::vector<fabric::ShardMap> maps) {
  fabric::Topology::Content content;
  content.shard_maps = std::move(maps);
  return {std::move(content), 1, false};
}

settings::RouteSettings tables(std::vector<std::string> names) {
  settings::RouteSettings settings;
  settings.tables = std::move(names);
  return settings;
}

settings::RouteSettings keyed(std::vector<std::string> names, const std::string& key) {
  settings::RouteSettings settings = tables(std::move(names));
  settings.key = key;
  settings.key_given = true;
  return settings;
}

/// The state and the words of a refusal.
void expect_refused(const settings::RouteSettings& settings, const fabric::Topology& topology,
                    SqlState state, const std::string& words) {
  try {
    FAIL() << "routed to " << route(settings, topology);
  } catch (const fabric::base::Error& error) {
    EXPECT_EQ(error.state(), state) << error.what();
    EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
  }
}

TEST(Router, TakesTheDefaultGroup) {
  settings::RouteSettings settings;
  settings.group = "g1";
  EXPECT_EQ(route(settings, topology({})), "g1");
}

TEST(Router, TakesTheShardOfTheKeyBeforeTheDefaultGroup) {
  settings::RouteSettings settings = keyed({"shop.orders"}, "42");
  settings.group = "g1";
  const auto farm = topology({mapping(1, "orders", "global")});
  EXPECT_EQ(route(settings, farm), "s1a");
  EXPECT_EQ(route(keyed({"shop.orders", "shop.orders_lines"}, "100"), farm), "s1b");
}

TEST(Router, TakesTheGlobalGroupOfTheScope) {
  settings::RouteSettings settings = tables({"shop.orders"});
  settings.scope = settings::ShardScope::kGlobal;
  EXPECT_EQ(route(settings, topology({mapping(1, "orders", "global")})), "global");
  expect_refused(settings, topology({mapping(1, "orders", "")}), SqlState::kHY000,
                 "no global group");
}

TEST(Router, TakesTheGlobalGroupThatAllMappingsShare) {
  EXPECT_EQ(route({}, topology({mapping(1, "a", "global"), mapping(2, "b", "global")})), "global");
}

TEST(Router, SaysWhatToSetWhenNothingNamesAGroup) {
  expect_refused({}, topology({}), SqlState::kHY000, "set FABRIC_GROUP");
  expect_refused({}, topology({mapping(1, "a", "x"), mapping(2, "b", "y")}), SqlState::kHY000,
                 "set FABRIC_GROUP");
  expect_refused({}, topology({mapping(1, "a", "")}), SqlState::kHY000, "set FABRIC_GROUP");
}

TEST(Router, RefusesTablesItCannotPlace) {
  const auto farm = topology({mapping(1, "orders", "global"), mapping(2, "items", "global")});
  expect_refused(keyed({"orders"}, "1"), farm, SqlState::kHY000, "write database.table");
  expect_refused(keyed({"shop.nothing"}, "1"), farm, SqlState::k42S02, "shop.nothing");
  expect_refused(tables({"shop.orders"}), farm, SqlState::kHY000, "FABRIC_KEY");
  expect_refused(keyed({"shop.orders", "shop.items"}, "1"), farm, SqlState::kHY000,
                 "different shard mappings");
}

TEST(Router, NeverGuessesAShardForAKeyItCannotRead) {
  const auto farm = topology({mapping(1, "orders", "global")});
  for (const char* key : {"", "zebra", "0"}) {  // 0 lies before the first shard
    EXPECT_THROW(route(keyed({"shop.orders"}, key), farm), fabric::base::Error) << key;
  }
}

TEST(Router, BeginsInSomeGroupOfTheMappingsWhereTheyShareNone) {
  const fabric::Topology two =
      topology({mapping(1, "orders", "global1"), mapping(2, "users", "global2")});
  EXPECT_EQ(start_group({}, two), "global1");
  expect_refused({}, two, SqlState::kHY000, "different global groups (global1, global2)");
  EXPECT_EQ(start_group({}, topology({mapping(1, "orders", "g")})), "g");
  EXPECT_EQ(start_group({}, topology({mapping(1, "orders", "")})), "s1a");
  settings::RouteSettings settings;
  settings.group = "g9";
  EXPECT_EQ(start_group(settings, two), "g9");
  EXPECT_EQ(start_group(keyed({"shop.users"}, "5"), two), "s2a");
  EXPECT_THROW(static_cast<void>(start_group({}, topology({}))), fabric::base::Error);
}

}  // namespace
}  // namespace driver
