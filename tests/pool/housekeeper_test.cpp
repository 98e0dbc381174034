#include "pool/housekeeper.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/pool/pool_world.h"

namespace {

using fabric::RequestMode;
using pool::Lease;
using pool::PoolOptions;
using pool::ServerPool;
using test_support::eventually;
using test_support::FakeServer;
using namespace std::chrono_literals;

class HousekeeperTest : public testing::Test {
 protected:
  HousekeeperTest() { test_support::answer_settings(server); }

  std::shared_ptr<ServerPool> pool_with_idle(std::size_t idle, const PoolOptions& options) {
    auto pool = world.pool(server.endpoint(), options);
    std::vector<Lease> leases;
    for (std::size_t i = 0; i < idle; ++i) leases.push_back(pool->borrow(world.loan()));
    return pool;
  }
  void sweep(ServerPool& pool) {
    pool::Housekeeper(pool, *world.surroundings.suspects, world.clock).sweep();
  }
  void have_wait_timeout(const std::string& seconds) {
    server.on_query([seconds](std::string_view sql) {
      return sql == "SELECT @@wait_timeout" ? FakeServer::rows({"@@wait_timeout"}, {{seconds}})
                                            : FakeServer::ok();
    });
  }
  bool open_at_server(std::size_t count) {
    return server.wait_until([count](const auto& counts) { return counts.open == count; });
  }

  FakeServer server;
  test_support::World<test_support::FakeClock> world;
};

TEST_F(HousekeeperTest, ClosesIdleConnectionsPastIdleTimeout) {
  const auto pool = pool_with_idle(1, {.idle_timeout = 30s});
  world.clock.advance(29s);
  sweep(*pool);
  EXPECT_EQ(pool->stats().idle, 1u);
  world.clock.advance(2s);
  sweep(*pool);
  EXPECT_EQ(pool->stats().idle, 0u);
  EXPECT_TRUE(open_at_server(0));
  EXPECT_EQ(pool->stats().closed_for(pool::CloseReason::kIdle), 1u);
}

TEST_F(HousekeeperTest, KeepsToTheShorterTimesOfTwoDataSources) {
  const auto pool = pool_with_idle(1, {.idle_timeout = 1h, .validate_after = 1h});
  pool->widen({.idle_timeout = 0s, .validate_after = 1h});
  pool->widen({.idle_timeout = 30s, .validate_after = 5s});
  world.clock.advance(6s);
  const auto pings = server.counts().pings;
  pool->borrow(world.loan());
  EXPECT_EQ(server.counts().pings, pings + 1);
  world.clock.advance(31s);
  sweep(*pool);
  EXPECT_EQ(pool->stats().idle, 0u);
}

TEST_F(HousekeeperTest, EndsLivesByTheShorterLimitOfTwoDataSources) {
  const auto pool = world.pool(server.endpoint(), {.max_lifetime = 0s});
  pool->widen({.max_lifetime = 100s});
  pool->borrow(world.loan());
  world.clock.advance(101s);
  sweep(*pool);
  EXPECT_EQ(pool->stats().closed_for(pool::CloseReason::kLifetime), 1u);
}

TEST_F(HousekeeperTest, KeepsTheMinimumIdle) {
  const auto pool = pool_with_idle(3, {.min_idle = 2, .idle_timeout = 30s});
  world.clock.advance(31s);
  sweep(*pool);
  EXPECT_EQ(pool->stats().idle, 2u);
}

TEST_F(HousekeeperTest, OpensUpToTheMinimumIdleOnceThePoolIsUsed) {
  const auto pool = world.pool(server.endpoint(), {.min_idle = 3});
  sweep(*pool);
  EXPECT_EQ(pool->stats().connecting, 0u);
  const Lease lease = pool->borrow(world.loan());
  sweep(*pool);
  EXPECT_TRUE(eventually([&] { return pool->stats().idle == 3; }));
  EXPECT_EQ(server.counts().logins, 4u);
}

TEST_F(HousekeeperTest, OpensNothingAheadForARetiredServer) {
  const auto pool = pool_with_idle(1, {.min_idle = 2});
  pool->retire_all();
  sweep(*pool);
  EXPECT_EQ(pool->stats().connecting, 0u);
  EXPECT_TRUE(open_at_server(0));
}

TEST_F(HousekeeperTest, PausesAfterAConnectAheadOfNeedHasFailed) {
  const auto pool = pool_with_idle(1, {.min_idle = 2});
  server.kill();
  sweep(*pool);
  ASSERT_TRUE(eventually([&] { return pool->stats().connect_failures == 1; }));
  sweep(*pool);
  EXPECT_EQ(pool->stats().connecting, 0u);
  world.clock.advance(1s);
  sweep(*pool);
  EXPECT_TRUE(eventually([&] { return pool->stats().connect_failures >= 2; }));
}

TEST_F(HousekeeperTest, EndsALifeWithinTheLastTenthOfItsLimit) {
  const auto pool = pool_with_idle(4, {.idle_timeout = 0s, .max_lifetime = 100s});
  world.clock.advance(89s);
  sweep(*pool);
  EXPECT_EQ(pool->stats().idle, 4u);
  world.clock.advance(11s);
  sweep(*pool);
  EXPECT_EQ(pool->stats().idle, 0u);
  EXPECT_EQ(pool->stats().closed_for(pool::CloseReason::kLifetime), 4u);
}

TEST_F(HousekeeperTest, EndsTheLifeOfALeasedConnectionOnItsReturn) {
  const auto pool = world.pool(server.endpoint(), {.max_lifetime = 100s});
  Lease lease = pool->borrow(world.loan());
  world.clock.advance(101s);
  sweep(*pool);
  EXPECT_EQ(pool->stats().leased, 1u);
  lease = Lease();
  EXPECT_TRUE(open_at_server(0));
  EXPECT_EQ(pool->stats().closed_for(pool::CloseReason::kLifetime), 1u);
}

TEST_F(HousekeeperTest, StaysBelowTheServersWaitTimeout) {
  have_wait_timeout("60");
  const auto pool = pool_with_idle(1, {.min_idle = 1, .keepalive = 0s});
  world.clock.advance(44s);
  sweep(*pool);
  EXPECT_EQ(pool->stats().closed_for(pool::CloseReason::kIdle), 0u);
  world.clock.advance(1s);
  sweep(*pool);
  EXPECT_EQ(pool->stats().closed_for(pool::CloseReason::kIdle), 1u);
}

TEST_F(HousekeeperTest, TakesNoWaitTimeoutPastAYearForTrue) {
  have_wait_timeout("12012122024");  // more nanoseconds than there are numbers
  const auto pool = pool_with_idle(1, {.min_idle = 1, .keepalive = 0s});
  world.clock.advance(44s);
  sweep(*pool);
  EXPECT_EQ(pool->stats().closed_for(pool::CloseReason::kIdle), 0u);
}

TEST_F(HousekeeperTest, KeepsAliveWhatTheMinimumKeepsBelowTheServersWaitTimeout) {
  have_wait_timeout("60");
  const auto pool = pool_with_idle(3, {.min_idle = 2});
  for (std::size_t round = 1; round <= 3; ++round) {
    world.clock.advance(31s);
    sweep(*pool);  // half of them at a time
    EXPECT_TRUE(eventually([&] { return pool->stats().resetting == 0; }));
    sweep(*pool);
    EXPECT_TRUE(eventually([&] { return pool->stats().keepalives >= 2 * round; }));
    EXPECT_TRUE(eventually([&] { return pool->stats().resetting == 0; }));
  }
  EXPECT_EQ(pool->stats().idle, 2u);
  EXPECT_EQ(pool->stats().closed_for(pool::CloseReason::kIdle), 1u) << "the surplus one";
  EXPECT_EQ(server.counts().logins, 3u) << "none was opened anew";
}

TEST_F(HousekeeperTest, ClosesASurplusConnectionThoughItWasKeptAlive) {
  const auto pool = pool_with_idle(1, {.idle_timeout = 5min, .keepalive = 2min});
  for (std::uint64_t pings = 1; pings <= 2; ++pings) {
    world.clock.advance(2min);
    sweep(*pool);
    EXPECT_TRUE(eventually([&] { return pool->stats().idle == 1; }));
    EXPECT_EQ(pool->stats().keepalives, pings);
  }
  world.clock.advance(1min);
  sweep(*pool);
  EXPECT_EQ(pool->stats().closed_for(pool::CloseReason::kIdle), 1u);
}

TEST_F(HousekeeperTest, LendsTheYoungestFirstThoughAnOlderWasKeptAlive) {
  const auto pool = world.pool(server.endpoint(), {.keepalive = 2min});
  Lease older = pool->borrow(world.loan());
  Lease younger = pool->borrow(world.loan());
  const auto thread = younger.connection().thread_id();
  older = Lease();
  world.clock.advance(119s);
  younger = Lease();
  world.clock.advance(1s);
  sweep(*pool);
  EXPECT_TRUE(eventually([&] { return pool->stats().idle == 2; }));
  EXPECT_EQ(pool->stats().keepalives, 1u);
  EXPECT_EQ(pool->borrow(world.loan()).connection().thread_id(), thread);
}

TEST_F(HousekeeperTest, NeverKeepsAliveWhenItIsNotWanted) {
  const auto pool = pool_with_idle(1, {.idle_timeout = 1h, .keepalive = 0s});
  world.clock.advance(30min - 1s);
  sweep(*pool);
  EXPECT_EQ(pool->stats().keepalives + pool->stats().resetting, 0u);
}

TEST_F(HousekeeperTest, WarnsOnceOfALeaseHeldForLong) {
  const std::string log =
      std::filesystem::temp_directory_path() / ("fabric-odbc-leak-" + std::to_string(getpid()));
  ASSERT_TRUE(world.log.add(log, fabric::base::LogLevel::kInfo));
  const auto pool = world.pool(server.endpoint());
  auto loan = world.loan();
  loan.holder = std::make_shared<const std::string>("session 7 of DSN shop");
  loan.leak_warn = 1min;
  Lease held = pool->borrow(loan);
  const Lease other = pool->borrow(world.loan());
  world.clock.advance(59s);
  sweep(*pool);
  EXPECT_EQ(pool->stats().leaks, 0u);
  for (int i = 0; i < 2; ++i) {
    world.clock.advance(1s);
    sweep(*pool);
    EXPECT_EQ(pool->stats().leaks, 1u) << "a warning for each lease";
  }
  held = Lease();
  world.log.end();
  std::stringstream text;
  text << std::ifstream(log).rdbuf();
  std::filesystem::remove(log);
  const std::string lines = text.str();
  EXPECT_NE(lines.find("has been held for 60 s by session 7 of DSN shop, longer than its "
                       "POOL_LEAK_WARN"),
            std::string::npos)
      << lines;
  EXPECT_NE(lines.find("came back after 61 s from session 7 of DSN shop"), std::string::npos)
      << lines;
  EXPECT_EQ(lines.find("somebody"), std::string::npos) << lines;
}

TEST_F(HousekeeperTest, ValidatesWhatIdledForLongBeforeTheNextLoan) {
  const auto pool = pool_with_idle(1, {.validate_after = 500ms});
  world.clock.advance(499ms);
  pool->borrow(world.loan());
  EXPECT_EQ(server.counts().pings, 0u);
  world.clock.advance(500ms);
  pool->borrow(world.loan());
  EXPECT_EQ(server.counts().pings, 1u);
  EXPECT_EQ(pool->stats().pings, 1u);
}

TEST_F(HousekeeperTest, ReplacesWhatDiedWhileIdleWithoutTellingTheBorrower) {
  const auto pool = pool_with_idle(3, {});
  server.drop_connections();
  world.clock.advance(1s);
  bool met_dead = false;
  auto request = world.loan();
  request.met_dead = &met_dead;
  const Lease lease = pool->borrow(request);
  EXPECT_FALSE(lease.connection().broken());
  EXPECT_TRUE(met_dead);
  EXPECT_EQ(pool->stats().closed_for(pool::CloseReason::kBroken), 3u);
}

TEST_F(HousekeeperTest, AsksASuspectServerWhoseTimeHasCome) {
  const auto pool = pool_with_idle(0, {});
  { const Lease lease = pool->borrow(world.loan()); }
  auto& suspects = *world.surroundings.suspects;
  suspects.mark(server.endpoint(), pool::Doubt::kUnreachable);
  sweep(*pool);
  EXPECT_EQ(pool->stats().connecting, 0u);
  world.clock.advance(50ms);
  sweep(*pool);
  EXPECT_TRUE(eventually(
      [&] { return !suspects.standing(server.endpoint(), RequestMode::kReadWrite).suspect; }));
}

TEST_F(HousekeeperTest, LeavesAPoolEmptyThatNobodyUses) {
  const auto pool = pool_with_idle(1, {.idle_timeout = 30s});
  world.clock.advance(11min);
  EXPECT_FALSE(pool->empty());
  sweep(*pool);
  EXPECT_TRUE(eventually([&] { return pool->empty(); }));
}

}  // namespace
