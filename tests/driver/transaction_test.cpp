#include "driver/transaction.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fabric/mysql/error_traits.h"

namespace driver {
namespace {

using Texts = std::vector<std::string>;

class TransactionTest : public testing::Test {
 protected:
  /// `open_at_server`: after it.
  void run(const std::string& sql, bool open_at_server) {
    const sql::StatementFacts facts = sql::facts_of(sql);
    transaction_.answered(facts, open_at_server, autocommit_);
    transaction_.note_run(sql, facts);
  }
  void refuse(const std::string& sql, unsigned error, bool open_at_server) {
    transaction_.refused(sql::facts_of(sql), error, open_at_server, autocommit_);
  }

  Transaction transaction_;
  bool autocommit_ = true;
};

TEST_F(TransactionTest, IsOpenByTheServersWord) {
  run("BEGIN", true);
  EXPECT_TRUE(transaction_.open);
  run("SELECT 1", true);
  EXPECT_TRUE(transaction_.open);
  run("COMMIT", false);
  EXPECT_FALSE(transaction_.open);
}

TEST_F(TransactionTest, IsOpenedByAnyStatementWithoutAutocommit) {
  autocommit_ = false;
  run("SET @@sql_mode=''", false);
  EXPECT_FALSE(transaction_.open);
  run("SELECT * FROM t", false);
  EXPECT_TRUE(transaction_.open);
  run("ROLLBACK", false);
  EXPECT_FALSE(transaction_.open);
  refuse("SELECT * FROM nowhere", 1146, false);
  EXPECT_TRUE(transaction_.open);
}

TEST_F(TransactionTest, IsEndedByADeadlockAndDoubtfulAfterATimeout) {
  run("BEGIN", true);
  refuse("UPDATE t SET a=1", fabric::mysql::kLockWaitTimeout, true);
  EXPECT_TRUE(transaction_.open);
  EXPECT_TRUE(transaction_.doubtful);
  run("SELECT 1", true);
  EXPECT_FALSE(transaction_.doubtful);
  constexpr unsigned kDeadlock = 1213;
  refuse("UPDATE t SET a=1", kDeadlock, true);
  EXPECT_FALSE(transaction_.open);
}

TEST_F(TransactionTest, IsOnlyBegunUntilSomethingIsDone) {
  run("BEGIN", true);
  run("SAVEPOINT a", true);
  EXPECT_TRUE(transaction_.only_begun());
  EXPECT_EQ(transaction_.take_begin_texts(), (Texts{"BEGIN", "SAVEPOINT a"}));
  EXPECT_FALSE(transaction_.only_begun());
  run("BEGIN", true);
  run("SELECT 1", true);
  EXPECT_FALSE(transaction_.only_begun());
  run("SAVEPOINT b", true);
  EXPECT_FALSE(transaction_.only_begun());
}

TEST_F(TransactionTest, IsBegunByASavepointWithoutAutocommit) {
  autocommit_ = false;
  run("SAVEPOINT a", false);
  EXPECT_TRUE(transaction_.only_begun());
}

TEST_F(TransactionTest, IsNotBegunElsewhereAsAnnouncedHere) {
  run("SET TRANSACTION READ ONLY", false);
  run("BEGIN", true);
  EXPECT_FALSE(transaction_.only_begun());
}

TEST_F(TransactionTest, OfManySavepointsStays) {
  run("BEGIN", true);
  for (int i = 0; i < 20; ++i) run("SAVEPOINT a", true);
  EXPECT_FALSE(transaction_.only_begun());
}

TEST_F(TransactionTest, HasWrittenUntilItEnds) {
  run("BEGIN", true);
  transaction_.note_write(sql::facts_of("BEGIN"), false);
  transaction_.note_write(sql::facts_of("INSERT INTO t VALUES (1)"), true);
  transaction_.note_write(sql::facts_of("SELECT 1"), false);
  EXPECT_TRUE(transaction_.wrote());
  run("COMMIT", false);
  transaction_.note_write(sql::facts_of("COMMIT"), false);
  EXPECT_FALSE(transaction_.wrote());
}

TEST_F(TransactionTest, IsLostWithAConnectionOfAnotherProcess) {
  transaction_.lose();
  EXPECT_FALSE(transaction_.lost);
  run("BEGIN", true);
  transaction_.lose();
  EXPECT_TRUE(transaction_.lost);
  EXPECT_FALSE(transaction_.open);
  transaction_.leave();
  EXPECT_TRUE(transaction_.lost);
  EXPECT_FALSE(transaction_.only_begun());
}

}  // namespace
}  // namespace driver
