// Servers that die, freeze, refuse and disconnect: what the caller is told, and how soon.
#include <atomic>
#include <chrono>
#include <thread>

#include "fabric/mysql/error_traits.h"
#include "tests/protocol/server_fixture.h"
#include "tests/support/slowness.h"

namespace fabric::mysql {
namespace {

using namespace std::chrono_literals;

std::chrono::milliseconds time_of(const auto& call) {
  const auto started = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               started);
}

class Failure : public testing::TestWithParam<ServerKind> {
 protected:
  Failure() : Failure(TestServer::shared(GetParam())) {}
  std::unique_ptr<ServerConnection> open(base::Deadline deadline = soon()) {
    return ServerConnection::open(server.connect_options(), watchdog, deadline);
  }
  /// Another session's KILL; returns when the server has closed the link.
  void kill_session(ServerConnection& victim) {
    open()->run("KILL " + std::to_string(victim.thread_id()), soon());
    while (victim.looks_alive()) std::this_thread::yield();
  }

  explicit Failure(TestServer& its_server) : server(its_server) {}

  TestServer& server;
  base::SystemClock clock;
  Watchdog watchdog{clock};
};

/// For tests that do to a server what others would feel.
class FailureOfItsOwnServer : public Failure {
 protected:
  FailureOfItsOwnServer() : FailureOfItsOwnServer(std::make_unique<TestServer>(GetParam())) {}

 private:
  explicit FailureOfItsOwnServer(std::unique_ptr<TestServer> mine)
      : Failure(*mine), own_(std::move(mine)) {}
  std::unique_ptr<TestServer> own_;
};

TEST_P(Failure, OfAnIdleSessionIsFoundBeforeSending) {
  const auto connection = open();
  const auto prepared = connection->prepare("SELECT 1", soon());
  EXPECT_TRUE(connection->looks_alive());
  kill_session(*connection);
  const MysqlError error = error_of([&] { connection->run("SELECT 1", soon()); });
  EXPECT_EQ(error.loss(), LinkLoss::kBeforeSend);
  EXPECT_EQ(error.state(), base::SqlState::k08S01);
  EXPECT_EQ(error_of([&] { prepared->execute({}, soon()); }).loss(), LinkLoss::kBeforeSend);
  EXPECT_EQ(error_of([&] { connection->ping(soon()); }).loss(), LinkLoss::kBeforeSend);
  EXPECT_TRUE(connection->broken());
}

TEST_P(FailureOfItsOwnServer, OfAKilledServerIsFoundBeforeSending) {
  const auto connection = open();
  server.kill();
  while (connection->looks_alive()) std::this_thread::yield();
  EXPECT_EQ(error_of([&] { connection->run("SELECT 1", soon()); }).loss(), LinkLoss::kBeforeSend);
  const MysqlError refused = error_of([&] { open(); });
  EXPECT_NE(std::string(refused.what()).find("nobody listens there"), std::string::npos)
      << refused.what();
  EXPECT_EQ(refused.state(), base::SqlState::k08001);
  server.restart();
  EXPECT_EQ(scalar(*open(), "SELECT 1"), "1");
}

TEST_P(FailureOfItsOwnServer, InTheMiddleOfAStatementLeavesItsOutcomeUnknown) {
  const auto connection = open();
  const auto killer = open();
  std::jthread thread([&] {
    while (scalar(*killer,
                  "SELECT COUNT(*) FROM information_schema.PROCESSLIST "
                  "WHERE INFO LIKE '%SLEEP(60)%' AND INFO NOT LIKE '%PROCESSLIST%'") != "1") {
    }
    server.kill();
  });
  const MysqlError error = error_of([&] { connection->run("DO SLEEP(60)", soon()); });
  EXPECT_EQ(error.loss(), LinkLoss::kAfterSend);
  EXPECT_EQ(error.ended(), Ended::kNo);
  EXPECT_EQ(error.state(), base::SqlState::k08S01);
  thread.join();
}

TEST_P(Failure, ByFreezingEndsEveryCallAtItsDeadline) {
  const auto querying = open();
  const auto pinging = open();
  const auto resetting = open();
  server.freeze();
  const auto expect_deadline = [](const auto& call) {
    MysqlError error{0, "", ""};
    const auto took = time_of([&] { error = error_of(call); });
    EXPECT_EQ(error.ended(), Ended::kDeadline) << error.what();
    EXPECT_EQ(error.state(), base::SqlState::kHYT00);
    EXPECT_GE(took, 200ms);
    EXPECT_LT(took, test_support::kSlowness * 1500ms);
  };
  expect_deadline([&] { querying->run("SELECT 1", soon(200ms)); });
  expect_deadline([&] { pinging->ping(soon(200ms)); });
  expect_deadline([&] { resetting->reset("test", true, soon(200ms)); });
  expect_deadline([&] { open(soon(200ms)); });
  EXPECT_TRUE(querying->broken());
  server.thaw();
}

TEST_P(Failure, ByFreezingEndsASilentCallAfterTheDetectionTime) {
  ConnectOptions options = server.connect_options();
  std::atomic<int> questions{0};
  options.liveness = std::make_shared<Liveness>(400ms, [&] { ++questions; });
  const auto connection = ServerConnection::open(options, watchdog, soon());
  server.freeze();
  MysqlError error{0, "", ""};
  const auto took = time_of(
      [&] { error = error_of([&] { connection->run("SELECT 1", base::Deadline::never()); }); });
  server.thaw();
  EXPECT_EQ(error.ended(), Ended::kSilentServer) << error.what();
  EXPECT_EQ(error.state(), base::SqlState::k08S01);
  EXPECT_GE(took, 400ms);
  EXPECT_LT(took, test_support::kSlowness * 1400ms);
  EXPECT_GE(questions, 1);
}

TEST_P(Failure, IsNotALongQueryOnAServerThatAnswersProbes) {
  ConnectOptions options = server.connect_options();
  std::shared_ptr<Liveness> liveness;
  liveness = std::make_shared<Liveness>(
      200ms, [&] { liveness->answered(std::chrono::steady_clock::now()); });
  options.liveness = liveness;
  const auto connection = ServerConnection::open(options, watchdog, soon());
  EXPECT_EQ(scalar(*connection, "SELECT SLEEP(0.8)"), "0");
  options.liveness.reset();
}

TEST_P(Failure, IsNotAnApplicationThatReadsSlowly) {
  ConnectOptions options = server.connect_options();
  options.liveness = std::make_shared<Liveness>(50ms, [] {});
  const auto connection = ServerConnection::open(options, watchdog, soon());
  const auto reply = connection->query("SELECT 1 UNION SELECT 2", soon());
  std::this_thread::sleep_for(200ms);  // the application's own time is what is tested
  EXPECT_EQ(all_rows(*reply).size(), 2u);
}

TEST_P(Failure, OfAQueryStoppedByTheServerKeepsTheLink) {
  const auto connection = open();
  const auto killer = open();
  std::jthread thread([&] {
    while (scalar(*killer,
                  "SELECT COUNT(*) FROM information_schema.PROCESSLIST "
                  "WHERE INFO LIKE '%COLLATIONS%' AND INFO NOT LIKE '%PROCESSLIST%'") != "1") {
    }
    killer->run("KILL QUERY " + std::to_string(connection->thread_id()), soon());
  });
  const MysqlError error = error_of([&] {
    connection->run(
        "SELECT COUNT(*) FROM information_schema.COLLATIONS a, information_schema.COLLATIONS b, "
        "information_schema.COLLATIONS c, information_schema.COLLATIONS d",
        soon());
  });
  thread.join();
  EXPECT_EQ(error.number(), 1317u);
  EXPECT_EQ(error.state(), base::SqlState::kHY008);
  EXPECT_EQ(error.loss(), LinkLoss::kNone);
  EXPECT_EQ(scalar(*connection, "SELECT 1"), "1");
}

TEST_P(Failure, OfALoginSaysWhy) {
  ConnectOptions options = server.connect_options();
  options.credentials.password = "secret-wrong";
  const MysqlError denied = error_of([&] { ServerConnection::open(options, watchdog, soon()); });
  EXPECT_EQ(denied.number(), 1045u);
  EXPECT_EQ(denied.state(), base::SqlState::k28000);
  EXPECT_EQ(std::string(denied.what()).find("secret"), std::string::npos);

  options = server.connect_options();
  options.database = "nowhere";
  const MysqlError unknown = error_of([&] { ServerConnection::open(options, watchdog, soon()); });
  EXPECT_EQ(unknown.number(), 1049u);
  EXPECT_EQ(unknown.state(), base::SqlState::k3D000);

  options = server.connect_options();
  options.server.host = "no-such-host.invalid";
  const MysqlError lost = error_of([&] { ServerConnection::open(options, watchdog, soon()); });
  EXPECT_EQ(lost.number(), 2005u);
  EXPECT_EQ(lost.state(), base::SqlState::k08001);
  EXPECT_NE(std::string(lost.what()).find("no-such-host.invalid"), std::string::npos);
}

TEST_P(FailureOfItsOwnServer, OfAFullServerIsTheServersOwnWordWithAndWithoutTls) {
  const auto admin = open();
  admin->run("SET GLOBAL max_connections = 10", soon());
  std::vector<std::unique_ptr<ServerConnection>> crowd;
  while (crowd.size() < 10) crowd.push_back(open());  // and one is for administrators
  ConnectOptions options = server.connect_options();
  for (const TlsMode mode : {TlsMode::kDisabled, TlsMode::kPreferred}) {
    options.credentials.tls.mode = mode;
    const MysqlError full = error_of([&] { ServerConnection::open(options, watchdog, soon()); });
    EXPECT_EQ(full.number(), 1040u) << full.what();
    EXPECT_EQ(full.state(), base::SqlState::k08004);
    EXPECT_NE(std::string(full.what()).find("Too many connections"), std::string::npos);
  }
}

TEST_P(FailureOfItsOwnServer, OfAShutDownServerIsFoundBeforeSending) {
  const auto connection = open();
  server.shut_down();
  while (connection->looks_alive()) std::this_thread::yield();
  const MysqlError error = error_of([&] { connection->run("SELECT 1", soon()); });
  EXPECT_EQ(error.loss(), LinkLoss::kBeforeSend);
  EXPECT_EQ(error.state(), base::SqlState::k08S01);
}

TEST_P(FailureOfItsOwnServer, OfAReadOnlyServerIsToldApart) {
  const auto connection = open();
  const auto plain = [&] {
    ConnectOptions options = server.connect_options();
    options.credentials.user = "reader";
    return ServerConnection::open(options, watchdog, soon());
  };
  connection->run("GRANT ALL ON test.* TO 'reader'@'%' IDENTIFIED BY 'apppw'", soon());
  connection->run("CREATE TABLE ro (a INT)", soon());
  connection->run("SET GLOBAL read_only=1", soon());
  const MysqlError error = error_of([&] { plain()->run("INSERT INTO ro VALUES (1)", soon()); });
  EXPECT_EQ(error.number(), 1290u) << error.what();
  EXPECT_TRUE(traits_of(error.number(), error.what(), "HY000").read_only_server);
  EXPECT_EQ(error.loss(), LinkLoss::kNone);
}

INSTANTIATE_TEST_SUITE_P(On, FailureOfItsOwnServer, testing::ValuesIn(test_support::server_kinds()),
                         kind_name);
INSTANTIATE_TEST_SUITE_P(On, Failure, testing::ValuesIn(test_support::server_kinds()), kind_name);

}  // namespace
}  // namespace fabric::mysql
