#include "pool/prober.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/pool/pool_world.h"
#include "tests/support/fault_proxy.h"

namespace {

using fabric::base::Deadline;
using fabric::mysql::Ended;
using fabric::mysql::MysqlError;
using pool::Lease;
using pool::Prober;
using test_support::eventually;
using test_support::FakeServer;
using namespace std::chrono_literals;

class ProberTest : public testing::Test {
 protected:
  ProberTest() { test_support::answer_settings(server); }

  std::shared_ptr<Prober> prober() { return prober(server.endpoint()); }
  std::shared_ptr<Prober> prober(const fabric::base::Endpoint& endpoint) {
    fabric::mysql::ConnectOptions options;
    options.server = endpoint;
    options.credentials = test_support::credentials_of("app");
    return Prober::make(options, 300ms, world.surroundings);
  }

  FakeServer server;
  test_support::World<test_support::FakeClock> world;
};

TEST_F(ProberTest, KeepsItsConnectionBetweenQuestionsAndClosesItWhenIdle) {
  const auto probe = prober();
  probe->ask();
  ASSERT_TRUE(eventually([&] { return probe->connected(); }));
  probe->ask();
  EXPECT_TRUE(server.wait_until([](const auto& counts) { return counts.pings == 1; }));
  EXPECT_EQ(server.counts().logins, 1u);
  ASSERT_TRUE(eventually([&] { return probe->connected(); }));
  probe->sweep(world.clock.now() + 29s);
  EXPECT_TRUE(probe->connected());
  probe->sweep(world.clock.now() + 30s);
  EXPECT_FALSE(probe->connected());
  EXPECT_TRUE(server.wait_until([](const auto& counts) { return counts.open == 0; }));
}

TEST_F(ProberTest, OpensAnotherConnectionWhenItsOwnHasBroken) {
  const auto probe = prober();
  probe->ask();
  ASSERT_TRUE(eventually([&] { return probe->connected(); }));
  server.drop_connections();
  probe->ask();
  EXPECT_TRUE(server.wait_until([](const auto& counts) { return counts.logins == 2; }));
}

TEST_F(ProberTest, LeavesNoFreedConnectionToAForkedChild) {
  test_support::FaultProxy network(server.endpoint());
  const auto probe = prober(network.endpoint());
  probe->ask();
  ASSERT_TRUE(eventually([&] { return probe->connected(); }));
  network.cut();
  test_support::FaultProxy::Faults no_answers;
  no_answers.to_client.hold = true;
  network.set(no_answers);
  probe->ask();
  ASSERT_TRUE(eventually([&] { return network.accepted() == 2; })) << "it opens another";
  probe->lock_for_fork();
  EXPECT_EXIT(
      {
        probe->abandon_after_fork();
        _exit(0);
      },
      testing::ExitedWithCode(0), "");
  probe->unlock_after_fork();
}

TEST_F(ProberTest, CountsARefusalAsAnAnswer) {
  server.refuse_logins(1040, "08004", "Too many connections");
  const auto probe = prober();
  const auto started = world.clock.now();
  probe->ask();
  // Without the answer the server would count as silent at this point.
  EXPECT_TRUE(eventually(
      [&] { return probe->liveness()->review(started - 1s, started + 1ms).has_value(); }));
}

TEST_F(ProberTest, LetsALongQueryGoOnWhereTheServerAnswersProbes) {
  server.on_query([this](std::string_view sql) {
    if (sql != "SELECT SLEEP(1)") return FakeServer::rows({"x"}, {{"28800"}});
    server.wait_until([](const auto& counts) { return counts.pings >= 3; });
    return FakeServer::ok();
  });
  const auto pool = world.pool(server.endpoint(), {.detection_time = 300ms});
  Lease lease = pool->borrow(world.loan());
  EXPECT_NO_THROW(lease.connection().run("SELECT SLEEP(1)", Deadline::never()));
  EXPECT_EQ(pool->stats().leased, 1u);
}

TEST_F(ProberTest, EndsAQueryOnAServerThatAnswersNoProbe) {
  const auto pool = world.pool(server.endpoint(), {.detection_time = 300ms});
  Lease lease = pool->borrow(world.loan());
  server.freeze();
  try {
    lease.connection().run("SELECT 1", Deadline::never());
    FAIL() << "a frozen server answered";
  } catch (const MysqlError& error) {
    EXPECT_EQ(error.ended(), Ended::kSilentServer);
  }
  server.thaw();
}

TEST_F(ProberTest, KeepsTheShorterDetectionTimeOfTwoThatShareAPool) {
  const auto pool = world.pool(server.endpoint(), {.detection_time = 60s});
  pool->widen({.detection_time = 300ms});
  Lease lease = pool->borrow(world.loan());
  server.freeze();
  try {
    lease.connection().run("SELECT 1", Deadline::after(world.real, 5s));
    FAIL() << "a frozen server answered";
  } catch (const MysqlError& error) {
    EXPECT_EQ(error.ended(), Ended::kSilentServer);
  }
  server.thaw();
}

}  // namespace
