#include "pool/server_pool.h"

#include <gtest/gtest.h>

#include <future>
#include <vector>

#include "tests/pool/pool_world.h"

namespace {

using fabric::base::Error;
using fabric::base::SqlState;
using fabric::mysql::MysqlError;
using pool::Lease;
using pool::PoolOptions;
using pool::Residue;
using pool::ServerPool;
using test_support::eventually;
using test_support::FakeServer;
using namespace std::chrono_literals;

class ServerPoolTest : public testing::Test {
 protected:
  ServerPoolTest() { test_support::answer_settings(server); }

  std::future<Lease> borrow_in_thread(const std::shared_ptr<ServerPool>& pool) {
    return std::async(std::launch::async, [this, pool] { return pool->borrow(world.loan()); });
  }

  pool::LoanRequest staying() const {
    pool::LoanRequest loan = world.loan("sales");
    loan.stays = true;
    return loan;
  }

  bool suspect() const {
    return world.surroundings.suspects->standing(server.endpoint(), fabric::RequestMode::kReadOnly)
        .suspect;
  }

  FakeServer server;
  test_support::World<fabric::base::SystemClock> world;
};

TEST_F(ServerPoolTest, LendsTheSameConnectionAgain) {
  const auto pool = world.pool(server.endpoint());
  const auto first = pool->borrow(world.loan()).connection().thread_id();
  EXPECT_EQ(pool->borrow(world.loan()).connection().thread_id(), first);
  EXPECT_EQ(server.counts().logins, 1u);
  EXPECT_EQ(server.counts().resets, 0u);
  EXPECT_EQ(pool->stats().idle, 1u);
  EXPECT_EQ(pool->stats().leased, 0u);
}

TEST_F(ServerPoolTest, TakesIdleConnectionsNewestFirst) {
  const auto pool = world.pool(server.endpoint());
  Lease older = pool->borrow(world.loan());
  Lease newer = pool->borrow(world.loan());
  const auto newest = newer.connection().thread_id();
  older = Lease();
  newer = Lease();
  EXPECT_EQ(pool->borrow(world.loan()).connection().thread_id(), newest);
}

TEST_F(ServerPoolTest, PrefersAnIdleConnectionThatHasTheDatabase) {
  const auto pool = world.pool(server.endpoint());
  Lease sales = pool->borrow(world.loan("sales"));
  Lease stock = pool->borrow(world.loan("stock"));
  const auto with_sales = sales.connection().thread_id();
  sales = Lease();
  stock = Lease();
  const Lease again = pool->borrow(world.loan("sales"));
  EXPECT_EQ(again.connection().thread_id(), with_sales);
  EXPECT_EQ(server.counts().init_dbs, 0u) << "both logged in to theirs";
}

TEST_F(ServerPoolTest, LogsInWithoutADatabaseThatIsRefused) {
  server.on_login([](std::string_view login) {
    return login.find("gone") == std::string_view::npos
               ? FakeServer::ok()
               : FakeServer::error(1049, "42000", "Unknown database 'gone'");
  });
  const auto pool = world.pool(server.endpoint());
  const Lease lease = pool->borrow(world.loan("gone"));
  EXPECT_EQ(server.counts().init_dbs, 1u) << "the answer to which is the borrower's";
  EXPECT_EQ(pool->stats().connect_failures, 0u);
}

TEST_F(ServerPoolTest, PutsTheDatabaseRightOnHandOver) {
  const auto pool = world.pool(server.endpoint());
  pool->borrow(world.loan("sales"));
  EXPECT_EQ(pool->borrow(world.loan("stock")).connection().database(), "stock");
  EXPECT_EQ(server.counts().logins, 1u);
}

TEST_F(ServerPoolTest, ShowsNoOtherSessionsDatabaseToOneThatWantsNone) {
  const auto pool = world.pool(server.endpoint());
  pool->borrow(world.loan("sales"));
  const Lease lease = pool->borrow(world.loan());
  EXPECT_EQ(lease.connection().database(), "");
  EXPECT_EQ(server.counts().change_users, 1u);
  EXPECT_EQ(server.counts().logins, 1u);
}

TEST_F(ServerPoolTest, ServesWaitersInOrderOfArrival) {
  const auto pool = world.pool(server.endpoint(), {.max_size = 1});
  Lease held = pool->borrow(world.loan());
  std::vector<std::future<void>> waiters;
  std::vector<int> order;  // only the holder of the one connection writes
  for (int i = 0; i < 8; ++i) {
    waiters.push_back(std::async(std::launch::async, [&, i] {
      const Lease lease = pool->borrow(world.loan());
      order.push_back(i);
    }));
    ASSERT_TRUE(eventually([&] { return pool->stats().waiting == static_cast<size_t>(i) + 1; }));
  }
  held = Lease();
  for (auto& waiter : waiters) waiter.get();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(server.counts().logins, 1u);
}

TEST_F(ServerPoolTest, SaysHyt01WithAWayOutWhenAllAreInUse) {
  const auto pool = world.pool(server.endpoint(), {.max_size = 1});
  const Lease held = pool->borrow(world.loan());
  try {
    pool->borrow({.pool_deadline = world.in(20ms)});
    FAIL() << "lent what was in use";
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), SqlState::kHYT01);
    const std::string text = error.what();
    EXPECT_NE(text.find(server.endpoint().text()), std::string::npos) << text;
    EXPECT_NE(text.find("of 1 (MAX_POOL_SIZE) 1 are in use"), std::string::npos) << text;
    EXPECT_NE(text.find("POOL_TIMEOUT"), std::string::npos) << text;
  }
  EXPECT_EQ(pool->stats().timeouts, 1u);
  EXPECT_EQ(pool->stats().waiting, 0u);
}

TEST_F(ServerPoolTest, GivesTheConnectOfACallerWhoGaveUpToTheNext) {
  server.freeze();
  const auto pool = world.pool(server.endpoint(), {.max_size = 1});
  try {
    pool->borrow({.deadline = world.in(20ms)});
    FAIL() << "a frozen server let somebody in";
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), SqlState::k08001);
  }
  auto next = borrow_in_thread(pool);
  ASSERT_TRUE(eventually([&] { return pool->stats().waiting == 1; }));
  server.thaw();
  EXPECT_TRUE(next.get());
  EXPECT_EQ(server.counts().connects, 1u);
}

TEST_F(ServerPoolTest, TellsTheWaiterOfAFailedConnectWhy) {
  server.kill();
  const auto pool = world.pool(server.endpoint());
  try {
    pool->borrow(world.loan());
    FAIL() << "connected to nobody";
  } catch (const MysqlError& error) {
    EXPECT_EQ(error.number(), 2002u) << error.what();
    EXPECT_EQ(error.state(), SqlState::k08001);
  }
  EXPECT_EQ(pool->stats().connect_failures, 1u);
  EXPECT_EQ(pool->stats().connecting, 0u);
  EXPECT_TRUE(suspect());
}

TEST_F(ServerPoolTest, FailsADeniedLoginAtOnceAndSuspectsNobody) {
  server.refuse_logins(1045, "28000", "Access denied for user 'app'");
  const auto pool = world.pool(server.endpoint());
  try {
    pool->borrow(world.loan());
    FAIL() << "let in";
  } catch (const MysqlError& error) {
    EXPECT_EQ(error.state(), SqlState::k28000);
  }
  EXPECT_EQ(server.counts().connects, 1u);
  EXPECT_FALSE(suspect());
}

TEST_F(ServerPoolTest, WaitsForALeasedConnectionWhenTheServerHasNoRoom) {
  const auto pool = world.pool(server.endpoint(), {.max_size = 4});
  Lease held = pool->borrow(world.loan());
  const auto id = held.connection().thread_id();
  server.refuse_logins(1040, "08004", "Too many connections");
  auto waiting = borrow_in_thread(pool);
  ASSERT_TRUE(eventually([&] { return pool->stats().connect_failures > 0; }));
  held = Lease();
  EXPECT_EQ(waiting.get().connection().thread_id(), id);
}

TEST_F(ServerPoolTest, AsksAgainWhetherThereIsRoom) {
  server.refuse_logins(1040, "08004", "Too many connections");
  const auto pool = world.pool(server.endpoint());
  auto waiting = borrow_in_thread(pool);
  ASSERT_TRUE(eventually([&] { return pool->stats().connect_failures >= 2; }));
  server.accept_logins();
  EXPECT_TRUE(waiting.get());
}

TEST_F(ServerPoolTest, SaysThatTheServerHadNoRoom) {
  server.refuse_logins(1040, "08004", "Too many connections");
  const auto pool = world.pool(server.endpoint());
  try {
    pool->borrow({.pool_deadline = world.in(100ms)});
    FAIL() << "let in";
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), SqlState::k08004);
    EXPECT_EQ(error.native(), 1040);
    EXPECT_NE(std::string(error.what()).find("Too many connections"), std::string::npos);
  }
}

TEST_F(ServerPoolTest, ResetsWhatALeaseLeftBehindBeforeTheNextLoan) {
  const auto pool = world.pool(server.endpoint(), {.max_size = 1});
  Lease lease = pool->borrow(world.loan("sales"));
  lease.left_behind(Residue::kSession);
  lease.left_behind(Residue::kNothing);
  lease = Lease();
  const Lease next = pool->borrow(world.loan("sales"));
  EXPECT_EQ(server.counts().resets, 1u);
  EXPECT_EQ(server.counts().logins, 1u);
  EXPECT_EQ(next.connection().database(), "sales");
  EXPECT_EQ(pool->stats().resets_by(pool::ResetKind::kReset), 1u);
}

TEST_F(ServerPoolTest, GivesBackWithoutWaitingForTheReset) {
  const auto pool = world.pool(server.endpoint(), {.max_size = 1});
  Lease lease = pool->borrow(world.loan());
  lease.left_behind(Residue::kSession);
  server.freeze();
  lease = Lease();  // returns although the server does not
  EXPECT_EQ(pool->stats().resetting, 1u);
  auto next = borrow_in_thread(pool);
  ASSERT_TRUE(eventually([&] { return pool->stats().waiting == 1; }));
  server.thaw();
  EXPECT_TRUE(next.get());
  EXPECT_EQ(server.counts().logins, 1u);
}

TEST_F(ServerPoolTest, ServesWhoAsksWhileAResetEnds) {
  const auto pool = world.pool(server.endpoint(), {.max_size = 1});
  for (int i = 0; i < 5000; ++i) pool->borrow(world.loan()).left_behind(Residue::kSession);
  EXPECT_EQ(pool->stats().timeouts, 0u);
  EXPECT_EQ(server.counts().logins, 1u);
}

TEST_F(ServerPoolTest, ClosesWhatNothingClears) {
  const auto pool = world.pool(server.endpoint());
  pool->borrow(world.loan()).left_behind(Residue::kLasting);
  const Lease next = pool->borrow(world.loan());
  EXPECT_EQ(server.counts().logins, 2u);
  EXPECT_EQ(server.counts().change_users + server.counts().resets, 0u);
}

TEST_F(ServerPoolTest, ReplacesAConnectionThatCameBackBroken) {
  const auto pool = world.pool(server.endpoint(), {.max_size = 1});
  pool->borrow(world.loan()).connection().mark_broken();
  EXPECT_FALSE(pool->borrow(world.loan()).connection().broken());
  EXPECT_EQ(server.counts().logins, 2u);
  EXPECT_EQ(pool->stats().closed_for(pool::CloseReason::kBroken), 1u);
}

TEST_F(ServerPoolTest, ClosesWhatComesBackWithoutPooling) {
  const auto pool = world.pool(server.endpoint(), {.pooling = false, .max_size = 1});
  Lease one = pool->borrow(world.loan());
  Lease two = pool->borrow(world.loan());  // no limit either
  one = Lease();
  two = Lease();
  EXPECT_TRUE(server.wait_until([](const auto& counts) { return counts.open == 0; }));
  EXPECT_EQ(pool->stats().idle, 0u);
}

TEST_F(ServerPoolTest, NeedsNoConnectorWithoutPoolingWhereNoOtherServerCanBeNamed) {
  world.surroundings.connectors->stop();
  const auto pool = world.pool(server.endpoint(), {.pooling = false});
  Lease lease = pool->borrow(staying());
  EXPECT_EQ(lease.connection().database(), "sales");
  EXPECT_TRUE(lease.current());
  lease = Lease();
  EXPECT_TRUE(server.wait_until([](const auto& counts) { return counts.open == 0; }));
  EXPECT_TRUE(pool->empty());
  EXPECT_EQ(pool->stats().connects, 1u);
  EXPECT_EQ(pool->stats().closed_for(pool::CloseReason::kUnpooled), 1u);
}

TEST_F(ServerPoolTest, BlamesNobodyForTheDeadlineOfItsOwnConnect) {
  const auto pool = world.pool(server.endpoint(), {.pooling = false});
  const Lease held = pool->borrow(staying());
  server.on_login([](std::string_view) { return FakeServer::silence(); });
  try {
    pool->borrow({.deadline = world.in(20ms), .stays = true});
    FAIL() << "a silent server let somebody in";
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), SqlState::k08001) << error.what();
    EXPECT_TRUE(
        std::string(error.what())
            .starts_with(server.endpoint().text() + " did not let a connection in within 0.02"))
        << error.what();
  }
  EXPECT_FALSE(suspect());
  EXPECT_EQ(pool->stats().timeouts, 1u);
  EXPECT_EQ(pool->stats().connecting, 0u);
}

TEST_F(ServerPoolTest, TellsWhyItsOwnConnectFailed) {
  server.kill();
  const auto pool = world.pool(server.endpoint(), {.pooling = false});
  EXPECT_THROW(pool->borrow(staying()), MysqlError);
  EXPECT_TRUE(suspect());
  EXPECT_EQ(pool->stats().connect_failures, 1u);
  EXPECT_TRUE(pool->empty());
}

TEST_F(ServerPoolTest, AsksAgainForRoomWithoutPooling) {
  const auto pool = world.pool(server.endpoint(), {.pooling = false});
  const Lease held = pool->borrow(staying());
  server.refuse_logins(1040, "08004", "Too many connections");
  auto waiting = std::async(std::launch::async, [this, pool] { return pool->borrow(staying()); });
  ASSERT_TRUE(eventually([&] { return pool->stats().connect_failures >= 2; }));
  server.accept_logins();
  EXPECT_TRUE(waiting.get());
  server.refuse_logins(1040, "08004", "Too many connections");
  try {
    pool->borrow({.pool_deadline = world.in(100ms), .stays = true});
    FAIL() << "let in";
  } catch (const Error& error) {
    EXPECT_EQ(error.native(), 1040) << error.what();
  }
}

TEST_F(ServerPoolTest, AsksAgainForRoomWhileAnotherOpensItsOwn) {
  std::atomic<bool> full = true;
  std::atomic<bool> other_came = false;
  server.on_login([&](std::string_view login) {
    if (login.find("sales") == login.npos) {
      other_came = true;
      return FakeServer::silence();
    }
    return full ? FakeServer::error(1040, "08004", "Too many connections") : FakeServer::ok();
  });
  const auto pool = world.pool(server.endpoint(), {.pooling = false});
  auto waiting = std::async(std::launch::async, [this, pool] { return pool->borrow(staying()); });
  ASSERT_TRUE(eventually([&] { return pool->stats().connect_failures >= 2; }));
  auto other = std::async(std::launch::async, [this, pool] {
    return pool->borrow({.deadline = world.in(20s), .stays = true});
  });
  ASSERT_TRUE(eventually([&] { return other_came && pool->stats().connecting == 1; }));
  full = false;
  EXPECT_EQ(waiting.wait_for(5s), std::future_status::ready);
  server.drop_connections();
  EXPECT_ANY_THROW(other.get());
  waiting.get();
}

TEST_F(ServerPoolTest, RetiresIdleConnectionsNowAndLeasedOnesOnReturn) {
  const auto pool = world.pool(server.endpoint());
  Lease leased = pool->borrow(world.loan());
  pool->borrow(world.loan());
  pool->retire_all();
  EXPECT_TRUE(server.wait_until([](const auto& counts) { return counts.open == 1; }));
  EXPECT_FALSE(leased.current());
  leased = Lease();
  EXPECT_TRUE(server.wait_until([](const auto& counts) { return counts.open == 0; }));
  const Lease fresh = pool->borrow(world.loan());
  EXPECT_TRUE(fresh.current());
  EXPECT_EQ(pool->stats().closed_for(pool::CloseReason::kRetired), 2u);
}

TEST_F(ServerPoolTest, RecallsWaitersWhenRetired) {
  const auto pool = world.pool(server.endpoint(), {.max_size = 1});
  const Lease held = pool->borrow(world.loan());
  auto waiting = borrow_in_thread(pool);
  ASSERT_TRUE(eventually([&] { return pool->stats().waiting == 1; }));
  pool->retire_all();
  EXPECT_FALSE(waiting.get());
}

TEST_F(ServerPoolTest, ClosesAConnectThatWasRetiredMeanwhile) {
  server.freeze();
  const auto pool = world.pool(server.endpoint(), {.max_size = 2});
  auto recalled = borrow_in_thread(pool);
  ASSERT_TRUE(server.wait_until([](const auto& counts) { return counts.connects == 1; }));
  pool->retire_all();
  EXPECT_FALSE(recalled.get());
  server.thaw();
  EXPECT_TRUE(
      eventually([&] { return pool->stats().closed_for(pool::CloseReason::kRetired) == 1; }));
  EXPECT_TRUE(pool->borrow(world.loan()).current());
}

TEST_F(ServerPoolTest, ChecksIdleConnectionsOfAServerInDoubt) {
  const auto pool = world.pool(server.endpoint());
  pool->borrow(world.loan());
  server.drop_connections();
  pool->doubt();
  EXPECT_TRUE(
      eventually([&] { return pool->stats().closed_for(pool::CloseReason::kBroken) == 1; }));
  EXPECT_TRUE(pool->borrow(world.loan()));
  EXPECT_EQ(server.counts().logins, 2u);
}

TEST_F(ServerPoolTest, KeepsTheLargerOfTwoLimits) {
  const auto pool = world.pool(server.endpoint(), {.max_size = 1});
  EXPECT_FALSE(pool->widen({.max_size = 1}));
  const Lease held = pool->borrow(world.loan());
  auto waiting = borrow_in_thread(pool);
  ASSERT_TRUE(eventually([&] { return pool->stats().waiting == 1; }));
  EXPECT_TRUE(pool->widen({.max_size = 2}));
  EXPECT_TRUE(waiting.get());
}

TEST_F(ServerPoolTest, CountsNoMorePlacesThanItsLimitUntilTheServerSawTheEnd) {
  const auto pool = world.pool(server.endpoint(), {.max_size = 1});
  for (int i = 0; i < 20; ++i) {
    Lease lease = pool->borrow(world.loan());
    EXPECT_EQ(server.counts().open, 1u);
    pool->retire_all();
  }
  EXPECT_EQ(server.counts().logins, 20u);
}

TEST_F(ServerPoolTest, ThrowsAnUnknownDatabaseAndKeepsTheConnection) {
  const auto pool = world.pool(server.endpoint());
  pool->borrow(world.loan());
  server.drop_connections();
  EXPECT_TRUE(pool->borrow(world.loan("sales")));
}

}  // namespace
