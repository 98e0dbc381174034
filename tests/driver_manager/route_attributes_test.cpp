// The attributes of fabric_odbc.h through the driver manager: a session that goes from group to
// group of a farm with a Fabric node in SQL, and stays where it is while it must.
#include "tests/driver_manager/route_farm.h"

namespace test_support {
namespace {

class RouteAttributes : public RouteFarm {};

TEST_F(RouteAttributes, MoveTheNextStatementToAnotherGroup) {
  connection_.connect(farm("FABRIC_GROUP=g1"));
  EXPECT_EQ(place(), "first");
  EXPECT_EQ(get(SQL_ATTR_FABRIC_CURRENT_GROUP), "g1");
  set(SQL_ATTR_FABRIC_GROUP, "g2");
  EXPECT_EQ(get(SQL_ATTR_FABRIC_GROUP), "g2");
  EXPECT_EQ(get(SQL_ATTR_FABRIC_CURRENT_GROUP), "g1");  // until the next statement
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(get(SQL_ATTR_FABRIC_CURRENT_GROUP), "g2");
  EXPECT_EQ(get(SQL_ATTR_FABRIC_CURRENT_SERVER), node_->endpoint().text());
  set_wide(SQL_ATTR_FABRIC_GROUP_W, "g1");
  EXPECT_EQ(place(), "first");
}

TEST_F(RouteAttributes, ModeReadsFromASecondaryAndBack) {
  connection_.connect(farm("FABRIC_GROUP=g1"));
  EXPECT_EQ(get_number(SQL_ATTR_FABRIC_MODE), SQL_FABRIC_MODE_RW);
  set_number(SQL_ATTR_FABRIC_MODE, SQL_FABRIC_MODE_RO);
  EXPECT_EQ(place(), "second");
  EXPECT_EQ(get_number(SQL_ATTR_FABRIC_MODE), SQL_FABRIC_MODE_RO);
  set_number(SQL_ATTR_FABRIC_MODE, SQL_FABRIC_MODE_RW);
  EXPECT_EQ(place(), "first");
}

TEST_F(RouteAttributes, KeysLeadToTheirShards) {
  connection_.connect(farm("FABRIC_GROUP=g2"));
  set(SQL_ATTR_FABRIC_TABLES, "shop.orders");
  EXPECT_EQ(state_of([&] { place(); }), "HY000");
  EXPECT_TRUE(says("needs FABRIC_KEY")) << sentence_;
  EXPECT_EQ(get(SQL_ATTR_FABRIC_CURRENT_MAPPING), "");
  set(SQL_ATTR_FABRIC_KEY, "7");
  EXPECT_EQ(place(), "first");
  EXPECT_EQ(get(SQL_ATTR_FABRIC_CURRENT_MAPPING), "1");
  set_wide(SQL_ATTR_FABRIC_KEY_W, "1000");
  EXPECT_EQ(place(), "second");
  set_number(SQL_ATTR_FABRIC_KEY, 999, SQL_IS_INTEGER);
  EXPECT_EQ(place(), "first");
  EXPECT_EQ(get(SQL_ATTR_FABRIC_KEY), "999");
  set_number(SQL_ATTR_FABRIC_SCOPE, SQL_FABRIC_SCOPE_GLOBAL);
  EXPECT_EQ(get_number(SQL_ATTR_FABRIC_SCOPE), SQL_FABRIC_SCOPE_GLOBAL);
  EXPECT_EQ(place(), "second");
  set_number(SQL_ATTR_FABRIC_SCOPE, SQL_FABRIC_SCOPE_LOCAL);
  set(SQL_ATTR_FABRIC_KEY, "-1");
  EXPECT_EQ(state_of([&] { place(); }), "HY000");  // below every shard
  set(SQL_ATTR_FABRIC_TABLES, "");
  EXPECT_EQ(state_of([&] { place(); }), "HY000");
  EXPECT_TRUE(says("FABRIC_KEY is given without FABRIC_TABLES")) << sentence_;
  set(SQL_ATTR_FABRIC_KEY, "");
  EXPECT_EQ(place(), "second");  // the group again
}

TEST_F(RouteAttributes, AnUnknownGroupFailsTheStatementsUntilItIsPutRight) {
  connection_.connect(farm("FABRIC_GROUP=g1"));
  set(SQL_ATTR_FABRIC_GROUP, "g9");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(state_of([&] { place(); }), "08001");
    EXPECT_TRUE(
        says("no group 'g9', or it has no servers; set FABRIC_GROUP to one that has (g1, g2)"))
        << sentence_;
  }
  set(SQL_ATTR_FABRIC_GROUP, "g1");
  EXPECT_EQ(place(), "first");
}

TEST_F(RouteAttributes, SetBeforeConnectingAreStrongerThanTheDsn) {
  set(SQL_ATTR_FABRIC_GROUP, "g2");
  connection_.connect(farm("FABRIC_GROUP=g1"));
  EXPECT_EQ(place(), "second");
  connection_.disconnect();
  connection_.connect(farm("FABRIC_GROUP=g1"));
  EXPECT_EQ(place(), "second");  // they belong to the handle
}

TEST_F(RouteAttributes, SetBeforeConnectingInUtf16AndAsNumbers) {
  set_wide(SQL_ATTR_FABRIC_GROUP_W, "g1");
  set_number(SQL_ATTR_FABRIC_MODE, SQL_FABRIC_MODE_RO);
  connection_.connect(farm("FABRIC_GROUP=g2"));
  EXPECT_EQ(place(), "second");  // g1's secondary
  EXPECT_EQ(get(SQL_ATTR_FABRIC_CURRENT_GROUP), "g1");
}

TEST_F(RouteAttributes, AnOpenTransactionStaysWhereItBegan) {
  connection_.connect(farm("FABRIC_GROUP=g1"));
  run("DROP TABLE IF EXISTS routed");
  run("CREATE TABLE routed (n INT) ENGINE=InnoDB");
  connection_.autocommit(false);
  run("INSERT INTO routed VALUES (1)");
  const auto change = [&] { set(SQL_ATTR_FABRIC_GROUP, "g2"); };
  EXPECT_EQ(state_of(change), "25000");
  EXPECT_TRUE(says("commit or roll back before changing the route")) << sentence_;
  EXPECT_EQ(state_of([&] { set_number(SQL_ATTR_FABRIC_MODE, SQL_FABRIC_MODE_RO); }), "25000");
  set(SQL_ATTR_FABRIC_GROUP, "g1");  // no other route
  EXPECT_EQ(get(SQL_ATTR_FABRIC_GROUP), "g1");
  run("INSERT INTO routed VALUES (2)");
  EXPECT_EQ(place(), "first");
  connection_.end(SQL_COMMIT);
  change();
  EXPECT_EQ(place(), "second");  // autocommit is still off there: a transaction
  EXPECT_EQ(state_of([&] { set(SQL_ATTR_FABRIC_GROUP, "g1"); }), "25000");
  connection_.end(SQL_ROLLBACK);
  set(SQL_ATTR_FABRIC_GROUP, "g1");
  EXPECT_EQ(OdbcStatement(connection_).value("SELECT COUNT(*) FROM routed"), "2");
}

TEST_F(RouteAttributes, ATransactionBegunInSqlStaysToo) {
  connection_.connect(farm("FABRIC_GROUP=g1"));
  run("START TRANSACTION");
  EXPECT_EQ(state_of([&] { set(SQL_ATTR_FABRIC_GROUP, "g2"); }), "25000");
  run("COMMIT");
  set(SQL_ATTR_FABRIC_GROUP, "g2");
  EXPECT_EQ(place(), "second");
}

TEST_F(RouteAttributes, APinnedSessionStaysAndTheMessageNamesThePin) {
  for (const auto& [sql, name] :
       {std::pair("CREATE TEMPORARY TABLE kept (n INT)", "temporary tables"),
        std::pair("SET @kept = 1", "user variables"), std::pair("DO GET_LOCK('kept', 0)", "locks"),
        std::pair("LOCK TABLES mysql.user READ", "locks")}) {
    OdbcConnection other(environment_);
    connection_.connect(farm("FABRIC_GROUP=g1"));
    run(sql);
    EXPECT_EQ(state_of([&] { set(SQL_ATTR_FABRIC_GROUP, "g2"); }), "25000") << sql;
    EXPECT_TRUE(says(name)) << sentence_;
    EXPECT_EQ(get(SQL_ATTR_FABRIC_GROUP), "g1");
    EXPECT_EQ(get(SQL_ATTR_FABRIC_CURRENT_GROUP), "g1");
    connection_.disconnect();
  }
  connection_.connect(farm("FABRIC_GROUP=g1"));
  set(SQL_ATTR_FABRIC_GROUP, "g2");
  EXPECT_EQ(place(), "second");
}

TEST_F(RouteAttributes, OpenResultsAndPreparedStatementsSurviveTheMove) {
  connection_.connect(farm("FABRIC_GROUP=g1"));
  OdbcStatement prepared(connection_);
  SQLINTEGER one = 1;
  prepared.prepare("SELECT @@port + 0 * ?");
  prepared.check(SQLBindParameter(prepared.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0,
                                  0, &one, 0, nullptr));
  OdbcStatement open(connection_);
  open.execute("SELECT seq FROM seq_1_to_50000");
  ASSERT_TRUE(open.fetch());
  set(SQL_ATTR_FABRIC_GROUP, "g2");
  prepared.execute_prepared();
  EXPECT_EQ(prepared.rows().at(0).at(0), std::to_string(node_->endpoint().port));
  EXPECT_EQ(open.rows().size(), 49999U);
}

TEST_F(RouteAttributes, AreRefusedWithASentence) {
  connection_.connect(farm("FABRIC_GROUP=g1"));
  const auto set_raw = [&](SQLINTEGER id, const void* value, SQLINTEGER length) {
    return state_of([&] {
      connection_.check(
          SQLSetConnectAttr(connection_.raw(), id, const_cast<SQLPOINTER>(value), length));
    });
  };
  EXPECT_EQ(set_raw(SQL_ATTR_FABRIC_CURRENT_SERVER, "x", 1), "HY092");
  EXPECT_EQ(set_raw(SQL_ATTR_FABRIC_CURRENT_GROUP_W, u"x", 2), "HY092");
  EXPECT_EQ(set_raw(SQL_ATTR_FABRIC_CURRENT_MAPPING, "1", 1), "HY092");
  EXPECT_TRUE(says("read-only")) << sentence_;
  EXPECT_EQ(set_raw(SQL_ATTR_FABRIC_GROUP, nullptr, SQL_NTS), "HY009");
  EXPECT_EQ(set_raw(SQL_ATTR_FABRIC_GROUP, u"g2", 4), "HY024");
  EXPECT_TRUE(says("_W")) << sentence_;
  EXPECT_EQ(set_raw(SQL_ATTR_FABRIC_GROUP, "g\xff", 2), "HY024");
  EXPECT_EQ(set_raw(SQL_ATTR_FABRIC_GROUP_W, u"g2", SQL_NTS), "HY090");
  EXPECT_EQ(set_raw(SQL_ATTR_FABRIC_GROUP_W, u"g2", 3), "HY090");
  EXPECT_EQ(set_raw(SQL_ATTR_FABRIC_KEY, u"42", SQL_NTS), "HY090");
  EXPECT_TRUE(says("SQL_ATTR_FABRIC_KEY_W")) << sentence_;
  EXPECT_EQ(state_of([&] { set_number(SQL_ATTR_FABRIC_MODE, 3); }), "HY024");
  EXPECT_TRUE(says("SQL_FABRIC_MODE_RO")) << sentence_;
  EXPECT_EQ(state_of([&] { set_number(SQL_ATTR_FABRIC_SCOPE, 7); }), "HY024");
  EXPECT_EQ(set_raw(SQL_ATTR_FABRIC_GROUP, "g1", SQL_NTS), "00000") << sentence_;
  EXPECT_EQ(place(), "first");
}

TEST_F(RouteAttributes, DiagnosticsNameTheServerThatAnswered) {
  const std::string first = "[fabric-odbc][g1/" + server().endpoint().text() + "]";
  const std::string second = "[fabric-odbc][g2/" + node_->endpoint().text() + "]";
  connection_.connect(farm("FABRIC_GROUP=g1"));
  const auto text_of = [&](const std::string& sql) {
    EXPECT_NE(state_of([&] { run(sql); }), "00000");
    return sentence_.substr(sentence_.find("[fabric-odbc]"));
  };
  EXPECT_TRUE(text_of("SELEKT 1").starts_with(first)) << sentence_;
  set(SQL_ATTR_FABRIC_GROUP, "g2");
  EXPECT_TRUE(text_of("SELEKT 1").starts_with(second)) << sentence_;
  // What the driver itself refuses names none.
  EXPECT_TRUE(text_of("SET FABRIC x = 1").starts_with("[fabric-odbc]SET FABRIC")) << sentence_;
  EXPECT_EQ(state_of([&] { set_number(SQL_ATTR_FABRIC_SCOPE, 7); }), "HY024");
  EXPECT_TRUE(says("[fabric-odbc]SQL_ATTR")) << sentence_;
  connection_.disconnect();
  connection_.connect(connection_string(server().endpoint()));
  const std::string plain = "[fabric-odbc][" + server().endpoint().text() + "]";
  EXPECT_TRUE(text_of("SELEKT 1").starts_with(plain)) << sentence_;
}

TEST_F(RouteAttributes, NeedAFarm) {
  connection_.connect(connection_string(server().endpoint()));
  EXPECT_EQ(state_of([&] { set(SQL_ATTR_FABRIC_GROUP, "g1"); }), "HY000");
  EXPECT_TRUE(says("give FABRIC_NODES")) << sentence_;
  EXPECT_EQ(get(SQL_ATTR_FABRIC_CURRENT_SERVER), server().endpoint().text());
  EXPECT_EQ(place(), "first");
}

TEST_F(RouteAttributes, OneThatIsWrongBeforeConnectingFailsTheConnect) {
  set(SQL_ATTR_FABRIC_GROUP, "g\xff");  // unixODBC keeps it until then
  EXPECT_EQ(state_of([&] { connection_.connect(farm("FABRIC_GROUP=g1")); }), "HY024") << sentence_;
}

}  // namespace
}  // namespace test_support
