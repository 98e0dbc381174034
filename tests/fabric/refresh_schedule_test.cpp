#include "fabric/refresh_schedule.h"

#include <gtest/gtest.h>

namespace fabric {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const base::SteadyTime kNow{std::chrono::hours(1)};

/// Loaded a moment ago, used just now, TTL 10 s.
RefreshState quiet() {
  RefreshState state;
  state.loaded = true;
  state.due = kNow + seconds(8);
  state.last_use = kNow;
  state.ttl = seconds(10);
  state.last_asked = kNow - seconds(1);
  return state;
}

TEST(RefreshSchedule, SleepsUntilTheSnapshotIsDue) {
  const RefreshPlan plan = plan_refresh(quiet(), kNow);
  EXPECT_EQ(plan.ask, Ask::kNothing);
  EXPECT_EQ(plan.wake, kNow + seconds(8));
  EXPECT_EQ(plan_refresh(quiet(), kNow + seconds(8)).ask, Ask::kAll);
}

TEST(RefreshSchedule, LeavesNodesAloneOnceNobodyUsesTheTopology) {
  RefreshState state = quiet();
  state.last_use = kNow - seconds(50);
  state.due = kNow - seconds(1);
  EXPECT_EQ(plan_refresh(state, kNow).ask, Ask::kAll);
  state.ttl = seconds(1);
  EXPECT_EQ(plan_refresh(state, kNow + seconds(1)).ask, Ask::kNothing);
  state.last_use = kNow - seconds(30);
  EXPECT_EQ(plan_refresh(state, kNow).ask, Ask::kAll) << "a short TTL is no reason to doze off";
  state.last_use -= milliseconds(1);
  const RefreshPlan plan = plan_refresh(state, kNow);
  EXPECT_EQ(plan.ask, Ask::kNothing);
  EXPECT_EQ(plan.wake, base::SteadyTime::max());
}

TEST(RefreshSchedule, LoadsTheFirstSnapshotOnlyWhenACallerWantsIt) {
  RefreshState state;
  state.polling_since = kNow;
  EXPECT_EQ(plan_refresh(state, kNow).ask, Ask::kNothing);
  state.all_wanted = true;
  EXPECT_EQ(plan_refresh(state, kNow).ask, Ask::kAll);
}

TEST(RefreshSchedule, PollsServersWhileAFailoverIsWatched) {
  RefreshState state = quiet();
  state.polling_since = kNow;
  EXPECT_EQ(plan_refresh(state, kNow).ask, Ask::kServers);
  state.last_asked = kNow;
  const RefreshPlan plan = plan_refresh(state, kNow);
  EXPECT_EQ(plan.ask, Ask::kNothing);
  EXPECT_EQ(plan.wake, kNow + milliseconds(50));
}

TEST(RefreshSchedule, BacksOffFrom50MillisecondsToASecond) {
  EXPECT_EQ(poll_interval(seconds(0)), milliseconds(50));
  EXPECT_EQ(poll_interval(seconds(2)), milliseconds(100));
  EXPECT_EQ(poll_interval(seconds(29)), milliseconds(100));
  EXPECT_EQ(poll_interval(seconds(30)), seconds(1));
}

TEST(RefreshSchedule, AsksForEverythingRatherThanServersWhenBothAreDue) {
  RefreshState state = quiet();
  state.servers_wanted = true;
  EXPECT_EQ(plan_refresh(state, kNow).ask, Ask::kServers);
  state.due = kNow;
  EXPECT_EQ(plan_refresh(state, kNow).ask, Ask::kAll);
}

}  // namespace
}  // namespace fabric
