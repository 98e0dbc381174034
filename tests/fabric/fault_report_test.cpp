#include "fabric/fault_report.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/scripted_source.h"

namespace fabric {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test_support::a_server;

const base::SteadyTime kNow{std::chrono::hours(1)};
const Server kReported = a_server("u1", "g1", ServerStatus::kPrimary);
const Server kOther = a_server("u2", "g1", ServerStatus::kSecondary);

Evidence lost_and_refused() {
  return {.worked = kNow - seconds(1), .lost = true, .probe = ProbeOutcome::kRefused};
}

TEST(FaultReports, ReportAFailureOfWhatWorkedWasLostAndIsRefused) {
  const FaultReports reports(ReportPolicy::kAuto);
  EXPECT_EQ(reports.due(kReported, lost_and_refused(), kNow), ReportKind::kFailure);
}

TEST(FaultReports, ReportAnErrorWhenAnyEvidenceIsMissing) {
  const FaultReports reports(ReportPolicy::kAuto);
  Evidence evidence = lost_and_refused();
  evidence.worked.reset();
  EXPECT_EQ(reports.due(kReported, evidence, kNow), ReportKind::kError) << "never reached";
  evidence.worked = kNow - seconds(61);
  EXPECT_EQ(reports.due(kReported, evidence, kNow), ReportKind::kError) << "worked long ago";
  evidence = lost_and_refused();
  evidence.lost = false;
  EXPECT_EQ(reports.due(kReported, evidence, kNow), ReportKind::kError) << "not lost";
  for (const ProbeOutcome outcome : {ProbeOutcome::kSilent, ProbeOutcome::kUnreachable}) {
    evidence = lost_and_refused();
    evidence.probe = outcome;
    EXPECT_EQ(reports.due(kReported, evidence, kNow), ReportKind::kError) << "not refused";
  }
}

TEST(FaultReports, ReportNothingAboutAServerThatAnswers) {
  for (const ReportPolicy policy :
       {ReportPolicy::kAuto, ReportPolicy::kError, ReportPolicy::kFailure}) {
    Evidence evidence = lost_and_refused();
    evidence.probe = ProbeOutcome::kAnswers;
    EXPECT_EQ(FaultReports(policy).due(kReported, evidence, kNow), std::nullopt);
  }
}

TEST(FaultReports, ObeyThePolicy) {
  EXPECT_EQ(FaultReports(ReportPolicy::kOff).due(kReported, lost_and_refused(), kNow),
            std::nullopt);
  EXPECT_EQ(FaultReports(ReportPolicy::kError).due(kReported, lost_and_refused(), kNow),
            ReportKind::kError);
  const FaultReports failures(ReportPolicy::kFailure);
  Evidence evidence = lost_and_refused();
  evidence.lost = false;
  evidence.probe = ProbeOutcome::kSilent;
  EXPECT_EQ(failures.due(kReported, evidence, kNow), ReportKind::kFailure);
  evidence.worked.reset();
  EXPECT_EQ(failures.due(kReported, evidence, kNow), ReportKind::kError)
      << "a client with wrong addresses can mark nothing FAULTY, whatever its policy";
}

TEST(FaultReports, ReportAtMostOneFailurePerGroupAndMinute) {
  FaultReports reports(ReportPolicy::kAuto);
  reports.taken(kReported, ReportKind::kFailure, kNow);
  EXPECT_EQ(reports.due(kOther, lost_and_refused(), kNow), ReportKind::kError);
  Server elsewhere = kOther;
  elsewhere.group = "g2";
  EXPECT_EQ(reports.due(elsewhere, lost_and_refused(), kNow), ReportKind::kFailure);
  Evidence later = lost_and_refused();
  later.worked = kNow + seconds(60);
  EXPECT_EQ(reports.due(kOther, later, kNow + seconds(60)), ReportKind::kFailure);
}

TEST(FaultReports, RepeatAnErrorEachSecond) {
  FaultReports reports(ReportPolicy::kError);
  reports.taken(kReported, ReportKind::kError, kNow);
  EXPECT_EQ(reports.due(kReported, lost_and_refused(), kNow + milliseconds(999)), std::nullopt);
  EXPECT_EQ(reports.next(kReported, lost_and_refused(), kNow), kNow + seconds(1));
  EXPECT_EQ(reports.due(kReported, lost_and_refused(), kNow + seconds(1)), ReportKind::kError);
}

TEST(FaultReports, RepeatOncePerMinuteAboutAServerNeverReached) {
  FaultReports reports(ReportPolicy::kAuto);
  Evidence evidence = lost_and_refused();
  evidence.worked.reset();
  reports.taken(kReported, ReportKind::kError, kNow);
  EXPECT_EQ(reports.next(kReported, evidence, kNow), kNow + seconds(60));
}

TEST(FaultReports, TryAgainSoonWhenNoNodeTookTheReport) {
  FaultReports reports(ReportPolicy::kAuto);
  for (int i = 0; i < 10; ++i) reports.not_taken(kReported, kNow);
  EXPECT_EQ(reports.next(kReported, lost_and_refused(), kNow), kNow + milliseconds(100));
  EXPECT_EQ(reports.due(kReported, lost_and_refused(), kNow + milliseconds(100)),
            ReportKind::kFailure)
      << "what nobody took does not count towards the minute";
  reports.not_taken(kReported, kNow);
  EXPECT_EQ(reports.next(kReported, lost_and_refused(), kNow), kNow + seconds(1));
}

TEST(PlainText, PassesTheGrammarOfANode) {
  EXPECT_EQ(plain_text("Can't connect, \"why\"=(2003)\n\xC3\xA9`;", 100),
            "Can t connect   why   2003      ");
  EXPECT_EQ(plain_text("127.0.0.1:3306 gone", 14), "127.0.0.1:3306");
}

TEST(ReporterName, IsHostAndPid) {
  const std::string name = reporter_name();
  EXPECT_LE(name.size(), 64U);
  EXPECT_TRUE(name.ends_with("-" + std::to_string(getpid()))) << name;
  EXPECT_EQ(name, plain_text(name, 64));
}

}  // namespace
}  // namespace fabric
