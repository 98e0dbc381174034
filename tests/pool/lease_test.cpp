#include "pool/lease.h"

#include <gtest/gtest.h>

#include "tests/pool/pool_world.h"

namespace {

using pool::Lease;
using pool::Residue;
using test_support::FakeServer;

class LeaseTest : public testing::Test {
 protected:
  LeaseTest() { test_support::answer_settings(server); }
  FakeServer server;
  test_support::World<fabric::base::SystemClock> world;
};

TEST_F(LeaseTest, GivesItselfBackOnce) {
  const auto pool = world.pool(server.endpoint());
  Lease lease = pool->borrow(world.loan());
  Lease moved = std::move(lease);
  EXPECT_EQ(pool->stats().leased, 1u);
  moved = Lease();
  EXPECT_EQ(pool->stats().leased, 0u);
  EXPECT_EQ(pool->stats().idle, 1u);
}

TEST_F(LeaseTest, GivesItselfBackWhenAnExceptionPasses) {
  const auto pool = world.pool(server.endpoint());
  try {
    const Lease lease = pool->borrow(world.loan());
    throw std::runtime_error("the caller's own");
  } catch (const std::runtime_error&) {
    EXPECT_EQ(pool->stats().leased, 0u);
  }
}

TEST_F(LeaseTest, KeepsItsPoolAlive) {
  auto pool = world.pool(server.endpoint());
  Lease lease = pool->borrow(world.loan());
  const std::weak_ptr<pool::ServerPool> watched = pool;
  pool.reset();
  EXPECT_FALSE(watched.expired());
  lease.connection().ping(world.in(test_support::kPatience));
  lease = Lease();
  EXPECT_TRUE(test_support::eventually([&] { return watched.expired(); }));
}

TEST_F(LeaseTest, RemembersTheWorstThatWasLeftBehind) {
  const auto pool = world.pool(server.endpoint());
  {
    Lease lease = pool->borrow(world.loan());
    lease.left_behind(Residue::kLasting);
    lease.left_behind(Residue::kSession);
  }
  { const Lease next = pool->borrow(world.loan()); }
  EXPECT_EQ(server.counts().logins, 2u);
  { const Lease clean = pool->borrow(world.loan()); }
  EXPECT_EQ(server.counts().logins, 2u);
}

TEST_F(LeaseTest, MayOutliveThePoolsThreads) {
  const auto pool = world.pool(server.endpoint());
  Lease lease = pool->borrow(world.loan());
  lease.left_behind(Residue::kSession);
  world.surroundings.connectors->stop();
  lease = Lease();  // nobody is left to reset it: closed on this thread
  EXPECT_TRUE(server.wait_until([](const auto& counts) { return counts.open == 0; }));
  EXPECT_EQ(pool->stats().resetting, 0u);
  EXPECT_THROW(pool->borrow(world.loan()), fabric::base::Error);
}

}  // namespace
