#include "pool/server_choice.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace {

using fabric::Group;
using fabric::RequestMode;
using fabric::Server;
using fabric::ServerMode;
using fabric::ServerStatus;
using pool::Choice;
using pool::Doubt;
using namespace std::chrono_literals;

class ServerChoiceTest : public testing::Test {
 protected:
  static Server server(const std::string& uuid, ServerStatus status, ServerMode mode) {
    return {uuid, "g1", {uuid, 3306, ""}, status, mode, 1.0};
  }
  Choice pick(RequestMode mode) {
    return pool::choose(group, mode, suspects, clock.now(), balancer);
  }
  std::string name(RequestMode mode) {
    const Choice choice = pick(mode);
    return choice.server == nullptr ? "nobody" : choice.server->uuid;
  }
  void suspect(const std::string& uuid, Doubt doubt = Doubt::kUnreachable) {
    suspects.mark({uuid, 3306, ""}, doubt);
  }

  Group group{"g1",
              {server("p", ServerStatus::kPrimary, ServerMode::kReadWrite),
               server("s", ServerStatus::kSecondary, ServerMode::kReadOnly),
               server("t", ServerStatus::kSecondary, ServerMode::kReadOnly),
               server("spare", ServerStatus::kSpare, ServerMode::kReadOnly),
               server("faulty", ServerStatus::kFaulty, ServerMode::kReadWrite)}};
  test_support::FakeClock clock;
  fabric::base::Log log;
  pool::Suspects suspects{clock, log};
  pool::WeightedRoundRobin balancer;
};

TEST_F(ServerChoiceTest, WritesGoToThePrimary) {
  EXPECT_EQ(name(RequestMode::kReadWrite), "p");
  EXPECT_EQ(name(RequestMode::kReadWrite), "p");
}

TEST_F(ServerChoiceTest, WritesGoToNoSecondaryThatIsSaidToTakeThem) {
  for (Server& one : group.servers) one.mode = ServerMode::kReadWrite;
  EXPECT_EQ(name(RequestMode::kReadWrite), "p");
  EXPECT_EQ(name(RequestMode::kReadWrite), "p");
  group.servers.erase(group.servers.begin());
  EXPECT_EQ(name(RequestMode::kReadWrite), "nobody");
}

TEST_F(ServerChoiceTest, ReadsTakeTurnsAmongSecondaries) {
  EXPECT_EQ(name(RequestMode::kReadOnly), "s");
  EXPECT_EQ(name(RequestMode::kReadOnly), "t");
  EXPECT_EQ(name(RequestMode::kReadOnly), "s");
}

TEST_F(ServerChoiceTest, ReadsAvoidSuspectsAndThenTakeThePrimary) {
  suspect("s");
  EXPECT_EQ(name(RequestMode::kReadOnly), "t");
  EXPECT_EQ(name(RequestMode::kReadOnly), "t");
  suspect("t");
  EXPECT_EQ(name(RequestMode::kReadOnly), "p");
}

TEST_F(ServerChoiceTest, ASuspectIsNotTriedWhileItsTimeHasNotCome) {
  suspect("p");
  const Choice choice = pick(RequestMode::kReadWrite);
  EXPECT_EQ(choice.server, nullptr);
  EXPECT_EQ(choice.retry_at, clock.now() + 50ms);
  clock.advance(50ms);
  EXPECT_EQ(name(RequestMode::kReadWrite), "p");
}

TEST_F(ServerChoiceTest, WhenAllAreSuspectTheFirstDueIsTried) {
  for (const char* uuid : {"p", "t", "s"}) {
    suspect(uuid);
    clock.advance(10ms);
  }
  EXPECT_EQ(name(RequestMode::kReadOnly), "nobody");
  clock.advance(30ms);
  EXPECT_EQ(name(RequestMode::kReadOnly), "p");
}

TEST_F(ServerChoiceTest, APrimaryWhoseLinkBrokeIsTriedAtOnce) {
  suspect("p", Doubt::kLostLink);
  EXPECT_EQ(name(RequestMode::kReadWrite), "p");
}

TEST_F(ServerChoiceTest, OnlyATopologyCanHelpAGroupWithoutAPrimary) {
  group.servers[0].status = ServerStatus::kSpare;
  const Choice choice = pick(RequestMode::kReadWrite);
  EXPECT_EQ(choice.server, nullptr);
  EXPECT_EQ(choice.retry_at, fabric::base::SteadyTime::max());
}

TEST_F(ServerChoiceTest, ModesCount) {
  group.servers[0].mode = ServerMode::kReadOnly;
  EXPECT_EQ(name(RequestMode::kReadWrite), "nobody");
  group.servers[0].mode = ServerMode::kWriteOnly;
  group.servers[1].mode = group.servers[2].mode = ServerMode::kOffline;
  EXPECT_EQ(name(RequestMode::kReadOnly), "nobody");
}

TEST_F(ServerChoiceTest, APlainListKeepsItsOrderWithSuspectsLast) {
  for (Server& listed : group.servers) {
    listed.status = ServerStatus::kPrimary;
    listed.mode = ServerMode::kReadWrite;
  }
  suspect("p");
  std::string order;
  for (const Server* listed : pool::in_order(group, RequestMode::kReadWrite, suspects)) {
    order += listed->uuid + " ";
  }
  EXPECT_EQ(order, "s t spare faulty p ");
}

}  // namespace
