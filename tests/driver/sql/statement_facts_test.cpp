#include "driver/sql/statement_facts.h"

#include <gtest/gtest.h>

#include <string>

namespace driver::sql {
namespace {

using K = StatementKind;
using E = SessionEffect;
constexpr SessionEffects kNone;

struct Case {
  const char* sql;
  StatementKind kind;
  SessionEffects leaves = kNone;
  bool implicit_commit = false;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.sql; }

class Facts : public testing::TestWithParam<Case> {};

TEST_P(Facts, TellKindEffectsAndCommit) {
  const Case& one = GetParam();
  const StatementFacts facts = facts_of(one.sql);
  EXPECT_EQ(facts.kind, one.kind);
  EXPECT_EQ(facts.leaves, one.leaves) << describe(facts.leaves);
  EXPECT_EQ(facts.implicit_commit, one.implicit_commit);
}

INSTANTIATE_TEST_SUITE_P(
    Reads, Facts,
    testing::Values(
        Case{"", K::kEmpty}, Case{" -- nothing\n /* here */ ;;", K::kEmpty},
        Case{"SELECT 1", K::kSelect}, Case{"((SELECT 1))", K::kSelect},
        Case{"WITH a AS (SELECT 1) SELECT * FROM a", K::kSelect},
        Case{"WITH a AS (SELECT 1) (SELECT * FROM a)", K::kSelect},
        Case{"WITH a AS (SELECT 1) UPDATE t SET b = 1", K::kUpdate},
        Case{"WITH a AS (SELECT 1) DELETE FROM t", K::kDelete}, Case{"VALUES (1)", K::kValues},
        Case{"TABLE t", K::kValues}, Case{"SHOW TABLES", K::kShow}, Case{"DESC t", K::kShow},
        Case{"DESCRIBE `select`", K::kShow}, Case{"HELP 'x'", K::kShow},
        Case{"DESC SELECT 1", K::kExplain}, Case{"EXPLAIN FORMAT=JSON SELECT 1", K::kExplain},
        Case{"EXPLAIN (SELECT 1)", K::kExplain}, Case{"EXPLAIN UPDATE t SET a=1", K::kExplain},
        Case{"ANALYZE UPDATE t SET a=1", K::kExplain},
        Case{"EXPLAIN FOR CONNECTION 1", K::kExplain},
        Case{"SELECT GET_LOCK('a', 1)", K::kSelect, E::kAdvisoryLock},
        Case{"SELECT `get_lock`('a', 1)", K::kSelect, E::kAdvisoryLock},
        Case{"SELECT get_lock FROM t", K::kSelect}, Case{"SELECT 'GET_LOCK(1)' FROM t", K::kSelect},
        Case{"SELECT @x := 1", K::kSelect, E::kUserVariables},
        Case{"SELECT @x:=@x+1, @y FROM t", K::kSelect, E::kUserVariables},
        Case{"SELECT @x, @y", K::kSelect},
        Case{"SELECT a, b INTO @x, @y FROM t", K::kSelect, E::kUserVariables},
        Case{"SELECT a FROM t WHERE b = @x", K::kSelect},
        Case{"SELECT NEXTVAL(s)", K::kSelect, E::kSequence},
        Case{"SELECT NEXT VALUE FOR s", K::kSelect, E::kSequence},
        Case{"SELECT s.nextval", K::kSelect, E::kSequence},
        Case{"SELECT SETVAL(s, 5)", K::kSelect, E::kSequence},
        Case{"SELECT GET_LOCK('a',1), @x:=1", K::kSelect, E::kAdvisoryLock | E::kUserVariables}));

INSTANTIATE_TEST_SUITE_P(
    Writes, Facts,
    testing::Values(Case{"INSERT INTO t VALUES (?, ?)", K::kInsert},
                    Case{"insert t select 1", K::kInsert},
                    Case{"INSERT INTO t VALUES (NEXT VALUE FOR s)", K::kInsert, E::kSequence},
                    Case{"INSERT INTO t VALUES (@a := 1)", K::kInsert, E::kUserVariables},
                    Case{"UPDATE t SET a = 1", K::kUpdate}, Case{"DELETE FROM t", K::kDelete},
                    Case{"REPLACE INTO t VALUES (1)", K::kReplace},
                    Case{"LOAD DATA INFILE 'x' INTO TABLE t", K::kLoadData},
                    Case{"LOAD DATA LOCAL INFILE 'x' INTO TABLE t (@a, b) SET c = @a", K::kLoadData,
                         E::kUserVariables},
                    Case{"LOAD XML INFILE 'x' INTO TABLE t", K::kLoadData},
                    Case{"LOAD INDEX INTO CACHE t", K::kAdmin, kNone, true},
                    Case{"CALL p(1)", K::kCall, E::kStoredCode},
                    Case{"DO GET_LOCK('a', 1)", K::kDo, E::kAdvisoryLock}, Case{"DO 1", K::kDo},
                    Case{"HANDLER t OPEN", K::kHandler, E::kHandler},
                    Case{"HANDLER t READ FIRST", K::kHandler}, Case{"HANDLER t CLOSE", K::kHandler},
                    Case{"PREPARE s FROM 'SELECT 1'", K::kPrepare, E::kPreparedSql},
                    Case{"DEALLOCATE PREPARE s", K::kPrepare}, Case{"DROP PREPARE s", K::kPrepare},
                    Case{"EXECUTE s USING @a", K::kExecute, E::kStoredCode},
                    Case{"EXECUTE IMMEDIATE 'SET @x = 1'", K::kExecute, E::kStoredCode},
                    Case{"GET DIAGNOSTICS @x = NUMBER", K::kAdmin, E::kUserVariables}));

INSTANTIATE_TEST_SUITE_P(
    Definitions, Facts,
    testing::Values(
        Case{"CREATE TABLE t (a INT)", K::kDdl, kNone, true},
        Case{"CREATE TEMPORARY TABLE t (a INT)", K::kDdl, E::kTemporaryTable},
        Case{"create temporary table if not exists t select 1", K::kDdl, E::kTemporaryTable},
        Case{"CREATE OR REPLACE TEMPORARY TABLE t (a INT)", K::kDdl, E::kTemporaryTable},
        Case{"CREATE /* TEMPORARY */ TABLE t (a INT)", K::kDdl, kNone, true},
        Case{"CREATE TABLE temporary (a INT)", K::kDdl, kNone, true},
        Case{"DROP TEMPORARY TABLE t", K::kDdl}, Case{"DROP TABLE t", K::kDdl, kNone, true},
        Case{"ALTER TABLE t ADD b INT", K::kDdl, kNone, true},
        Case{"RENAME TABLE t TO u", K::kDdl, kNone, true}, Case{"TRUNCATE t", K::kDdl, kNone, true},
        Case{"GRANT ALL ON a.* TO b", K::kDdl, kNone, true},
        Case{"REVOKE ALL ON a.* FROM b", K::kDdl, kNone, true},
        Case{"CREATE USER 'a'@'b' IDENTIFIED BY 'c'", K::kDdl, kNone, true},
        Case{"CREATE VIEW v AS SELECT 1", K::kDdl, kNone, true},
        Case{"CREATE PROCEDURE p() BEGIN SET @x = 1; DO GET_LOCK('a',1); END", K::kDdl, kNone,
             true},
        Case{"CREATE DEFINER=`a`@`b` TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN DO 1; DO 2; "
             "END",
             K::kDdl, kNone, true},
        Case{"CREATE OR REPLACE FUNCTION f() RETURNS INT RETURN 1", K::kDdl, kNone, true},
        Case{"ALTER DEFINER=CURRENT_USER EVENT e DO BEGIN DO 1; DO 2; END", K::kDdl, kNone, true},
        Case{"DROP PROCEDURE p", K::kDdl, kNone, true}));

INSTANTIATE_TEST_SUITE_P(
    Transactions, Facts,
    testing::Values(
        Case{"BEGIN", K::kBegin, kNone, true}, Case{"begin work", K::kBegin, kNone, true},
        Case{"START TRANSACTION", K::kBegin, kNone, true},
        Case{"START TRANSACTION READ ONLY", K::kBegin, kNone, true},
        Case{"START SLAVE", K::kAdmin, kNone, true}, Case{"COMMIT", K::kCommit},
        Case{"COMMIT WORK", K::kCommit}, Case{"ROLLBACK", K::kRollback},
        Case{"ROLLBACK TO SAVEPOINT a", K::kSavepoint}, Case{"ROLLBACK WORK TO a", K::kSavepoint},
        Case{"SAVEPOINT a", K::kSavepoint}, Case{"RELEASE SAVEPOINT a", K::kSavepoint},
        Case{"XA START 'x'", K::kXa}, Case{"XA COMMIT 'x'", K::kXa},
        Case{"BEGIN NOT ATOMIC SET @x = 1; SELECT 2; END", K::kUnknown, E::kStoredCode, true},
        Case{"IF 1 THEN SELECT 1; END IF", K::kUnknown, E::kStoredCode, true}));

INSTANTIATE_TEST_SUITE_P(
    Administration, Facts,
    testing::Values(Case{"LOCK TABLES t READ", K::kLock, E::kTableLocks, true},
                    Case{"LOCK TABLE t WRITE", K::kLock, E::kTableLocks, true},
                    Case{"LOCK INSTANCE FOR BACKUP", K::kLock, E::kBackupLock, true},
                    Case{"BACKUP STAGE START", K::kLock, E::kBackupLock},
                    Case{"UNLOCK TABLES", K::kLock, kNone, true},
                    Case{"FLUSH TABLES WITH READ LOCK", K::kLock, E::kTableLocks, true},
                    Case{"FLUSH TABLES t FOR EXPORT", K::kLock, E::kTableLocks, true},
                    Case{"FLUSH PRIVILEGES", K::kAdmin, kNone, true}, Case{"KILL 5", K::kAdmin},
                    Case{"ANALYZE TABLE t", K::kAdmin, kNone, true},
                    Case{"OPTIMIZE TABLE t", K::kAdmin, kNone, true},
                    Case{"FROBNICATE t", K::kUnknown, E::kUnknown},
                    Case{"42", K::kUnknown, E::kUnknown}, Case{"'text'", K::kUnknown, E::kUnknown},
                    Case{"USE db", K::kUse}));

INSTANTIATE_TEST_SUITE_P(
    SetStatements, Facts,
    testing::Values(Case{"SET @x = 1", K::kSet, E::kUserVariables},
                    Case{"SET @x := 1", K::kSet, E::kUserVariables},
                    Case{"SET @`x` = (SELECT MAX(a), 1)", K::kSet, E::kUserVariables},
                    Case{"SET sql_mode = ''", K::kSet}, Case{"SET SESSION sql_mode = ''", K::kSet},
                    Case{"SET LOCAL sql_mode = ''", K::kSet}, Case{"SET @@sql_mode = ''", K::kSet},
                    Case{"SET @@session.sql_mode = ''", K::kSet},
                    Case{"SET @@SESSION . sql_mode = ''", K::kSet},
                    Case{"SET GLOBAL max_connections = 5", K::kSet},
                    Case{"SET @@global.max_connections = 5", K::kSet},
                    Case{"SET PERSIST max_connections = 5", K::kSet},
                    Case{"SET GLOBAL a = 1, b = 2", K::kSet, E::kSessionVariables},
                    Case{"SET GLOBAL a = 1, @x = 2", K::kSet, E::kUserVariables},
                    Case{"SET GLOBAL a = 1, GLOBAL b = IF(1, 2, 3)", K::kSet},
                    Case{"SET autocommit = 0", K::kSet},
                    Case{"SET autocommit = 1", K::kSet, kNone, true},
                    Case{"SET autocommit = @x", K::kSet, E::kSessionVariables},
                    Case{"SET autocommit = 1 - 1", K::kSet, E::kSessionVariables},
                    Case{"SET autocommit = ?", K::kSet, E::kSessionVariables},
                    Case{"SET GLOBAL autocommit = 0", K::kSet}, Case{"SET NAMES utf8", K::kSet},
                    Case{"SET NAMES 'utf8' COLLATE 'utf8_bin'", K::kSet},
                    Case{"SET names = 1", K::kSet},
                    Case{"SET NAMES utf8, @x = 1", K::kSet, E::kUserVariables},
                    Case{"SET CHARACTER SET utf8", K::kSet}, Case{"SET CHARSET utf8", K::kSet},
                    Case{"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", K::kSet},
                    Case{"SET SESSION TRANSACTION READ ONLY", K::kSet},
                    Case{"SET tx_isolation = 'nonsense'", K::kSet, E::kSessionVariables},
                    Case{"SET ROLE r", K::kSet, E::kRole},
                    Case{"SET DEFAULT ROLE r FOR u", K::kSet, kNone, true},
                    Case{"SET PASSWORD = PASSWORD('x')", K::kSet, kNone, true},
                    Case{"SET PASSWORD FOR 'a'@'b' = 'x'", K::kSet, kNone, true},
                    Case{"SET RESOURCE GROUP g", K::kSet, E::kSessionVariables},
                    Case{"SET STATEMENT max_statement_time = 1 FOR SELECT 1", K::kSelect},
                    Case{"SET STATEMENT a = 1 FOR CREATE TEMPORARY TABLE t (a INT)", K::kDdl,
                         E::kTemporaryTable},
                    Case{"SET STATEMENT a = 1 FOR SET @x = 1", K::kSet, E::kUserVariables},
                    Case{"SET x.y = 1", K::kSet, E::kSessionVariables}, Case{"SET", K::kSet},
                    Case{"SET autocommit", K::kSet, E::kSessionVariables},
                    Case{"SET = 1", K::kSet, E::kSessionVariables}));

TEST(StatementFacts, CountsParametersOutsideStringsAndComments) {
  EXPECT_EQ(
      facts_of("SELECT ?, '?', \"?\", `?` /* ? */ FROM t -- ?\n WHERE a = ? # ?").parameter_count,
      2U);
  EXPECT_EQ(facts_of("CALL p(?,?,?)").parameter_count, 3U);
  EXPECT_EQ(facts_of("SET @x = ?").parameter_count, 1U);
  EXPECT_EQ(facts_of("SELECT ?; SELECT ?").parameter_count, 2U);
}

TEST(StatementFacts, UniteSeveralStatements) {
  const StatementFacts facts =
      facts_of("SET @x = 1; CREATE TEMPORARY TABLE t (a INT); USE db; SET NAMES utf8; SELECT ?");
  EXPECT_EQ(facts.kind, K::kMulti);
  EXPECT_EQ(facts.statement_count, 5U);
  EXPECT_EQ(facts.leaves, E::kUserVariables | E::kTemporaryTable);
  EXPECT_EQ(facts.database, "db");
  EXPECT_EQ(facts.charset, "utf8");
  EXPECT_FALSE(facts.pure_read);
}

TEST(StatementFacts, CountAsOneInSpiteOfATrailingSemicolon) {
  const StatementFacts facts = facts_of(" SELECT 1 ; -- done");
  EXPECT_EQ(facts.kind, K::kSelect);
  EXPECT_EQ(facts.statement_count, 1U);
}

TEST(StatementFacts, LetALaterStatementEndWhatAnEarlierOneLeft) {
  EXPECT_EQ(facts_of("LOCK TABLES t READ; SELECT 1; UNLOCK TABLES").leaves, kNone);
  EXPECT_EQ(facts_of("UNLOCK TABLES; LOCK TABLES t READ").leaves, E::kTableLocks);
  EXPECT_TRUE(facts_of("UNLOCK TABLES").ends.has(E::kTableLocks));
  EXPECT_FALSE(facts_of("UNLOCK INSTANCE").ends.has(E::kTableLocks));
}

TEST(StatementFacts, KnowWhenAdvisoryLocksAreSurelyGone) {
  EXPECT_EQ(facts_of("SELECT RELEASE_ALL_LOCKS()").ends, E::kAdvisoryLock);
  EXPECT_EQ(facts_of("DO RELEASE_ALL_LOCKS();").ends, E::kAdvisoryLock);
  EXPECT_EQ(facts_of("SELECT RELEASE_LOCK('a')").ends, kNone);
  EXPECT_EQ(facts_of("SELECT IF(0, RELEASE_ALL_LOCKS(), 1)").ends, kNone);
  EXPECT_EQ(facts_of("SELECT RELEASE_ALL_LOCKS() FROM t").ends, kNone);
}

TEST(StatementFacts, NameTheLockOfAStatementThatDoesNothingElse) {
  for (const char* text : {"SELECT GET_LOCK('Job', 5)", "DO get_lock('job',0);",
                           "SELECT RELEASE_LOCK('JOB')", "SELECT RELEASE_LOCK('job') AS done"}) {
    EXPECT_TRUE(equals_ignoring_case(facts_of(text).lock_name, "job")) << text;
    const bool releases = std::string_view(text).find("RELEASE") != std::string_view::npos;
    EXPECT_EQ(facts_of(text).releases_lock, releases) << text;
  }
  for (const char* text :
       {"SELECT GET_LOCK('a', 1), 2", "SELECT GET_LOCK('a', 1) FROM t", "SELECT GET_LOCK(?, 1)",
        "SELECT GET_LOCK('a' 'b', 1)", "SELECT RELEASE_LOCK('a') FROM t WHERE 0",
        "SELECT IF(0, RELEASE_LOCK('a'), 1)", "SELECT RELEASE_LOCK('a') + RELEASE_LOCK('a')",
        "SELECT RELEASE_LOCK(@a)", "SELECT GET_LOCK(\"a\", 1)", "SELECT `GET_LOCK`('a', 1)",
        "SELECT RELEASE_LOCK('a'); SELECT 1", "SELECT GET_LOCK('a', 1 + 1)",
        "DO RELEASE_LOCK('a"}) {
    EXPECT_EQ(facts_of(text, {.ansi_quotes = true}).lock_name, "") << text;
  }
}

TEST(StatementFacts, NameALockByAParameter) {
  for (const char* text : {"SELECT GET_LOCK(?, ?)", "DO RELEASE_LOCK(?)"}) {
    EXPECT_TRUE(facts_of(text).lock_name_bound) << text;
    EXPECT_EQ(facts_of(text).lock_name, "") << text;
  }
  for (const char* text :
       {"SELECT GET_LOCK('a', ?)", "SELECT RELEASE_LOCK(?), 1", "DO RELEASE_LOCK(?); SELECT 1"}) {
    EXPECT_FALSE(facts_of(text).lock_name_bound) << text;
  }
}

TEST(StatementFacts, TellWhatOthersWouldSee) {
  for (const char* text :
       {"INSERT INTO t VALUES (1)", "WITH a AS (SELECT 1) DELETE FROM t",
        "LOAD XML INFILE 'x' INTO TABLE t", "CREATE TABLE t (a INT)", "TRUNCATE t",
        "GRANT ALL ON a.* TO b", "ANALYZE UPDATE t SET a = 1", "ANALYZE FORMAT=JSON DELETE FROM t",
        "SELECT 1; DROP TABLE t", "SET STATEMENT max_statement_time = 1 FOR DELETE FROM t"}) {
    EXPECT_TRUE(facts_of(text).writes) << text;
  }
  for (const char* text :
       {"SELECT 1", "SELECT 1 FROM t FOR UPDATE", "CREATE TEMPORARY TABLE t (a INT)",
        "DROP TEMPORARY TABLE t", "ANALYZE SELECT * FROM t FOR UPDATE", "EXPLAIN DELETE FROM t",
        "ANALYZE SELECT REPLACE(a, 'b', 'c'), INSERT(a, 1, 1, 'b') FROM t", "CALL p()",
        "SET @a = 1", "SELECT 1; SELECT 2"}) {
    EXPECT_FALSE(facts_of(text).writes) << text;
  }
}

TEST(StatementFacts, TellTransactions) {
  EXPECT_TRUE(facts_of("START TRANSACTION").begins_transaction);
  EXPECT_TRUE(facts_of("BEGIN").begins_transaction);
  EXPECT_TRUE(facts_of("XA START 'x'").begins_transaction);
  EXPECT_TRUE(facts_of("COMMIT").ends_transaction);
  EXPECT_FALSE(facts_of("COMMIT").begins_transaction);
  EXPECT_TRUE(facts_of("COMMIT AND CHAIN").begins_transaction);
  EXPECT_TRUE(facts_of("COMMIT AND CHAIN").ends_transaction);
  EXPECT_FALSE(facts_of("ROLLBACK AND NO CHAIN").begins_transaction);
  EXPECT_FALSE(facts_of("ROLLBACK TO a").ends_transaction);
  EXPECT_FALSE(facts_of("BEGIN NOT ATOMIC COMMIT; END").begins_transaction);
}

TEST(StatementFacts, TellAutocommit) {
  for (const auto* on : {"SET autocommit=1", "SET AUTOCOMMIT = ON", "SET @@autocommit=1",
                         "set session autocommit=true", "SET @@session.autocommit='on'",
                         "SET sql_mode='', autocommit=1"}) {
    EXPECT_EQ(facts_of(on).autocommit, true) << on;
  }
  for (const auto* off :
       {"SET autocommit=0", "SET autocommit:=OFF", "SET LOCAL autocommit=false"}) {
    EXPECT_EQ(facts_of(off).autocommit, false) << off;
  }
  for (const auto* none :
       {"SET GLOBAL autocommit=0", "SET @autocommit=0", "SELECT 'SET autocommit=0'",
        "SET @@global.autocommit=0", "SET GLOBAL a=1, autocommit=0"}) {
    EXPECT_FALSE(facts_of(none).autocommit.has_value()) << none;
  }
}

TEST(StatementFacts, TellIsolationAndItsScope) {
  const auto session = facts_of("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  EXPECT_EQ(session.isolation, Isolation::kReadCommitted);
  EXPECT_FALSE(session.next_isolation.has_value());
  const auto next = facts_of("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  EXPECT_EQ(next.next_isolation, Isolation::kRepeatableRead);
  EXPECT_EQ(next.next_read_only, true);
  EXPECT_FALSE(next.isolation.has_value());
  const auto global = facts_of("SET GLOBAL TRANSACTION ISOLATION LEVEL SERIALIZABLE");
  EXPECT_FALSE(global.isolation.has_value() || global.next_isolation.has_value());
  EXPECT_EQ(facts_of("SET tx_isolation='READ-UNCOMMITTED'").isolation, Isolation::kReadUncommitted);
  EXPECT_EQ(facts_of("SET SESSION transaction_isolation='serializable'").isolation,
            Isolation::kSerializable);
  EXPECT_EQ(facts_of("SET @@tx_isolation='serializable'").next_isolation, Isolation::kSerializable);
  EXPECT_EQ(facts_of("SET @@session.tx_isolation='serializable'").isolation,
            Isolation::kSerializable);
  EXPECT_EQ(facts_of("SET SESSION TRANSACTION READ WRITE").read_only, false);
  EXPECT_EQ(facts_of("SET SESSION transaction_read_only = 1").read_only, true);
}

TEST(StatementFacts, TellCharsetAndCollation) {
  const auto facts = facts_of("SET NAMES 'latin1' COLLATE latin1_bin");
  EXPECT_EQ(facts.charset, "latin1");
  EXPECT_EQ(facts.collation, "latin1_bin");
  EXPECT_EQ(facts_of("SET NAMES DEFAULT").charset, "DEFAULT");
  EXPECT_FALSE(facts_of("SET NAMES utf8 COLLATE utf8_bin; SET NAMES latin1").collation.has_value());
  EXPECT_TRUE(facts_of("SET CHARACTER SET utf8").collation_of_database);
  EXPECT_TRUE(facts_of("SET NAMES utf8; SET CHARSET utf8").collation_of_database);
  EXPECT_FALSE(facts_of("SET CHARSET utf8, NAMES utf8").collation_of_database);
}

TEST(StatementFacts, TellTheDatabaseOfUse) {
  EXPECT_EQ(facts_of("USE db").database, "db");
  EXPECT_EQ(facts_of("use `my db`").database, "my db");
  EXPECT_EQ(facts_of("USE `a``b`").database, "a`b");
  EXPECT_FALSE(facts_of("SELECT 'USE db'").database.has_value());
}

TEST(StatementFacts, NameTheTableWhoseRowsAreChanged) {
  const NamedTable t{{}, "t"};
  for (const char* sql :
       {"INSERT INTO t VALUES (1)", "INSERT IGNORE t (a) VALUES (1)", "REPLACE t SET a = 1",
        "INSERT t SELECT 1", "UPDATE LOW_PRIORITY t SET a = 1", "DELETE FROM t",
        "DELETE FROM `t` WHERE a = 1"}) {
    EXPECT_EQ(facts_of(sql).written, t) << sql;
  }
  EXPECT_EQ(facts_of("UPDATE d.t SET a = 1").written, (NamedTable{"d", "t"}));
  for (const char* sql :
       {"UPDATE t, u SET t.a = 1", "UPDATE t x SET a = 1", "UPDATE t JOIN u USING (a) SET b = 1",
        "DELETE t FROM t JOIN u USING (a)", "DELETE FROM t USING t, u", "SELECT 1",
        "LOAD DATA INFILE 'x' INTO TABLE t", "UPDATE t SET a = 1; UPDATE u SET a = 1"}) {
    EXPECT_EQ(facts_of(sql).written, std::nullopt) << sql;
  }
}

TEST(StatementFacts, TellWhoReadsAndSetsTheInsertId) {
  for (const auto* reads :
       {"SELECT LAST_INSERT_ID()", "SELECT @@identity", "SELECT @@session.last_insert_id",
        "INSERT INTO t VALUES (last_insert_id())", "SELECT LASTVAL(s)"}) {
    EXPECT_TRUE(facts_of(reads).reads_insert_id) << reads;
  }
  EXPECT_FALSE(facts_of("SELECT last_insert_id FROM t").reads_insert_id);
  EXPECT_FALSE(facts_of("SELECT t.identity FROM t").reads_insert_id);
  EXPECT_TRUE(facts_of("INSERT INTO t VALUES (1)").sets_insert_id);
  EXPECT_TRUE(facts_of("UPDATE t SET a = LAST_INSERT_ID(a + 1)").sets_insert_id);
  EXPECT_FALSE(facts_of("SELECT LAST_INSERT_ID( )").sets_insert_id);
  EXPECT_FALSE(facts_of("UPDATE t SET a = 1").sets_insert_id);
}

TEST(SessionEffects, AreDescribedInWords) {
  EXPECT_EQ(describe(E::kTemporaryTable | E::kUserVariables), "temporary tables, user variables");
  EXPECT_EQ(describe(kNone), "");
}

using Settings = std::vector<SessionSetting>;

TEST(StatementFacts, NotesVariablesThatWereSetToConstants) {
  EXPECT_EQ(
      facts_of("SET sql_mode = 'ANSI', @@session.foreign_key_checks = 0, LOCAL time_zone = "
               "DEFAULT")
          .variables,
      (Settings{{"sql_mode", "'ANSI'"}, {"foreign_key_checks", "0"}, {"time_zone", "DEFAULT"}}));
  EXPECT_EQ(facts_of("SET sql_mode = ''; SET SESSION wait_timeout = 5").variables,
            (Settings{{"sql_mode", "''"}, {"wait_timeout", "5"}}));
  for (const char* other :
       {"SET GLOBAL wait_timeout = 5", "SET @a = 1", "SET sql_mode = CONCAT(@@sql_mode, ',ANSI')",
        "SET sql_mode = ?", "SET timestamp = 1", "SET insert_id = 5", "SET init_connect = 'a\\'b'",
        "SET autocommit = 1", "SET NAMES latin1", "SET STATEMENT wait_timeout = 5 FOR SELECT 1"}) {
    EXPECT_EQ(facts_of(other).variables, Settings{}) << other;
  }
}

TEST(StatementFacts, KnowsWhatNoResetClears) {
  EXPECT_TRUE(facts_of("SET insert_id = 5").outlives_reset);
  EXPECT_TRUE(facts_of("SET @@session.profiling = 1").outlives_reset);
  EXPECT_TRUE(facts_of("SET optimizer_trace = 'enabled=on'").outlives_reset);
  EXPECT_FALSE(facts_of("SET sql_mode = 'ANSI'").outlives_reset);
}

TEST(StatementFacts, TellsWhoCountsForTheNextStatement) {
  EXPECT_TRUE(facts_of("SELECT SQL_CALC_FOUND_ROWS * FROM t LIMIT 1").counts_found_rows);
  EXPECT_FALSE(facts_of("SELECT 'SQL_CALC_FOUND_ROWS'").counts_found_rows);
  EXPECT_TRUE(facts_of("SELECT FOUND_ROWS()").reads_found_rows);
  EXPECT_FALSE(facts_of("SELECT FOUND_ROWS()").reads_row_count);
  EXPECT_TRUE(facts_of("SELECT 1; SELECT ROW_COUNT()").reads_row_count);
}

TEST(StatementFacts, TellDroppedDatabases) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(facts_of("DROP DATABASE a").dropped_databases, Names{"a"});
  EXPECT_EQ(facts_of("drop schema if exists `a``b`").dropped_databases, Names{"a`b"});
  EXPECT_EQ(facts_of("DROP TABLE a").dropped_databases, Names{});
  const StatementFacts several = facts_of("USE a; DROP DATABASE b; DROP DATABASE a");
  EXPECT_EQ(several.dropped_databases, (Names{"b", "a"}));
  EXPECT_EQ(several.database, "");
}

TEST(StatementFacts, TellInsertsOfAQuery) {
  for (const char* sql :
       {"INSERT INTO t SELECT 1", "INSERT IGNORE t (value, b) (SELECT 1, 2)",
        "REPLACE INTO t TABLE u", "INSERT INTO t WITH c AS (SELECT 1) SELECT * FROM c"}) {
    EXPECT_TRUE(facts_of(sql).inserts_query) << sql;
  }
  for (const char* sql : {"INSERT INTO t VALUES ((SELECT 1))", "INSERT t (a) VALUE (1)",
                          "INSERT INTO t SET a = (SELECT 1)", "INSERT INTO t () VALUES ()",
                          "UPDATE t SET a = (SELECT 1)"}) {
    EXPECT_FALSE(facts_of(sql).inserts_query) << sql;
  }
}

TEST(StatementFacts, NameTheFunctionsThatMayBeStored) {
  const auto called = [](std::string_view sql) { return facts_of(sql).called; };
  using Called = std::vector<CalledFunction>;
  EXPECT_EQ(called("SELECT f(1), db.`g`(), COUNT(*), x.y FROM t WHERE a IN (1)"),
            (Called{{"", "f"}, {"db", "g"}}));
  EXPECT_EQ(called("INSERT INTO t (a) VALUES (f(1)), (2)"), (Called{{"", "f"}}));
  EXPECT_EQ(called("SET @a = `f`(); DO g()"), (Called{{"", "f"}, {"", "g"}}));
  EXPECT_EQ(called("CREATE TABLE t (a VARCHAR(9), KEY k (a))"), Called{});
}

}  // namespace
}  // namespace driver::sql
