// Every row and condition of the table "what a failure says, and what is retried".
#include "driver/failure.h"

#include <gtest/gtest.h>

namespace driver {
namespace {

using fabric::base::SqlState;
using fabric::mysql::Ended;
using fabric::mysql::LinkLoss;
using fabric::mysql::MysqlError;

constexpr unsigned kLost = 2013;
constexpr unsigned kGone = 2006;

MysqlError lost_before_send() { return {kGone, "HY000", "gone", LinkLoss::kBeforeSend}; }
MysqlError lost_in_send() { return {kGone, "HY000", "gone", LinkLoss::kInSend}; }
MysqlError lost_after_send() { return {kLost, "HY000", "lost", LinkLoss::kAfterSend}; }
MysqlError deadline() {
  return {kLost, "HY000", "no answer", LinkLoss::kAfterSend, Ended::kDeadline};
}
MysqlError silent() {
  return {kLost, "HY000", "silent", LinkLoss::kAfterSend, Ended::kSilentServer};
}
MysqlError answer(unsigned number, const std::string& text = "refused",
                  const std::string& state = "HY000") {
  return {number, state, text};
}
MysqlError read_only() {
  return answer(1290,
                "The MariaDB server is running with the --read-only option so it cannot "
                "execute this statement");
}

FailureContext in_transaction() { return {.in_transaction = true}; }
FailureContext autocommit_off() { return {.autocommit = false}; }
FailureContext pinned() { return {.pinned = true}; }
FailureContext no_retry() { return {.retry_allowed = false}; }
FailureContext plain_dsn() { return {.farm = false}; }
FailureContext rows_given() { return {.rows_given = true}; }
FailureContext read_only_mode() { return {.read_write = false}; }

/// Short names of verdicts, for one-line expectations: "retry", "success", "tell HY000",
/// "lost 40001", "lost 40001 +25S03".
std::string verdict(const MysqlError& error, std::string_view sql,
                    const FailureContext& context = {}) {
  const FailureVerdict found = judge(error, sql::facts_of(sql), context);
  const std::string state(fabric::base::code_of(found.state));
  switch (found.action) {
    case FailureAction::kRunOnPrimary:
      return "on the primary";
    case FailureAction::kRetry:
      return "retry";
    case FailureAction::kCountAsSuccess:
      return "success";
    case FailureAction::kRolledBack:
      return "rolled back";
    case FailureAction::kTell:
      return "tell " + state;
    case FailureAction::kTellLost:
      break;
  }
  return "lost " + state + (found.transaction_lost ? " +25S03" : "");
}

constexpr const char* kInsert = "INSERT INTO t VALUES (1)";
constexpr const char* kPureRead = "SELECT a FROM t WHERE b = 1";
constexpr const char* kImpureRead = "SELECT f(a) FROM t";

// Not sent.

TEST(Failure, RetriesWhatWasNotSent) {
  for (const char* sql : {kInsert, kPureRead, kImpureRead, "CALL p()", "CREATE TABLE u (a INT)",
                          "SET NAMES utf8mb4", "INSERT INTO t VALUES (1); DELETE FROM t"}) {
    EXPECT_EQ(verdict(lost_before_send(), sql), "retry") << sql;
  }
}

TEST(Failure, TellsWhatWasNotSentWhenRetryIsOff) {
  EXPECT_EQ(verdict(lost_before_send(), kInsert, no_retry()), "lost 08S02");
  EXPECT_EQ(verdict(lost_before_send(), kPureRead, no_retry()), "lost 08S02");
}

TEST(Failure, RetriesAPlainDsnsUnsentStatementToo) {
  EXPECT_EQ(verdict(lost_before_send(), kInsert, plain_dsn()), "retry");
}

TEST(Failure, RetriesTheUnsentFirstStatementOfATransaction) {
  EXPECT_EQ(verdict(lost_before_send(), kInsert, autocommit_off()), "retry");
}

TEST(Failure, NamesLostStateInsteadOfRetrying) {
  EXPECT_EQ(verdict(lost_before_send(), kInsert, pinned()), "lost 08S01");
  EXPECT_EQ(verdict(lost_before_send(), kPureRead, pinned()), "lost 08S01");
}

TEST(Failure, TakesAServersFarewellForUnsent) {
  const MysqlError farewell(1053, "08S01", "Server shutdown in progress", LinkLoss::kBeforeSend);
  EXPECT_EQ(verdict(farewell, kInsert), "retry");
  EXPECT_EQ(verdict(farewell, kInsert, plain_dsn()), "retry");
  EXPECT_EQ(verdict(farewell, "CALL p()"), "retry");
  EXPECT_EQ(verdict(farewell, kInsert, in_transaction()), "lost 40001 +25S03");
}

// Sent, in autocommit.

TEST(Failure, DoesNotKnowWhatBecameOfASentWrite) {
  for (const char* sql :
       {kInsert, "UPDATE t SET a = 1", "DELETE FROM t", "REPLACE t VALUES (1)", "CALL p()",
        "CREATE TABLE u (a INT)", "DO SLEEP(0)", kImpureRead, "SELECT a FROM t FOR UPDATE",
        "SELECT @a := 1", "SELECT a FROM t; SELECT a FROM t", "something unknown"}) {
    EXPECT_EQ(verdict(lost_after_send(), sql), "lost 08007") << sql;
    EXPECT_EQ(verdict(silent(), sql), "lost 08007") << sql;
  }
}

TEST(Failure, RetriesASentPureRead) {
  EXPECT_EQ(verdict(lost_after_send(), kPureRead), "retry");
  EXPECT_EQ(verdict(silent(), kPureRead), "retry");
  EXPECT_EQ(verdict(lost_after_send(), kPureRead, plain_dsn()), "retry");
  EXPECT_EQ(verdict(lost_after_send(), kPureRead, read_only_mode()), "retry");
}

TEST(Failure, RunsAgainWhatOnlySetTheSession) {
  for (const char* sql : {"SET autocommit = 0", "SET NAMES utf8mb4", "USE other",
                          "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE"}) {
    EXPECT_EQ(verdict(lost_after_send(), sql), "retry") << sql;
    EXPECT_EQ(verdict(silent(), sql, autocommit_off()), "retry") << sql;
    EXPECT_EQ(verdict(silent(), sql, pinned()), "lost 08S01") << sql;
    EXPECT_EQ(verdict(silent(), sql, in_transaction()), "lost 40001 +25S03") << sql;
  }
  EXPECT_EQ(verdict(silent(), "SET GLOBAL max_connections = 9"), "lost 08007");
}

TEST(Failure, EndsRetryingAReadThatLosesEveryLink) {
  EXPECT_EQ(verdict(lost_after_send(), kPureRead, {.reruns = kMostReruns - 1}), "retry");
  EXPECT_EQ(verdict(lost_after_send(), kPureRead, {.reruns = kMostReruns}), "lost 08S02");
  EXPECT_EQ(verdict(lost_before_send(), kPureRead, {.reruns = kMostReruns}), "retry");
}

TEST(Failure, EndsRetryingAStatementThatNoLinkTakesWhole) {
  EXPECT_EQ(verdict(lost_in_send(), kInsert, {.reruns = kMostReruns - 1}), "retry");
  EXPECT_EQ(verdict(lost_in_send(), kInsert, {.reruns = kMostReruns}), "lost 08S02");
  EXPECT_EQ(verdict(lost_in_send(), kInsert, {.pinned = true, .reruns = kMostReruns}),
            "lost 08S01");
  EXPECT_EQ(verdict(lost_in_send(), kInsert, in_transaction()),
            verdict(lost_before_send(), kInsert, in_transaction()));
}

TEST(Failure, DoesNotRetryAReadWhoseRowsWereGiven) {
  EXPECT_EQ(verdict(lost_after_send(), kPureRead, rows_given()), "lost 08S02");
  EXPECT_EQ(verdict(lost_after_send(), kPureRead, {.pinned = true, .rows_given = true}),
            "lost 08S01");
  EXPECT_EQ(verdict(lost_after_send(), kImpureRead, rows_given()), "lost 08007");
}

TEST(Failure, DoesNotRetryAPureReadOfAPinnedSession) {
  EXPECT_EQ(verdict(lost_after_send(), kPureRead, pinned()), "lost 08S01");
}

TEST(Failure, TellsASentPureReadWhenRetryIsOff) {
  EXPECT_EQ(verdict(lost_after_send(), kPureRead, no_retry()), "lost 08S02");
}

TEST(Failure, KnowsTheServersOwnWordsForAKilledLink) {
  EXPECT_EQ(verdict(answer(1927, "Connection was killed"), kInsert), "lost 08007");
  EXPECT_EQ(verdict(answer(1927, "Connection was killed"), kPureRead), "retry");
}

// In a transaction.

TEST(Failure, CallsATransactionRolledBack) {
  for (const char* sql : {kInsert, kPureRead, kImpureRead, "SAVEPOINT a", "ROLLBACK TO a"}) {
    EXPECT_EQ(verdict(lost_before_send(), sql, in_transaction()), "lost 40001 +25S03") << sql;
    EXPECT_EQ(verdict(lost_after_send(), sql, in_transaction()), "lost 40001 +25S03") << sql;
  }
}

TEST(Failure, DoesNotRetryInsideATransactionThatIsPinned) {
  EXPECT_EQ(verdict(lost_before_send(), kInsert, {.in_transaction = true, .pinned = true}),
            "lost 40001 +25S03");
}

TEST(Failure, CallsTheFirstStatementWithAutocommitOffRolledBack) {
  for (const char* sql : {kInsert, kPureRead, "UPDATE t SET a = 1"}) {
    EXPECT_EQ(verdict(lost_after_send(), sql, autocommit_off()), "lost 40001 +25S03") << sql;
  }
  for (const char* sql : {"CREATE TABLE u (a INT)", "CALL p()", "INSERT INTO t VALUES (1); COMMIT",
                          "SET autocommit = 1"}) {
    EXPECT_EQ(verdict(lost_after_send(), sql, autocommit_off()), "lost 08007") << sql;
  }
}

TEST(Failure, CallsABeginThatWasLostRolledBack) {
  EXPECT_EQ(verdict(lost_after_send(), "START TRANSACTION"), "lost 40001 +25S03");
  EXPECT_EQ(verdict(lost_before_send(), "START TRANSACTION"), "retry");
  EXPECT_EQ(verdict(lost_after_send(), "START TRANSACTION", in_transaction()),
            "lost 08007 +25S03");  // it commits the one before
}

TEST(Failure, DoesNotKnowWhetherAnImplicitCommitCameAbout) {
  for (const char* sql : {"CREATE TABLE u (a INT)", "TRUNCATE t", "LOCK TABLES t READ", "CALL p()",
                          "SET autocommit = 1", "INSERT INTO t VALUES (1); COMMIT"}) {
    EXPECT_EQ(verdict(lost_after_send(), sql, in_transaction()), "lost 08007 +25S03") << sql;
    EXPECT_EQ(verdict(lost_before_send(), sql, in_transaction()), "lost 40001 +25S03") << sql;
  }
}

TEST(Failure, DoubtsATransactionThatAnErrorMayHaveEnded) {
  const FailureContext doubtful{.in_transaction = true, .transaction_doubtful = true};
  EXPECT_EQ(verdict(lost_after_send(), kInsert, doubtful), "lost 08007 +25S03");
  EXPECT_EQ(verdict(lost_before_send(), kInsert, doubtful), "lost 40001 +25S03");
}

TEST(Failure, DoesNotKnowTheOutcomeOfASentCommit) {
  EXPECT_EQ(verdict(lost_after_send(), "COMMIT", in_transaction()), "lost 08007");
  EXPECT_EQ(verdict(lost_after_send(), "COMMIT", autocommit_off()), "lost 08007");
  EXPECT_EQ(verdict(silent(), "COMMIT", in_transaction()), "lost 08007");
}

TEST(Failure, KnowsThatAnUnsentCommitIsARollback) {
  EXPECT_EQ(verdict(lost_before_send(), "COMMIT", in_transaction()), "lost 40001");
}

TEST(Failure, CountsARollbackOfALostLinkAsSuccess) {
  EXPECT_EQ(verdict(lost_before_send(), "ROLLBACK", in_transaction()), "success");
  EXPECT_EQ(verdict(lost_after_send(), "ROLLBACK", in_transaction()), "success");
  EXPECT_EQ(verdict(lost_after_send(), "ROLLBACK", autocommit_off()), "success");
}

TEST(Failure, CountsARollbackThatAServerRefusesAsSuccess) {
  EXPECT_EQ(verdict(answer(1047), "ROLLBACK", in_transaction()), "success");
  EXPECT_EQ(verdict(answer(1047), "COMMIT", in_transaction()), "lost 40001");
}

TEST(Failure, CountsARollbackOfWhatAClusterHasAbortedAsSuccess) {
  EXPECT_EQ(verdict(answer(1213), "ROLLBACK", in_transaction()), "rolled back");
  EXPECT_EQ(verdict(answer(1213), "ROLLBACK TO SAVEPOINT a", in_transaction()), "tell 40001");
  EXPECT_EQ(verdict(answer(1213), "COMMIT", in_transaction()), "tell 40001");
}

// Deadlines.

TEST(Failure, SaysThatADeadlinePassed) {
  EXPECT_EQ(verdict(deadline(), kInsert), "lost HYT00");
  EXPECT_EQ(verdict(deadline(), kPureRead), "lost HYT00");
  EXPECT_EQ(verdict(deadline(), kPureRead, in_transaction()), "lost HYT00 +25S03");
  EXPECT_EQ(verdict(deadline(), kInsert, autocommit_off()), "lost HYT00 +25S03");
}

TEST(Failure, DoesNotCallATransactionRolledBackWhoseEndWasSentTooLate) {
  const MysqlError unsent{kGone, "HY000", "gone", LinkLoss::kBeforeSend, Ended::kDeadline};
  for (const FailureContext& context : {in_transaction(), autocommit_off()}) {
    EXPECT_EQ(verdict(deadline(), "COMMIT", context), "lost 08007");
    EXPECT_EQ(verdict(unsent, "COMMIT", context), "lost 40001");
    EXPECT_EQ(verdict(deadline(), "ROLLBACK", context), "success");
  }
  for (const char* sql : {"SET autocommit = 1", "CREATE TABLE t (n INT)", "CALL p()", "EXECUTE s",
                          "INSERT INTO t VALUES (1); COMMIT", "XA PREPARE 'x'", "XA COMMIT 'x'"}) {
    EXPECT_EQ(verdict(deadline(), sql, in_transaction()), "lost 08007 +25S03") << sql;
    EXPECT_EQ(verdict(lost_after_send(), sql, in_transaction()), "lost 08007 +25S03") << sql;
  }
}

TEST(Failure, SaysWhatAStatementLeftThatWasEndedAtItsServer) {
  const auto says = [](std::string_view sql, const char* words) {
    return std::string(late_statement(sql::facts_of(sql)).what()).find(words) != std::string::npos;
  };
  EXPECT_TRUE(says(kInsert, "was undone"));
  EXPECT_TRUE(says("CALL p()", "look before running it again"));
  EXPECT_TRUE(says("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)", "look before"));
  EXPECT_TRUE(says("ALTER TABLE t ENGINE=InnoDB", "look before"));
}

// Refusals.

TEST(Failure, RetriesWhatAServerRefusedWhole) {
  for (const MysqlError& error :
       {read_only(), answer(1290, "running with the --super-read-only option"), answer(1792),
        answer(1836), answer(3100), answer(1047, "WSREP has not yet prepared node")}) {
    EXPECT_EQ(verdict(error, kInsert), "retry") << error.number();
    EXPECT_EQ(verdict(error, kInsert, autocommit_off()), "retry") << error.number();
    EXPECT_EQ(verdict(error, kInsert, no_retry()), "lost 08S02") << error.number();
    EXPECT_EQ(verdict(error, kInsert, pinned()), "lost 08S01") << error.number();
  }
}

TEST(Failure, RetriesAReadThatANodeWithoutQuorumRefused) {
  EXPECT_EQ(verdict(answer(1047), kPureRead), "retry");
  EXPECT_EQ(verdict(answer(1047), kPureRead, read_only_mode()), "retry");
}

TEST(Failure, TellsARefusalWhereNothingIsSure) {
  for (const char* sql : {"CALL p()", "INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)"}) {
    EXPECT_EQ(verdict(read_only(), sql), "tell HY000") << sql;
    EXPECT_EQ(verdict(answer(1836), sql), "tell HY000") << sql;
  }
  EXPECT_EQ(verdict(read_only(), kImpureRead, rows_given()), "tell HY000");
}

TEST(Failure, TellsARefusalOfAPlainDsn) {
  EXPECT_EQ(verdict(read_only(), kInsert, plain_dsn()), "tell HY000");
  EXPECT_EQ(verdict(answer(1792, "read only", "25006"), kInsert, plain_dsn()), "tell 25000");
  EXPECT_EQ(verdict(answer(1836), kInsert, plain_dsn()), "tell HY000");
  EXPECT_EQ(verdict(answer(1047), kInsert, plain_dsn()), "tell 08S01");
}

TEST(Failure, TellsAWriteOnALinkForReading) {
  EXPECT_EQ(verdict(read_only(), kInsert, read_only_mode()), "tell HY000");
  EXPECT_EQ(verdict(answer(1792), kInsert, read_only_mode()), "tell 25000");
}

TEST(Failure, GivesUpATransactionThatAServerRefuses) {
  EXPECT_EQ(verdict(read_only(), kInsert, in_transaction()), "lost 40001 +25S03");
  EXPECT_EQ(verdict(read_only(), "COMMIT", in_transaction()), "lost 40001");
}

TEST(Failure, LeavesSecureFilePrivToTheApplication) {
  const MysqlError error =
      answer(1290,
             "The MariaDB server is running with the --secure-file-priv option so it cannot "
             "execute this statement");
  EXPECT_EQ(verdict(error, "SELECT a FROM t INTO OUTFILE 'x'"), "tell HY000");
  EXPECT_EQ(verdict(error, "LOAD DATA INFILE 'x' INTO TABLE t"), "tell HY000");
}

TEST(Failure, LeavesTheApplicationsOwnReadOnlyTransactionToIt) {
  EXPECT_EQ(verdict(answer(1792), kInsert, {.read_only_session = true}), "tell 25000");
  EXPECT_EQ(verdict(answer(1792), kInsert, in_transaction()), "tell 25000");
  EXPECT_EQ(verdict(answer(1792), kInsert, {.reruns = kMostReruns}), "tell 25000");
}

TEST(Failure, DoesNotRetryAWriteThatAShutdownMayHaveCutShort) {
  EXPECT_EQ(verdict(answer(1053), kInsert), "lost 08007");
  EXPECT_EQ(verdict(answer(3032), kInsert), "lost 08007");
  EXPECT_EQ(verdict(answer(1053), kPureRead), "retry");
  EXPECT_EQ(verdict(answer(1053), kInsert, in_transaction()), "lost 40001 +25S03");
}

TEST(Failure, LeavesTheApplicationsOwnErrorsToIt) {
  EXPECT_EQ(verdict(answer(1213), kInsert), "tell 40001");
  EXPECT_EQ(verdict(answer(1213), kInsert, in_transaction()), "tell 40001");
  EXPECT_EQ(verdict(answer(1205), kInsert), "tell HYT00");
  EXPECT_EQ(verdict(answer(1040), kPureRead), "tell 08004");
  EXPECT_EQ(verdict(answer(1062), kInsert, in_transaction()), "tell 23000");
  EXPECT_EQ(verdict(answer(1064, "syntax"), kInsert), "tell 42000");
}

TEST(Failure, AdvisesByTheState) {
  const auto advice = [](SqlState state, bool transaction_lost = false) {
    return advice_for({FailureAction::kTellLost, state, transaction_lost});
  };
  EXPECT_NE(advice(SqlState::k08S02).find("run it again"), std::string::npos);
  EXPECT_NE(advice(SqlState::k08007).find("unknown"), std::string::npos);
  EXPECT_NE(advice(SqlState::k40001).find("from its start"), std::string::npos);
  EXPECT_NE(advice(SqlState::k08S01).find("set it up again"), std::string::npos);
  EXPECT_NE(advice(SqlState::kHYT00).find("look whether"), std::string::npos);
  EXPECT_NE(advice(SqlState::kHYT00, true).find("rolled back"), std::string::npos);
  EXPECT_EQ(advice(SqlState::kHY000), "");
}

TEST(Failure, OfASupposedReadOnASecondarySendsItToThePrimary) {
  const sql::StatementFacts read = sql::facts_of("SELECT n FROM noting");
  const FailureContext supposed{.read_write = false, .auto_read = true};
  EXPECT_EQ(judge(read_only(), read, supposed).action, FailureAction::kRunOnPrimary);
  EXPECT_EQ(judge(read_only(), read, {.read_write = false}).action, FailureAction::kTell);
  EXPECT_EQ(
      judge(read_only(), read, {.rows_given = true, .read_write = false, .auto_read = true}).action,
      FailureAction::kTell);
  EXPECT_EQ(judge(answer(1146), read, supposed).action, FailureAction::kTell);
}

}  // namespace
}  // namespace driver
