// Statements that leave something in a session, and those that show what there is: for tests that
// compare sessions.
#pragma once

#include <string>
#include <vector>

#include "tests/driver_manager/odbc_fixture.h"

namespace test_support {

using Texts = std::vector<std::string>;

/// What may be left behind; servers that do not know one refuse it, which is as well.
inline const Texts& habits() {
  static const Texts statements{
      "SET sql_mode = 'ANSI'",
      "SET @a = 1, @b = 'x'",
      "SET NAMES latin1",
      "SET time_zone = '+05:00', foreign_key_checks = 0, unique_checks = 0",
      "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE",
      "SET TRANSACTION READ ONLY",
      "SET SESSION TRANSACTION READ ONLY",
      "SET autocommit = 0",
      "SET timestamp = 1000000",
      "SET insert_id = 500",
      "SET rand_seed1 = 5, rand_seed2 = 6",
      "SET profiling = 1",
      "SET optimizer_trace = 'enabled=on'",
      "SET ROLE reset_role",
      "SET sql_select_limit = 2",
      "USE reset_other",
      "CREATE TEMPORARY TABLE reset_temporary (n INT)",
      "SELECT GET_LOCK('reset_lock', 1)",
      "LOCK TABLES reset_plain WRITE",
      "PREPARE reset_statement FROM 'SELECT 1'",
      "HANDLER reset_plain OPEN",
      "HANDLER reset_plain READ FIRST",
      "INSERT INTO reset_counted (n) VALUES (1), (2)",
      "INSERT INTO reset_triggering VALUES (1)",
      "CALL reset_procedure()",
      "SELECT reset_function()",
      "SELECT NEXTVAL(reset_sequence)",
      "SELECT LAST_INSERT_ID(77)",
      "SELECT SQL_CALC_FOUND_ROWS * FROM reset_plain LIMIT 1",
      "SELECT * FROM reset_plain",
      "SELECT COUNT(*) FROM reset_plain",
      "SELECT CAST('1x' AS SIGNED)",
      "SELECT 1 UNION SELECT 2 UNION SELECT 3",
      "SELECT * FROM reset_missing",
      "SHOW WARNINGS",
      "SHOW TABLES",
      "START TRANSACTION",
      "INSERT INTO reset_plain VALUES (9)",
      "SAVEPOINT reset_point",
      "DO SLEEP(0)",
      "UPDATE reset_plain SET n = n",
      "SELECT n INTO @c FROM reset_plain LIMIT 1",
      "FLUSH TABLES WITH READ LOCK",
      "FLUSH TABLES reset_plain WITH READ LOCK",
      "FLUSH TABLES reset_plain FOR EXPORT",
      "BACKUP STAGE START",
      "BACKUP LOCK reset_plain",
      "LOCK TABLES reset_plain READ, reset_counted WRITE",
      "UNLOCK TABLES",
      "SET CHARACTER SET latin1",
      "SET CHARACTER SET utf8; USE reset_other",
      "SET NAMES utf8mb4 COLLATE utf8mb4_bin",
      "SET NAMES DEFAULT",
      "SET @@session.sql_mode = CONCAT(@@sql_mode, ',PIPES_AS_CONCAT')",
      "SET SESSION sql_mode = DEFAULT, @d = 4",
      "SET LOCAL max_sort_length = 64",
      "SET @@local.div_precision_increment = 7",
      "SET SESSION group_concat_max_len = 5; SET SESSION tx_isolation = 'READ-COMMITTED'",
      "SET SESSION sql_safe_updates = 1, sql_warnings = 1",
      "SET sql_auto_is_null = 1",
      "SET sql_log_bin = 0",
      "SET SESSION binlog_format = 'STATEMENT'",
      "SET GLOBAL max_sort_length = 1024",
      "SET max_statement_time = 100",
      "SET lock_wait_timeout = 5, innodb_lock_wait_timeout = 5, wait_timeout = 100",
      "SET last_insert_id = 12",
      "SET identity = 13",
      "SET auto_increment_increment = 3, auto_increment_offset = 2",
      "SET lc_messages = 'de_DE', lc_time_names = 'de_DE'",
      "SET default_storage_engine = MyISAM",
      "SET storage_engine = MyISAM",
      "SET old_passwords = 0, big_tables = 1",
      "SET pseudo_thread_id = 99",
      "SET gtid_domain_id = 1",
      "SET SESSION debug_no_thread_alarm = 1",
      "SET PASSWORD FOR nobody = ''",
      "SET ROLE NONE",
      "SET ROLE ALL",
      "SET STATEMENT max_statement_time = 1, sql_select_limit = 1 FOR SELECT * FROM reset_plain",
      "SET STATEMENT sql_mode = 'ANSI' FOR SET @a = 3",
      "SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED",
      "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY",
      "SET @@tx_isolation = 'SERIALIZABLE'",
      "SET @@tx_read_only = 1",
      "SET SESSION tx_read_only = ON",
      "SET @@autocommit = OFF",
      "SET collation_connection = 'latin1_bin'",
      "SET character_set_results = NULL",
      "SET character_set_client = latin1",
      "SET character_set_filesystem = utf8",
      "SET @s = 'SELECT 5'; PREPARE reset_statement FROM @s; EXECUTE reset_statement",
      "PREPARE reset_statement FROM 'SET @b = 9'",
      "EXECUTE reset_statement",
      "EXECUTE IMMEDIATE 'SET @c = 3, sql_select_limit = 1'",
      "EXECUTE IMMEDIATE 'USE reset_other'",
      "DEALLOCATE PREPARE reset_statement",
      "CREATE TEMPORARY TABLE reset_plain (n INT)",
      "CREATE TEMPORARY TABLE reset_temporary SELECT * FROM reset_plain",
      "DROP TEMPORARY TABLE IF EXISTS reset_temporary",
      "ALTER TABLE reset_temporary ADD COLUMN m INT",
      "XA START 'reset'",
      "XA START 'reset'; INSERT INTO reset_plain VALUES (5); XA END 'reset'",
      "XA END 'reset'",
      "XA ROLLBACK 'reset'",
      "BEGIN; SAVEPOINT reset_point; INSERT INTO reset_plain VALUES (8)",
      "ROLLBACK TO reset_point",
      "RELEASE SAVEPOINT reset_point",
      "START TRANSACTION WITH CONSISTENT SNAPSHOT",
      "START TRANSACTION READ ONLY",
      "COMMIT AND CHAIN",
      "ROLLBACK",
      "DO GET_LOCK('reset_lock', 0)",
      "SELECT GET_LOCK('reset_lock', 1), GET_LOCK('reset_second', 1)",
      "SELECT RELEASE_LOCK('reset_lock')",
      "SELECT n, GET_LOCK('reset_lock', 0) FROM reset_plain",
      "SELECT NEXT VALUE FOR reset_sequence",
      "SELECT LASTVAL(reset_sequence)",
      "SELECT SETVAL(reset_sequence, 100)",
      "SELECT FOUND_ROWS()",
      "SELECT ROW_COUNT()",
      "SELECT LAST_INSERT_ID()",
      "UPDATE reset_plain SET n = LAST_INSERT_ID(n + 1) LIMIT 1",
      "INSERT INTO reset_counted (id, n) VALUES (LAST_INSERT_ID(900), 1) ON DUPLICATE KEY UPDATE n "
      "= "
      "LAST_INSERT_ID(55)",
      "INSERT IGNORE INTO reset_counted (id, n) VALUES (1, 'x')",
      "REPLACE INTO reset_counted (id, n) VALUES (1, 1)",
      "INSERT INTO reset_counted (id, n) VALUES (1, 1), (1, 2)",
      "INSERT INTO reset_counted (n) SELECT n FROM reset_plain",
      "INSERT INTO reset_counted (n) VALUES (3) RETURNING id",
      "DELETE FROM reset_counted WHERE n = 3",
      "SELECT @a := 3, @b := @a + 1",
      "SELECT 3 INTO @c",
      "SELECT RAND(4)",
      "SELECT RAND()",
      "SELECT BENCHMARK(1, @d := 2)",
      "GET DIAGNOSTICS @a = NUMBER",
      "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'x'",
      "SELECT 1/0, CAST('y' AS SIGNED)",
      "SELECT 1; SELECT * FROM reset_missing; SELECT 2",
      "SELECT 1; SELECT * FROM reset_plain; SET @a = 2",
      "CALL reset_out(@d)",
      "CALL reset_out(1)",
      "{CALL reset_out(?)}",
      "SELECT n + ? FROM reset_plain",
      "SET @d = ?",
      "CALL reset_missing()",
      "CALL reset_failing()",
      "BEGIN NOT ATOMIC SET @a = 11; SELECT 1; END",
      "SELECT reset_deep()",
      "SELECT test.reset_function() FROM reset_plain",
      "SHOW TABLE STATUS LIKE 'reset%'",
      "SHOW COUNT(*) WARNINGS",
      "SHOW PROFILES",
      "SHOW CREATE TABLE reset_missing",
      "HELP 'SELECT'",
      "EXPLAIN SELECT * FROM reset_plain",
      "ANALYZE SELECT * FROM reset_plain",
      "CHECKSUM TABLE reset_plain",
      "ANALYZE TABLE reset_plain",
      "TRUNCATE TABLE reset_missing",
      "TABLE reset_plain",
      "VALUES (1), (2)",
      "WITH w AS (SELECT 1 AS a) SELECT * FROM w, reset_plain",
      "(SELECT 1) UNION (SELECT SQL_CALC_FOUND_ROWS 2)",
      "/*!50000 SET @a = 21 */",
      "/*M! SET @b = 22 */",
      "SELECT /*+ SET_VAR(sort_buffer_size=100000) */ 1",
      "KILL QUERY 0",
      "NONSENSE",
      "",
      ";;",
      "SELECT * FROM information_schema.columns",
      "SELECT REPEAT('x', 200000) FROM reset_plain, reset_plain b, reset_plain c",
  };
  return statements;
}

inline constexpr const char* kVariablesOfAll =
    "SHOW SESSION VARIABLES WHERE Variable_name NOT IN ('pseudo_thread_id', 'timestamp', "
    "'rand_seed1', 'rand_seed2', 'gtid_binlog_state', 'innodb_snapshot_isolation')";

/// What a program can see of its session. The first ones in an order of their own each time: what
/// one of them clears must not hide it from the others.
inline const Texts& questions() {
  static const Texts statements{
      "SELECT ROW_COUNT()",  // FOUND_ROWS() of a new connection is any other's on MariaDB
      "SELECT CONCAT_WS(' ', @@warning_count, @@error_count)",
      "SELECT CONCAT_WS(' ', LAST_INSERT_ID(), @@identity)",
      "SHOW WARNINGS",
      "SELECT CONCAT_WS(' ', IFNULL(@a, '-'), IFNULL(@b, '-'), IFNULL(@c, '-'), IFNULL(@d, '-'), "
      "IFNULL(@s, '-'), IFNULL(@t, '-'))",
      "SELECT n FROM reset_plain WHERE n IS NULL OR n = 4 ORDER BY n LIMIT 1",
      "SELECT @@pseudo_thread_id = CONNECTION_ID()",
      "XA END 'reset'",
      "ROLLBACK TO reset_point",
      "SELECT IFNULL(DATABASE(), '-')",
      "SELECT COUNT(*) FROM reset_temporary",
      "EXECUTE reset_statement",
      "HANDLER reset_plain READ FIRST",
      "SELECT IFNULL(CURRENT_ROLE(), '-')",
      "SELECT IFNULL(LASTVAL(reset_sequence), '-')",
      "SELECT @@in_transaction",
      "SHOW PROFILES",
      "SELECT COUNT(*) FROM information_schema.optimizer_trace",
      "SELECT COUNT(*) FROM reset_hidden.secret",
      "SELECT ABS(TIMESTAMPDIFF(SECOND, NOW(), UTC_TIMESTAMP())) > 60",
      kVariablesOfAll,
  };
  return statements;
}

/// With `bound` for its parameter, if it has one.
inline void run_habit(OdbcStatement& statement, const std::string& sql, SQLINTEGER& bound) {
  if (sql.find('?') != std::string::npos) {
    const SQLSMALLINT direction = sql.starts_with("{CALL") ? SQL_PARAM_OUTPUT : SQL_PARAM_INPUT;
    statement.check(SQLBindParameter(statement.raw(), 1, direction, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                     &bound, 0, nullptr));
  }
  statement.execute(sql);
}

/// All rows of its first result and the parameter, or its error.
inline std::string answer_of(const OdbcConnection& on, const std::string& sql,
                             SQLULEN cursor = SQL_CURSOR_FORWARD_ONLY) {
  try {
    OdbcStatement statement(on);
    statement.check(SQLSetStmtAttr(statement.raw(), SQL_ATTR_CURSOR_TYPE,
                                   reinterpret_cast<SQLPOINTER>(cursor), 0));
    SQLINTEGER bound = 4;
    run_habit(statement, sql, bound);
    SQLSMALLINT columns = 0;
    statement.check(SQLNumResultCols(statement.raw(), &columns));
    std::string all;
    while (columns > 0 && statement.fetch()) {
      for (SQLUSMALLINT i = 1; i <= columns; ++i) all += statement.text(i).value_or("NULL") + "\t";
      all += "\n";
    }
    if (!sql.starts_with("{CALL")) return all;
    for (SQLRETURN more = SQL_SUCCESS; more != SQL_NO_DATA;) {
      statement.check(more = SQLMoreResults(statement.raw()));
    }
    return all + std::to_string(bound);
  } catch (const OdbcError& error) {
    return error.state() + " " + std::to_string(error.native());
  }
}

}  // namespace test_support
