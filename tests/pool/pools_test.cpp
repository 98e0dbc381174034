#include "pool/pools.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "pool/server_pool.h"
#include "tests/pool/pool_world.h"

namespace {

using pool::Lease;
using pool::Pools;
using pool::Residue;
using test_support::credentials_of;
using test_support::FakeServer;

class PoolsTest : public testing::Test {
 protected:
  PoolsTest() { test_support::answer_settings(server); }

  pool::LoanRequest loan() const {
    return {.deadline = fabric::base::Deadline::after(clock, test_support::kPatience)};
  }

  FakeServer server;
  fabric::base::SystemClock clock;
  fabric::mysql::Watchdog watchdog{clock};
  fabric::base::Log log;
  Pools pools{clock, watchdog, log};
};

TEST_F(PoolsTest, HaveOnePoolForAServerAndCredentials) {
  const auto pool = pools.of(server.endpoint(), credentials_of("app"), {});
  EXPECT_EQ(pools.of(server.endpoint(), credentials_of("app"), {}), pool);
  EXPECT_NE(pools.of(server.endpoint(), credentials_of("other"), {}), pool);
  EXPECT_NE(pools.of(server.endpoint(), credentials_of("app"), {.pooling = false}), pool);
  auto elsewhere = server.endpoint();
  elsewhere.host = "localhost";
  EXPECT_NE(pools.of(elsewhere, credentials_of("app"), {}), pool);
}

TEST_F(PoolsTest, SayWhenLimitsDiffer) {
  bool differs = true;
  pools.of(server.endpoint(), credentials_of("app"), {.max_size = 4}, &differs);
  EXPECT_FALSE(differs);
  pools.of(server.endpoint(), credentials_of("app"), {.max_size = 4}, &differs);
  EXPECT_FALSE(differs);
  pools.of(server.endpoint(), credentials_of("app"), {.max_size = 8}, &differs);
  EXPECT_TRUE(differs);
}

TEST_F(PoolsTest, SumTheirStatistics) {
  const Lease one = pools.of(server.endpoint(), credentials_of("app"), {})->borrow(loan());
  const Lease two = pools.of(server.endpoint(), credentials_of("other"), {})->borrow(loan());
  EXPECT_EQ(pools.stats().leased, 2u);
  EXPECT_EQ(pools.stats().borrows, 2u);
}

TEST_F(PoolsTest, RetireAServerForAllCredentials) {
  const Lease one = pools.of(server.endpoint(), credentials_of("app"), {})->borrow(loan());
  const Lease two = pools.of(server.endpoint(), credentials_of("other"), {})->borrow(loan());
  pools.retire(server.endpoint());
  EXPECT_FALSE(one.current());
  EXPECT_FALSE(two.current());
}

TEST_F(PoolsTest, LetAForkedChildDropItsSocketsWithoutAWord) {
  const auto pool = pools.of(server.endpoint(), credentials_of("app"), {});
  Lease leased = pool->borrow(loan());
  { const Lease idle = pool->borrow(loan()); }
  const int inherited = leased.connection().socket();
  pools.lock_for_fork();
  const pid_t child = fork();
  if (child == 0) {
    pools.abandon_after_fork();
    leased.abandon();
    _exit(write(inherited, "x", 1) == -1 && errno == EBADF && !leased ? 0 : 1);
  }
  pools.unlock_after_fork();
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  leased.connection().ping(loan().deadline);  // the parent's session is untouched
  EXPECT_EQ(server.counts().quits, 0u);
  EXPECT_EQ(server.counts().open, 2u);
}

TEST_F(PoolsTest, MayBeForkedWhileTheirThreadsWork) {
  const auto pool = pools.of(server.endpoint(), credentials_of("app"), {.max_size = 2});
  std::atomic<bool> stop = false;
  std::vector<std::jthread> borrowers;
  for (int i = 0; i < 4; ++i) {
    borrowers.emplace_back([&] {
      while (!stop) pool->borrow(loan()).left_behind(Residue::kSession);
    });
  }
  for (int i = 0; i < 20; ++i) {
    pools.lock_for_fork();
    const pid_t child = fork();
    if (child == 0) {
      pools.abandon_after_fork();
      _exit(0);
    }
    pools.unlock_after_fork();
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  stop = true;
}

TEST(Pools, FailWhoStillWaitsForAConnectWhenTheyEnd) {
  FakeServer server;
  server.freeze();
  const fabric::base::SystemClock clock;
  fabric::mysql::Watchdog watchdog(clock);
  fabric::base::Log log;
  auto pools = std::make_unique<Pools>(clock, watchdog, log);
  const auto pool = pools->of(server.endpoint(), credentials_of("app"), {});
  std::vector<std::jthread> borrowers;
  std::atomic<int> told = 0;
  for (int i = 0; i < 8; ++i) {
    borrowers.emplace_back([&] {
      try {
        const Lease lease = pool->borrow({});
      } catch (const fabric::base::Error&) {
        ++told;
      }
    });
  }
  ASSERT_TRUE(test_support::eventually([&] { return pool->stats().waiting == 8; }));
  std::jthread ending([&] { pools.reset(); });
  server.kill();  // the connects in flight end; those that never began are refused
  ending.join();
  borrowers.clear();
  EXPECT_EQ(told, 8);
}

TEST(Pools, EndTheirThreadsAtOnceWhenNothingIsInFlight) {
  FakeServer server;
  test_support::answer_settings(server);
  const fabric::base::SystemClock clock;
  fabric::mysql::Watchdog watchdog(clock);
  const auto began = clock.now();
  {
    fabric::base::Log log;
    Pools pools(clock, watchdog, log);
    pools.of(server.endpoint(), credentials_of("app"), {})->borrow({});
  }
  EXPECT_LT(clock.now() - began, test_support::kPatience);
  EXPECT_TRUE(server.wait_until([](const auto& counts) { return counts.open == 0; }));
}

}  // namespace
