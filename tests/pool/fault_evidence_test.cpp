#include "pool/fault_evidence.h"

#include <gtest/gtest.h>

namespace {

using fabric::FaultKind;
using fabric::mysql::Ended;
using fabric::mysql::LinkLoss;
using fabric::mysql::MysqlError;
using pool::Doubt;
using pool::evidence_of;

TEST(FaultEvidence, OfAStatementsOwnFaultIsNone) {
  EXPECT_FALSE(evidence_of(MysqlError(1064, "42000", "syntax")));
  EXPECT_FALSE(evidence_of(MysqlError(1213, "40001", "deadlock")));
  EXPECT_FALSE(evidence_of(
      MysqlError(1290, "HY000", "running with the --secure-file-priv option so it cannot")));
}

TEST(FaultEvidence, OfADeniedLoginOrAFullServerIsNone) {
  EXPECT_FALSE(evidence_of(MysqlError(1045, "28000", "denied")));
  EXPECT_FALSE(evidence_of(MysqlError(2026, "HY000", "TLS", LinkLoss::kBeforeSend)));
  EXPECT_FALSE(evidence_of(MysqlError(1040, "08004", "too many")));
}

TEST(FaultEvidence, OfABrokenLinkIsALostLink) {
  const auto evidence = evidence_of(MysqlError(2013, "HY000", "lost", LinkLoss::kAfterSend));
  ASSERT_TRUE(evidence);
  EXPECT_EQ(evidence->doubt, Doubt::kLostLink);
  EXPECT_EQ(evidence->kind, FaultKind::kLinkLost);
  EXPECT_TRUE(evidence->doubt_connections);
}

TEST(FaultEvidence, OfSilenceIsASilentServer) {
  const auto evidence =
      evidence_of(MysqlError(2013, "HY000", "lost", LinkLoss::kAfterSend, Ended::kSilentServer));
  ASSERT_TRUE(evidence);
  EXPECT_EQ(evidence->doubt, Doubt::kUnreachable);
  EXPECT_EQ(evidence->kind, FaultKind::kSilent);
}

TEST(FaultEvidence, TellsARefusedConnectFromAnUnreachableHost) {
  const auto refused = evidence_of(MysqlError(
      2002, "HY000", "Cannot connect to db1:3306: nobody listens there (Connection refused)"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->kind, FaultKind::kRefused);
  const auto unreachable =
      evidence_of(MysqlError(2002, "HY000", "Cannot connect to db1:3306: no route to it"));
  ASSERT_TRUE(unreachable);
  EXPECT_EQ(unreachable->kind, FaultKind::kUnreachable);
  EXPECT_EQ(unreachable->doubt, Doubt::kUnreachable);
}

TEST(FaultEvidence, OfAReadOnlyServerConcernsWritesAlone) {
  const auto evidence = evidence_of(MysqlError(
      1290, "HY000", "The MariaDB server is running with the --read-only option so it cannot"));
  ASSERT_TRUE(evidence);
  EXPECT_EQ(evidence->doubt, Doubt::kReadOnly);
  EXPECT_EQ(evidence->kind, FaultKind::kReadOnly);
  EXPECT_FALSE(evidence->doubt_connections);
}

TEST(FaultEvidence, OfANodeWithoutQuorumConcernsEverything) {
  const auto evidence =
      evidence_of(MysqlError(1047, "08S01", "WSREP has not yet prepared node for application use"));
  ASSERT_TRUE(evidence);
  EXPECT_EQ(evidence->doubt, Doubt::kRefusing);
}

}  // namespace
