// What real servers tell of views, triggers and stored functions, and which sharded tables are
// found behind them.
#include "driver/routing/hidden_tables.h"

#include "driver/sql/literals.h"
#include "tests/protocol/driver/catalog/fixture.h"

namespace driver::routing {
namespace {

fabric::Topology sharded() {
  fabric::Topology::Content content;
  fabric::ShardMap map;
  map.mapping_id = 1;
  map.tables = {{"cat", "orders", "id"}};
  content.shard_maps = {map};
  return {std::move(content), 1, false};
}

class HiddenTables : public CatalogOnEveryServer, public DefinitionSource {
 protected:
  void SetUp() override {
    CatalogOnEveryServer::SetUp();
    run({"CREATE TABLE orders (id INT PRIMARY KEY, total INT)",
         "CREATE TABLE countries (code CHAR(2) PRIMARY KEY, orders INT)"});
  }
  std::vector<Definition> definitions(const MentionedName& name) override {
    return definitions_from(source->rows(
        definitions_query(name.use, sql::sql_text(name.schema), sql::sql_text(name.name))));
  }
  HiddenTable behind(const std::string& name, NameUse use = NameUse::kRead) {
    const fabric::Topology topology = sharded();
    return hidden_table({"cat", name, use}, ShardedTables(topology), *this);
  }
  void expect_hidden(const std::string& name, NameUse use = NameUse::kRead) {
    EXPECT_EQ(behind(name, use).table, "cat.orders") << name << ": " << behind(name, use).why;
  }
  void expect_none(const std::string& name, NameUse use = NameUse::kRead) {
    EXPECT_EQ(behind(name, use).why, "") << name;
  }
};

TEST_P(HiddenTables, AreSeenBehindViews) {
  run(
      {"CREATE VIEW totals AS SELECT o.total, c.code FROM orders o, countries c WHERE o.id > 5 AND "
       "c.code = 'it''s \\\\'",
       "CREATE VIEW of_totals AS SELECT code AS total FROM totals",
       "CREATE VIEW counted AS SELECT (SELECT COUNT(*) FROM orders) AS n",
       "CREATE VIEW joined AS SELECT 1 AS one UNION SELECT total FROM orders",
       "CREATE VIEW codes AS SELECT code, orders FROM countries WHERE code IN ('DE', 'FR')"});
  expect_hidden("totals");
  EXPECT_EQ(behind("totals").why, "cat.totals, a view that uses the sharded table cat.orders");
  expect_hidden("of_totals");
  EXPECT_EQ(behind("of_totals").why,
            "cat.of_totals, a view that uses cat.totals, a view that uses the sharded table "
            "cat.orders");
  expect_hidden("counted");
  expect_hidden("joined");
  expect_hidden("totals", NameUse::kWritten);
  expect_none("codes");
  expect_none("countries");
  expect_none("nowhere");
}

TEST_P(HiddenTables, AreSeenWhateverTheQuotesOfTheSession) {
  run({"CREATE VIEW totals AS SELECT total FROM orders",
       "CREATE VIEW codes AS SELECT code FROM countries WHERE code <> 'orders'",
       "SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'"});
  expect_hidden("totals");
  expect_none("codes");
}

TEST_P(HiddenTables, AreSeenBehindTriggersOfWhatIsWritten) {
  run({"CREATE TABLE quiet (id INT)",
       "CREATE TRIGGER noting AFTER INSERT ON countries FOR EACH ROW INSERT INTO orders VALUES "
       "(NEW.orders, 1)",
       "CREATE TRIGGER still BEFORE INSERT ON quiet FOR EACH ROW SET NEW.id = NEW.id + 1"});
  expect_hidden("countries", NameUse::kWritten);
  EXPECT_EQ(behind("countries", NameUse::kWritten).why,
            "cat.countries, which has a trigger that uses the sharded table cat.orders");
  expect_none("countries");
  expect_none("quiet", NameUse::kWritten);
}

TEST_P(HiddenTables, AreSeenBehindFunctions) {
  run(
      {"CREATE FUNCTION total_of(k INT) RETURNS INT READS SQL DATA RETURN (SELECT total FROM "
       "orders "
       "WHERE id = k)",
       "CREATE FUNCTION twice(k INT) RETURNS INT DETERMINISTIC RETURN ABS(k) * 2",
       "CREATE FUNCTION via(k INT) RETURNS INT READS SQL DATA RETURN cat.total_of(k) + twice(k)",
       "CREATE VIEW by_function AS SELECT via(1) AS n, twice(2) AS m"});
  expect_hidden("total_of", NameUse::kCalled);
  EXPECT_EQ(behind("total_of", NameUse::kCalled).why,
            "cat.total_of(), a stored function that uses the sharded table cat.orders");
  expect_hidden("via", NameUse::kCalled);
  expect_hidden("by_function");
  expect_none("twice", NameUse::kCalled);
  expect_none("orders", NameUse::kCalled);
}

TEST_P(HiddenTables, MayBeBehindWhatTheAccountMayNotRead) {
  run({"CREATE VIEW codes AS SELECT code FROM countries",
       "CREATE FUNCTION twice(k INT) RETURNS INT DETERMINISTIC CONTAINS SQL RETURN k * 2",
       "CREATE FUNCTION thrice(k INT) RETURNS INT NO SQL RETURN k * 3",
       "GRANT SELECT, EXECUTE ON cat.* TO 'looker'@'%' IDENTIFIED BY 'lookpw'"});
  auto options = test_support::TestServer::shared(GetParam()).connect_options();
  options.credentials.user = "looker";
  options.credentials.password = "lookpw";
  options.database = "cat";
  const fabric::base::SystemClock clock;
  fabric::mysql::Watchdog watchdog(clock);
  const auto looker =
      fabric::mysql::ServerConnection::open(options, watchdog, fabric::base::Deadline::never());
  source = std::make_unique<ServerSource>(*looker);
  EXPECT_EQ(behind("codes").why,
            "cat.codes, a view whose definition this account may not read, and may use sharded "
            "tables");
  EXPECT_NE(behind("twice", NameUse::kCalled).why, "");
  expect_none("thrice", NameUse::kCalled);
  expect_none("countries");
  run({"DROP USER 'looker'@'%'"});
}

INSTANTIATE_TEST_SUITE_P(Servers, HiddenTables, testing::ValuesIn(test_support::server_kinds()),
                         kind_name);

}  // namespace
}  // namespace driver::routing
