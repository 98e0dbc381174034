// A group of two real servers, each behind a network that a test may break, and a node whose words
// a test chooses. The servers do not replicate, so that a row tells where it was written.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "fabric/types.h"
#include "tests/driver_manager/call_state.h"
#include "tests/driver_manager/odbc_fixture.h"
#include "tests/support/fake_server.h"
#include "tests/support/fault_proxy.h"
#include "tests/support/scripted_node.h"
#include "tests/support/slowness.h"
#include "tests/support/test_server.h"

namespace test_support {

/// `first_` may be killed and frozen; it is the suite's own. `second_` is everybody's.
class FailoverFarm : public testing::Test, protected CallState {
 protected:
  using Endpoint = fabric::base::Endpoint;
  using Clock = std::chrono::steady_clock;

  FailoverFarm() {
    for (const TestServer* server : {&first_, &second_}) {
      run_on(*server, "CREATE OR REPLACE TABLE counted (n INT) ENGINE=InnoDB");
    }
    primary_is_first();
  }

  static void run_on(const TestServer& server, const std::string& sql) {
    const OdbcEnvironment environment;
    OdbcConnection connection(environment);
    connection.connect(connection_string(server.endpoint(), "POOLING=0"));
    OdbcStatement(connection).execute(sql);
  }
  static std::string rows_on(const TestServer& server) {
    const OdbcEnvironment environment;
    OdbcConnection connection(environment);
    connection.connect(connection_string(server.endpoint(), "POOLING=0"));
    return OdbcStatement(connection).value("SELECT COUNT(*) FROM counted");
  }

  struct Member {
    std::string uuid;
    Endpoint endpoint;
    fabric::ServerStatus status;
  };
  /// From now on the node says so.
  void tell(const std::vector<Member>& members) {
    ScriptedNode script;
    std::vector<ScriptedNode::Cells> rows;
    for (const Member& member : members) {
      const bool leads = member.status == fabric::ServerStatus::kPrimary;
      rows.push_back({member.uuid, "g1", member.endpoint.host, std::to_string(member.endpoint.port),
                      leads ? "3" : "1", std::to_string(static_cast<int>(member.status)), "1.0"});
    }
    script.rows("dump.servers", rows);
    script.close_with_ok();
    node_.on_query([script, takes_reports = takes_reports_](std::string_view sql) {
      const bool report = sql.find("threat.") != sql.npos;
      return report && !takes_reports
                 ? FakeServer::error(1370, "42000", "execute command denied to user 'app'")
                 : script(sql);
    });
  }
  void primary_is_first() {
    tell({{"u1", first_network_.endpoint(), fabric::ServerStatus::kPrimary},
          {"u2", second_network_.endpoint(), fabric::ServerStatus::kSecondary}});
  }
  void primary_is_second(fabric::ServerStatus first = fabric::ServerStatus::kFaulty) {
    tell({{"u1", first_network_.endpoint(), first},
          {"u2", second_network_.endpoint(), fabric::ServerStatus::kPrimary}});
  }
  void nobody_leads() {
    tell({{"u1", first_network_.endpoint(), fabric::ServerStatus::kSecondary},
          {"u2", second_network_.endpoint(), fabric::ServerStatus::kSecondary}});
  }

  [[nodiscard]] std::string farm(const std::string& more = {}) const {
    return "DRIVER={fabric};FABRIC_NODES=127.0.0.1:" + std::to_string(node_.endpoint().port) +
           ";FABRIC_PROTOCOL=mysql;FABRIC_GROUP=g1;FAILURE_DETECTION_TIME=1s;UID=app;PWD=apppw;"
           "DATABASE=test;" +
           more;
  }
  void connect(const std::string& more = {}) { connection_.connect(farm(more)); }
  void run(const std::string& sql) { OdbcStatement(connection_).execute(sql); }
  std::string value(const std::string& sql) { return OdbcStatement(connection_).value(sql); }
  void insert() { run("INSERT INTO counted VALUES (1)"); }
  std::string insert_state() {
    return state_of([&] { insert(); });
  }
  /// Which server answers.
  std::string place() {
    const std::string port = value("SELECT @@port");
    return port == std::to_string(first_.endpoint().port) ? "first" : "second";
  }
  /// How long `call` takes.
  template <class Call>
  static std::chrono::milliseconds time_of(Call&& call) {
    const auto begun = Clock::now();
    call();
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
  }

  static TestServer& own() {
    static TestServer server(ServerKind::kMariaDb);
    return server;
  }

  TestServer& first_ = own();
  TestServer& second_ = TestServer::shared(ServerKind::kMariaDb);
  FaultProxy first_network_{first_.endpoint()};
  FaultProxy second_network_{second_.endpoint()};
  FakeServer node_;
  bool takes_reports_ = true;  ///< from the next tell() on
  OdbcEnvironment environment_;
  OdbcConnection connection_{environment_};
};

}  // namespace test_support
