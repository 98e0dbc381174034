#include "fabric/mysql/liveness.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace fabric::mysql {
namespace {

using namespace std::chrono_literals;
using test_support::FakeClock;

struct LivenessCase {
  FakeClock clock;
  int questions = 0;
  Liveness liveness{5s, [this] { ++questions; }};
  base::SteadyTime started = clock.now();

  LivenessCase() { review(); }

  std::optional<base::SteadyTime> review() { return liveness.review(started, clock.now()); }
};

TEST(Liveness, AsksAfterEachFifthOfTheDetectionTime) {
  LivenessCase test;
  EXPECT_EQ(test.review(), test.started + 1s);
  EXPECT_EQ(test.questions, 0);
  for (int second = 1; second < 5; ++second) {
    test.clock.advance(1s);
    EXPECT_EQ(test.review(), test.started + (second + 1) * 1s);
    EXPECT_EQ(test.questions, second);
    test.review();
    EXPECT_EQ(test.questions, second) << "other calls in flight do not ask again";
  }
}

TEST(Liveness, TakesTheShorterOfTwoDetectionTimes) {
  LivenessCase test;
  test.liveness.shorten(2s);
  test.liveness.shorten(9s);
  test.clock.advance(2s - 1ns);
  EXPECT_TRUE(test.review().has_value());
  test.clock.advance(1ns);
  EXPECT_FALSE(test.review().has_value());
}

TEST(Liveness, EndsASilenceOfTheDetectionTime) {
  LivenessCase test;
  test.clock.advance(5s - 1ns);
  EXPECT_TRUE(test.review().has_value());
  test.clock.advance(1ns);
  EXPECT_FALSE(test.review().has_value());
}

TEST(Liveness, DoesNotCountTheTimeThatTheProcessWasStopped) {
  LivenessCase test;
  test.clock.advance(60s);
  EXPECT_EQ(test.review(), test.clock.now() + 1s);
  test.clock.advance(4s);
  EXPECT_TRUE(test.review().has_value());
  EXPECT_EQ(test.questions, 1);
  test.clock.advance(1s);
  EXPECT_FALSE(test.review().has_value());
}

TEST(Liveness, IsProvenByAnAnswerToSomebodyElse) {
  LivenessCase test;
  test.clock.advance(4s);
  test.liveness.answered(test.clock.now());
  ASSERT_TRUE(test.review().has_value());
  EXPECT_EQ(test.questions, 0);
  test.clock.advance(4s);
  ASSERT_TRUE(test.review().has_value());
  EXPECT_EQ(test.questions, 1);
  test.clock.advance(1s);
  EXPECT_FALSE(test.review().has_value()) << "five seconds since the answer";
}

TEST(Liveness, DoesNotCountTheTimeBeforeTheCall) {
  LivenessCase test;
  test.clock.advance(60s);
  test.started = test.clock.now();
  EXPECT_EQ(test.review(), test.started + 1s);
  EXPECT_EQ(test.questions, 0);
}

TEST(Liveness, IsNotTakenBackByAnOlderAnswer) {
  LivenessCase test;
  const auto old = test.clock.now();
  test.clock.advance(4s);
  test.liveness.answered(test.clock.now());
  test.liveness.answered(old);
  ASSERT_TRUE(test.review().has_value());
  test.clock.advance(4s);
  EXPECT_TRUE(test.review().has_value());
}

TEST(Liveness, MayAnswerFromTheQuestionItself) {
  FakeClock clock;
  Liveness* itself = nullptr;
  Liveness liveness(5s, [&] { itself->answered(clock.now()); });
  itself = &liveness;
  const auto started = clock.now();
  ASSERT_TRUE(liveness.review(started, started).has_value());
  for (int i = 0; i < 20; ++i) {
    clock.advance(1s);
    ASSERT_TRUE(liveness.review(started, clock.now()).has_value());
  }
}

}  // namespace
}  // namespace fabric::mysql
