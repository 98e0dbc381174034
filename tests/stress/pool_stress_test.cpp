// A ServerPool and a GroupPool under many threads, on real servers.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <limits>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include "pool/group_pool.h"
#include "pool/pools.h"
#include "pool/server_pool.h"
#include "pool/suspects.h"
#include "tests/pool/pool_world.h"
#include "tests/support/scripted_source.h"
#include "tests/support/slowness.h"
#include "tests/support/test_server.h"

namespace {

using fabric::ServerStatus;
using fabric::base::Deadline;
using fabric::mysql::Row;
using fabric::mysql::ServerConnection;
using pool::Lease;
using pool::Residue;
using test_support::eventually;
using test_support::kSlowness;
using test_support::ServerKind;
using test_support::TestServer;
using namespace std::chrono_literals;

constexpr int kThreads = 64;
constexpr std::size_t kConnections = 4;

std::string value_of(ServerConnection& connection, const std::string& sql) {
  const auto reply = connection.query(sql, Deadline::never());
  const Row* const row = reply->fetch(Deadline::never());
  std::string value;
  if (row != nullptr && !row->front().null()) {
    value.assign(reinterpret_cast<const char*>(row->front().data), row->front().size);
  }
  while (reply->fetch(Deadline::never()) != nullptr) continue;
  return value;
}

/// Counts, over and over, the sessions of user `user` that the server itself sees.
class SessionCount {
 public:
  SessionCount(const TestServer& server, fabric::mysql::Watchdog& watchdog,
               const std::string& user) {
    counting_ = std::jthread([this, &server, &watchdog, user](const std::stop_token& stop) {
      const auto connection =
          ServerConnection::open(server.connect_options(), watchdog, Deadline::never());
      // A server lists a session for a moment after it has closed its socket: what counts is what
      // stays for a while.
      constexpr auto kWindow = std::chrono::milliseconds(50);
      int least = std::numeric_limits<int>::max();
      auto end = std::chrono::steady_clock::now() + kWindow;
      while (!stop.stop_requested()) {
        const int now = std::stoi(value_of(
            *connection,
            "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER='" + user + "'"));
        ++looks_;
        least = std::min(least, now);
        if (std::chrono::steady_clock::now() < end) continue;
        most_ = std::max(most_.load(), least);
        least = std::numeric_limits<int>::max();
        end = std::chrono::steady_clock::now() + kWindow;
      }
    });
  }

  /// The most seen at once.
  int finish() {
    counting_.request_stop();
    counting_.join();
    EXPECT_GT(looks_, 0);
    return most_;
  }

 private:
  std::atomic<int> most_ = 0;
  std::atomic<int> looks_ = 0;
  std::jthread counting_;
};

class PoolStress : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    TestServer& server = TestServer::shared(ServerKind::kMariaDb);
    const fabric::base::SystemClock clock;
    fabric::mysql::Watchdog watchdog(clock);
    const auto admin =
        ServerConnection::open(server.connect_options(), watchdog, Deadline::never());
    admin->run("CREATE USER IF NOT EXISTS pooled@'%'", Deadline::never());
    admin->run("GRANT ALL ON *.* TO pooled@'%'", Deadline::never());
  }

  TestServer& server = TestServer::shared(ServerKind::kMariaDb);
  test_support::World<fabric::base::SystemClock> world;
};

TEST_F(PoolStress, SharesFewConnectionsAmongManyThreads) {
  const auto pool = world.pool(server.endpoint(), {.max_size = kConnections}, "pooled");
  SessionCount sessions(server, world.watchdog, "pooled");
  std::atomic<int> failures = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        std::minstd_rand random(static_cast<unsigned>(i) + 1);
        for (int round = 0; round < 40; ++round) {
          Lease lease = pool->borrow(world.loan(random() % 2 == 0 ? "test" : "mysql"));
          ServerConnection& connection = lease.connection();
          // What another session set must never be seen here.
          if (!value_of(connection, "SELECT @mine").empty()) ++failures;
          if (value_of(connection, "SELECT DATABASE()") != connection.database()) ++failures;
          if (random() % 2 == 0) {
            lease.left_behind(Residue::kSession);
            connection.run("SET @mine = " + std::to_string(i), Deadline::never());
          }
          if (random() % 16 == 0) connection.mark_broken();
        }
      });
    }
  }
  EXPECT_EQ(failures, 0);
  EXPECT_LE(sessions.finish(), static_cast<int>(kConnections));
  EXPECT_EQ(pool->stats().leased, 0u);
  EXPECT_EQ(pool->stats().waiting, 0u);
  EXPECT_EQ(pool->stats().timeouts, 0u);
}

TEST_F(PoolStress, LosesNobodyWhenRetiredInTheMiddle) {
  const auto pool = world.pool(server.endpoint(), {.max_size = kConnections}, "pooled");
  SessionCount sessions(server, world.watchdog, "pooled");
  std::atomic<int> served = 0;
  std::atomic<int> stale = 0;
  {
    std::jthread retiring([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const int before = served;
        eventually([&] { return served > before + 20 || stop.stop_requested(); });
        pool->retire_all();
      }
    });
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < 20;) {
          Lease lease = pool->borrow(world.loan());
          if (!lease) continue;  // recalled
          lease.connection().ping(Deadline::never());
          if (lease.connection().broken()) ++stale;
          lease.left_behind(round % 2 == 0 ? Residue::kSession : Residue::kNothing);
          ++served;
          ++round;
        }
      });
    }
    threads.clear();
  }
  EXPECT_EQ(served, kThreads * 20);
  EXPECT_EQ(stale, 0);
  EXPECT_GT(pool->stats().closed_for(pool::CloseReason::kRetired), 0u);
  EXPECT_LE(sessions.finish(), static_cast<int>(kConnections));
}

TEST_F(PoolStress, ServesWaitersInOrderOfArrivalWhileConnectionsAreReset) {
  const auto pool = world.pool(server.endpoint(), {.max_size = 1}, "pooled");
  Lease held = pool->borrow(world.loan());
  std::vector<int> order;  // written by the holder of the only connection
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      Lease lease = pool->borrow(world.loan());
      order.push_back(i);
      lease.left_behind(Residue::kSession);
    });
    ASSERT_TRUE(
        eventually([&] { return pool->stats().waiting == static_cast<std::size_t>(i) + 1; }));
  }
  held = Lease();
  threads.clear();
  EXPECT_EQ(order.size(), static_cast<std::size_t>(kThreads));
  EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST_F(PoolStress, CleansWhatASessionLeavesOnARealServer) {
  const auto pool = world.pool(server.endpoint(), {.max_size = 1}, "pooled");
  {
    Lease lease = pool->borrow(world.loan("test"));
    ServerConnection& connection = lease.connection();
    for (const char* sql : {"SET @left = 1", "SET autocommit = 0", "USE mysql",
                            "CREATE TEMPORARY TABLE test.left_behind (a INT)",
                            "SELECT GET_LOCK('left', 0)", "START TRANSACTION"}) {
      connection.run(sql, Deadline::never());
    }
    lease.left_behind(Residue::kSession);
  }
  Lease next = pool->borrow(world.loan("test"));
  ServerConnection& connection = next.connection();
  EXPECT_EQ(value_of(connection, "SELECT @left"), "");
  EXPECT_EQ(value_of(connection, "SELECT @@autocommit"), "1");
  EXPECT_EQ(value_of(connection, "SELECT DATABASE()"), "test");
  EXPECT_EQ(value_of(connection, "SELECT IS_FREE_LOCK('left')"), "1");
  EXPECT_EQ(value_of(connection, "SELECT @@character_set_client"), "utf8mb4");
  EXPECT_FALSE(connection.in_transaction());
  EXPECT_THROW(connection.run("SELECT * FROM test.left_behind", Deadline::never()),
               fabric::mysql::MysqlError);
  EXPECT_EQ(pool->stats().connects, 1u);
}

TEST_F(PoolStress, ThrowsAnUnknownDatabaseAndKeepsTheConnection) {
  const auto pool = world.pool(server.endpoint(), {.max_size = 1}, "pooled");
  try {
    pool->borrow(world.loan("no_such_database"));
    FAIL() << "used what is not there";
  } catch (const fabric::mysql::MysqlError& error) {
    EXPECT_EQ(error.number(), 1049u);
  }
  const Lease next = pool->borrow(world.loan("test"));
  EXPECT_EQ(pool->stats().connects, 1u);
}

TEST_F(PoolStress, RunsALongQueryPastTheDetectionTimeOnAServerThatAnswers) {
  const auto pool = world.pool(server.endpoint(), {.detection_time = 200ms}, "pooled");
  Lease lease = pool->borrow(world.loan());
  EXPECT_EQ(value_of(lease.connection(), "SELECT SLEEP(0.8)"), "0");
}

/// Two servers of one group; the test says which is the primary.
class GroupStress : public testing::Test {
 protected:
  std::vector<fabric::Server> servers(bool first_leads) {
    auto list = std::vector{test_support::a_server("a", "g1", ServerStatus::kPrimary),
                            test_support::a_server("b", "g1", ServerStatus::kSecondary)};
    list[0].endpoint = one.endpoint();
    list[1].endpoint = two.endpoint();
    if (!first_leads) {
      list[0].status = ServerStatus::kFaulty;
      list[1].status = ServerStatus::kPrimary;
      list[1].mode = fabric::ServerMode::kReadWrite;
    }
    return list;
  }
  pool::BorrowRequest write() { return {.deadline = Deadline::after(clock, 20s)}; }
  std::unique_ptr<pool::GroupPool> group(pool::PoolOptions options) {
    return std::make_unique<pool::GroupPool>(farm, "g1", pools, one.connect_options().credentials,
                                             options);
  }

  TestServer one{ServerKind::kMariaDb};
  TestServer two{ServerKind::kMariaDb};
  fabric::base::SystemClock clock;
  fabric::mysql::Watchdog watchdog{clock};
  fabric::base::Log log;
  pool::Pools pools{clock, watchdog, log};
  test_support::ScriptedNodes nodes;
  std::shared_ptr<fabric::Farm> farm =
      std::make_shared<fabric::Farm>(nodes.sources(), fabric::FarmOptions{}, clock);
};

TEST_F(GroupStress, MovesEveryThreadToTheNewPrimaryAfterAKill) {
  nodes.answer(test_support::a_farm(servers(true)));
  const auto group_pool = group({.max_size = kConnections});
  std::atomic<int> on_one = 0;
  std::atomic<int> on_two = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        try {
          pool::Borrowed borrowed = group_pool->borrow(write());
          try {
            borrowed.lease.connection().run("DO 1", Deadline::never());
            ++(borrowed.server.uuid == "a" ? on_one : on_two);
          } catch (const fabric::mysql::MysqlError& error) {
            group_pool->failed(borrowed.server, error);
          }
        } catch (const fabric::base::Error& error) {
          ADD_FAILURE() << error.what();
          return;
        }
      }
    });
  }
  ASSERT_TRUE(eventually([&] { return on_one > 200; }));
  one.kill();
  ASSERT_TRUE(eventually([&] {
    return pools.suspects().standing(one.endpoint(), fabric::RequestMode::kReadWrite).suspect;
  }));
  nodes.answer(test_support::a_farm(servers(false)));
  farm->refresh(Deadline::after(clock, 5s));
  const auto known = clock.now();
  ASSERT_TRUE(eventually([&] { return on_two > 0; }));
  const auto stall = std::chrono::duration_cast<std::chrono::milliseconds>(clock.now() - known);
  RecordProperty("first_write_after_topology_ms", static_cast<int>(stall.count()));
  ASSERT_TRUE(eventually([&] { return on_two > 200; }));
  for (auto& thread : threads) thread.request_stop();
  threads.clear();
}

TEST_F(GroupStress, LeavesAFrozenPrimaryWithinTheDetectionTime) {
  nodes.answer(test_support::a_farm(servers(true)));
  const auto group_pool = group({.validate_after = 0ms, .detection_time = 500ms});
  { const auto warm = group_pool->borrow(write()); }
  one.freeze();
  const auto frozen = clock.now();
  std::jthread borrower([&] { EXPECT_EQ(group_pool->borrow(write()).server.uuid, "b"); });
  EXPECT_TRUE(eventually([&] {
    return pools.suspects().standing(one.endpoint(), fabric::RequestMode::kReadWrite).suspect;
  }));
  EXPECT_LT(clock.now() - frozen, kSlowness * 1500ms);
  nodes.answer(test_support::a_farm(servers(false)));
  borrower.join();
  one.thaw();
}

}  // namespace
