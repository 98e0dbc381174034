#include "fabric/failover_monitor.h"

#include <gtest/gtest.h>

#include <atomic>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_server.h"
#include "tests/support/scripted_source.h"

namespace fabric {
namespace {

using std::chrono::seconds;
using test_support::a_farm;
using test_support::a_server;
using test_support::FakeServer;
using test_support::ScriptedNodes;
using Counts = ScriptedNodes::Counts;

const Server kPrimary = a_server("u1", "g1", ServerStatus::kPrimary);
const Server kSecondary = a_server("u2", "g1", ServerStatus::kSecondary, 3307);

/// Counts events; a test waits for the n-th.
class Tally {
 public:
  void add() {
    base::MutexLock lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  int count() {
    base::MutexLock lock(mutex_);
    return count_;
  }
  bool reaches(int wanted) {
    const auto until = std::chrono::steady_clock::now() + seconds(10);
    base::MutexLock lock(mutex_);
    while (count_ < wanted) {
      if (std::chrono::steady_clock::now() >= until) return false;
      changed_.wait_until(mutex_, until);
    }
    return true;
  }

 private:
  base::Mutex mutex_;
  base::CondVar changed_;
  int count_ GUARDED_BY(mutex_) = 0;
};

struct Fixture {
  ScriptedNodes nodes;
  test_support::FakeClock clock;
  std::atomic<ProbeOutcome> outcome{ProbeOutcome::kRefused};
  Tally probes, changes, taken;
  TopologyPtr topology = std::make_shared<const Topology>(a_farm({kPrimary, kSecondary}), 1, false);
  ReportPolicy policy = ReportPolicy::kAuto;
  std::shared_ptr<FarmEvents> events = std::make_shared<FarmEvents>(nullptr, "farm");
  std::unique_ptr<FailoverMonitor> monitor;

  FailoverMonitor& start() {
    monitor = std::make_unique<FailoverMonitor>(
        nodes.sources()(), FailoverMonitor::Options{.reports = policy, .events = events},
        FailoverMonitor::Hooks{.probe =
                                   [this](const base::Endpoint&, base::Deadline) {
                                     probes.add();
                                     return outcome.load();
                                   },
                               .changed = [this] { changes.add(); },
                               .report_taken = [this] { taken.add(); },
                               .current = [this] { return topology; }},
        clock);
    return *monitor;
  }
  void show(std::vector<Server> servers) {
    monitor->observe(Topology(a_farm(std::move(servers)), 2, false));
  }
};

Server as(Server server, ServerStatus status) {
  server.status = status;
  server.mode = status == ServerStatus::kPrimary ? ServerMode::kReadWrite : ServerMode::kReadOnly;
  return server;
}

TEST(FailoverMonitor, ReportsTheFailureOfALostServerThatRefuses) {
  Fixture farm;
  FailoverMonitor& monitor = farm.start();
  monitor.worked("u1");
  monitor.suspect(kPrimary, FaultKind::kLinkLost, 2013);
  ASSERT_TRUE(farm.taken.reaches(1));
  const FaultReport report = farm.nodes.reports().at(0);
  EXPECT_EQ(report.kind, ReportKind::kFailure);
  EXPECT_EQ(report.server_uuid, "u1");
  EXPECT_EQ(report.error, "2013");
  EXPECT_EQ(report.reporter, reporter_name());
  EXPECT_TRUE(monitor.polling_since());
}

TEST(FailoverMonitor, NeverReportsAFailureOfAServerItNeverReached) {
  Fixture farm;
  FailoverMonitor& monitor = farm.start();
  monitor.worked("u2");
  monitor.suspect(kPrimary, FaultKind::kLinkLost, 2013);
  monitor.suspect(kPrimary, FaultKind::kRefused, 2003);
  ASSERT_TRUE(farm.taken.reaches(1));
  EXPECT_EQ(farm.nodes.reports().at(0).kind, ReportKind::kError);
}

TEST(FailoverMonitor, CountsAFailoverAndHowLongItTook) {
  Fixture farm;
  FailoverMonitor& monitor = farm.start();
  farm.show({kPrimary, kSecondary});
  monitor.suspect(kPrimary, FaultKind::kLinkLost, 2013);
  ASSERT_TRUE(farm.taken.reaches(1));
  farm.clock.advance(seconds(2));
  farm.show({as(kPrimary, ServerStatus::kFaulty), as(kSecondary, ServerStatus::kPrimary)});
  const FarmStats stats = farm.events->stats();
  EXPECT_EQ(stats.failovers, 1u);
  EXPECT_EQ(stats.switchovers, 0u);
  EXPECT_EQ(stats.recovery.sum, seconds(2));
  EXPECT_GE(stats.reports, 1u);
}

TEST(FailoverMonitor, ForgetsAfterAMinuteThatAServerWorked) {
  Fixture farm;
  FailoverMonitor& monitor = farm.start();
  monitor.worked("u1");
  farm.clock.advance(seconds(61));
  monitor.suspect(kPrimary, FaultKind::kLinkLost, 2013);
  ASSERT_TRUE(farm.taken.reaches(1));
  EXPECT_EQ(farm.nodes.reports().at(0).kind, ReportKind::kError);
}

TEST(FailoverMonitor, TakesAServerThatAnswersForHealthy) {
  Fixture farm;
  farm.outcome = ProbeOutcome::kAnswers;
  FailoverMonitor& monitor = farm.start();
  monitor.worked("u1");
  monitor.suspect(kPrimary, FaultKind::kLinkLost, 2013);
  ASSERT_TRUE(farm.changes.reaches(2)) << "it begins and it ends";
  EXPECT_EQ(monitor.polling_since(), std::nullopt);
  farm.monitor.reset();
  EXPECT_EQ(farm.nodes.counts().reports, 0U);
}

TEST(FailoverMonitor, LooksOnlyAtTheTopologyForARefusedWrite) {
  Fixture farm;
  FailoverMonitor& monitor = farm.start();
  monitor.worked("u1");
  monitor.suspect(kPrimary, FaultKind::kReadOnly, 1290);
  EXPECT_TRUE(monitor.polling_since());
  farm.show({kPrimary, kSecondary});
  EXPECT_TRUE(monitor.polling_since());
  farm.show({as(kPrimary, ServerStatus::kSecondary), as(kSecondary, ServerStatus::kPrimary)});
  EXPECT_FALSE(monitor.polling_since());
  farm.monitor.reset();
  EXPECT_EQ(farm.nodes.counts().reports, 0U);
  EXPECT_EQ(farm.probes.count(), 0) << "nothing to look at";
}

TEST(FailoverMonitor, WatchesUntilTheGroupHasAnotherPrimary) {
  Fixture farm;
  FailoverMonitor& monitor = farm.start();
  monitor.suspect(kPrimary, FaultKind::kLinkLost, 2013);
  farm.show({kPrimary, kSecondary});
  EXPECT_TRUE(monitor.polling_since()) << "nothing has changed";
  farm.show({kSecondary});
  EXPECT_TRUE(monitor.polling_since()) << "a group without primary";
  farm.show({as(kSecondary, ServerStatus::kPrimary)});
  EXPECT_FALSE(monitor.polling_since());
}

TEST(FailoverMonitor, StopsWatchingASecondaryThatIsTakenOut) {
  Fixture farm;
  FailoverMonitor& monitor = farm.start();
  monitor.suspect(kSecondary, FaultKind::kRefused, 2003);
  EXPECT_TRUE(monitor.polling_since());
  farm.show({kPrimary});
  EXPECT_FALSE(monitor.polling_since());
}

TEST(FailoverMonitor, IgnoresStragglersOfAFailoverThatIsOver) {
  Fixture farm;
  farm.topology =
      std::make_shared<const Topology>(a_farm({as(kSecondary, ServerStatus::kPrimary)}), 2, false);
  FailoverMonitor& monitor = farm.start();
  monitor.suspect(kPrimary, FaultKind::kLinkLost, 2013);
  EXPECT_FALSE(monitor.polling_since());
}

TEST(FailoverMonitor, IgnoresDenialsAndFullServers) {
  Fixture farm;
  FailoverMonitor& monitor = farm.start();
  for (const unsigned number : {1040U, 1044U, 1045U, 1203U, 1226U}) {
    monitor.suspect(kPrimary, FaultKind::kUnreachable, number);
    EXPECT_FALSE(monitor.polling_since()) << number;
  }
}

TEST(FailoverMonitor, LooksAwayAfterTwoMinutesWithoutACaller) {
  Fixture farm;
  FailoverMonitor& monitor = farm.start();
  monitor.suspect(kPrimary, FaultKind::kRefused, 2003);
  farm.clock.advance(seconds(120));
  farm.show({kPrimary, kSecondary});
  EXPECT_TRUE(monitor.polling_since());
  farm.clock.advance(seconds(1));
  farm.show({kPrimary, kSecondary});
  EXPECT_FALSE(monitor.polling_since());
}

TEST(FailoverMonitor, ReportsNothingWhenTheFarmHasNoUseForIt) {
  Fixture farm;
  farm.policy = ReportPolicy::kOff;
  FailoverMonitor& monitor = farm.start();
  monitor.worked("u1");
  monitor.suspect(kPrimary, FaultKind::kLinkLost, 2013);
  EXPECT_TRUE(farm.probes.reaches(1));
  EXPECT_TRUE(monitor.polling_since()) << "watched all the same";
  farm.monitor.reset();
  EXPECT_EQ(farm.nodes.counts().reports, 0U);
}

TEST(FailoverMonitor, ProbesAndRepeatsInRealTime) {
  ScriptedNodes nodes;
  const base::SystemClock clock;
  Tally probes;
  Tally taken;
  nodes.fail_reports(true);
  FailoverMonitor monitor(nodes.sources()(), {},
                          {.probe =
                               [&](const base::Endpoint&, base::Deadline) {
                                 probes.add();
                                 return ProbeOutcome::kRefused;
                               },
                           .changed = [] {},
                           .report_taken = [&] { taken.add(); },
                           .current = [] { return TopologyPtr(); }},
                          clock);
  monitor.worked("u1");
  monitor.suspect(kPrimary, FaultKind::kLinkLost, 2013);
  EXPECT_TRUE(nodes.wait_until([](const Counts& counts) { return counts.refused_reports >= 2; }));
  nodes.fail_reports(false);
  ASSERT_TRUE(taken.reaches(2)) << "repeated after a second";
  EXPECT_TRUE(probes.reaches(2));
  EXPECT_EQ(nodes.reports().at(0).kind, ReportKind::kFailure);
  EXPECT_EQ(nodes.reports().at(1).kind, ReportKind::kError) << "one failure a minute";
}

TEST(ProbeServer, TellsALivingServerFromADeadAndASilentOne) {
  const base::SystemClock clock;
  FakeServer living;
  EXPECT_EQ(probe_server(living.endpoint(), base::Deadline::after(clock, seconds(10))),
            ProbeOutcome::kAnswers);
  const base::Endpoint endpoint = living.endpoint();
  living.kill();
  EXPECT_EQ(probe_server(endpoint, base::Deadline::after(clock, seconds(10))),
            ProbeOutcome::kRefused);
  FakeServer silent(FakeServer::Options{.greet = false});
  EXPECT_EQ(
      probe_server(silent.endpoint(), base::Deadline::after(clock, std::chrono::milliseconds(50))),
      ProbeOutcome::kSilent);
  EXPECT_EQ(probe_server({.host = "no-such-host.invalid", .port = 3306, .socket = {}},
                         base::Deadline::after(clock, seconds(10))),
            ProbeOutcome::kUnreachable);
}

}  // namespace
}  // namespace fabric
