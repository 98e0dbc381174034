// What the doctor makes of a server's own words, without a server.
#include <gtest/gtest.h>

#include <sstream>

#include "tests/support/text.h"
#include "tools/doctor/server_findings.h"

namespace tools::doctor {
namespace {

using fabric::ServerStatus;
using test_support::contains;

class DoctorJudgement : public testing::Test {
 protected:
  DoctorJudgement() {
    std::vector<driver::settings::Warning> warnings;
    examination.settings = driver::settings::settings_from_connection_string(
        "FABRIC_NODES=n:32275;FABRIC_GROUP=g1;UID=app;PWD=secret;MAX_POOL_SIZE=100", warnings);
  }
  static Patient patient(ServerStatus status) {
    Patient one;
    one.server = {
        .uuid = "u1", .group = "g1", .endpoint = {"10.0.0.1", 3306, {}}, .status = status};
    one.server.mode = fabric::ServerMode::kReadWrite;
    one.facts.reach.outcome = fabric::base::ConnectOutcome::kConnected;
    one.facts.asked = true;
    one.facts.mariadb = true;
    one.facts.number = 101119;
    one.facts.version = "10.11.19-MariaDB";
    one.facts.account = "app@%";
    one.facts.variables = {{"read_only", status == ServerStatus::kPrimary ? "OFF" : "ON"},
                           {"wait_timeout", "28800"},
                           {"max_connections", "151"}};
    one.facts.status = {{"Threads_connected", "3"}};
    return one;
  }
  /// The one finding of that level.
  const Finding& only(Level level) {
    const auto& all = report.findings();
    EXPECT_EQ(report.count(level), 1u);
    const auto found = std::ranges::find(all, level, &Finding::level);
    if (found == all.end()) throw std::runtime_error("nothing found");
    return *found;
  }

  Question question;
  Report report{[](const Finding&) {}};
  std::ostringstream shown;
  Progress progress{shown};
  Examination examination{question, report, progress};
};

TEST_F(DoctorJudgement, AReadOnlyPrimaryIsAnError) {
  Patient one = patient(ServerStatus::kPrimary);
  one.facts.variables["read_only"] = "ON";
  judge_role(examination, one);
  EXPECT_TRUE(contains(only(Level::kError).text, "takes no writes"));
  EXPECT_EQ(only(Level::kError).fix.lines, "SET GLOBAL read_only = 0;");
}

TEST_F(DoctorJudgement, ASecondaryThatTakesWritesIsAWarning) {
  Patient one = patient(ServerStatus::kSecondary);
  one.facts.variables["read_only"] = "OFF";
  judge_role(examination, one);
  EXPECT_EQ(only(Level::kWarning).fix.lines, "SET GLOBAL read_only = 1;");
}

TEST_F(DoctorJudgement, AHealthyServerIsWell) {
  judge_role(examination, patient(ServerStatus::kPrimary));
  judge_role(examination, patient(ServerStatus::kSecondary));
  judge_limits(examination, patient(ServerStatus::kPrimary));
  EXPECT_EQ(report.count(Level::kOk), report.findings().size());
}

TEST_F(DoctorJudgement, AMemberWithoutQuorumIsAnError) {
  Patient one = patient(ServerStatus::kPrimary);
  one.facts.variables["wsrep_on"] = "ON";
  one.facts.status["wsrep_cluster_status"] = "non-Primary";
  judge_role(examination, one);
  EXPECT_TRUE(contains(only(Level::kError).text, "no quorum"));
}

TEST_F(DoctorJudgement, AMemberThatJoinsIsAnError) {
  Patient one = patient(ServerStatus::kSecondary);
  one.facts.variables["wsrep_on"] = "ON";
  one.facts.status = {{"wsrep_cluster_status", "Primary"},
                      {"wsrep_ready", "OFF"},
                      {"wsrep_local_state", "1"},
                      {"wsrep_local_state_comment", "Joining"}};
  judge_role(examination, one);
  EXPECT_TRUE(contains(only(Level::kError).text, "Joining"));
}

TEST_F(DoctorJudgement, AnotherServerAtTheAddressIsAWarning) {
  Patient one = patient(ServerStatus::kPrimary);
  one.facts.variables["server_uuid"] = "other";
  judge_role(examination, one);
  EXPECT_TRUE(contains(only(Level::kWarning).text, "server_uuid is other, not u1"));
}

TEST_F(DoctorJudgement, BrokenReplicationIsAnErrorWithItsReason) {
  Patient one = patient(ServerStatus::kSecondary);
  one.facts.replication_seen = true;
  one.facts.replica = fabric::mysql::NamedValues{{"Slave_IO_Running", "Connecting"},
                                                 {"Slave_SQL_Running", "Yes"},
                                                 {"Last_IO_Error", "no such host"}};
  judge_replication(examination, one);
  EXPECT_TRUE(contains(only(Level::kError).text, "receiving: Connecting"));
  EXPECT_TRUE(contains(only(Level::kError).text, "no such host"));
}

TEST_F(DoctorJudgement, TheNewerWordsOfReplicationAreUnderstood) {
  Patient one = patient(ServerStatus::kSecondary);
  one.facts.replication_seen = true;
  one.facts.replica = fabric::mysql::NamedValues{{"Replica_IO_Running", "Yes"},
                                                 {"Replica_SQL_Running", "Yes"},
                                                 {"Seconds_Behind_Source", "7"}};
  judge_replication(examination, one);
  EXPECT_TRUE(contains(only(Level::kNote).text, "7 s behind"));
}

TEST_F(DoctorJudgement, AReplicaOfNobodyIsAnError) {
  Patient one = patient(ServerStatus::kSecondary);
  one.facts.replication_seen = true;
  judge_replication(examination, one);
  EXPECT_TRUE(contains(only(Level::kError).text, "replicates from nobody"));
}

TEST_F(DoctorJudgement, WhatTheAccountMayNotSeeIsSaid) {
  judge_replication(examination, patient(ServerStatus::kSecondary));
  EXPECT_TRUE(contains(only(Level::kNote).fix.lines, "--admin-user"));
}

TEST_F(DoctorJudgement, ALateReplicaIsAWarning) {
  Patient one = patient(ServerStatus::kSecondary);
  one.facts.lags_longer = true;
  one.facts.replication_seen = true;
  one.facts.replica = fabric::mysql::NamedValues{
      {"Slave_IO_Running", "Yes"}, {"Slave_SQL_Running", "Yes"}, {"Seconds_Behind_Master", "120"}};
  judge_replication(examination, one);
  EXPECT_TRUE(contains(only(Level::kWarning).text, "120 s"));
}

TEST_F(DoctorJudgement, APoolLargerThanTheServerIsAWarning) {
  Patient one = patient(ServerStatus::kPrimary);
  one.facts.variables["max_connections"] = "50";
  judge_limits(examination, one);
  EXPECT_EQ(only(Level::kWarning).fix.lines, "MAX_POOL_SIZE = 25");
  EXPECT_TRUE(contains(only(Level::kWarning).fix.where, "connection string"));
}

TEST_F(DoctorJudgement, APoolLargerThanTheAccountIsAWarning) {
  Patient one = patient(ServerStatus::kPrimary);
  one.facts.variables["max_user_connections"] = "10";
  judge_limits(examination, one);
  EXPECT_EQ(only(Level::kWarning).fix.lines, "MAX_POOL_SIZE = 10");
}

TEST_F(DoctorJudgement, AFullServerIsAWarning) {
  Patient one = patient(ServerStatus::kPrimary);
  one.facts.status["Threads_connected"] = "150";
  judge_limits(examination, one);
  EXPECT_TRUE(contains(only(Level::kWarning).text, "has 150 of its 151 connections in use"));
}

TEST_F(DoctorJudgement, AShortWaitTimeoutIsAWarning) {
  Patient one = patient(ServerStatus::kPrimary);
  one.facts.variables["wait_timeout"] = "10";
  judge_limits(examination, one);
  EXPECT_TRUE(contains(only(Level::kWarning).text, "wait_timeout is 10 s"));
}

TEST_F(DoctorJudgement, AReplicaOlderThanItsPrimaryIsAWarning) {
  Patient old = patient(ServerStatus::kSecondary);
  old.facts.number = 100500;
  old.facts.version = "10.5.0-MariaDB";
  examination.patients = {patient(ServerStatus::kPrimary), old};
  judge_versions(examination);
  EXPECT_TRUE(contains(only(Level::kWarning).text, "10.5.0-MariaDB"));
}

TEST_F(DoctorJudgement, ALinkWithoutTlsAcrossTheNetworkIsAWarning) {
  judge_tls(examination, patient(ServerStatus::kPrimary));
  EXPECT_TRUE(contains(only(Level::kWarning).text, "readable"));
}

TEST_F(DoctorJudgement, ALinkWithoutTlsOnThisMachineIsWell) {
  Patient one = patient(ServerStatus::kPrimary);
  one.server.endpoint.host = "127.0.0.1";
  judge_tls(examination, one);
  EXPECT_TRUE(report.findings().empty());
}

TEST(DoctorRights, AreReadFromGrants) {
  const std::vector<std::string> usage{
      "GRANT USAGE ON *.* TO `app`@`%` IDENTIFIED BY PASSWORD '*1'"};
  EXPECT_FALSE(rights_of(usage, "").anything);
  const std::vector<std::string> reader{usage[0], "GRANT SELECT ON `shop`.* TO `app`@`%`"};
  EXPECT_TRUE(rights_of(reader, "shop").anything);
  EXPECT_FALSE(rights_of(reader, "shop").writing);
  EXPECT_FALSE(rights_of(reader, "other").anything);
  EXPECT_TRUE(rights_of({"GRANT ALL PRIVILEGES ON *.* TO `root`@`%`"}, "shop").writing);
  EXPECT_TRUE(rights_of({"GRANT SELECT, INSERT ON `shop`.`t` TO `app`@`%`"}, "shop").writing);
  EXPECT_FALSE(rights_of({"GRANT `reader` TO `app`@`%`"}, "").anything);
}

TEST(DoctorRights, OfPatternsAreThoseOfTheDatabasesTheyMatch) {
  const auto reads = [](const std::string& pattern, const std::string& database) {
    return rights_of({"GRANT SELECT ON `" + pattern + "`.* TO `app`@`%`"}, database).anything;
  };
  EXPECT_TRUE(reads("shop\\_%", "shop_1"));
  EXPECT_TRUE(reads("shop\\_%", "shop_"));
  EXPECT_FALSE(reads("shop\\_%", "shops1"));
  EXPECT_TRUE(reads("shop_", "shops"));
  EXPECT_FALSE(reads("shop_", "shop"));
  EXPECT_TRUE(reads("%a%b", "xxaxxabxb"));
  EXPECT_FALSE(reads("%a%b", "xxaxxabx"));
  EXPECT_TRUE(reads("100\\%", "100%"));
  EXPECT_FALSE(reads("100\\%", "1000"));
  EXPECT_TRUE(reads("a``b", "a`b"));
  // A table's name is no pattern.
  EXPECT_FALSE(rights_of({"GRANT SELECT ON `shop_`.`t` TO `app`@`%`"}, "shops").anything);
}

TEST_F(DoctorJudgement, FixesNameTheAccountAsTheServerKnowsIt) {
  Patient one = patient(ServerStatus::kPrimary);
  one.facts.account = "app@10.0.%";
  one.facts.grants = {"GRANT USAGE ON *.* TO `app`@`10.0.%`"};
  judge_rights(examination, one);
  EXPECT_TRUE(contains(only(Level::kWarning).fix.lines, "TO 'app'@'10.0.%';"));
}

TEST_F(DoctorJudgement, FixesOfRefusedLoginsNameTheHostThatIsTold) {
  const auto fix_of = [this](unsigned number, const std::string& text) {
    Patient one = patient(ServerStatus::kPrimary);
    one.facts = {};
    one.facts.reach.outcome = fabric::base::ConnectOutcome::kConnected;
    one.facts.refused = fabric::mysql::MysqlError(number, "HY000", text);
    judge_login(examination, one);
    return report.findings().back().fix.lines;
  };
  EXPECT_TRUE(contains(fix_of(1130, "Host '10.1.2.3' is not allowed to connect to this server"),
                       "CREATE USER 'app'@'10.1.2.3' "));
  EXPECT_TRUE(contains(fix_of(1044, "Access denied for user 'app'@'10.%' to database 'shop'"),
                       "TO 'app'@'10.%';"));
  EXPECT_TRUE(contains(fix_of(4151, "Access denied, this account is locked"),
                       "SELECT host FROM mysql.user WHERE user = 'app';\n-- what it tells for "
                       "HOST:\nALTER USER 'app'@'HOST' ACCOUNT UNLOCK;"));
  examination.patients.push_back(patient(ServerStatus::kSecondary));
  examination.patients.back().facts.account = "app@10.0.%";
  EXPECT_EQ(fix_of(4151, "Access denied, this account is locked"),
            "ALTER USER 'app'@'10.0.%' ACCOUNT UNLOCK;");
}

TEST_F(DoctorJudgement, OneOfSeveralPlainServersDownIsAWarning) {
  std::vector<driver::settings::Warning> warnings;
  examination.settings = driver::settings::settings_from_connection_string(
      "SERVER=10.0.0.1,10.0.0.2;UID=app", warnings);
  Patient down = patient(ServerStatus::kPrimary);
  down.facts = {};
  judge_login(examination, down);
  EXPECT_EQ(report.count(Level::kError), 1u);
  examination.patients.push_back(patient(ServerStatus::kPrimary));
  judge_login(examination, down);
  EXPECT_EQ(report.count(Level::kError), 1u);
  EXPECT_EQ(report.count(Level::kWarning), 1u);
}

TEST_F(DoctorJudgement, AnOlderReplicaIsUpgradedToItsPrimarysKindOfServer) {
  Patient primary = patient(ServerStatus::kPrimary);
  primary.facts.mariadb = false;
  primary.facts.number = 80036;
  primary.facts.version = "8.0.36";
  Patient replica = primary;
  replica.server.status = ServerStatus::kSecondary;
  replica.facts.number = 50742;
  examination.patients = {primary, replica};
  judge_versions(examination);
  EXPECT_TRUE(contains(only(Level::kWarning).fix.lines, "install mysql-server"));
}

TEST_F(DoctorJudgement, AnAccountWithoutRightsIsAWarning) {
  Patient one = patient(ServerStatus::kPrimary);
  one.facts.grants = {"GRANT USAGE ON *.* TO `app`@`%`"};
  judge_rights(examination, one);
  EXPECT_TRUE(contains(only(Level::kWarning).fix.lines, "GRANT SELECT"));
}

TEST_F(DoctorJudgement, AReaderOnThePrimaryIsToldOfTheSecondaries) {
  Patient one = patient(ServerStatus::kPrimary);
  one.facts.grants = {"GRANT SELECT ON *.* TO `app`@`%`"};
  judge_rights(examination, one);
  EXPECT_EQ(only(Level::kNote).fix.lines, "FABRIC_MODE = RO");
}

}  // namespace
}  // namespace tools::doctor
