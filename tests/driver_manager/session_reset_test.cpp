// What a session leaves on its connection never shows to the next one: random statements, then all
// that is visible of a session, compared with that of a connection which nobody used before.
#include <cstdlib>
#include <random>
#include <set>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

using Texts = std::vector<std::string>;

/// What may be left behind; servers that do not know one refuse it, which is as well.
const Texts& habits() {
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
  };
  return statements;
}

/// What a program can see of its session. The first ones in an order of their own each time: what
/// one of them clears must not hide it from the others.
const Texts& questions() {
  static const Texts statements{
      "SELECT ROW_COUNT()",  // FOUND_ROWS() of a new connection is any other's on MariaDB
      "SELECT CONCAT_WS(' ', @@warning_count, @@error_count)",
      "SELECT CONCAT_WS(' ', LAST_INSERT_ID(), @@identity)",
      "SHOW WARNINGS",
      "SELECT CONCAT_WS(' ', IFNULL(@a, '-'), IFNULL(@b, '-'), IFNULL(@c, '-'), IFNULL(@t, '-'))",
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
      "SHOW SESSION VARIABLES WHERE Variable_name NOT IN ('pseudo_thread_id', 'timestamp', "
      "'rand_seed1', 'rand_seed2', 'gtid_binlog_state', 'innodb_snapshot_isolation')",
  };
  return statements;
}

class SessionReset : public ServerCase {
 protected:
  SessionReset() {
    for (const char* sql :
         {"DROP DATABASE IF EXISTS reset_other", "CREATE DATABASE reset_other",
          "DROP DATABASE IF EXISTS reset_hidden", "CREATE DATABASE reset_hidden",
          "CREATE TABLE reset_hidden.secret (n INT)",
          "DROP TABLE IF EXISTS reset_plain, reset_counted, reset_triggering",
          "CREATE TABLE reset_plain (n INT)", "INSERT INTO reset_plain VALUES (1), (2), (3)",
          "CREATE TABLE reset_counted (id INT PRIMARY KEY AUTO_INCREMENT, n INT)",
          "CREATE TABLE reset_triggering (n INT)",
          "CREATE TRIGGER reset_trigger AFTER INSERT ON reset_triggering FOR EACH ROW SET @t = "
          "GET_LOCK('reset_lock', 0)",
          "DROP PROCEDURE IF EXISTS reset_procedure",
          "CREATE PROCEDURE reset_procedure() BEGIN SET @a = 5, sql_mode = ''; CREATE TEMPORARY "
          "TABLE reset_temporary (n INT); INSERT INTO reset_counted (n) VALUES (1); SELECT 1; END",
          "DROP FUNCTION IF EXISTS reset_function",
          "CREATE FUNCTION reset_function() RETURNS INT NOT DETERMINISTIC RETURN @b := 7",
          "GRANT SELECT, INSERT, UPDATE, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE ON test.* "
          "TO "
          "resetter IDENTIFIED BY 'pw'",
          "GRANT RELOAD ON *.* TO resetter"}) {
      OdbcStatement(connection_).execute(sql);
    }
    for (const char* sql :
         {"CREATE SEQUENCE IF NOT EXISTS reset_sequence", "GRANT ALL ON test.* TO resetter",
          "CREATE ROLE IF NOT EXISTS reset_role", "GRANT SELECT ON reset_hidden.* TO reset_role",
          "GRANT reset_role TO resetter"}) {
      state_of([&] { OdbcStatement(connection_).execute(sql); });  // MariaDB's only
    }
  }

  [[nodiscard]] std::string session(const std::string& more) const {
    return "UID=resetter;PWD=pw;" +
           connection_string(server_.endpoint(), "MAX_POOL_SIZE=1;" + more);
  }

  static std::string answer(const OdbcConnection& on, const std::string& sql) {
    try {
      OdbcStatement statement(on);
      statement.execute(sql);
      SQLSMALLINT columns = 0;
      statement.check(SQLNumResultCols(statement.raw(), &columns));
      std::string all;
      while (columns > 0 && statement.fetch()) {
        for (SQLUSMALLINT i = 1; i <= columns; ++i)
          all += statement.text(i).value_or("NULL") + "\t";
        all += "\n";
      }
      return all;
    } catch (const OdbcError& error) {
      return error.state() + " " + std::to_string(error.native());
    }
  }

  static Texts seen(const OdbcConnection& on, const Texts& asked) {
    Texts answers;
    for (const std::string& sql : asked) answers.push_back(sql + ": " + answer(on, sql));
    return answers;
  }

  std::string pooled_ids() {
    return ask(
        "SELECT GROUP_CONCAT(id) FROM information_schema.processlist WHERE user = 'resetter'");
  }
};

TEST_P(SessionReset, LeavesNothingVisible) {
  const char* given = std::getenv("FABRIC_TEST_SEED");
  const auto seed =
      given != nullptr ? static_cast<unsigned>(std::atoi(given)) : std::random_device()();
  const char* wanted = std::getenv("FABRIC_TEST_ROUNDS");
  const int rounds = wanted != nullptr ? std::atoi(wanted) : 40;
  std::mt19937 random(seed);
  const auto pick = [&random](std::size_t below) { return random() % below; };
  int reused = 0;
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    Texts left;
    {
      OdbcConnection first(environment_);
      first.connect(session(""));
      for (std::size_t i = pick(5) + 1; i > 0; --i) left.push_back(habits()[pick(habits().size())]);
      for (const std::string& sql : left) {
        OdbcStatement statement(first);
        state_of([&] {
          statement.execute(sql);
          if (random() % 2 == 0) statement.fetch();
        });
      }
    }
    Texts asked = questions();
    std::shuffle(asked.begin(), asked.end() - 1, random);
    const std::string before = pooled_ids();
    OdbcConnection second(environment_);
    second.connect(session(""));
    const Texts after_others = seen(second, asked);
    reused += before == pooled_ids() ? 1 : 0;
    OdbcConnection fresh(environment_);
    fresh.connect(session("POOLING=0"));
    const Texts of_fresh = seen(fresh, asked);
    for (std::size_t i = 0; i < asked.size(); ++i) {
      EXPECT_EQ(after_others[i], of_fresh[i]) << "FABRIC_TEST_SEED=" << seed << " round " << round
                                              << ", after: " << testing::PrintToString(left)
                                              << "\nasked: " << testing::PrintToString(asked);
    }
    // Of a connection that was closed, the server may free the lock after the socket.
    EXPECT_EQ(ask("SELECT GET_LOCK('reset_lock', 10) + RELEASE_LOCK('reset_lock')"), "2")
        << testing::PrintToString(left);
    OdbcStatement(connection_).execute("INSERT INTO reset_plain VALUES (4)");
  }
  EXPECT_GT(reused, rounds / 2) << "few sessions had a connection that was used before";
}

FOR_EVERY_SERVER(SessionReset);

}  // namespace
}  // namespace test_support
