#include "fabric/recoveries.h"

#include <gtest/gtest.h>

#include "tests/support/scripted_source.h"

namespace fabric {
namespace {

using std::chrono::seconds;
using test_support::a_server;

class RecoveriesTest : public testing::Test {
 protected:
  RecoveriesTest() { EXPECT_TRUE(see({first_, second_}).empty()) << "nothing is known before"; }

  std::vector<Recoveries::Change> see(std::vector<Server> servers) {
    return recoveries_.observe(Topology(test_support::a_farm(std::move(servers)), 1, false), now_);
  }
  static Server as(Server server, ServerStatus status) {
    server.status = status;
    server.mode = status == ServerStatus::kPrimary ? ServerMode::kReadWrite : ServerMode::kReadOnly;
    return server;
  }

  const Server first_ = a_server("u1", "g1", ServerStatus::kPrimary);
  const Server second_ = a_server("u2", "g1", ServerStatus::kSecondary, 3307);
  const std::vector<Server> after_{as(first_, ServerStatus::kFaulty),
                                   as(second_, ServerStatus::kPrimary)};
  const std::vector<Server> nobody_{as(first_, ServerStatus::kFaulty), second_};
  base::SteadyTime now_ = std::chrono::steady_clock::now();
  Recoveries recoveries_;
};

TEST_F(RecoveriesTest, MeasureAFailoverFromTheFirstMiss) {
  recoveries_.missed(first_, now_);
  now_ += seconds(1);
  recoveries_.missed(first_, now_);
  EXPECT_TRUE(see({first_, second_}).empty()) << "a node may list a dead primary";
  now_ += seconds(2);
  const auto changes = see(after_);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].group, "g1");
  EXPECT_EQ(changes[0].from, first_.endpoint);
  EXPECT_EQ(changes[0].to, second_.endpoint);
  EXPECT_EQ(changes[0].without, seconds(3));
  EXPECT_TRUE(see(after_).empty());
}

TEST_F(RecoveriesTest, TakeAChangeThatNobodyMissedForASwitchover) {
  recoveries_.missed(second_, now_);
  const auto changes = see(after_);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_FALSE(changes[0].without);
}

TEST_F(RecoveriesTest, MeasureFromWhenTheFarmLostItsPrimary) {
  see(nobody_);
  now_ += seconds(5);
  const auto changes = see(after_);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].without, seconds(5));
}

TEST_F(RecoveriesTest, GoOnMeasuringWhenALostPrimaryAnswersThatWasTakenOut) {
  recoveries_.missed(first_, now_);
  now_ += seconds(2);
  see(nobody_);
  recoveries_.answered(first_);
  now_ += seconds(1);
  see(nobody_);
  EXPECT_EQ(see(after_).at(0).without, seconds(3));
}

TEST_F(RecoveriesTest, ForgetAMissWhenThePrimaryAnswersOrIsBack) {
  recoveries_.missed(first_, now_);
  recoveries_.answered(first_);
  EXPECT_FALSE(see(after_).at(0).without);
  see(nobody_);
  see(after_);
  EXPECT_FALSE(see({first_, second_}).at(0).without);
}

}  // namespace
}  // namespace fabric
