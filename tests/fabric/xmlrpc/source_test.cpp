#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "fabric/rpc_source.h"
#include "fabric/xmlrpc/link.h"
#include "tests/support/captured_answers.h"
#include "tests/support/child_process.h"
#include "tests/support/source_tree.h"
#include "tests/support/text.h"
#include "tests/support/xmlrpc_node.h"

namespace fabric::xmlrpc {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test_support::contains;
using test_support::HttpAnswer;
using test_support::HttpServer;
using test_support::XmlRpcNode;
using Then = HttpAnswer::Then;

struct Farm {
  base::SystemClock clock;
  mysql::Watchdog watchdog{clock};
  HttpServer server;
  XmlRpcNode node;
  RpcOptions options;
  std::unique_ptr<RpcSource> made;

  Farm() {
    server.on_request(node);
    options.nodes = {server.endpoint()};
    options.protocol = RpcProtocol::kXmlRpc;
    options.credentials.user = "farm";
    options.credentials.password = "secret";
  }
  RpcSource& source() {
    if (!made) {
      auto order = std::make_shared<NodeOrder>(options.nodes.size(), 1);
      order->answered(0);
      made = std::make_unique<RpcSource>(options, order, watchdog, clock);
    }
    return *made;
  }
  [[nodiscard]] base::Deadline soon() const { return base::Deadline::after(clock, seconds(10)); }
  Topology::Content fetch() { return source().fetch(soon()); }
  /// Without the part that names the node.
  std::string failure(bool for_good, base::SqlState state = base::SqlState::k08001) {
    const std::string start = "No Fabric node answered: " + server.endpoint().text() + ": ";
    try {
      fetch();
    } catch (const base::Error& error) {
      EXPECT_EQ(error.state(), state);
      EXPECT_EQ(dynamic_cast<const NodesRefused*>(&error) != nullptr, for_good) << error.what();
      const std::string text = error.what();
      EXPECT_EQ(text.substr(0, start.size()), start);
      EXPECT_FALSE(contains(text, "secret"));
      return text.substr(std::min(start.size(), text.size()));
    }
    return "no failure";
  }
  std::string failure(bool for_good, const HttpAnswer& answer) {
    server.on_request([answer](const HttpServer::Request&) { return answer; });
    return failure(for_good);
  }
  /// After the challenge.
  std::string failure_of_call(bool for_good, const HttpAnswer& answer) {
    server.on_request([answer, this](const HttpServer::Request& request) {
      return request.header("Authorization").empty() ? node(request) : answer;
    });
    return failure(for_good);
  }
};

TEST(XmlRpcSource, ReadsAFarm) {
  Farm farm;
  const Topology topology(farm.fetch(), 1, false);
  EXPECT_EQ(topology.content().ttl, seconds(3));
  EXPECT_EQ(topology.content().sharding_problem, "");
  EXPECT_TRUE(topology.find_server("u1")->writable());
  EXPECT_EQ(topology.find_server("u2")->weight, 0.5);
  const ShardMap* map = topology.find_shard_map("shop", "orders");
  ASSERT_NE(map, nullptr);
  EXPECT_EQ(map->global_group, "") << "None is nothing";
  EXPECT_EQ(topology.lookup(*map).find(std::int64_t{100}).group, "s2");
}

TEST(XmlRpcSource, HoldsNoConnectionBetweenCalls) {
  Farm farm;
  farm.fetch();
  EXPECT_TRUE(farm.server.wait_until_open(0));
  EXPECT_EQ(farm.server.accepted(), 5U) << "four calls, one challenge";
}

TEST(XmlRpcSource, SendsWhatEveryNodeUnderstands) {
  Farm farm;
  farm.source().fetch_servers(farm.soon());
  const auto requests = farm.server.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].body, "") << "a node answers 401 without reading a body";
  EXPECT_TRUE(requests[1].head.starts_with("POST /RPC2 HTTP/1.1\r\n")) << requests[1].head;
  EXPECT_EQ(requests[1].header("Content-Type"), "text/xml");
  EXPECT_EQ(requests[1].header("Host"), farm.server.endpoint().text());
  for (const char* unwanted : {"Accept-Encoding", "Expect", "Transfer-Encoding"}) {
    EXPECT_EQ(requests[1].header(unwanted), "") << unwanted;
  }
  EXPECT_TRUE(contains(requests[1].body, "<methodName>dump.servers</methodName>"));
}

TEST(XmlRpcSource, UsesANonceAgainAndFetchesOneFreshChallengeWhenItIsForgotten) {
  Farm farm;
  farm.fetch();
  farm.fetch();
  EXPECT_EQ(farm.node.challenges(), 1U);
  farm.node.forget_nonces();
  farm.fetch();
  EXPECT_EQ(farm.node.challenges(), 2U);
}

TEST(XmlRpcSource, FetchesAFreshChallengeOn401Too) {
  Farm farm;
  farm.fetch();
  bool told = false;
  farm.server.on_request([&](const HttpServer::Request& request) {
    if (!std::exchange(told, true)) return HttpAnswer{"HTTP/1.0 401 Unauthorized\r\n\r\n"};
    return farm.node(request);
  });
  EXPECT_EQ(farm.fetch().servers.size(), 2U);
}

TEST(XmlRpcSource, FetchesOneFreshChallengeAndNotMore) {
  Farm farm;
  farm.fetch();
  const std::size_t before = farm.server.accepted();
  const std::string text = farm.failure_of_call(false, {});
  EXPECT_TRUE(contains(text, "closed the connection without an answer to dump.servers")) << text;
  EXPECT_TRUE(contains(text, "if its port speaks TLS, set FABRIC_SSL_CA")) << text;
  EXPECT_EQ(farm.server.accepted() - before, 3U) << "the call, the challenge, the call";
}

TEST(XmlRpcSource, KnowsANodeWithoutAuthentication) {
  Farm farm;
  farm.node.disable_login();
  EXPECT_EQ(farm.fetch().servers.size(), 2U);
  EXPECT_EQ(farm.server.accepted(), 5U);
  farm.fetch();
  EXPECT_EQ(farm.server.accepted(), 9U) << "and asks it for a challenge once only";
}

TEST(XmlRpcSource, SendsNoLoginWithoutAUser) {
  Farm farm;
  farm.options.credentials.user = "";
  EXPECT_TRUE(contains(farm.failure(true, base::SqlState::k28000),
                       "it wants a login: set FABRIC_USER and FABRIC_PASSWORD"));
  farm.node.disable_login();
  EXPECT_EQ(farm.fetch().servers.size(), 2U);
}

TEST(XmlRpcSource, LeavesTheUserOfTheServersToTheServers) {
  Farm farm;
  farm.options.user_of_servers = true;
  farm.node.disable_login();
  farm.fetch();
  for (const auto& request : farm.server.requests()) {
    EXPECT_EQ(request.header("Authorization"), "");
  }
}

TEST(XmlRpcSource, SaysThatTheLoginWasRefused) {
  Farm farm;
  farm.options.credentials.password = "wrong";
  const std::string text = farm.failure(true, base::SqlState::k28000);
  EXPECT_TRUE(contains(text,
                       "it refused the login of user 'farm'; check FABRIC_USER and "
                       "FABRIC_PASSWORD (HTTP status 400 Bad Request)"))
      << text;
}

TEST(XmlRpcSource, KnowsTheRealmThatANodeComputesWith) {
  Farm farm;
  farm.node.announce_realm("Our farm");
  EXPECT_EQ(farm.fetch().servers.size(), 2U);
  const std::size_t challenges = farm.node.challenges();
  farm.node.forget_nonces();
  farm.fetch();
  EXPECT_EQ(farm.node.challenges(), challenges + 1) << "without trying the other realm again";
}

TEST(XmlRpcSource, Reports) {
  Farm farm;
  farm.source().report({ReportKind::kFailure, "u<1", "host-1", "2013"}, farm.soon());
  const std::string body = farm.server.requests().back().body;
  EXPECT_TRUE(contains(body, "<methodName>threat.report_failure</methodName>"));
  EXPECT_TRUE(
      contains(body,
               "<string>u&lt;1</string></value></param><param><value><string>host-1</string>"
               "</value></param><param><value><string>2013</string></value></param><param>"
               "<value><boolean>0</boolean></value></param><param><value><boolean>0</boolean>"))
      << "neither update_only nor synchronous: " << body;
  farm.node.answer("threat.report_error", XmlRpcNode::reply("Server (u9) does not exist", ""));
  EXPECT_THROW(farm.source().report({ReportKind::kError, "u9", "h", "1"}, farm.soon()),
               NodesRefused);
}

TEST(XmlRpcSource, SaysWhatEachStatusMeans) {
  struct Case {
    std::string head;
    std::string sentence;
    bool for_good;
  };
  const std::vector<Case> cases{
      {"403 Not allowed to execute 'core.dump.servers'\r\nContent-length: 0",
       "user 'farm' may not call dump.servers; give it the role 'connector' (HTTP status 403 Not "
       "allowed to execute 'core.dump.servers')",
       true},
      {"404 Not Found", "it has no /RPC2, so it is no Fabric node", true},
      {"500 Internal Server Error", "it is in trouble (HTTP status 500", false},
      {"503 Try later", "it is in trouble", false},
      {"501 encoding 'gzip' not supported",
       "no Fabric node; check host and port in FABRIC_NODES (HTTP status 501", true},
      {"302 Found\r\nLocation: http://elsewhere/", "it points elsewhere ('http://elsewhere/')",
       true},
      {"204 No Content", "it is no Fabric node", true},
      {"401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"",
       "not the Digest (MD5, qop=auth) of a Fabric node: 'Basic realm=\"x\"'", true}};
  for (const Case& one : cases) {
    Farm farm;
    const HttpAnswer answer{"HTTP/1.0 " + one.head + "\r\n\r\n"};
    const std::string text = one.head.starts_with("401")
                                 ? farm.failure(one.for_good, answer)
                                 : farm.failure_of_call(one.for_good, answer);
    EXPECT_TRUE(contains(text, one.sentence)) << text;
  }
}

TEST(XmlRpcSource, BearsWhateverAPeerDoes) {
  const std::string whole = XmlRpcNode::ok(XmlRpcNode::reply("", "")).bytes;
  const std::string xml_head = "HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n";
  struct Case {
    const char* name;
    HttpAnswer answer;
    std::string sentence;
    bool for_good;
  };
  const std::vector<Case> cases{
      {"cut in the body",
       {whole.substr(0, whole.size() - 9)},
       "ended in the middle of the answer",
       false},
      {"cut in the headers", {whole.substr(0, 30)}, "ended in the middle of the answer", false},
      {"no length, cut",
       {xml_head + "\r\n<methodResponse><params>"},
       "its answer is no XML-RPC",
       true},
      {"no body", {xml_head + "\r\n"}, "ended in the middle of the answer", false},
      {"reset", {"", Then::kReset}, "closed the connection without an answer", false},
      {"garbage", {std::string("\0\xFF\x80 x", 5)}, "it does not speak HTTP", true},
      {"a MySQL server",
       {std::string("J\0\0\0\n5.6.24-log\0", 16)},
       "is that the XML-RPC port (32274 by default)",
       true},
      {"no status line", {"Content-length: 0\r\n\r\n"}, "it does not speak HTTP", true},
      {"endless header value", {xml_head + "X: y", Then::kRepeat}, "it does not speak HTTP", true},
      {"endless headers",
       {xml_head +
            [] {
              std::string all;
              for (int i = 0; i < 2000; ++i) all += "X-" + std::to_string(i) + ": y\r\n";
              return all;
            }(),
        Then::kStaySilent},
       "it does not speak HTTP",
       true},
      {"endless status line", {"HTTP/1.0 200 O", Then::kRepeat}, "it does not speak HTTP", true},
      {"huge body", {xml_head + "\r\n ", Then::kRepeat}, "its answer is longer than 16 MiB", true},
      {"huge length",
       {xml_head + "Content-Length: 99999999999\r\n\r\nx"},
       "ended after 1 of 99999999999",
       false},
      {"odd length", {xml_head + "Content-Length: many\r\n\r\nx"}, "it does not speak HTTP", true},
      {"wrong encoding",
       {xml_head + "Content-Encoding: gzip\r\n\r\nx"},
       "an encoding that was not asked for",
       true},
      {"deep nesting", XmlRpcNode::ok([] {
         std::string all = "<methodResponse><params><param>";
         for (int i = 0; i < 100000; ++i) all += "<value><array><data>";
         return all;
       }()),
       "values nested too deep", true},
      {"entity bomb",
       XmlRpcNode::ok("<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\">"
                      "<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c "
                      "\"&b;&b;&b;&b;&b;&b;&b;\">]><methodResponse>&c;</methodResponse>"),
       "it has a DOCTYPE", true},
      {"not XML", XmlRpcNode::ok("{\"ok\": true}"), "its answer is no XML-RPC", true}};
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    Farm farm;
    farm.options.timeout = seconds(10);
    const std::string text = farm.failure_of_call(one.for_good, one.answer);
    EXPECT_TRUE(contains(text, one.sentence)) << text;
    farm.server.on_request(farm.node);
    EXPECT_EQ(farm.fetch().servers.size(), 2U) << "and is well afterwards";
  }
}

TEST(XmlRpcSource, EndsByItsTimeoutWhateverAPeerDoes) {
  const std::string head = "HTTP/1.0 200 OK\r\n";
  const std::vector<HttpAnswer> slow{{"", Then::kStaySilent},
                                     {head + "X: y", Then::kDrip},
                                     {head + "\r\n ", Then::kDrip},
                                     {"HTTP/1.1 100 Continue\r\n\r\n", Then::kStaySilent},
                                     {"\r", Then::kRepeat}};
  for (std::size_t i = 0; i < slow.size(); ++i) {
    SCOPED_TRACE(i);
    Farm farm;
    farm.options.timeout = milliseconds(200);
    const auto asked = farm.clock.now();
    const std::string text = farm.failure(false, slow[i]);
    EXPECT_LT(farm.clock.now() - asked, seconds(3));
    EXPECT_TRUE(contains(text, "no answer to dump.servers in time")) << text;
  }
}

TEST(XmlRpcSource, SaysThatNobodyListens) {
  Farm farm;
  farm.server.stop();
  EXPECT_TRUE(contains(farm.failure(false), "cannot connect: nobody listens there"));
}

TEST(XmlRpcSource, DoesNotHoldUpTheFarmsEnd) {
  Farm farm;
  farm.server.on_request([](const HttpServer::Request&) {
    return HttpAnswer{"", Then::kStaySilent};
  });
  farm.source();
  base::Worker caller("caller",
                      [&](const std::stop_token&) { EXPECT_THROW(farm.fetch(), base::Error); });
  EXPECT_TRUE(farm.server.wait_until_open(1));
  const auto ended = farm.clock.now();
  farm.source().cancel();
  caller.join();
  EXPECT_LT(farm.clock.now() - ended, seconds(2));
}

TEST(XmlRpcSource, AsksTheNextNodeWhenTheFirstIsSlowOrFails) {
  HttpServer second;
  Farm farm;
  second.on_request(farm.node);
  farm.options.nodes = {farm.server.endpoint(), second.endpoint()};
  farm.server.on_request([](const HttpServer::Request&) {
    return HttpAnswer{"", Then::kStaySilent};
  });
  const auto asked = farm.clock.now();
  EXPECT_EQ(farm.fetch().servers.size(), 2U);
  EXPECT_GE(farm.clock.now() - asked, milliseconds(100));
  EXPECT_LT(farm.clock.now() - asked, seconds(3));
  const std::size_t before = second.accepted();
  farm.fetch();
  EXPECT_EQ(second.accepted() - before, 4U) << "who answered is asked first from then on";
}

TEST(XmlRpcSource, AsksNodesOfOneListByTheirOwnProtocol) {
  Farm farm;
  farm.options.protocol.reset();
  farm.options.timeout = milliseconds(200);
  const std::string text = farm.failure(false);
  EXPECT_TRUE(contains(text, "is that the MySQL-RPC port")) << "by port: " << text;
}

/// The reply of each captured exchange, replayed byte for byte to a call without a login: what it
/// holds, cell by cell, or the sentence of its refusal.
TEST(XmlRpcSource, ReadsEveryCapturedReply) {
  const std::map<std::string, std::string> failures{
      {"auth.step1_no_credentials", "it wants a login"},
      {"probe._some_nonexisting_method", "it does not know dump.servers"},
      {"dump.fabric_nodes.unknown_protocol", "failed at the node: "},
      {"error.bad_password", "it refused dump.servers (HTTP status 400"},
      {"error.basic_authorization", "HTTP status 400"},
      {"error.garbled_digest", "HTTP status 400"},
      {"error.malformed_authorization", "HTTP status 400"},
      {"error.malformed_xml", "failed at the node: <class 'xml.parsers.expat.ExpatError'>"},
      {"error.missing_params", "failed at the node: execute() takes"},
      {"error.no_methodname", "HTTP status 400"},
      {"error.no_qop", "without an answer"},
      {"error.three_part_method", "it does not speak HTTP"},
      {"error.too_many_params", "failed at the node: execute() takes at most 3 arguments"},
      {"error.unknown_method", "it does not know dump.servers"},
      {"error.unknown_method_no_dot", "it does not speak HTTP"},
      {"error.unknown_user", "HTTP status 400"},
      {"error.uri_slash", "HTTP status 400"},
      {"error.wrong_realm_name", "HTTP status 400"},
      {"group.lookup_groups.unknown", "failed at the node: "},
      {"group.lookup_servers.unknown", "failed at the node: "},
      {"http.chunked", "it is in trouble (HTTP status 500"},
      {"http.content_encoding_gzip", "HTTP status 501"},
      {"http.get", "HTTP status 501"},
      {"http.path_other", "it has no /RPC2"},
      {"http.path_root", "HTTP status 400"},
      {"nonce.after_purge_timer", "without an answer"},
      {"nonce.invented_nc7", "without an answer"},
      {"nonce.nc_gap", "without an answer"},
      {"nonce.replayed_nc", "without an answer"},
      {"role_connector.group.lookup_servers", "may not call"},
      {"role_connector.manage.ping", "may not call"},
      {"role_connector.sharding.lookup_servers", "may not call"},
      {"sharding.lookup_servers.GLOBAL.table_name", "failed at the node: "},
      {"sharding.lookup_servers.bad_hint", "failed at the node: "},
      {"sharding.lookup_servers.datetime.s1999-12-31", "Invalid Key"},

      {"sharding.lookup_servers.range.i-5", "Invalid Key"},
      {"sharding.lookup_servers.range.i0", "Invalid Key 0"},
      {"sharding.lookup_servers.string.s0", "Invalid Key"},
      {"sharding.lookup_servers.unknown_table", "Table name shop.nonesuch not found"},
      {"state.set_status.secondary_from_faulty", "failed at the node: "},
      {"system.listMethods", "in the format of MySQL Fabric before 1.5.1"},
      {"threat.report_error.unknown_server", "failed at the node: "},
      {"threat.report_failure.unknown_server", "failed at the node: "}};
  const auto answers = test_support::expected_answers("xmlrpc-answers.txt");
  Farm farm;
  Link link(farm.server.endpoint(), {}, farm.watchdog);
  std::size_t read = 0, held = 0;
  for (const auto& entry :
       fs::directory_iterator(test_support::source_file("tests/data/fabric/xmlrpc"))) {
    std::string name = entry.path().filename().string();
    const std::size_t end = name.find(".response.txt");
    if (end == std::string::npos) continue;
    name.resize(end);
    const std::string bytes = test_support::text_of_file(entry.path());
    farm.server.on_request([bytes](const HttpServer::Request&) { return HttpAnswer{bytes}; });
    const auto expected = failures.find(name);
    std::string failure;
    try {
      const RpcAnswer answer = link.call({"dump.servers", {}}, farm.soon());
      EXPECT_EQ(test_support::captured_form(answer), answers.at(name)) << name;
      ++held;
    } catch (const NodeFailure& error) {
      failure = error.what();
    }
    EXPECT_EQ(failure.empty(), expected == failures.end()) << name << ": " << failure;
    if (expected != failures.end()) {
      EXPECT_TRUE(contains(failure, expected->second)) << name << ": " << failure;
    }
    ++read;
  }
  EXPECT_EQ(read, 131U);
  EXPECT_EQ(held, answers.size());
}

/// What each server may do, in every captured state of the farm: one FAULTY, one SPARE, no primary.
TEST(XmlRpcSource, ReadsWhatServersMayDoInEveryCapturedState) {
  const auto expected = test_support::expected_servers();
  for (const auto& [name, servers] : expected) {
    const std::string bytes = test_support::text_of_file(
        test_support::source_file("tests/data/fabric/xmlrpc/" + name + ".response.txt"));
    Farm farm;
    farm.server.on_request([bytes](const HttpServer::Request&) { return HttpAnswer{bytes}; });
    Link link(farm.server.endpoint(), {}, farm.watchdog);
    const RpcAnswer answer = link.call({"dump.servers", {}}, farm.soon());
    EXPECT_EQ(test_support::captured_servers_form(answer), servers) << name;
  }
  EXPECT_EQ(expected.size(), 16U);
}

/// The farm of the captures, each command answered with what the real node sent.
TEST(XmlRpcSource, ReadsTheCapturedFarm) {
  Farm farm;
  farm.options.credentials.user = "";
  farm.server.on_request([](const HttpServer::Request& request) {
    const std::size_t start = request.body.find("dump.");
    const std::string command = request.body.substr(start, request.body.find('<', start) - start);
    return HttpAnswer{test_support::text_of_file(
        test_support::source_file("tests/data/fabric/xmlrpc/" + command + ".all.response.txt"))};
  });
  const Topology topology(farm.fetch(), 1, false);
  EXPECT_EQ(topology.content().ttl, seconds(1));
  EXPECT_EQ(topology.groups().size(), 4U);
  EXPECT_EQ(topology.find_group("group_id-1")->servers.at(2).weight, 0.5);
  const auto group_of = [&](const char* table, const ShardKey& key) {
    const ShardMap* map = topology.find_shard_map("shop", table);
    return map == nullptr ? "no map" : std::string(topology.lookup(*map).find(key).group);
  };
  EXPECT_EQ(group_of("orders", std::int64_t{999}), "shard1");
  EXPECT_EQ(group_of("order_lines", std::int64_t{1000}), "shard2");
  EXPECT_EQ(group_of("users", std::int64_t{1}), "shard2");
  EXPECT_EQ(group_of("names", std::string("Lzz")), "shard1");
  EXPECT_EQ(group_of("events", std::string("2020-06-01")), "shard2");
}

}  // namespace
}  // namespace fabric::xmlrpc
