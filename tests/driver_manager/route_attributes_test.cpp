// The attributes of fabric_odbc.h through the driver manager: a session that goes from group to
// group of a farm with a Fabric node in SQL, and stays where it is while it must.
#include <gtest/gtest.h>

#include <array>

#include "fabric_odbc.h"
#include "tests/driver_manager/odbc_fixture.h"
#include "tests/support/sql_node.h"
#include "tests/support/test_server.h"

namespace test_support {
namespace {

/// Two servers: `first_` is the primary of g1, `second_` is g1's secondary, the primary of g2, and
/// the node. shop.orders is sharded by id: g1 from 1, g2 from 1000; the global group is g2.
class RouteAttributes : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    node_ = std::make_unique<TestServer>(ServerKind::kMariaDb);
    install_sql_node(*node_);
    const OdbcEnvironment environment;
    OdbcConnection admin(environment);
    admin.connect(connection_string(node_->endpoint()));
    const std::string first = "127.0.0.1:" + std::to_string(server().endpoint().port);
    const std::string second = "127.0.0.1:" + std::to_string(node_->endpoint().port);
    const std::string also_second = "localhost:" + std::to_string(node_->endpoint().port);
    for (const std::string& call :
         {std::string("`group`.`create`('g1', '', 'true')"),
          std::string("`group`.`create`('g2', '', 'true')"),
          "server.register('u1', '" + first + "')", "server.register('u2', '" + second + "')",
          "server.register('u3', '" + also_second + "')",
          "`group`.`add`('g1', '" + first + "', 5, 'false', 'true')",
          "`group`.`add`('g1', '" + also_second + "', 5, 'false', 'true')",
          "`group`.`add`('g2', '" + second + "', 5, 'false', 'true')",
          std::string("`group`.promote('g1', 'u1', 'false', 'true')"),
          std::string("`group`.promote('g2', 'u2', 'false', 'true')"),
          std::string("sharding.create_definition('RANGE', 'g2', 'true')"),
          std::string("sharding.add_table(1, 'shop.orders', 'id', 'true')"),
          std::string("sharding.add_shard(1, 'g1/1,g2/1000', 'ENABLED', 'true')")}) {
      OdbcStatement(admin).execute("CALL " + call);
    }
  }
  static void TearDownTestSuite() { node_.reset(); }

  static TestServer& server() { return TestServer::shared(ServerKind::kMariaDb); }

  static std::string farm(const std::string& more) {
    return "DRIVER={fabric};FABRIC_PROTOCOL=mysql;FABRIC_NODES=127.0.0.1:" +
           std::to_string(node_->endpoint().port) + ";UID=app;PWD=apppw;DATABASE=test;" + more;
  }

  void set(SQLINTEGER attribute, const std::string& text) {
    connection_.check(SQLSetConnectAttr(connection_.raw(), attribute, SQLPOINTER(text.data()),
                                        static_cast<SQLINTEGER>(text.size())));
  }
  void set_wide(SQLINTEGER attribute, const std::string& text) {
    std::u16string wide = utf16_of(text);
    connection_.check(SQLSetConnectAttrW(connection_.raw(), attribute, wide.data(),
                                         static_cast<SQLINTEGER>(wide.size() * sizeof(SQLWCHAR))));
  }
  void set_number(SQLINTEGER attribute, std::uintptr_t number,
                  SQLINTEGER length = SQL_IS_UINTEGER) {
    connection_.check(SQLSetConnectAttr(connection_.raw(), attribute,
                                        reinterpret_cast<SQLPOINTER>(number), length));
  }
  std::string get(SQLINTEGER attribute) {
    std::array<char, 128> room{};
    SQLINTEGER length = -1;
    connection_.check(SQLGetConnectAttr(connection_.raw(), attribute, room.data(),
                                        static_cast<SQLINTEGER>(room.size()), &length));
    EXPECT_EQ(static_cast<std::size_t>(length), std::string(room.data()).size());
    return room.data();
  }
  SQLUINTEGER get_number(SQLINTEGER attribute) {
    SQLUINTEGER number = 99;
    connection_.check(
        SQLGetConnectAttr(connection_.raw(), attribute, &number, SQL_IS_UINTEGER, nullptr));
    return number;
  }
  /// "00000", or the SQLSTATE; the sentence is kept.
  template <class Call>
  std::string state_of(Call&& call) {
    sentence_.clear();
    try {
      call();
      return "00000";
    } catch (const OdbcError& error) {
      sentence_ = error.what();
      return error.state();
    }
  }
  [[nodiscard]] bool says(const std::string& words) const {
    return sentence_.find(words) != std::string::npos;
  }
  void run(const std::string& sql) { OdbcStatement(connection_).execute(sql); }
  /// Which server answers.
  std::string place() {
    const std::string port = OdbcStatement(connection_).value("SELECT @@port");
    if (port == std::to_string(server().endpoint().port)) return "first";
    return port == std::to_string(node_->endpoint().port) ? "second" : port;
  }

  static std::unique_ptr<TestServer> node_;
  OdbcEnvironment environment_;
  OdbcConnection connection_{environment_};
  std::string sentence_;
};

std::unique_ptr<TestServer> RouteAttributes::node_;

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
  set(SQL_ATTR_FABRIC_KEY, "7");
  EXPECT_EQ(place(), "first");
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
    EXPECT_TRUE(says("no group 'g9'; its groups are: g1, g2")) << sentence_;
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
  EXPECT_TRUE(says("read-only")) << sentence_;
  EXPECT_EQ(set_raw(SQL_ATTR_FABRIC_GROUP, nullptr, SQL_NTS), "HY009");
  EXPECT_EQ(set_raw(SQL_ATTR_FABRIC_GROUP, u"g2", 4), "HY024");
  EXPECT_TRUE(says("_W")) << sentence_;
  EXPECT_EQ(set_raw(SQL_ATTR_FABRIC_GROUP, "g\xff", 2), "HY024");
  EXPECT_EQ(set_raw(SQL_ATTR_FABRIC_GROUP_W, u"g2", SQL_NTS), "HY090");
  EXPECT_EQ(set_raw(SQL_ATTR_FABRIC_GROUP_W, u"g2", 3), "HY090");
  EXPECT_EQ(set_raw(SQL_ATTR_FABRIC_KEY, u"42", SQL_NTS), "HY090");
  EXPECT_TRUE(says("SQL_ATTR_FABRIC_KEY_W")) << sentence_;
  EXPECT_EQ(state_of([&] { set_number(SQL_ATTR_FABRIC_MODE, 2); }), "HY024");
  EXPECT_TRUE(says("SQL_FABRIC_MODE_RO")) << sentence_;
  EXPECT_EQ(state_of([&] { set_number(SQL_ATTR_FABRIC_SCOPE, 7); }), "HY024");
  EXPECT_EQ(set_raw(SQL_ATTR_FABRIC_GROUP, "g1", SQL_NTS), "00000") << sentence_;
  EXPECT_EQ(place(), "first");
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
