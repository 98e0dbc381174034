#include "pool/group_pool.h"

#include <gtest/gtest.h>
#include <time.h>

#include <future>
#include <map>

#include "pool/server_pool.h"
#include "pool/suspects.h"
#include "tests/pool/scripted_farm.h"

namespace {

using fabric::ServerStatus;
using fabric::base::Error;
using fabric::base::SqlState;
using fabric::mysql::LinkLoss;
using fabric::mysql::MysqlError;
using pool::Borrowed;
using pool::GroupPool;
using test_support::eventually;
using test_support::FarmKind;
using test_support::ScriptedFarm;
using namespace std::chrono_literals;

std::future<Borrowed> borrow_in_thread(GroupPool& group, const pool::BorrowRequest& request) {
  return std::async(std::launch::async, [&group, request] { return group.borrow(request); });
}

MysqlError lost_link() {
  return {2013, "HY000", "Lost connection to server during query", LinkLoss::kAfterSend};
}

TEST(GroupPool, WritesOnThePrimaryAndReadsOnSecondariesByWeight) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary);
  farm.add("b", ServerStatus::kSecondary, 2.0);
  farm.add("c", ServerStatus::kSecondary, 1.0);
  farm.add("d", ServerStatus::kSpare);
  const auto group = farm.group();
  std::map<std::string, int> reads;
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(group->borrow(farm.write()).server.uuid, "a");
    ++reads[group->borrow(farm.read()).server.uuid];
  }
  EXPECT_EQ(reads, (std::map<std::string, int>{{"b", 20}, {"c", 10}}));
}

TEST(GroupPool, ReadsWhereTheFewestLeasesAreOutWhenItIsToldSo) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary);
  farm.add("b", ServerStatus::kSecondary);
  farm.add("c", ServerStatus::kSecondary);
  const auto group = farm.group({.load_balance = pool::LoadBalance::kLeastOutstanding});
  const Borrowed held = group->borrow(farm.read());
  for (int i = 0; i < 5; ++i) {
    EXPECT_NE(group->borrow(farm.read()).server.uuid, held.server.uuid);
  }
}

TEST(GroupPool, CountsWhoWaitsForALeaseAsOneThatIsOut) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary);
  farm.add("b", ServerStatus::kSecondary).freeze();
  farm.add("c", ServerStatus::kSecondary);
  const auto group = farm.group({.load_balance = pool::LoadBalance::kLeastOutstanding});
  const auto out = [&farm](const char* uuid) { return farm.pool_of(uuid)->outstanding(); };
  std::vector<std::future<Borrowed>> borrowers;
  for (std::size_t i = 1; i <= 4; ++i) {
    borrowers.push_back(borrow_in_thread(*group, farm.read()));
    ASSERT_TRUE(eventually([&] { return out("b") + out("c") == i; }));
  }
  EXPECT_EQ(out("b"), 2U);
  farm["b"].thaw();
  for (auto& borrower : borrowers) EXPECT_TRUE(borrower.get().lease);
}

TEST(GroupPool, ReadsOnThePrimaryWhenThereIsNoSecondary) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary);
  farm.add("b", ServerStatus::kSpare);
  EXPECT_EQ(farm.group()->borrow(farm.read()).server.uuid, "a");
}

TEST(GroupPool, NamesTheGroupsThereAreWhenItsOwnIsUnknown) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary);
  const auto group = farm.group({}, "sales");
  try {
    group->borrow(farm.write());
    FAIL() << "borrowed from a group that is not there";
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), SqlState::k08001);
    EXPECT_STREQ(error.what(),
                 "The farm has no group 'sales', or it has no servers; set FABRIC_GROUP to one "
                 "that has (g1), or add a server to it (group.add)");
  }
}

TEST(GroupPool, AsksOnceWhetherAGroupHasJustBeenMade) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary);
  const auto group = farm.group({}, "sales");
  farm.farm().topology(farm.write().deadline);
  farm.listed("a").group = "sales";
  farm.publish();
  EXPECT_EQ(group->borrow(farm.write()).server.uuid, "a");
}

TEST(GroupPool, WaitsForAPrimaryToBeNamed) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kSecondary);
  const auto group = farm.group();
  auto waiting = borrow_in_thread(*group, farm.write());
  ASSERT_TRUE(eventually([&] { return farm.farm().topology(farm.write().deadline) != nullptr; }));
  farm.promote("a");
  EXPECT_EQ(waiting.get().server.uuid, "a");
}

TEST(GroupPool, SaysWhatItWaitedForWhenTheDeadlineCame) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kSecondary);
  const auto group = farm.group();
  try {
    group->borrow(farm.write(100ms));
    FAIL() << "found a primary";
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), SqlState::k08001);
    const std::string text = error.what();
    EXPECT_NE(text.find("group 'g1' could be reached for writing within 1"), text.npos) << text;
    EXPECT_NE(text.find("lists no server that fits"), text.npos) << text;
  }
}

TEST(GroupPool, NamesTheServerItCouldNotReach) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary).kill();
  const auto group = farm.group();
  try {
    group->borrow(farm.write(200ms));
    FAIL() << "reached a dead server";
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), SqlState::k08001);
    EXPECT_EQ(error.native(), 2002);
    EXPECT_NE(std::string(error.what()).find(farm["a"].endpoint().text()), std::string::npos);
  }
  try {
    group->borrow(farm.write(1ms));  // nobody is tried while it is a suspect
    FAIL() << "reached a dead server";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(farm["a"].endpoint().text()), std::string::npos)
        << error.what();
  }
}

TEST(GroupPool, SleepsWhileAServerLetsNobodyIn) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary).freeze();
  const auto group = farm.group();
  pool::BorrowRequest request = farm.write(600ms);
  request.pool_deadline = farm.write(50ms).deadline;
  const auto busy = [] {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
  };
  const auto before = busy();
  EXPECT_THROW(group->borrow(request), Error);
  EXPECT_LT(busy() - before, 150ms);
}

TEST(GroupPool, ThrowsADeniedLoginAtOnce) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary).refuse_logins(1045, "28000", "Access denied");
  const auto group = farm.group();
  try {
    group->borrow(farm.write());
    FAIL() << "let in";
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), SqlState::k28000);
  }
  EXPECT_EQ(farm["a"].counts().connects, 1u);
}

TEST(GroupPool, GoesToTheNewPrimaryAfterAFailover) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary);
  farm.add("b", ServerStatus::kSecondary);
  const auto group = farm.group();
  const auto old_primary = group->borrow(farm.write()).server;
  farm["a"].kill();
  group->failed(old_primary, lost_link());
  auto waiting = borrow_in_thread(*group, farm.write());
  ASSERT_TRUE(eventually([&] { return farm.pool_of("a")->stats().connect_failures > 0; }));
  farm.promote("b");
  EXPECT_EQ(waiting.get().server.uuid, "b");
}

TEST(GroupPool, ComesBackToAPrimaryThatOnlyRestarted) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary);
  const auto group = farm.group({.validate_after = 0ms});
  group->borrow(farm.write());
  farm["a"].kill();
  auto waiting = borrow_in_thread(*group, farm.write());
  ASSERT_TRUE(eventually([&] { return farm.pool_of("a")->stats().connect_failures > 0; }));
  farm["a"].restart();
  EXPECT_EQ(waiting.get().server.uuid, "a");
}

TEST(GroupPool, LeavesAFullPoolWhenItsServerLosesItsRole) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary);
  farm.add("b", ServerStatus::kSecondary);
  const auto group = farm.group({.max_size = 1});
  const Borrowed held = group->borrow(farm.write());
  auto waiting = borrow_in_thread(*group, farm.write());
  ASSERT_TRUE(eventually([&] { return farm.pools().stats().waiting == 1; }));
  farm.promote("b");
  farm.farm().refresh(farm.write().deadline);
  EXPECT_EQ(waiting.get().server.uuid, "b");
  EXPECT_FALSE(held.lease.current());
}

TEST(GroupPool, LeavesAFrozenServerWhenAnotherIsNamed) {
  const auto silent = [](auto) { return test_support::FakeServer::silence(); };
  for (const bool pooling : {true, false}) {
    ScriptedFarm farm;
    farm.add("a", ServerStatus::kPrimary).on_login(silent);
    farm.add("b", ServerStatus::kSecondary);
    const auto group = farm.group({.pooling = pooling});
    auto waiting = borrow_in_thread(*group, farm.write());
    ASSERT_TRUE(farm["a"].wait_until([](const auto& counts) { return counts.connects == 1; }));
    farm.promote("b");
    farm.farm().refresh(farm.write().deadline);
    EXPECT_EQ(waiting.get().server.uuid, "b");
    farm["a"].drop_connections();  // whom a connector still waits for
  }
}

TEST(GroupPool, ClosesIdleConnectionsToAServerThatLostItsRole) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary);
  farm.add("b", ServerStatus::kSecondary);
  const auto group = farm.group();
  group->borrow(farm.write());
  ASSERT_EQ(farm["a"].counts().open, 1u);
  farm.promote("b");
  farm.farm().refresh(farm.write().deadline);
  EXPECT_TRUE(farm["a"].wait_until([](const auto& counts) { return counts.open == 0; }));
}

TEST(GroupPool, ReadsElsewhereWhileASecondaryIsSuspect) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary);
  farm.add("b", ServerStatus::kSecondary);
  farm.add("c", ServerStatus::kSecondary);
  const auto group = farm.group();
  farm["b"].kill();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(group->borrow(farm.read()).server.uuid, "c");
  farm["c"].kill();
  group->failed(farm.listed("c"), lost_link());
  EXPECT_EQ(group->borrow(farm.read()).server.uuid, "a");
}

TEST(GroupPool, ReadsElsewhereWhileAServerHasNoRoom) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary);
  farm.add("b", ServerStatus::kSecondary);
  farm.add("c", ServerStatus::kSecondary);
  const auto group = farm.group();
  const auto fill = [&farm](const char* uuid) {
    farm[uuid].refuse_logins(1040, "08004", "Too many connections");
  };
  fill("b");
  std::vector<Borrowed> reads;
  for (int i = 0; i < 6; ++i) {
    reads.push_back(group->borrow(farm.read()));
    EXPECT_EQ(reads.back().server.uuid, "c");
  }
  EXPECT_FALSE(farm.pools()
                   .suspects()
                   .standing(farm.listed("b").endpoint, fabric::RequestMode::kReadOnly)
                   .suspect);
  fill("c");
  reads.push_back(group->borrow(farm.read()));
  EXPECT_EQ(reads.back().server.uuid, "a");
  farm["b"].accept_logins();
  EXPECT_TRUE(eventually([&] { return group->borrow(farm.read()).server.uuid == "b"; }));
}

TEST(GroupPool, WaitsForRoomWhereNoOtherServerHasIt) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary).refuse_logins(1040, "08004", "Too many connections");
  farm.add("b", ServerStatus::kSecondary).refuse_logins(1040, "08004", "Too many connections");
  const auto group = farm.group();
  auto reader = borrow_in_thread(*group, farm.read());
  auto writer = borrow_in_thread(*group, farm.write());
  EXPECT_EQ(reader.wait_for(200ms), std::future_status::timeout);
  farm["a"].accept_logins();
  EXPECT_EQ(writer.get().server.uuid, "a");
  farm["b"].accept_logins();
  EXPECT_TRUE(reader.get().lease);
}

TEST(GroupPool, HasAReturningSecondaryVerifiedWithoutABorrower) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary);
  farm.add("b", ServerStatus::kSecondary);
  const auto group = farm.group();
  farm["b"].kill();
  EXPECT_EQ(group->borrow(farm.read()).server.uuid, "a");
  farm["b"].restart();
  EXPECT_TRUE(eventually([&] {
    return !farm.pools()
                .suspects()
                .standing(farm.listed("b").endpoint, fabric::RequestMode::kReadOnly)
                .suspect;
  }));
  EXPECT_EQ(group->borrow(farm.read()).server.uuid, "b");
}

TEST(GroupPool, WritesNoMoreOnAPrimaryThatRefusesWritesButReadsThere) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary);
  farm.add("b", ServerStatus::kSpare);
  const auto group = farm.group();
  group->borrow(farm.write());
  const MysqlError read_only(1290, "HY000",
                             "The MariaDB server is running with the --read-only option so it "
                             "cannot execute this statement");
  group->failed(farm.listed("a"), read_only);
  const auto refused =
      farm.pools().suspects().standing(farm.listed("a").endpoint, fabric::RequestMode::kReadWrite);
  EXPECT_TRUE(refused.suspect);
  EXPECT_EQ(group->borrow(farm.read()).server.uuid, "a");
  farm.promote("b");
  EXPECT_EQ(group->borrow(farm.write()).server.uuid, "b");
}

TEST(GroupPool, SuspectsNobodyForACallersOwnDeadlineOrFault) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary);
  const auto group = farm.group();
  group->failed(farm.listed("a"), MysqlError(1064, "42000", "You have an error in your SQL"));
  group->failed(farm.listed("a"), MysqlError(2013, "HY000", "Lost connection", LinkLoss::kAfterSend,
                                             fabric::mysql::Ended::kDeadline));
  EXPECT_FALSE(farm.pools()
                   .suspects()
                   .standing(farm.listed("a").endpoint, fabric::RequestMode::kReadWrite)
                   .suspect);
}

TEST(GroupPool, TriesAPlainListInOrder) {
  ScriptedFarm farm(FarmKind::kPlainList);
  farm.add("a", ServerStatus::kPrimary).kill();
  farm.add("b", ServerStatus::kPrimary);
  const auto group = farm.group();
  EXPECT_EQ(group->borrow(farm.write()).server.endpoint, farm["b"].endpoint());
  EXPECT_EQ(group->borrow(farm.read()).server.endpoint, farm["b"].endpoint());
}

TEST(GroupPool, SaysOfEachServerOfAPlainListWhyNot) {
  ScriptedFarm farm(FarmKind::kPlainList);
  farm.add("a", ServerStatus::kPrimary).kill();
  farm.add("b", ServerStatus::kPrimary).kill();
  const auto group = farm.group();
  try {
    group->borrow(farm.write());
    FAIL() << "reached a dead server";
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), SqlState::k08001);
    const std::string text = error.what();
    EXPECT_NE(text.find(farm["a"].endpoint().text()), text.npos) << text;
    EXPECT_NE(text.find(farm["b"].endpoint().text()), text.npos) << text;
  }
}

TEST(GroupPool, SaysNoMoreThanTheReasonForAListOfOne) {
  ScriptedFarm farm(FarmKind::kPlainList);
  farm.add("a", ServerStatus::kPrimary).kill();
  try {
    farm.group()->borrow(farm.write());
    FAIL() << "reached a dead server";
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), SqlState::k08001);
    EXPECT_EQ(std::string(error.what()).find("Cannot connect to " + farm["a"].endpoint().text()),
              0u)
        << error.what();
  }
}

TEST(GroupPool, ThrowsADeniedLoginOfAPlainListAtOnce) {
  ScriptedFarm farm(FarmKind::kPlainList);
  farm.add("a", ServerStatus::kPrimary).refuse_logins(1045, "28000", "Access denied");
  farm.add("b", ServerStatus::kPrimary);
  const auto group = farm.group();
  EXPECT_THROW(group->borrow(farm.write()), MysqlError);
  EXPECT_EQ(farm["b"].counts().connects, 0u);
}

TEST(GroupPool, SaysWhenAnotherHasAnotherLimitForTheSameServer) {
  ScriptedFarm farm;
  farm.add("a", ServerStatus::kPrimary);
  EXPECT_FALSE(farm.group({.max_size = 2})->borrow(farm.write()).limit_differs);
  EXPECT_TRUE(farm.group({.max_size = 3})->borrow(farm.write()).limit_differs);
}

}  // namespace
