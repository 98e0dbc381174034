#include "pool/connectors.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <mutex>
#include <vector>

#include "tests/pool/pool_world.h"

namespace {

using fabric::base::Endpoint;
using pool::Connectors;
using pool::Lane;
using test_support::eventually;

const Endpoint kOne{"db1", 3306, ""};
const Endpoint kTwo{"db2", 3306, ""};

TEST(Connectors, HoldNoMoreThreadsForOneServerThanItsBound) {
  Connectors connectors;
  std::latch release(1);
  std::atomic<int> begun = 0;
  for (int i = 0; i < 10; ++i) {
    connectors.submit(Lane::kConnect, kOne, [&] {
      ++begun;
      release.wait();
    });
  }
  ASSERT_TRUE(eventually([&] { return begun == 4; }));
  std::atomic<bool> served = false;
  connectors.submit(Lane::kConnect, kTwo, [&] { served = true; });
  EXPECT_TRUE(eventually([&] { return served.load(); }));
  std::atomic<bool> cleaned = false;
  connectors.submit(Lane::kClean, kOne, [&] { cleaned = true; });
  EXPECT_TRUE(eventually([&] { return cleaned.load(); }));
  EXPECT_EQ(begun, 4);
  release.count_down();
  EXPECT_TRUE(eventually([&] { return begun == 10; }));
}

TEST(Connectors, HoldNoMoreThreadsInAllThanTheirBound) {
  Connectors connectors;
  std::latch release(1);
  std::atomic<int> begun = 0;
  for (std::uint16_t server = 0; server < 100; ++server) {
    connectors.submit(Lane::kConnect, {"db", server, ""}, [&] {
      ++begun;
      release.wait();
    });
  }
  const auto bound = Connectors::kLimits[static_cast<std::size_t>(Lane::kConnect)].with_first;
  ASSERT_TRUE(eventually([&] { return begun == static_cast<int>(bound); }));
  std::atomic<bool> probed = false;
  connectors.submit(Lane::kProbe, kOne, [&] { probed = true; });
  EXPECT_TRUE(eventually([&] { return probed.load(); }));
  EXPECT_EQ(begun, static_cast<int>(bound));
  release.count_down();
  EXPECT_TRUE(eventually([&] { return begun == 100; }));
}

TEST(Connectors, HaveAPlaceForAnotherServerHoweverManyHoldTheirs) {
  Connectors connectors;
  std::latch release(1);
  std::atomic<int> begun = 0;
  for (std::uint16_t server = 0; server < 8; ++server) {
    for (int i = 0; i < 4; ++i) {
      connectors.submit(Lane::kConnect, {"silent", server, ""}, [&] {
        ++begun;
        release.wait();
      });
    }
  }
  const auto total = Connectors::kLimits[static_cast<std::size_t>(Lane::kConnect)].total;
  ASSERT_TRUE(eventually([&] { return begun >= static_cast<int>(total); }));
  std::atomic<bool> served = false;
  connectors.submit(Lane::kConnect, kOne, [&] { served = true; });
  EXPECT_TRUE(eventually([&] { return served.load(); }));
  EXPECT_LT(begun, 32);
  release.count_down();
}

TEST(Connectors, RunTheJobsOfAServerInOrder) {
  Connectors connectors;
  std::vector<int> order;  // one probe of a server at a time
  std::atomic<int> done = 0;
  for (int i = 0; i < 20; ++i) {
    connectors.submit(Lane::kProbe, kOne, [&, i] {
      order.push_back(i);
      ++done;
    });
  }
  ASSERT_TRUE(eventually([&] { return done == 20; }));
  EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST(Connectors, TakeNothingOnceStoppedAndFinishWhatRuns) {
  Connectors connectors;
  std::latch begun(1);
  std::latch release(1);
  std::atomic<bool> finished = false;
  connectors.submit(Lane::kConnect, kOne, [&] {
    begun.count_down();
    release.wait();
    finished = true;
  });
  begun.wait();
  std::jthread stopping([&] { connectors.stop(); });
  EXPECT_TRUE(eventually([&] { return !connectors.submit(Lane::kConnect, kTwo, [] {}); }));
  EXPECT_FALSE(finished);
  release.count_down();
  stopping.join();
  EXPECT_TRUE(finished);
}

TEST(Connectors, BlockSignalsOnTheirThreads) {
  Connectors connectors;
  std::atomic<int> blocked = -1;
  connectors.submit(Lane::kConnect, kOne, [&] {
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, nullptr, &mask);
    blocked = sigismember(&mask, SIGINT) + sigismember(&mask, SIGCHLD);
  });
  EXPECT_TRUE(eventually([&] { return blocked == 2; }));
}

}  // namespace
