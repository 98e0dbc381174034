#include "fabric/farm.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/scripted_source.h"

namespace fabric {
namespace {

using std::chrono::seconds;
using test_support::a_farm;
using test_support::a_server;
using test_support::ScriptedNodes;
using Counts = ScriptedNodes::Counts;

const Server kFirst = a_server("u1", "g1", ServerStatus::kPrimary);
const Server kSecond = a_server("u2", "g1", ServerStatus::kSecondary, 3307);

FarmOptions with_probe(ProbeOutcome outcome) {
  FarmOptions options;
  options.probe = [outcome](const base::Endpoint&, base::Deadline) { return outcome; };
  return options;
}

struct FarmFixture {
  ScriptedNodes nodes;
  base::SystemClock clock;
  FarmFixture() { nodes.answer(a_farm({kFirst, kSecond})); }
  [[nodiscard]] base::Deadline soon() const { return base::Deadline::after(clock, seconds(10)); }
};

TEST(Farm, ShowsTheNewPrimaryAsSoonAsANodeHasTakenTheReport) {
  FarmFixture fixture;
  // The node promotes within the report, as one in SQL does.
  fixture.nodes.on_report([&](const FaultReport&) {
    fixture.nodes.answer(a_farm({a_server("u2", "g1", ServerStatus::kPrimary, 3307)}));
  });
  Farm farm(fixture.nodes.sources(), with_probe(ProbeOutcome::kRefused), fixture.clock);
  const TopologyPtr before = farm.topology(fixture.soon());
  farm.worked("u1");
  const auto lost = fixture.clock.now();
  farm.suspect(*before->find_server("u1"), FaultKind::kLinkLost, 2013);
  const TopologyPtr after = farm.wait_newer(before->version(), fixture.soon());
  EXPECT_LT(fixture.clock.now() - lost, seconds(1));
  EXPECT_TRUE(after->find_server("u2")->writable());
  EXPECT_EQ(after->find_server("u1"), nullptr);
  EXPECT_EQ(fixture.nodes.reports().at(0).kind, ReportKind::kFailure);
}

TEST(Farm, PollsOnWhileAReportIsHeldUpByTheNode) {
  FarmFixture fixture;
  base::Mutex mutex;
  base::CondVar changed;
  bool stalled = true;
  fixture.nodes.on_report([&](const FaultReport&) {
    base::MutexLock lock(mutex);
    while (stalled) changed.wait(mutex);
  });
  Farm farm(fixture.nodes.sources(), with_probe(ProbeOutcome::kRefused), fixture.clock);
  const TopologyPtr before = farm.topology(fixture.soon());
  farm.suspect(*before->find_server("u1"), FaultKind::kLinkLost, 2013);
  EXPECT_TRUE(fixture.nodes.wait_until([](const Counts& counts) { return counts.servers >= 3; }));
  EXPECT_EQ(fixture.nodes.counts().reports, 0U);
  base::MutexLock lock(mutex);
  stalled = false;
  changed.notify_all();
}

TEST(Farm, TellsCallersNothingOfAReportThatNoNodeTakes) {
  FarmFixture fixture;
  fixture.nodes.fail_reports(true);
  Farm farm(fixture.nodes.sources(), with_probe(ProbeOutcome::kRefused), fixture.clock);
  const TopologyPtr before = farm.topology(fixture.soon());
  farm.suspect(*before->find_server("u1"), FaultKind::kLinkLost, 2013);
  while (farm.why_not_reported().empty()) std::this_thread::yield();
  EXPECT_EQ(farm.topology(fixture.soon()), before);
  fixture.nodes.answer(a_farm({a_server("u2", "g1", ServerStatus::kPrimary, 3307)}));
  const TopologyPtr after = farm.wait_newer(before->version(), fixture.soon());
  EXPECT_TRUE(after->find_server("u2")->writable());
}

TEST(Farm, WaitsOutAFailoverThatSomebodyElseReports) {
  FarmFixture fixture;
  FarmOptions options = with_probe(ProbeOutcome::kRefused);
  options.reports = ReportPolicy::kOff;
  Farm farm(fixture.nodes.sources(), options, fixture.clock);
  const TopologyPtr before = farm.topology(fixture.soon());
  farm.suspect(*before->find_server("u1"), FaultKind::kRefused, 2003);
  TopologyPtr after;
  std::thread waiter([&] { after = farm.wait_newer(before->version(), fixture.soon()); });
  EXPECT_TRUE(fixture.nodes.wait_until([](const Counts& counts) { return counts.servers >= 2; }));
  fixture.nodes.answer(a_farm({a_server("u2", "g1", ServerStatus::kPrimary, 3307)}));
  waiter.join();
  EXPECT_TRUE(after->find_server("u2")->writable());
  EXPECT_EQ(fixture.nodes.counts().reports, 0U);
}

TEST(Farm, MarksNothingFaultyWhenItsAddressesAreWrong) {
  FarmFixture fixture;
  Farm farm(fixture.nodes.sources(), with_probe(ProbeOutcome::kRefused), fixture.clock);
  const TopologyPtr topology = farm.topology(fixture.soon());
  for (const Server& server : topology->content().servers) {
    for (int i = 0; i < 20; ++i) farm.suspect(server, FaultKind::kRefused, 2003);
  }
  EXPECT_TRUE(fixture.nodes.wait_until([](const Counts& counts) { return counts.reports == 2; }));
  for (const FaultReport& report : fixture.nodes.reports()) {
    EXPECT_EQ(report.kind, ReportKind::kError);
  }
}

TEST(Farm, ServesManyThreadsThroughFailovers) {
  FarmFixture fixture;
  Farm farm(fixture.nodes.sources(), with_probe(ProbeOutcome::kRefused), fixture.clock);
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const TopologyPtr topology = farm.topology(fixture.soon());
        const Server& server = topology->content().servers.front();
        farm.worked(server.uuid);
        if (i % 20 == t) farm.suspect(server, FaultKind::kLinkLost, 2013);
        if (i % 50 == t) farm.refresh(fixture.soon());
      }
    });
  }
  for (int i = 0; i < 50; ++i) {
    const std::string uuid = "u" + std::to_string(i);
    fixture.nodes.answer(a_farm({a_server(uuid, "g1", ServerStatus::kPrimary)}));
    farm.refresh(fixture.soon());
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(farm.topology(fixture.soon())->version(), 50U);
}

}  // namespace
}  // namespace fabric
