#include "tools/watch/evidence.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace tools::watch {
namespace {

using fabric::ProbeOutcome;
using std::chrono::milliseconds;
using std::chrono::seconds;

class EvidenceOf : public testing::Test {
 protected:
  void see(ProbeOutcome outcome, milliseconds later) {
    clock_.advance(later);
    evidence_.saw(outcome, clock_.now());
  }
  [[nodiscard]] bool dead() const { return evidence_.dead(thresholds_, clock_.now()); }

  test_support::FakeClock clock_;
  Thresholds thresholds_{.probes = 3, .dead_after = seconds(5)};
  Evidence evidence_;
};

TEST_F(EvidenceOf, NeedsLooksAndTime) {
  for (int i = 0; i < 5; ++i) see(ProbeOutcome::kRefused, milliseconds(500));
  EXPECT_FALSE(dead());  // two seconds
  see(ProbeOutcome::kSilent, seconds(3));
  EXPECT_TRUE(dead());
}

TEST_F(EvidenceOf, NeedsMoreThanOneLookAfterALongPause) {
  see(ProbeOutcome::kRefused, seconds(0));
  see(ProbeOutcome::kRefused, seconds(60));
  EXPECT_FALSE(dead());
}

TEST_F(EvidenceOf, BeginsAnewAfterAnAnswer) {
  for (int i = 0; i < 3; ++i) see(ProbeOutcome::kRefused, seconds(2));
  see(ProbeOutcome::kAnswers, seconds(1));
  EXPECT_FALSE(dead());
  for (int i = 0; i < 3; ++i) see(ProbeOutcome::kRefused, seconds(2));
  EXPECT_FALSE(dead());  // four seconds since the first
}

TEST_F(EvidenceOf, IsNotDeadWhileAReplicaHearsIt) {
  for (int i = 0; i < 10; ++i) {
    see(ProbeOutcome::kSilent, seconds(1));
    evidence_.heard(clock_.now());
  }
  EXPECT_FALSE(dead());
  clock_.advance(seconds(5));
  EXPECT_TRUE(dead());
}

}  // namespace
}  // namespace tools::watch
