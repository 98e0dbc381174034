#include "pool/suspects.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace {

using fabric::RequestMode;
using fabric::base::Endpoint;
using pool::Doubt;
using pool::Suspects;
using namespace std::chrono_literals;

class SuspectsTest : public testing::Test {
 protected:
  Suspects::Standing standing(RequestMode mode = RequestMode::kReadOnly) const {
    return suspects.standing(server, mode);
  }
  fabric::base::Duration skip() const { return standing().retry_at - clock.now(); }

  const Endpoint server{"db1", 3306, ""};
  test_support::FakeClock clock;
  fabric::base::Log log;
  Suspects suspects{clock, log};
};

TEST_F(SuspectsTest, TrustsWhatItHasNoWordOf) { EXPECT_FALSE(standing().suspect); }

TEST_F(SuspectsTest, SkipsTwiceAsLongEachTimeUpToASecond) {
  for (const auto expected : {50ms, 100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
    EXPECT_TRUE(suspects.mark(server, Doubt::kUnreachable));
    EXPECT_EQ(skip(), expected);
    clock.advance(expected);
    EXPECT_TRUE(standing().suspect);
  }
}

TEST_F(SuspectsTest, CountsTheMarksOfManyBorrowersOnce) {
  EXPECT_TRUE(suspects.mark(server, Doubt::kUnreachable));
  EXPECT_FALSE(suspects.mark(server, Doubt::kUnreachable));
  EXPECT_EQ(skip(), 50ms);
}

TEST_F(SuspectsTest, LetsAServerWhoseLinkBrokeBeTriedAtOnce) {
  EXPECT_TRUE(suspects.mark(server, Doubt::kLostLink));
  EXPECT_TRUE(standing().suspect);
  EXPECT_EQ(skip(), 0ms);
  EXPECT_FALSE(suspects.mark(server, Doubt::kLostLink));
}

TEST_F(SuspectsTest, TrustsAgainWhatWasReached) {
  suspects.mark(server, Doubt::kUnreachable);
  const auto rings = suspects.bell().count();
  suspects.reached(server);
  EXPECT_FALSE(standing().suspect);
  EXPECT_EQ(suspects.bell().count(), rings + 1);
  suspects.reached(server);
  EXPECT_EQ(suspects.bell().count(), rings + 1);
}

TEST_F(SuspectsTest, BeginsAnewAfterALongTimeWithoutTrouble) {
  for (int i = 0; i < 3; ++i) {
    suspects.mark(server, Doubt::kUnreachable);
    clock.advance(1s);
  }
  clock.advance(11s);
  suspects.mark(server, Doubt::kUnreachable);
  EXPECT_EQ(skip(), 50ms);
}

TEST_F(SuspectsTest, SkipsAReadOnlyServerForWritesAloneAndForAWhile) {
  suspects.mark(server, Doubt::kReadOnly);
  EXPECT_TRUE(standing(RequestMode::kReadWrite).suspect);
  EXPECT_FALSE(standing(RequestMode::kReadOnly).suspect);
  suspects.reached(server);  // a connect says nothing about writing
  EXPECT_TRUE(standing(RequestMode::kReadWrite).suspect);
  clock.advance(51ms);
  EXPECT_FALSE(standing(RequestMode::kReadWrite).suspect);
}

TEST_F(SuspectsTest, SkipsAServerThatRefusesEverythingForAll) {
  suspects.mark(server, Doubt::kReadOnly);
  suspects.mark(server, Doubt::kRefusing);
  EXPECT_TRUE(standing(RequestMode::kReadOnly).suspect);
  EXPECT_TRUE(standing(RequestMode::kReadWrite).suspect);
}

TEST_F(SuspectsTest, ForgetsEverythingAboutAServerWithANewRole) {
  suspects.mark(server, Doubt::kUnreachable);
  suspects.mark(server, Doubt::kReadOnly);
  const auto rings = suspects.bell().count();
  suspects.forget(server);
  EXPECT_FALSE(standing(RequestMode::kReadWrite).suspect);
  EXPECT_EQ(suspects.bell().count(), rings + 1);
}

TEST_F(SuspectsTest, KeepsServersApart) {
  suspects.mark(server, Doubt::kUnreachable);
  EXPECT_FALSE(suspects.standing({"db1", 3307, ""}, RequestMode::kReadOnly).suspect);
}

TEST_F(SuspectsTest, DropsWhatNobodyHasMetForLong) {
  suspects.mark(server, Doubt::kUnreachable);
  clock.advance(11min);
  suspects.mark({"db2", 3306, ""}, Doubt::kUnreachable);
  EXPECT_FALSE(standing().suspect);
}

}  // namespace
