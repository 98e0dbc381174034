// fork() in a process that asks a farm's nodes, or its servers, at that moment.
#include <atomic>
#include <filesystem>
#include <fstream>

#include "tests/driver_manager/in_child.h"
#include "tests/driver_manager/server_case.h"
#include "tests/support/xmlrpc_node.h"

namespace test_support {
namespace {

/// One server in group g1, through a scripted node over XML-RPC or through a topology file.
class ForkOnAFarm : public testing::Test {
 protected:
  void tell_node_of_the_server() {
    const std::string uuid = "<string>u1</string>";
    const std::string group = "<string>g1</string>";
    const std::string port = "<int>" + std::to_string(server_.endpoint().port) + "</int>";
    const std::string row = "<string>127.0.0.1</string>";
    script_.answer(
        "dump.servers",
        XmlRpcNode::reply("", XmlRpcNode::set({"server_uuid", "group_id", "host", "port", "mode",
                                               "status", "weight"},
                                              {{uuid, group, row, port, "<int>3</int>",
                                                "<int>3</int>", "<double>1.0</double>"}})));
    node_.on_request([this](const HttpServer::Request& request) {
      if (silent_.exchange(false)) return HttpAnswer{"", HttpAnswer::Then::kStaySilent};
      return script_(request);
    });
  }
  static std::string ask(const OdbcConnection& connection) {
    return OdbcStatement(connection).value("SELECT CONNECTION_ID()");
  }
  /// Both the inherited handle and a new one work in the child, on links of the child's own.
  int child_goes_on(const std::string& text, const std::string& id) {
    return in_child([&] {
      if (ask(connection_) == id) return 1;
      const OdbcEnvironment environment;
      OdbcConnection other(environment);
      other.connect(text);
      return ask(other) == id ? 2 : 0;
    });
  }

  TestServer& server_ = TestServer::shared(ServerKind::kMariaDb);
  XmlRpcNode script_;
  HttpServer node_;
  std::atomic<bool> silent_{false};  ///< the next request gets no answer
  OdbcEnvironment environment_;
  OdbcConnection connection_{environment_};
};

TEST_F(ForkOnAFarm, LeavesACallToANodeToTheParent) {
  tell_node_of_the_server();
  const std::string text =
      "DRIVER={fabric};FABRIC_PROTOCOL=xmlrpc;FABRIC_NODES=" + node_.endpoint().text() +
      ";FABRIC_USER=farm;FABRIC_PASSWORD=secret;FABRIC_GROUP=g1;FABRIC_TTL=1s;FABRIC_TIMEOUT=60s;"
      "UID=app;PWD=apppw;DATABASE=test;";
  connection_.connect(text);
  const std::string id = ask(connection_);
  silent_ = true;
  // The refresh behind the application's back, which goes on while it works.
  while (silent_) EXPECT_EQ(ask(connection_), id);
  ASSERT_TRUE(node_.wait_until_open(1));
  EXPECT_EQ(child_goes_on(text, id), 0);
  EXPECT_EQ(node_.open(), 1U);  // the child has not said a word on it
  EXPECT_EQ(ask(connection_), id);
}

TEST_F(ForkOnAFarm, LeavesTheLooksAtItsServersToTheParent) {
  const std::filesystem::path file = server_.folder() / "fork.ini";
  std::ofstream(file) << "[farm]\nttl = 1s\n[group g1]\nserver = " << server_.endpoint().text()
                      << "\n";
  const std::string text = "DRIVER={fabric};FABRIC_NODES=file:" + file.string() +
                           ";FABRIC_GROUP=g1;UID=app;PWD=apppw;DATABASE=test;";
  connection_.connect(text);
  const std::string id = ask(connection_);
  EXPECT_EQ(child_goes_on(text, id), 0);
  EXPECT_EQ(ask(connection_), id);
  OdbcConnection other(environment_);
  other.connect(text);
  EXPECT_NE(ask(other), id);
}

}  // namespace
}  // namespace test_support
