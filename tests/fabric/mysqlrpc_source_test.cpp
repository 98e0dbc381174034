#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>

#include "fabric/mysqlrpc_link.h"
#include "fabric/rpc_source.h"
#include "tests/support/captured_answers.h"
#include "tests/support/captures.h"
#include "tests/support/fake_server.h"
#include "tests/support/scripted_node.h"
#include "tests/support/text.h"

namespace fabric {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test_support::captured_answer;
using test_support::contains;
using test_support::FakeAnswer;
using test_support::FakeServer;
using test_support::real_node;
using test_support::ScriptedNode;

/// Sources over nodes in a fixed order: the first is asked first.
struct Client {
  base::SystemClock clock;
  mysql::Watchdog watchdog{clock};
  RpcOptions options;
  std::unique_ptr<RpcSource> made;

  explicit Client(const std::vector<base::Endpoint>& nodes) {
    options.nodes = nodes;
    options.credentials.user = "farm";
    options.credentials.password = "secret";
  }
  RpcSource& source() {
    if (made) return *made;
    auto order = std::make_shared<NodeOrder>(options.nodes.size(), 1);
    order->answered(0);
    made = std::make_unique<RpcSource>(options, order, watchdog, clock);
    return *made;
  }
  [[nodiscard]] base::Deadline soon() const { return base::Deadline::after(clock, seconds(10)); }
  Topology::Content fetch() { return source().fetch(soon()); }
  /// The sentence of the failure that fetch() must end in.
  std::string failure(bool for_good, base::SqlState state = base::SqlState::k08001) {
    try {
      fetch();
    } catch (const base::Error& error) {
      EXPECT_EQ(error.state(), state);
      EXPECT_EQ(dynamic_cast<const NodesRefused*>(&error) != nullptr, for_good) << error.what();
      return error.what();
    }
    return "no failure";
  }
};

/// One scripted node and a client of it.
struct Single {
  ScriptedNode node;
  FakeServer server;
  Client client{{server.endpoint()}};

  Topology::Content fetch() {
    server.on_query(node);
    return client.fetch();
  }
  /// Without the part that names the node.
  std::string failure(bool for_good, base::SqlState state = base::SqlState::k08001) {
    server.on_query(node);
    const std::string text = client.failure(for_good, state);
    const std::string start = "No Fabric node answered: " + server.endpoint().text() + ": ";
    EXPECT_EQ(text.substr(0, start.size()), start);
    return text.size() > start.size() ? text.substr(start.size()) : text;
  }
};

TEST(MysqlRpcSource, ReadsWhatARealNodeSent) {
  FakeServer server(real_node());
  server.on_query([](std::string_view sql) {
    std::string command(sql.substr(0, sql.find('(')));
    return captured_answer("c.dumps", command + (command == "CALL dump.servers" ? "(0)" : "()"));
  });
  Client client({server.endpoint()});
  const Topology topology(client.fetch(), 1, false);
  EXPECT_EQ(topology.content().ttl, seconds(1));
  EXPECT_EQ(topology.content().sharding_problem, "");
  EXPECT_EQ(topology.groups().size(), 4U);
  const Group* group = topology.find_group("group_id-1");
  ASSERT_NE(group, nullptr);
  ASSERT_EQ(group->servers.size(), 3U);
  EXPECT_TRUE(group->servers[0].writable());
  EXPECT_EQ(group->servers[0].uuid, "f0000000-0000-11e5-8000-000000013401");
  EXPECT_EQ(group->servers[0].endpoint.text(), "127.0.0.1:13401");
  EXPECT_EQ(group->servers[2].weight, 0.5);
  const auto group_of = [&](const char* table, const ShardKey& key) {
    const ShardMap* map = topology.find_shard_map("shop", table);
    return map == nullptr ? "no map" : std::string(topology.lookup(*map).find(key).group);
  };
  EXPECT_EQ(group_of("orders", std::int64_t{999}), "shard1");
  EXPECT_EQ(group_of("order_lines", std::int64_t{1000}), "shard2");
  EXPECT_EQ(group_of("names", std::string("Lzz")), "shard1");
  EXPECT_EQ(group_of("names", std::string("M")), "shard2");
  EXPECT_EQ(group_of("events", std::string("2020-06-01")), "shard2");
  EXPECT_EQ(group_of("users", std::int64_t{1}), "shard2");  // as the node's own lookup says
  EXPECT_EQ(group_of("users", std::int64_t{2}), "shard1");
  EXPECT_EQ(topology.find_shard_map("shop", "orders")->global_group, "global");
}

TEST(MysqlRpcSource, ReadsTheFormOfAStoredProcedureToo) {
  Single farm;
  farm.node.close_with_ok();
  const Topology::Content content = farm.fetch();
  EXPECT_EQ(content.servers.size(), 2U);
  ASSERT_EQ(content.shard_maps.size(), 1U);
  EXPECT_EQ(content.shard_maps[0].shards.size(), 2U);
  EXPECT_EQ(content.ttl, seconds(3));
  EXPECT_EQ(farm.client.fetch(), content) << "on the same connection";
  EXPECT_EQ(farm.server.counts().logins, 1U);
}

TEST(MysqlRpcSource, AsksForServersWithOneCall) {
  Single farm;
  farm.server.on_query(farm.node);
  const ServerList list = farm.client.source().fetch_servers(farm.client.soon());
  EXPECT_EQ(list.servers.size(), 2U);
  EXPECT_EQ(farm.server.statements(), std::vector<std::string>{"CALL dump.servers(0,'')"});
}

TEST(MysqlRpcSource, AsksForNoShardsWhereThereAreNoMaps) {
  Single farm;
  farm.node.rows("dump.shard_maps", {});
  EXPECT_TRUE(farm.fetch().shard_maps.empty());
  EXPECT_EQ(farm.server.counts().queries, 2U);
}

TEST(MysqlRpcSource, FindsColumnsByNameAndTakesNoneForNull) {
  Single farm;
  farm.node.answer(
      "dump.servers",
      ScriptedNode::with_info("3", "None",
                              FakeServer::rows({"weight", "extra", "status", "mode", "port", "host",
                                                "group_id", "server_uuid"},
                                               {{"2.5", "x", "3", "3", "3306", "db", "g", "u"}})));
  farm.node.rows("dump.shard_maps", {{"1", "HASH", "None"}, {"2", "HASH", std::nullopt}});
  const Topology::Content content = farm.fetch();
  EXPECT_EQ(content.servers.at(0).endpoint.text(), "db:3306");
  EXPECT_EQ(content.servers.at(0).weight, 2.5);
  EXPECT_EQ(content.shard_maps.at(0).global_group, "");
  EXPECT_EQ(content.shard_maps.at(1).global_group, "");
}

TEST(MysqlRpcSource, TakesANullBoundForTheTextNone) {
  Single farm;
  farm.node.rows("dump.shard_maps", {{"1", "RANGE_STRING", "global"}});
  farm.node.rows("dump.shard_index", {{"", "1", "1", "s1"}, {std::nullopt, "1", "2", "s2"}});
  const Topology topology(farm.fetch(), 1, false);
  const ShardMap* map = topology.find_shard_map("shop", "orders");
  EXPECT_EQ(topology.lookup(*map).find(std::string("None")).group, "s2");
  EXPECT_EQ(topology.lookup(*map).find(std::string("Nond")).group, "s1");
}

TEST(MysqlRpcSource, FallsBackWhenShardTablesFailAsAWhole) {
  Single farm;
  farm.node.command_error("dump.shard_tables", "need more than 1 value to unpack");
  const Topology topology(farm.fetch(), 1, false);
  EXPECT_EQ(topology.content().sharding_problem, "");
  const ShardMap* map = topology.find_shard_map("shop", "orders");
  ASSERT_NE(map, nullptr);
  EXPECT_EQ(map->tables.size(), 1U);
  EXPECT_EQ(topology.lookup(*map).find(std::int64_t{100}).group, "s2");
}

TEST(MysqlRpcSource, ABrokenMappingHarmsNoOther) {
  Single farm;
  farm.node.rows("dump.shard_maps",
                 {{"1", "RANGE", "global"}, {"2", "HASH", "global"}, {"3", "LIST", "global"}});
  farm.node.rows(
      "dump.shard_tables",
      {{"shop", "orders", "id", "1"}, {"shop", "users", "id", "2"}, {"shop", "odd", "id", "3"}});
  farm.node.rows("dump.shard_index", {{"1", "1", "1", "s1"},
                                      {"1", "1", "99999999999", "s1"},
                                      {"AB", "2", "3", "s2"},
                                      {"x", "3", "4", "s1"},
                                      {"1", "9", "5", "s1"}});
  const Topology topology(farm.fetch(), 1, false);
  const auto answer = [&](const char* table) {
    return topology.lookup(*topology.find_shard_map("shop", table)).find(std::int64_t{5});
  };
  EXPECT_EQ(answer("orders").error,
            "shard mapping 1 (RANGE): its answer has '99999999999' as shard_id");
  EXPECT_EQ(answer("users").group, "s2");
  EXPECT_TRUE(contains(answer("odd").error, "does not know the sharding type 'LIST'"));
  EXPECT_EQ(topology.content().servers.size(), 2U);
}

TEST(MysqlRpcSource, BrokenShardingHarmsNoServer) {
  Single farm;
  farm.node.command_error("dump.shard_maps", "the store is in trouble");
  Topology::Content content = farm.fetch();
  EXPECT_EQ(content.servers.size(), 2U);
  EXPECT_EQ(content.sharding_problem,
            "dump.shard_maps failed at the node: the store is in trouble");
  farm.node = ScriptedNode();
  farm.node.rows("dump.shard_index", {{"1", "one", "1", "s1"}});
  content = farm.fetch();
  EXPECT_EQ(content.servers.size(), 2U);
  EXPECT_TRUE(content.shard_maps.empty());
  EXPECT_EQ(content.sharding_problem, "its answer has 'one' as mapping_id");
}

TEST(MysqlRpcSource, NamesEachValueThatDoesNotFit) {
  const std::vector<std::pair<ScriptedNode::Cells, std::string>> cases{
      {{std::nullopt, "g", "h", "1", "3", "3", "1"}, "no value in the column server_uuid"},
      {{"u", "", "h", "1", "3", "3", "1"}, "has '' as group_id"},
      {{"u", "g", "None", "1", "3", "3", "1"}, "no value in the column host"},
      {{"u", "g", "h", "0", "3", "3", "1"}, "has '0' as port"},
      {{"u", "g", "h", "65536", "3", "3", "1"}, "has '65536' as port"},
      {{"u", "g", "h", "33x", "3", "3", "1"}, "has '33x' as port"},
      {{"u", "g", "h", "1", "4", "3", "1"}, "has '4' as mode"},
      {{"u", "g", "h", "1", "3", "5", "1"}, "has '5' as status"},
      {{"u", "g", "h", "1", "3", "-1", "1"}, "has '-1' as status"},
      {{"u", "g", "h", "1", "3", "3", "nan"}, "has 'nan' as weight"},
      {{"u", "g", "h", "1", "3", "3", "inf"}, "has 'inf' as weight"},
      {{"u", "g", "h", "1", "3", "3", "-0.5"}, "has '-0.5' as weight"},
      {{"u", "g", "h", "1", "3", "3", std::nullopt}, "no value in the column weight"}};
  for (const auto& [row, sentence] : cases) {
    Single farm;
    farm.node.server_row(row);
    const std::string text = farm.failure(true);
    EXPECT_TRUE(contains(text, sentence)) << text;
  }
}

TEST(MysqlRpcSource, GivesNoTrafficToAServerBeingConfigured) {
  Single farm;
  farm.node.server_row({"u", "g", "h", "1", "3", "4", "1"});
  EXPECT_EQ(farm.fetch().servers.at(0).status, ServerStatus::kSpare);
}

TEST(MysqlRpcSource, RefusesAnswersThatAreNoFabricNodes) {
  const auto servers = FakeServer::rows({"server_uuid"}, {});
  const std::vector<std::pair<FakeAnswer, std::string>> cases{
      {FakeServer::ok(), "answered dump.servers without the info result set"},
      {FakeServer::rows({"a"}, {}), "without the info result set"},
      {FakeServer::rows({"a"}, {{"1"}}), "no column 'fabric_uuid'"},
      {ScriptedNode::with_info("3", std::nullopt, {}), "has 0 result sets after the first"},
      {ScriptedNode::with_info("3", std::nullopt, servers), "no column 'group_id'"},
      {ScriptedNode::with_info("-1", std::nullopt, servers), "gave '-1' as the TTL"},
      {ScriptedNode::with_info(std::nullopt, std::nullopt, servers), "gave 'NULL' as the TTL"},
      {ScriptedNode::with_info("soon", std::nullopt, servers), "gave 'soon' as the TTL"}};
  for (const auto& [answer, sentence] : cases) {
    Single farm;
    farm.node.answer("dump.servers", answer);
    const std::string text = farm.failure(true);
    EXPECT_TRUE(contains(text, sentence)) << text;
  }
}

TEST(MysqlRpcSource, SaysWhatToDoAboutErrorsOfTheNode) {
  struct Case {
    unsigned number;
    const char* state;
    const char* text;
    const char* sentence;
    bool for_good;
  };
  const std::vector<Case> cases{
      {1305, "42000", "PROCEDURE dump.servers does not exist", "install fabric/node/*.sql", true},
      {1106, "HY000", "[Fabric] Unknown Fabric command", "it is no Fabric node", true},
      {1046, "3D000", "No database selected", "it is no Fabric node", true},
      {1370, "42000", "execute command denied", "grant it EXECUTE on dump.* and threat.*", true},
      {1820, "HY000", "You must SET PASSWORD", "has expired; let an administrator", true},
      {4151, "HY000", "Access denied", "is locked; let an administrator", true},
      {1047, "08S01", "WSREP has not yet prepared node", "has no quorum in its cluster", false},
      {1040, "08004", "Too many connections", "has no connection to spare", false},
      {1205, "HY000", "Lock wait timeout", "Lock wait timeout", false}};
  for (const Case& one : cases) {
    Single farm;
    farm.node.answer("dump.servers", FakeServer::error(one.number, one.state, one.text));
    const std::string text = farm.failure(one.for_good);
    EXPECT_TRUE(contains(text, one.sentence)) << text;
    EXPECT_TRUE(contains(text, one.text)) << text;
  }
}

TEST(MysqlRpcSource, PassesOnTheCommandsOwnError) {
  Single farm;
  farm.node.command_error("dump.servers", "execute() takes at most 3 arguments (5 given)");
  EXPECT_EQ(farm.failure(true),
            "dump.servers failed at the node: execute() takes at most 3 arguments (5 given).");
}

TEST(MysqlRpcSource, ReadsTheCapturedErrorsOfARealNode) {
  FakeServer server(real_node());
  Client client({server.endpoint()});
  const auto replay = [&](const char* capture, const char* statement) {
    server.on_query([=](std::string_view) { return captured_answer(capture, statement); });
    return client.failure(true);
  };
  EXPECT_TRUE(contains(replay("c.errors", "CALL dump.servers(0,'a','b','c')"),
                       "execute() takes at most 3 arguments (5 given)"));
  EXPECT_TRUE(contains(replay("c.errors", "CALL dump.nonesuch()"), "it is no Fabric node"));
  EXPECT_TRUE(contains(replay("c.role_connector", "CALL manage.ping()"), "grant it EXECUTE"));
}

/// Every statement that was captured, replayed byte for byte as the answer to one call: what it
/// holds, cell by cell, or the sentence of its refusal.
TEST(MysqlRpcSource, ReadsEveryCapturedReply) {
  const std::vector<std::pair<std::string, std::string>> failures{
      {"CALL dump.servers(0,'a','b','c')", "takes at most 3 arguments"},
      {"CALL group.lookup_servers()", "takes at least 2 arguments"},
      {"CALL dump.nonesuch()", "it is no Fabric node"},
      {"CALL nonesuch.x(1)", "it is no Fabric node"},
      {"CALL dump.servers(|", "it did not understand dump.servers"},
      {"CALL x()", "it did not understand dump.servers"},
      {"SET format=text", "Format 'text' is not supported"},
      {"CALL sharding.lookup_servers('shop.nonesuch', 1)", "Table name shop.nonesuch not found"},
      {"CALL group.lookup_servers('nonesuch')", "Group (nonesuch) does not exist."},
      {"SHOW CREATE PROCEDURE", "no column 'fabric_uuid'"},
      {"CALL sharding.lookup_servers('shop.names', 'O\\'Brien')", "takes at least 3 arguments"},
      {"CALL sharding.lookup_servers('shop.names', '')", "Invalid Key"},
      {"CALL sharding.lookup_servers('shop.names', NULL)", "Invalid Key None"},
      {"CALL dump.shard_maps|", "it did not understand"},
      {"CALL `dump`.", "it did not understand"},
      {"CALL sharding.lookup_servers('shop.orders',1)", "grant it EXECUTE"},
      {"CALL threat.report_error('nosuch'", "Server (nosuch) does not exist."},
      {"CALL threat.report_failure('nosuch'", "Server (nosuch) does not exist."},
      {"SELECT", "without the info result set"},
      {"SHOW VARIABLES", "without the info result set"},
      {"BEGIN", "without the info result set"},
      {"DROP", "without the info result set"},
      {"/* c */", "without the info result set"},
      {"{call", "without the info result set"},
      {"SET ", "without the info result set"}};
  // In captures of their own: answers in JSON, and to a user without the right.
  const std::set<std::string> others{"c.json", "c.role_connector"};
  const auto answers = test_support::expected_answers("mysqlrpc-answers.txt");
  FakeServer server(real_node());
  Client client({server.endpoint()});
  std::size_t read = 0, held = 0;
  for (const auto& exchange : test_support::captured_exchanges()) {
    SCOPED_TRACE(exchange.capture + ": " + exchange.statement);
    MysqlRpcLink link(server.endpoint(), client.options.credentials, client.watchdog);
    server.on_query([&](std::string_view) { return exchange.answer; });
    std::string failure;
    try {
      const RpcAnswer answer = link.call({"dump.servers", {0}}, client.soon());
      EXPECT_EQ(test_support::captured_form(answer),
                answers.at(exchange.capture + ": " + exchange.statement));
      ++held;
    } catch (const NodeFailure& error) {
      failure = error.what();
    }
    const auto expected = std::find_if(failures.begin(), failures.end(), [&](const auto& one) {
      return (exchange.statement + "|").starts_with(one.first);
    });
    if (others.contains(exchange.capture) && expected == failures.end()) {
      EXPECT_TRUE(failure.empty() || contains(failure, "grant it EXECUTE") ||
                  contains(failure, "no column 'fabric_uuid'"))
          << failure;
      continue;
    }
    EXPECT_TRUE(expected == failures.end() ? failure.empty() : contains(failure, expected->second))
        << failure;
    ++read;
  }
  EXPECT_EQ(read, 89U);
  EXPECT_EQ(held, answers.size());
}

TEST(MysqlRpcSource, TellsAnAnswerOfTooManyRows) {
  // As a real node breaks off: the packet after number 255 is never sent.
  Single farm;
  std::vector<ScriptedNode::Cells> rows(239, {"u", "g", "h", "1", "1", "2", "1.0"});
  farm.node.rows("dump.servers", rows);
  FakeAnswer answer = farm.node("CALL dump.servers(0,'')");
  answer.payloads.resize(255);
  answer.then = FakeAnswer::Then::kClose;
  farm.node.answer("dump.servers", answer);
  const std::string text = farm.failure(false);
  EXPECT_TRUE(contains(text, "more than about 240 rows")) << text;
}

TEST(MysqlRpcSource, NamesTheUserAndNeverThePasswordWhenDenied) {
  for (const unsigned number : {1044U, 1045U}) {
    Single farm;
    farm.server.refuse_logins(number, "42000", "[Fabric] Access denied for user 'farm'");
    const std::string text = farm.failure(true, base::SqlState::k28000);
    EXPECT_TRUE(contains(text,
                         "it refused the login of user 'farm'; check FABRIC_USER and "
                         "FABRIC_PASSWORD"))
        << text;
    EXPECT_FALSE(contains(text, "secret"));
  }
}

TEST(MysqlRpcSource, TellsAnAnswerThatEndsInTheMiddle) {
  Single farm;
  FakeAnswer answer = farm.node("CALL dump.servers(0,'')");
  answer.payloads.pop_back();  // the closing EOF
  answer.then = FakeAnswer::Then::kClose;
  farm.node.answer("dump.servers", answer);
  const std::string text = farm.failure(false);
  EXPECT_TRUE(contains(text, "ended in the middle of the answer to dump.servers, after 2 rows"))
      << text;
  EXPECT_TRUE(contains(text, "more than about 240 rows")) << text;
}

TEST(MysqlRpcSource, SurvivesGarbageOfAllKinds) {
  const std::vector<FakeAnswer> garbage{
      FakeServer::raw({std::string(5, '\xFE')}),
      FakeServer::raw({"\xFF"}),
      FakeServer::raw({std::string("\x03", 1), "def"}, FakeAnswer::Then::kClose),
      FakeServer::raw({std::string(3000, 'x')}, FakeAnswer::Then::kClose),
      FakeServer::raw({"\xFC\xFF\xFF"}, FakeAnswer::Then::kClose),
      FakeServer::close()};
  for (std::size_t i = 0; i < garbage.size(); ++i) {
    SCOPED_TRACE(i);
    FakeServer server;
    server.on_query([&](std::string_view) { return garbage[i]; });
    Client client({server.endpoint()});
    client.options.timeout = milliseconds(500);
    EXPECT_THROW(client.fetch(), base::Error);
    server.on_query(ScriptedNode());
    EXPECT_EQ(client.fetch().servers.size(), 2U) << "and is well afterwards";
  }
}

TEST(MysqlRpcSource, ReconnectsSilentlyWhenTheNodeHasClosedAnIdleLink) {
  Single farm;
  farm.fetch();
  farm.server.drop_connections();
  EXPECT_EQ(farm.client.fetch().servers.size(), 2U);
  EXPECT_EQ(farm.server.counts().logins, 2U);
}

TEST(MysqlRpcSource, MakesACallAgainAfterAConflict) {
  Single farm;
  std::atomic<int> conflicts{3};
  farm.server.on_query([&](std::string_view sql) {
    if (conflicts-- > 0) return FakeServer::error(1213, "40001", "Deadlock found");
    return farm.node(sql);
  });
  farm.client.source().report({ReportKind::kFailure, "u1", "host-1", "2013"}, farm.client.soon());
  EXPECT_EQ(farm.server.counts().queries, 4U);
  EXPECT_EQ(farm.server.counts().logins, 1U);
}

TEST(MysqlRpcSource, ReportsWithArgumentsThatEveryNodeCanRead) {
  Single farm;
  farm.server.on_query(farm.node);
  RpcSource& source = farm.client.source();
  source.report({ReportKind::kFailure, "u1", "host-1", "2013"}, farm.client.soon());
  source.report({ReportKind::kError, "u'2", "ho,st", "a=(b)\n\""}, farm.client.soon());
  const std::vector<std::string> expected{
      "CALL threat.report_failure('u1','host-1','2013',NULL,'false')",
      "CALL threat.report_error('u 2','ho st','a  b   ',NULL,'false')"};
  EXPECT_EQ(farm.server.statements(), expected);
}

TEST(MysqlRpcSource, TakesTheCapturedAnswersToReports) {
  FakeServer server(real_node());
  Client client({server.endpoint()});
  server.on_query([](std::string_view) {
    return captured_answer(
        "c.threat",
        "CALL threat.report_error('f0000000-0000-11e5-8000-000000013403','capture-host',2003)");
  });
  EXPECT_NO_THROW(client.source().report({}, client.soon()));
  server.on_query([](std::string_view) {
    return captured_answer("c.threat", "CALL threat.report_failure('nosuch','h',1)");
  });
  try {
    client.source().report({}, client.soon());
    FAIL() << "the node does not know the server";
  } catch (const NodesRefused& error) {
    EXPECT_TRUE(contains(error.what(), "Server (nosuch) does not exist")) << error.what();
  }
}

}  // namespace
}  // namespace fabric
