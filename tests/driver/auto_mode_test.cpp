#include "driver/auto_mode.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "tests/support/source_tree.h"

namespace driver {
namespace {

std::string verdict(std::string_view sql, const AutoContext& now = {}) {
  switch (auto_choice(sql::facts_of(sql), now)) {
    case AutoChoice::kStay:
      return "session";
    case AutoChoice::kPrimary:
      return "primary";
    case AutoChoice::kSecondary:
      return "secondary";
    case AutoChoice::kRefuse:
      break;
  }
  return "refused";
}

TEST(AutoMode, SendsEachStatementOfTheTableWhereItBelongs) {
  std::ifstream file(test_support::source_file("tests/data/statements/reads.txt"));
  std::size_t count = 0;
  std::size_t reads = 0;
  for (std::string line; std::getline(file, line);) {
    const std::size_t tab = line.find('\t');
    if (line.starts_with("#") || tab == std::string::npos) continue;
    const std::string sql = line.substr(tab + 1);
    EXPECT_EQ(verdict(sql), line.substr(0, tab)) << sql;
    ++count;
    if (!line.starts_with("secondary")) continue;
    ++reads;
    EXPECT_FALSE(may_write(sql::facts_of(sql), false)) << sql;
  }
  EXPECT_GE(count, 450U);
  EXPECT_GE(reads, 100U);
}

TEST(AutoMode, KeepsReadsOnThePrimaryForAWhileAfterAWrite) {
  const AutoContext now{.wrote_lately = true};
  EXPECT_EQ(verdict("SELECT 1", now), "primary");
  EXPECT_EQ(verdict("SHOW TABLES", now), "primary");
  EXPECT_EQ(verdict("START TRANSACTION READ ONLY", now), "primary");
}

TEST(AutoMode, CountsAsWritesWhatMayHaveChangedSomething) {
  for (const char* sql :
       {"INSERT INTO t VALUES (1)", "CALL p()", "DROP TABLE t", "SELECT f()", "DO f()",
        "SELECT a FROM t FOR UPDATE", "SET @x = f()", "XA COMMIT 'x'", "?"}) {
    EXPECT_TRUE(may_write(sql::facts_of(sql), false)) << sql;
  }
  for (const char* sql : {"ROLLBACK", "BEGIN", "USE t", "SET NAMES latin1", "SELECT FOUND_ROWS()",
                          "SHOW STATUS", "SAVEPOINT a", "LOCK TABLES t READ", ""}) {
    EXPECT_FALSE(may_write(sql::facts_of(sql), false)) << sql;
  }
}

TEST(AutoMode, CountsTheEndOfATransactionAsAWriteIfItWrote) {
  for (const char* sql : {"COMMIT", "COMMIT AND CHAIN", "BEGIN", "SET autocommit = 1"}) {
    EXPECT_TRUE(may_write(sql::facts_of(sql), true)) << sql;
    EXPECT_FALSE(may_write(sql::facts_of(sql), false)) << sql;
  }
  EXPECT_FALSE(may_write(sql::facts_of("ROLLBACK"), true));
}

TEST(AutoMode, LeavesTransactionsWhereTheyAre) {
  for (const bool on_secondary : {false, true}) {
    const AutoContext now{.in_transaction = true, .on_secondary = on_secondary};
    for (const char* sql :
         {"SELECT 1", "INSERT INTO t VALUES (1)", "COMMIT", "BEGIN", "CALL p()"}) {
      EXPECT_EQ(verdict(sql, now), "session") << sql;
    }
  }
}

TEST(AutoMode, BeginsTransactionsOnThePrimaryUnlessTheyAreReadOnly) {
  const AutoContext off{.autocommit = false};
  EXPECT_EQ(verdict("SELECT 1", off), "primary");
  EXPECT_EQ(verdict("START TRANSACTION READ ONLY", off), "secondary");
  const AutoContext session{.autocommit = false, .read_only = true};
  EXPECT_EQ(verdict("SELECT 1", session), "secondary");
  EXPECT_EQ(verdict("SELECT @x", session), "primary");
  EXPECT_EQ(verdict("SELECT GET_LOCK('a', 1)", session), "primary");
  EXPECT_EQ(verdict("BEGIN", session), "secondary");
  EXPECT_EQ(verdict("START TRANSACTION READ WRITE", session), "primary");
  const AutoContext next{.autocommit = false, .read_only = true, .next_read_only = false};
  EXPECT_EQ(verdict("SELECT 1", next), "primary");
  EXPECT_EQ(verdict("SELECT 1", {.autocommit = false, .next_read_only = true}), "secondary");
  EXPECT_EQ(verdict("BEGIN", {.next_read_only = true}), "secondary");
  EXPECT_EQ(verdict("XA START 'x'", {.next_read_only = true}), "primary");
}

TEST(AutoMode, NeverMovesAPinnedSession) {
  const AutoContext on_primary{.pinned = true};
  EXPECT_EQ(verdict("SELECT 1", on_primary), "session");
  EXPECT_EQ(verdict("INSERT INTO t VALUES (1)", on_primary), "session");
  const AutoContext on_secondary{.pinned = true, .on_secondary = true};
  EXPECT_EQ(verdict("SELECT 1", on_secondary), "session");
  EXPECT_EQ(verdict("SET NAMES latin1", on_secondary), "session");
  EXPECT_EQ(verdict("INSERT INTO t VALUES (1)", on_secondary), "refused");
  EXPECT_EQ(verdict("SELECT @x", on_secondary), "refused");
}

TEST(AutoMode, DoesNotLoseTheCountsOfTheStatementBefore) {
  const AutoContext on_secondary{.on_secondary = true};
  EXPECT_EQ(verdict("SELECT FOUND_ROWS()", on_secondary), "session");
  EXPECT_EQ(verdict("INSERT INTO t VALUES (FOUND_ROWS())", on_secondary), "refused");
  EXPECT_EQ(verdict("INSERT INTO t VALUES (ROW_COUNT())"), "primary");
  EXPECT_EQ(verdict("INSERT INTO t VALUES (1)", on_secondary), "primary");
}

}  // namespace
}  // namespace driver
