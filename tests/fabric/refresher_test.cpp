#include "fabric/refresher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/support/scripted_source.h"

namespace fabric {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test_support::a_farm;
using test_support::a_server;
using test_support::ScriptedNodes;
using Counts = ScriptedNodes::Counts;

/// A refresher over scripted nodes, in real time.
struct Fixture {
  ScriptedNodes nodes;
  base::SystemClock clock;
  TopologyCache cache;
  std::atomic<bool> polling{false};
  RefresherOptions options{.node_timeout = seconds(5), .attempts = 3, .attempt_delay = seconds(0)};
  std::unique_ptr<Refresher> refresher;

  explicit Fixture(base::Duration ttl_limit = seconds(60)) : cache(ttl_limit, 1) {
    nodes.answer(a_farm({a_server("u1", "g1", ServerStatus::kPrimary)}));
  }

  Refresher& start() {
    refresher = std::make_unique<Refresher>(
        nodes.sources()(), cache, options,
        Refresher::Hooks{
            .polling_since = [this] { return polling ? std::optional(clock.now()) : std::nullopt; },
            .answered = {}},
        clock);
    return *refresher;
  }
  [[nodiscard]] base::Deadline soon() const { return base::Deadline::after(clock, seconds(10)); }
};

TEST(Refresher, LoadsOnFirstUseAndNotAgain) {
  Fixture farm;
  Refresher& refresher = farm.start();
  EXPECT_EQ(farm.nodes.counts().all, 0U);
  const TopologyPtr first = refresher.topology(farm.soon());
  EXPECT_EQ(first->version(), 1U);
  EXPECT_EQ(refresher.topology(farm.soon()), first);
  EXPECT_EQ(farm.nodes.counts().all, 1U);
}

TEST(Refresher, AsksOnceForManyCallersAtATime) {
  Fixture farm;
  Refresher& refresher = farm.start();
  farm.nodes.hold();
  std::vector<std::thread> callers;
  std::atomic<int> served{0};
  for (int i = 0; i < 16; ++i) {
    callers.emplace_back([&] { served += refresher.topology(farm.soon()) ? 1 : 0; });
  }
  EXPECT_TRUE(farm.nodes.wait_until([](const Counts& counts) { return counts.held == 1; }));
  farm.nodes.release();
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(served, 16);
  EXPECT_EQ(farm.nodes.counts().all, 1U);
}

TEST(Refresher, TriesTheFirstLoadAsOftenAsToldAndSaysWhy) {
  Fixture farm;
  farm.nodes.fail("No Fabric node answered: all down.");
  Refresher& refresher = farm.start();
  try {
    refresher.topology(farm.soon());
    FAIL() << "there is nothing to serve";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state(), base::SqlState::k08001);
    EXPECT_STREQ(error.what(), "No Fabric node answered: all down.");
  }
  EXPECT_EQ(farm.nodes.counts().all, 3U);
}

TEST(Refresher, DoesNotRepeatWhatEveryNodeRefused) {
  Fixture farm;
  farm.nodes.fail("wrong password", true);
  EXPECT_THROW(farm.start().topology(farm.soon()), base::Error);
  EXPECT_EQ(farm.nodes.counts().all, 1U);
}

TEST(Refresher, LoadsAnewAfterAFailedFirstLoad) {
  Fixture farm;
  farm.nodes.fail("down", true);
  Refresher& refresher = farm.start();
  EXPECT_THROW(refresher.topology(farm.soon()), base::Error);
  farm.nodes.answer(a_farm({a_server("u1", "g1", ServerStatus::kPrimary)}));
  EXPECT_NE(refresher.topology(farm.soon())->find_server("u1"), nullptr);
}

TEST(Refresher, LetsACallerGoAtItsDeadline) {
  Fixture farm;
  farm.nodes.hold();
  Refresher& refresher = farm.start();
  try {
    refresher.topology(base::Deadline::after(farm.clock, milliseconds(1)));
    FAIL() << "nothing has answered";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.state(), base::SqlState::k08001);
    EXPECT_STREQ(error.what(), "No Fabric node answered in time");
  }
}

TEST(Refresher, RefreshesOnDemandAfterTheCall) {
  Fixture farm;
  Refresher& refresher = farm.start();
  refresher.topology(farm.soon());
  farm.nodes.answer(a_farm({a_server("u2", "g1", ServerStatus::kPrimary)}));
  EXPECT_NE(refresher.refresh(farm.soon())->find_server("u2"), nullptr);
}

TEST(Refresher, ServesTheStaleSnapshotWhenARefreshFails) {
  Fixture farm;
  Refresher& refresher = farm.start();
  refresher.topology(farm.soon());
  farm.nodes.fail("down");
  const TopologyPtr stale = refresher.refresh(farm.soon());
  EXPECT_TRUE(stale->stale());
  EXPECT_NE(stale->find_server("u1"), nullptr);
  EXPECT_EQ(farm.nodes.counts().all, 2U) << "attempts are for the first load only";
  EXPECT_TRUE(refresher.topology(farm.soon())->stale());
}

TEST(Refresher, ServesOldFactsAsStaleWhileTheNodesAreSilent) {
  Fixture farm(seconds(1));
  farm.options.node_timeout = seconds(60);
  Refresher& refresher = farm.start();
  refresher.topology(farm.soon());
  farm.nodes.hold();
  ASSERT_TRUE(farm.nodes.wait_until([](const Counts& counts) { return counts.held == 1; }));
  while (!farm.cache.too_old(farm.clock.now())) std::this_thread::yield();
  const auto begun = farm.clock.now();
  const TopologyPtr old = refresher.topology(base::Deadline::never());
  EXPECT_LT(farm.clock.now() - begun, seconds(5));
  EXPECT_TRUE(old->stale());
  EXPECT_NE(old->find_server("u1"), nullptr);
  farm.nodes.release();
  EXPECT_FALSE(refresher.refresh(farm.soon())->stale());
}

TEST(Refresher, RefreshesBehindBeforeTheTtlEnds) {
  Fixture farm;
  Topology::Content brief = a_farm({a_server("u1", "g1", ServerStatus::kPrimary)});
  brief.ttl = seconds(1);
  farm.nodes.answer(brief);
  Refresher& refresher = farm.start();
  const auto loaded = farm.clock.now();
  refresher.topology(farm.soon());
  EXPECT_TRUE(farm.nodes.wait_until([](const Counts& counts) { return counts.all == 2; }));
  EXPECT_GE(farm.clock.now() - loaded, milliseconds(750));
  EXPECT_FALSE(farm.cache.snapshot()->stale());
}

TEST(Refresher, PollsServersWhileSomebodyWaitsForANewerTopology) {
  Fixture farm;
  Refresher& refresher = farm.start();
  refresher.topology(farm.soon());
  TopologyPtr seen;
  std::thread waiter([&] { seen = refresher.wait_newer(1, farm.soon()); });
  EXPECT_TRUE(farm.nodes.wait_until([](const Counts& counts) { return counts.servers >= 3; }));
  farm.nodes.answer(a_farm({a_server("u2", "g1", ServerStatus::kPrimary)}));
  waiter.join();
  EXPECT_NE(seen->find_server("u2"), nullptr);
  EXPECT_EQ(farm.nodes.counts().all, 1U);
}

TEST(Refresher, PollsWhileItsHookSaysSo) {
  Fixture farm;
  Refresher& refresher = farm.start();
  refresher.topology(farm.soon());
  farm.polling = true;
  refresher.wake();
  EXPECT_TRUE(farm.nodes.wait_until([](const Counts& counts) { return counts.servers >= 3; }));
}

TEST(Refresher, AsksForTheServersAtOnceWhenTold) {
  Fixture farm;
  Refresher& refresher = farm.start();
  refresher.topology(farm.soon());
  refresher.ask_servers();
  EXPECT_TRUE(farm.nodes.wait_until([](const Counts& counts) { return counts.servers == 1; }));
}

TEST(Refresher, EndsInTheMiddleOfAQuestion) {
  Fixture farm;
  farm.nodes.hold();
  Refresher& refresher = farm.start();
  EXPECT_THROW(refresher.topology(base::Deadline::after(farm.clock, milliseconds(1))), base::Error);
  farm.refresher.reset();
  EXPECT_EQ(farm.nodes.counts().held, 0U);
}

}  // namespace
}  // namespace fabric
