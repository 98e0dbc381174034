// Networks between the application and its servers that fail without a word, and servers that hang.
// FAILURE_DETECTION_TIME is one second.
#include <future>

#include "tests/driver_manager/failover_farm.h"

namespace test_support {
namespace {

using std::chrono::milliseconds;

/// One detection time, and what a busy machine adds.
constexpr milliseconds kDetected(2500);

class FailoverNetwork : public FailoverFarm {
 protected:
  /// Cut while a write is on its way; both servers' rows are told afterwards.
  void lose_a_write(const FaultProxy::Faults& faults, const std::string& rows_of_first) {
    connect();
    insert();
    first_network_.set(faults);
    primary_is_second();
    EXPECT_LT(time_of([&] { EXPECT_EQ(insert_state(), "08007"); }), kDetected);
    EXPECT_TRUE(says("whether it took effect is unknown")) << sentence_;
    EXPECT_LT(time_of([&] { EXPECT_EQ(insert_state(), "00000") << sentence_; }), kDetected);
    EXPECT_EQ(rows_on(first_), rows_of_first);
    EXPECT_EQ(rows_on(second_), "1");
  }
};

TEST_F(FailoverNetwork, ASilentCutEndsAWriteAs08007) { lose_a_write(FaultProxy::silent(), "1"); }

TEST_F(FailoverNetwork, WhatTheServerGotOverAHalfDeadLinkIsDone) {
  FaultProxy::Faults faults;
  faults.to_client.hold = true;
  lose_a_write(faults, "2");
}

TEST_F(FailoverNetwork, WhatTheServerNeverGotOverAHalfDeadLinkIsNot) {
  FaultProxy::Faults faults;
  faults.to_server.hold = true;
  lose_a_write(faults, "1");
}

TEST_F(FailoverNetwork, ReadsAndNewConnectionsOutliveASilentCutUnseen) {
  connect();
  OdbcConnection other(environment_);
  first_network_.set(FaultProxy::silent());
  primary_is_second();
  auto newcomer =
      std::async(std::launch::async, [&] { return time_of([&] { other.connect(farm()); }); });
  EXPECT_LT(time_of([&] { EXPECT_EQ(value("SELECT COUNT(*) FROM counted"), "0"); }), kDetected);
  EXPECT_EQ(place(), "second");
  EXPECT_LT(newcomer.get(), kDetected);
}

TEST_F(FailoverNetwork, ASilentCutInATransactionIs40001) {
  connect();
  connection_.autocommit(false);
  insert();
  first_network_.set(FaultProxy::silent());
  primary_is_second();
  EXPECT_LT(time_of([&] { EXPECT_EQ(insert_state(), "40001"); }), kDetected);
  EXPECT_EQ(insert_state(), "25S03");
  connection_.end(SQL_ROLLBACK);
  EXPECT_EQ(insert_state(), "00000") << sentence_;
  connection_.end(SQL_COMMIT);
  EXPECT_EQ(rows_on(second_), "1");
}

TEST_F(FailoverNetwork, ASilentCutAtCommitIs08007) {
  connect();
  connection_.autocommit(false);
  insert();
  first_network_.set(FaultProxy::silent());
  primary_is_second();
  EXPECT_LT(time_of([&] { EXPECT_EQ(state_of([&] { connection_.end(SQL_COMMIT); }), "08007"); }),
            kDetected);
  EXPECT_EQ(rows_on(first_), "0");
}

TEST_F(FailoverNetwork, ASilentCutThatHealsInTimeIsNotNoticed) {
  connect();
  first_network_.set(FaultProxy::silent());
  auto write = std::async(std::launch::async, [&] { return insert_state(); });
  EXPECT_EQ(write.wait_for(milliseconds(300)), std::future_status::timeout);
  first_network_.heal();
  EXPECT_EQ(write.get(), "00000") << sentence_;
  EXPECT_EQ(rows_on(first_), "1");
}

TEST_F(FailoverNetwork, AnIdleLinkThatEndedOnOurSideOnlyIsHealedUnseen) {
  connect();
  first_network_.half_close(FaultProxy::Way::kToClient);
  EXPECT_EQ(insert_state(), "00000") << sentence_;
  EXPECT_EQ(rows_on(first_), "1");
}

TEST_F(FailoverNetwork, ALinkThatEndsInTheMiddleOfAnAnswerIs08S02ForItsReader) {
  run_on(second_, "CREATE OR REPLACE TABLE wide (t TEXT) ENGINE=InnoDB");
  run_on(second_, "INSERT INTO wide SELECT REPEAT('x', 1000) FROM seq_1_to_2000");
  primary_is_second();
  connect();
  OdbcStatement statement(connection_);
  FaultProxy::Faults faults;
  faults.to_client.closes_after = 200'000;
  second_network_.set(faults);
  const std::string state = state_of([&] {
    statement.execute("SELECT t FROM wide");
    statement.rows();
  });
  second_network_.heal();
  EXPECT_EQ(state, "08S02") << sentence_;
  EXPECT_EQ(value("SELECT COUNT(*) FROM wide"), "2000");
}

TEST_F(FailoverNetwork, SlowIsNotSilent) {
  connect();
  first_network_.set(FaultProxy::slow(milliseconds(150)));
  EXPECT_EQ(insert_state(), "00000") << sentence_;
  EXPECT_EQ(place(), "first");
  first_network_.set(FaultProxy::narrow(40'000));
  EXPECT_EQ(value("SELECT REPEAT('x', 60000)").size(), 60'000U);  // for 1.5 s
  EXPECT_EQ(place(), "first");
  EXPECT_EQ(rows_on(first_), "1");
}

TEST_F(FailoverNetwork, AFrozenServerEndsAWriteAndALongQueryElsewhereGoesOn) {
  connect();
  insert();
  OdbcConnection elsewhere(environment_);
  elsewhere.connect(connection_string(second_network_.endpoint(), "FAILURE_DETECTION_TIME=500ms"));
  auto sleeper = std::async(std::launch::async, [&] {
    return OdbcStatement(elsewhere).value("SELECT SLEEP(4)");  // eight detection times
  });
  first_.freeze();
  EXPECT_LT(time_of([&] { EXPECT_EQ(insert_state(), "08007") << sentence_; }), kDetected);
  primary_is_second();
  EXPECT_LT(time_of([&] { EXPECT_EQ(insert_state(), "00000") << sentence_; }), kDetected);
  first_.thaw();
  EXPECT_EQ(rows_on(second_), "1");
  EXPECT_EQ(sleeper.get(), "0");
}

}  // namespace
}  // namespace test_support
