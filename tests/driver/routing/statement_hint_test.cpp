#include "driver/routing/statement_hint.h"

#include <gtest/gtest.h>

#include "driver/sql/statement_facts.h"
#include "fabric/base/error.h"
#include "fabric_odbc.h"

namespace driver::routing {
namespace {

using fabric::base::Error;
using fabric::base::SqlState;

Wishes wishes_in(const std::string& sql) { return wishes_of(sql::facts_of(sql).fabric_comment); }

void expect_refused(const std::string& sql, const std::string& words) {
  try {
    static_cast<void>(wishes_in(sql));
    ADD_FAILURE() << "not refused: " << sql;
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), SqlState::k42000) << sql;
    EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
  }
}

TEST(StatementHint, GivesEachItem) {
  EXPECT_EQ(wishes_in("/*fabric: key=42 tables=shop.orders,shop.lines mode=ro*/ SELECT 1"),
            (Wishes{{SQL_ATTR_FABRIC_KEY, "42"},
                    {SQL_ATTR_FABRIC_TABLES, "shop.orders,shop.lines"},
                    {SQL_ATTR_FABRIC_MODE, "1"}}));
  EXPECT_EQ(wishes_in("  -- first\n /* FABRIC: Scope = GLOBAL, Mode=rw */ SELECT 1"),
            (Wishes{{SQL_ATTR_FABRIC_SCOPE, "1"}, {SQL_ATTR_FABRIC_MODE, "0"}}));
  EXPECT_EQ(wishes_in("/*fabric: group=g1 */"), (Wishes{{SQL_ATTR_FABRIC_GROUP, "g1"}}));
}

TEST(StatementHint, ReadsQuotedValues) {
  EXPECT_EQ(wishes_in("/*fabric: key='two words' group=`a``b`*/ SELECT 1"),
            (Wishes{{SQL_ATTR_FABRIC_KEY, "two words"}, {SQL_ATTR_FABRIC_GROUP, "a`b"}}));
  EXPECT_EQ(wishes_in("/*fabric: key=\"it's\", mode=rw*/ SELECT 1").at(SQL_ATTR_FABRIC_KEY),
            "it's");
  EXPECT_EQ(wishes_in("/*fabric: key=''*/ SELECT 1").at(SQL_ATTR_FABRIC_KEY), "");
}

std::string parts(std::string_view hint) {
  const auto keyed = keyed_hint(hint);
  if (!keyed) return "none";
  return std::string(keyed->before) + "|" + std::string(keyed->key) + "|" +
         std::string(keyed->behind) + (keyed->plain() ? "" : " not plain");
}

TEST(StatementHint, IsCutAtItsKey) {
  EXPECT_EQ(parts(" key=42 tables=a.b "), " key=|42| tables=a.b ");
  EXPECT_EQ(parts("tables=a.b, key=2024-02-29,mode=ro"), "tables=a.b, key=|2024-02-29|,mode=ro");
  EXPECT_EQ(parts("key=x"), "key=|x|");
  for (const char* read_whole : {"", "tables=a.b", "KEY=1", "key =1", "key=", "key= 1", "key='1'",
                                 "key=1'", "key=a=b", "mode=ro key=`1`"}) {
    EXPECT_EQ(parts(read_whole), "none") << read_whole;
  }
  for (const char* no_item :
       {"monkey=1", "tables='a key=1 b' key=1", "tables=`x` key=1", "key=1 tables=\"a b\""}) {
    EXPECT_NE(parts(no_item).find("not plain"), std::string::npos) << no_item;
  }
}

TEST(StatementHint, IsKnownByTheTextsAroundItsKey) {
  const auto key = [](std::string_view hint) {
    return std::string(key_between(" key=", " tables=a.b ", hint));
  };
  EXPECT_EQ(key(" key=42 tables=a.b "), "42");
  EXPECT_EQ(key(" key=2024-02-29 tables=a.b "), "2024-02-29");
  for (const char* other :
       {"", " key= tables=a.b ", " key=4 mode=ro tables=a.b ", "key=4 tables=a.b ",
        " key=4 tables=a.b", " key=4 key=5 tables=a.b ", " key=4, tables=a.b ",
        " key='4' tables=a.b ", " key=4=5 tables=a.b ", " key= 4 tables=a.b "}) {
    EXPECT_EQ(key(other), "") << other;
  }
  EXPECT_EQ(key_between("key=", "", "key=x"), "x");
  EXPECT_EQ(key_between("key=", "", "key=x "), "");
}

TEST(StatementHint, IsNoOtherComment) {
  EXPECT_TRUE(wishes_in("/* fabric */ SELECT 1").empty());
  EXPECT_TRUE(wishes_in("/* the fabric: group=g1 */ SELECT 1").empty());
  EXPECT_TRUE(wishes_in("SELECT '/*fabric: group=g1 */'").empty());
  EXPECT_TRUE(wishes_in("-- fabric: group=g1\nSELECT 1").empty());
}

TEST(StatementHint, IsNeverIgnored) {
  expect_refused("/*fabric: shard=5*/ SELECT 1", "does not know 'shard'");
  expect_refused("/*fabric: key*/ SELECT 1", "lacks '=' behind key");
  expect_refused("/*fabric: key=*/ SELECT 1", "lacks a value behind key=");
  expect_refused("/*fabric: key= mode=ro*/ SELECT 1", "lacks a value behind key=, or");
  expect_refused("/*fabric: key=1 key=2*/ SELECT 1", "gives key twice");
  expect_refused("/*fabric: key='1*/ SELECT 1", "lacks the closing quote of key");
  expect_refused("/*fabric: key='1'mode=ro*/ SELECT 1", "goes on behind");
  expect_refused("/*fabric: key=a'b*/ SELECT 1", "quote inside");
  expect_refused("/*fabric: mode=maybe*/ SELECT 1", "takes RW or RO or AUTO");
  expect_refused("/*fabric: scope=all*/ SELECT 1", "takes LOCAL or GLOBAL");
  expect_refused("/*fabric: group=''*/ SELECT 1", "an empty group");
  expect_refused("/*fabric: */ SELECT 1", "is empty");
  expect_refused("SELECT /*fabric: group=g1 */ 1", "before the first word");
  expect_refused("SELECT 1 /*fabric: group=g1 */", "before the first word");
  expect_refused("/*fabric: group=g1 */ /*fabric: mode=ro*/ SELECT 1", "is given twice");
}

settings::RouteSettings connected() {
  settings::RouteSettings settings;
  settings.group = "home";
  settings.tables = {"shop.orders"};
  settings.key = "1";
  settings.key_given = true;
  return settings;
}

TEST(StatementWishes, AGroupIsStrongerThanTheConnectionsTables) {
  const settings::RouteSettings wanted =
      with_wishes(connected(), {{SQL_ATTR_FABRIC_GROUP, "g1"}}, "");
  EXPECT_EQ(wanted.group, "g1");
  EXPECT_TRUE(wanted.tables.empty());
  EXPECT_FALSE(wanted.key_given);
}

TEST(StatementWishes, AKeyGoesWithTheConnectionsTables) {
  settings::RouteSettings settings = connected();
  settings.scope = settings::ShardScope::kGlobal;
  const settings::RouteSettings wanted = with_wishes(settings, {{SQL_ATTR_FABRIC_KEY, "7"}}, "");
  EXPECT_EQ(wanted.key, "7");
  EXPECT_EQ(wanted.tables, settings.tables);
  EXPECT_EQ(wanted.scope, settings::ShardScope::kLocal);
  EXPECT_TRUE(with_wishes({}, {{SQL_ATTR_FABRIC_KEY, ""}}, "").key_given);
}

TEST(StatementWishes, AGlobalScopeNeedsNoKey) {
  const settings::RouteSettings wanted =
      with_wishes(connected(), {{SQL_ATTR_FABRIC_SCOPE, "1"}}, "");
  EXPECT_EQ(wanted.scope, settings::ShardScope::kGlobal);
  EXPECT_FALSE(wanted.key_given);
}

TEST(StatementWishes, QualifyTablesByTheDatabase) {
  EXPECT_EQ(with_wishes({}, {{SQL_ATTR_FABRIC_TABLES, "orders"}}, "shop").tables,
            std::vector<std::string>{"shop.orders"});
}

TEST(StatementWishes, MustNotContradictEachOther) {
  EXPECT_THROW(with_wishes({}, {{SQL_ATTR_FABRIC_GROUP, "g"}, {SQL_ATTR_FABRIC_KEY, "1"}}, ""),
               Error);
  EXPECT_THROW(with_wishes({}, {{SQL_ATTR_FABRIC_SCOPE, "1"}, {SQL_ATTR_FABRIC_KEY, "1"}}, ""),
               Error);
}

TEST(StatementWishes, OfTheModeAloneDecideNoGroup) {
  EXPECT_FALSE(decide_group({{SQL_ATTR_FABRIC_MODE, "1"}}));
  EXPECT_TRUE(decide_group({{SQL_ATTR_FABRIC_KEY, "1"}}));
  EXPECT_EQ(with_wishes(connected(), {{SQL_ATTR_FABRIC_MODE, "1"}}, "").tables, connected().tables);
}

}  // namespace
}  // namespace driver::routing
