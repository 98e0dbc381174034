#include "fabric/mysql/error_traits.h"

#include <gtest/gtest.h>

#include "fabric/mysql/mysql_error.h"

namespace fabric::mysql {
namespace {

using base::SqlState;

ErrorTraits traits(unsigned number) { return traits_of(number, "", "HY000"); }

constexpr char kReadOnly[] =
    "The MariaDB server is running with the --read-only option so it cannot execute this statement";
constexpr char kSuperReadOnly[] =
    "The MySQL server is running with the --super-read-only option so it cannot execute this";
constexpr char kSecureFile[] =
    "The MySQL server is running with the --secure-file-priv option so it cannot execute this";

TEST(ErrorTraits, TellAServerThatNoLongerTakesWrites) {
  for (const char* text : {kReadOnly, kSuperReadOnly}) {
    const ErrorTraits refused = traits_of(1290, text, "HY000");
    EXPECT_TRUE(refused.read_only_server);
    EXPECT_TRUE(refused.refused_whole);
    EXPECT_FALSE(refused.connection_lost);
  }
  EXPECT_TRUE(traits(1836).read_only_server);
  EXPECT_TRUE(traits(3032).read_only_server);
}

TEST(ErrorTraits, DoNotBlameTheServerForTheApplicationsOption) {
  const ErrorTraits secure = traits_of(1290, kSecureFile, "HY000");
  EXPECT_FALSE(secure.read_only_server);
  EXPECT_FALSE(secure.refused_whole);
  EXPECT_EQ(secure.state, SqlState::kHY000);
}

TEST(ErrorTraits, NameTheSurelyNotExecuted) {
  for (const unsigned number : {1792u, 1836u, 3100u, 1047u, 1053u}) {
    EXPECT_TRUE(traits(number).refused_whole) << number;
  }
  for (const unsigned number : {1213u, 1205u, 1062u, 1317u, 2013u, 2006u, 1927u, 1040u}) {
    EXPECT_FALSE(traits(number).refused_whole) << number;
  }
}

TEST(ErrorTraits, NameLostLinks) {
  for (const unsigned number : {2006u, 2013u, 2055u, 1053u, 1927u}) {
    EXPECT_TRUE(traits(number).connection_lost) << number;
    EXPECT_EQ(traits(number).state, SqlState::k08S01) << number;
  }
  EXPECT_FALSE(traits(1047).connection_lost) << "a Galera node without quorum stays connected";
}

TEST(ErrorTraits, TellALostQuorumFromOtherFailedCommits) {
  const ErrorTraits lost = traits_of(
      1180, "Got error 1 \"Error while appending streaming replication fragment\"", "HY000");
  EXPECT_TRUE(lost.connection_lost);
  EXPECT_FALSE(lost.refused_whole) << "its outcome is unknown";
  EXPECT_FALSE(traits_of(1180, "Got error 28 during COMMIT", "HY000").connection_lost);
}

TEST(ErrorTraits, TellTheIdleDisconnectFromMariaDbsErrorOfTheSameNumber) {
  EXPECT_TRUE(traits_of(4031,
                        "The client was disconnected by the server because of inactivity. See "
                        "wait_timeout and interactive_timeout for configuring this behavior.",
                        "HY000")
                  .connection_lost);
  EXPECT_FALSE(traits_of(4031,
                         "Referenced trigger 't' for the given action time and event type "
                         "does not exist",
                         "HY000")
                   .connection_lost);
}

TEST(ErrorTraits, TellDenialFromDeath) {
  for (const unsigned number : {1044u, 1045u, 1130u, 2026u, 2059u}) {
    EXPECT_TRUE(traits(number).denied) << number;
    EXPECT_FALSE(traits(number).cannot_connect) << number;
  }
  for (const unsigned number : {2002u, 2003u, 2005u}) {
    EXPECT_TRUE(traits(number).cannot_connect) << number;
    EXPECT_EQ(traits(number).state, SqlState::k08001) << number;
  }
  const ErrorTraits busy = traits(1040);
  EXPECT_FALSE(busy.denied || busy.cannot_connect || busy.connection_lost);
  EXPECT_EQ(busy.state, SqlState::k08004);
}

TEST(ErrorTraits, TellAKillFromATimeLimit) {
  EXPECT_EQ(traits(1317).state, SqlState::kHY008);
  EXPECT_EQ(traits(1969).state, SqlState::kHYT00);
  EXPECT_EQ(traits(3024).state, SqlState::kHYT00);
  EXPECT_EQ(traits(1205).state, SqlState::kHYT00);
  EXPECT_EQ(traits(1213).state, SqlState::k40001);
}

TEST(ErrorTraits, TakeTheServersStateForWhatTheyDoNotKnow) {
  EXPECT_EQ(traits_of(9999, "", "42S02").state, SqlState::k42S02);
  EXPECT_EQ(traits_of(9999, "", "23505").state, SqlState::k23000) << "its class";
  EXPECT_EQ(traits_of(9999, "", "42883").state, SqlState::k42000) << "its class";
  EXPECT_EQ(traits_of(9999, "", "70100").state, SqlState::kHY000);
  EXPECT_EQ(traits_of(9999, "", "00000").state, SqlState::kHY000) << "an error is no success";
  EXPECT_EQ(traits_of(9999, "", "").state, SqlState::kHY000);
}

TEST(MysqlError, SaysWhyItWasEnded) {
  const MysqlError late(2013, "HY000", "late", LinkLoss::kAfterSend, Ended::kDeadline);
  EXPECT_EQ(late.state(), SqlState::kHYT00);
  EXPECT_EQ(late.number(), 2013u);
  const MysqlError silent(2013, "HY000", "silent", LinkLoss::kAfterSend, Ended::kSilentServer);
  EXPECT_EQ(silent.state(), SqlState::k08S01);
  const MysqlError plain(1062, "23000", "Duplicate entry '1' for key 'PRIMARY'");
  EXPECT_EQ(plain.state(), SqlState::k23000);
  EXPECT_EQ(plain.loss(), LinkLoss::kNone);
  EXPECT_STREQ(plain.what(), "Duplicate entry '1' for key 'PRIMARY'");
}

}  // namespace
}  // namespace fabric::mysql
