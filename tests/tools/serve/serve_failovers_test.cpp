#include <gtest/gtest.h>

#include "tools/serve/failovers.h"

namespace tools::serve {
namespace {

using std::chrono::seconds;

fabric::Server server(const std::string& uuid) {
  return {.uuid = uuid, .group = "g1", .endpoint = {uuid, 3306, {}}};
}

Moment at(int second) {
  return {fabric::base::SteadyTime(seconds(second)),
          std::chrono::system_clock::time_point(seconds(1000 + second))};
}

TEST(ServeFailovers, MeasureFromTheFirstSilenceToTheNewPrimary) {
  Failovers failovers;
  const auto old = server("a");
  const auto next = server("b");
  failovers.saw("g1", &old, true, at(0));
  failovers.saw("g1", &old, false, at(3));
  failovers.saw("g1", nullptr, false, at(4));
  ASSERT_TRUE(failovers.lost_since("g1"));
  EXPECT_EQ(failovers.lost_since("g1")->steady, at(3).steady);
  EXPECT_TRUE(failovers.list().empty());
  failovers.saw("g1", &next, true, at(8));
  ASSERT_EQ(failovers.list().size(), 1u);
  const Failover& one = failovers.list().front();
  EXPECT_EQ(one.from, "a:3306");
  EXPECT_EQ(one.to, "b:3306");
  EXPECT_EQ(one.at.wall, at(8).wall);
  EXPECT_EQ(one.took, seconds(5));
  EXPECT_FALSE(failovers.lost_since("g1"));
}

TEST(ServeFailovers, AChangeWhileTheOldPrimaryWorkedIsASwitchover) {
  Failovers failovers;
  const auto old = server("a");
  const auto next = server("b");
  failovers.saw("g1", &old, true, at(0));
  failovers.saw("g1", &next, true, at(1));
  ASSERT_EQ(failovers.list().size(), 1u);
  EXPECT_FALSE(failovers.list().front().took);
}

TEST(ServeFailovers, APrimaryThatComesBackIsNone) {
  Failovers failovers;
  const auto old = server("a");
  failovers.saw("g1", &old, true, at(0));
  failovers.saw("g1", &old, false, at(1));
  failovers.saw("g1", &old, true, at(2));
  EXPECT_TRUE(failovers.list().empty());
  EXPECT_FALSE(failovers.lost_since("g1"));
}

TEST(ServeFailovers, ANewPrimaryThatFailsAtOnceIsLostFromThen) {
  Failovers failovers;
  const auto old = server("a");
  const auto next = server("b");
  failovers.saw("g1", &old, false, at(0));
  failovers.saw("g1", &next, false, at(4));
  ASSERT_TRUE(failovers.lost_since("g1"));
  EXPECT_EQ(failovers.lost_since("g1")->steady, at(4).steady);
}

TEST(ServeFailovers, GroupsAreApartAndTheListEnds) {
  Failovers failovers;
  const auto one = server("a");
  const auto other = server("b");
  failovers.saw("g1", &one, true, at(0));
  failovers.saw("g2", &other, true, at(0));
  EXPECT_TRUE(failovers.list().empty());
  for (int i = 1; i < 120; ++i) failovers.saw("g1", i % 2 == 0 ? &one : &other, true, at(i));
  EXPECT_EQ(failovers.list().size(), Failovers::kKept);
  EXPECT_EQ(failovers.list().front().at.steady, at(119).steady);
}

}  // namespace
}  // namespace tools::serve
