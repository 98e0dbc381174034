// What an application is told when what it, or a node, says makes no sense: SQLSTATE and sentence.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/driver_manager/odbc_fixture.h"
#include "tests/support/fake_server.h"
#include "tests/support/scripted_node.h"
#include "tests/support/test_server.h"

namespace test_support {
namespace {

class BadInput : public testing::Test {
 protected:
  /// Connects; the state of the first record, "00000" without any, "01..." for a warning.
  std::string connect_state(const std::string& text) {
    sentence_.clear();
    OdbcConnection connection(environment_);
    try {
      connection.connect(text);
    } catch (const OdbcError& error) {
      sentence_ = error.what();
      return error.state();
    }
    const auto warnings = connection.diagnostics();
    if (warnings.empty()) return "00000";
    for (const auto& warning : warnings) sentence_ += warning.text + "\n";
    return warnings.front().state;
  }
  [[nodiscard]] bool says(const std::string& words) const {
    return sentence_.find(words) != std::string::npos;
  }
  static std::string farm(const fabric::base::Endpoint& node, const std::string& more) {
    return "DRIVER={fabric};FABRIC_NODES=127.0.0.1:" + std::to_string(node.port) +
           ";FABRIC_PROTOCOL=mysql;UID=app;PWD=apppw;DATABASE=test;FABRIC_ATTEMPTS=1;" +
           "FABRIC_TIMEOUT=500ms;FAILOVER_TIMEOUT=1s;" + more;
  }
  /// A node whose only server, the primary of g1, has this port.
  static ScriptedNode node_with(std::uint16_t port) {
    ScriptedNode script;
    script.server_row({"u1", "g1", "127.0.0.1", std::to_string(port), "3", "3", "1.0"});
    return script;
  }
  static void play(FakeServer& node, ScriptedNode script) {
    node.on_query([script = std::move(script)](std::string_view sql) { return script(sql); });
  }
  static std::uint16_t closed_port() {
    FakeServer gone;
    return gone.endpoint().port;
  }

  OdbcEnvironment environment_;
  TestServer& server_ = TestServer::shared(ServerKind::kMariaDb);
  FakeServer node_;
  std::string sentence_;
};

TEST_F(BadInput, UnknownHostIs08001AndNamed) {
  EXPECT_EQ(connect_state("DRIVER={fabric};SERVER=no-such-host.invalid;UID=app;PWD=apppw"),
            "08001");
  EXPECT_TRUE(says("no-such-host.invalid")) << sentence_;
}

TEST_F(BadInput, PortThatNobodyListensOnIs08001AndNamed) {
  const std::string port = std::to_string(closed_port());
  EXPECT_EQ(connect_state("DRIVER={fabric};SERVER=127.0.0.1;PORT=" + port + ";UID=app;PWD=apppw"),
            "08001");
  EXPECT_TRUE(says("127.0.0.1:" + port)) << sentence_;
}

TEST_F(BadInput, WrongPasswordOfAGroupsServerIs28000) {
  play(node_, node_with(server_.endpoint().port));
  const std::string text = farm(node_.endpoint(), "FABRIC_GROUP=g1;");
  EXPECT_EQ(connect_state("PWD=wrong-secret;" + text), "28000");
  EXPECT_FALSE(says("wrong-secret")) << sentence_;
}

TEST_F(BadInput, UnknownDatabaseIs42000) {
  EXPECT_EQ(connect_state("DATABASE=no_such;" + connection_string(server_.endpoint())), "42000");
  EXPECT_TRUE(says("no_such")) << sentence_;
}

TEST_F(BadInput, UnknownGroupIs08001AndTheGroupsAreNamed) {
  play(node_, node_with(server_.endpoint().port));
  EXPECT_EQ(connect_state(farm(node_.endpoint(), "FABRIC_GROUP=nope")), "08001");
  EXPECT_TRUE(says(
      "The farm has no group 'nope', or it has no servers; set FABRIC_GROUP to one that has (g1)"))
      << sentence_;
}

TEST_F(BadInput, FarmWithoutAGroupSaysWhatToSet) {
  ScriptedNode script = node_with(server_.endpoint().port);
  script.rows("dump.shard_maps", {});
  script.rows("dump.shard_tables", {});
  script.rows("dump.shard_index", {});
  script.rows("dump.sharding_information", {});
  play(node_, script);
  EXPECT_EQ(connect_state(farm(node_.endpoint(), "")), "HY000");
  EXPECT_TRUE(says("set FABRIC_GROUP")) << sentence_;
}

TEST_F(BadInput, NodeThatAnswersGarbageIs08001) {
  node_.on_query([](std::string_view) { return FakeServer::raw({"\x03garbage, not a row"}); });
  EXPECT_EQ(connect_state(farm(node_.endpoint(), "FABRIC_GROUP=g1")), "08001");
  EXPECT_TRUE(says("127.0.0.1:" + std::to_string(node_.endpoint().port))) << sentence_;
}

TEST_F(BadInput, NodeThatAnswersAnotherTableIs08001) {
  node_.on_query([](std::string_view) { return FakeServer::rows({"a"}, {{"1"}}); });
  EXPECT_EQ(connect_state(farm(node_.endpoint(), "FABRIC_GROUP=g1")), "08001");
  EXPECT_TRUE(says("127.0.0.1:" + std::to_string(node_.endpoint().port))) << sentence_;
}

TEST_F(BadInput, NodeThatNeverAnswersIs08001) {
  node_.on_query([](std::string_view) { return FakeServer::silence(); });
  EXPECT_EQ(connect_state(farm(node_.endpoint(), "FABRIC_GROUP=g1")), "08001");
  EXPECT_TRUE(says("127.0.0.1:" + std::to_string(node_.endpoint().port))) << sentence_;
}

TEST_F(BadInput, NodeThatNeverGreetsIs08001) {
  FakeServer mute({.greet = false});
  EXPECT_EQ(connect_state(farm(mute.endpoint(), "FABRIC_GROUP=g1")), "08001");
}

TEST_F(BadInput, OrdinaryServerTakenForANodeIs08001) {
  EXPECT_EQ(connect_state(farm(server_.endpoint(), "FABRIC_GROUP=g1")), "08001");
  EXPECT_TRUE(says("127.0.0.1:" + std::to_string(server_.endpoint().port))) << sentence_;
}

TEST_F(BadInput, WrongAddressesOfServersReportNoFailure) {
  play(node_, node_with(closed_port()));
  EXPECT_EQ(connect_state(farm(node_.endpoint(), "FABRIC_GROUP=g1;FAILOVER_TIMEOUT=1s")), "08001");
  EXPECT_TRUE(says("No server of group 'g1' could be reached for writing")) << sentence_;
  const auto asked = node_.statements();
  const bool failure = std::any_of(asked.begin(), asked.end(), [](const std::string& sql) {
    return sql.find("report_failure") != std::string::npos;
  });
  EXPECT_FALSE(failure);
}

TEST_F(BadInput, UnknownKeywordIsAWarningThatNamesIt) {
  EXPECT_EQ(connect_state(connection_string(server_.endpoint(), "NO_SUCH_KEYWORD=1")), "01S00");
  EXPECT_TRUE(says("NO_SUCH_KEYWORD")) << sentence_;
}

struct Malformed {
  const char* name;
  const char* attributes;
  const char* state;
  const char* words;
};

class MalformedString : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedString, IsRefusedWithAReason) {
  OdbcEnvironment environment;
  OdbcConnection connection(environment);
  const TestServer& server = TestServer::shared(ServerKind::kMariaDb);
  try {
    connection.connect(std::string("DRIVER={fabric};") + GetParam().attributes +
                       ";SERVER=127.0.0.1;PORT=" + std::to_string(server.endpoint().port) +
                       ";UID=app;PWD=apppw");
    FAIL() << "the string was taken";
  } catch (const OdbcError& error) {
    EXPECT_EQ(error.state(), GetParam().state) << error.what();
    EXPECT_NE(std::string(error.what()).find(GetParam().words), std::string::npos) << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(
    Attributes, MalformedString,
    testing::Values(Malformed{"PortOfLetters", "PORT=abc", "HY024", "PORT"},
                    Malformed{"PortOutOfRange", "PORT=70000", "HY024", "PORT"},
                    Malformed{"Time", "POOL_TIMEOUT=soon", "HY024", "POOL_TIMEOUT"},
                    Malformed{"Mode", "FABRIC_MODE=SIDEWAYS", "HY024", "FABRIC_MODE"},
                    Malformed{"Retry", "FAILOVER_RETRY=ALWAYS", "HY024", "FAILOVER_RETRY"},
                    Malformed{"PoolSize", "MAX_POOL_SIZE=0", "HY024", "MAX_POOL_SIZE"}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace test_support
