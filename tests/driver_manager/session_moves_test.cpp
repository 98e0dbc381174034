// POOL_MODE=TRANSACTION: a session that goes from connection to connection is told what one is told
// that never moves, or is refused: random statements in both, each in a database of its own.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <random>

#include "tests/driver_manager/server_case.h"
#include "tests/driver_manager/session_habits.h"

namespace test_support {
namespace {

/// They lock out the other session, change accounts and servers, tell of times and threads, or of a
/// statement that was not the one before (diagnostics, SET TRANSACTION before one without tables).
bool comparable(const std::string& sql) {
  constexpr std::array<std::string_view, 34> kNot{
      "READ LOCK",     "EXPORT",          "BACKUP",          "GLOBAL",    "KILL",
      "RAND",          "STATUS",          "PROFIL",          "ANALYZE",   "information_schema",
      "PASSWORD",      "CHECKSUM",        "pseudo_thread",   "EXPLAIN",   "optimizer_trace",
      "ROLE",          "WITH CONSISTENT", "reset_hidden",    "timestamp", "max_statement_time",
      "HELP",          "TIMESTAMPDIFF",   "binlog",          "log_bin",   "insert_id = 500",
      "BENCHMARK",     "SHOW TABLES",     "REPEAT",          "gtid",      "WARNINGS",
      "warning_count", "DIAGNOSTICS",     "SET TRANSACTION", "@@tx_"};
  return std::ranges::none_of(
      kNot, [&sql](std::string_view word) { return sql.find(word) != std::string::npos; });
}

Texts statements_to_compare() {
  Texts all;
  for (const Texts* from : {&habits(), &questions()}) {
    std::ranges::copy_if(*from, std::back_inserter(all), comparable);
  }
  for (const char* sql :
       {"SELECT CONCAT_WS(' ', @@sql_mode, @@time_zone, @@autocommit + 0, @@session.tx_isolation, "
        "@@sql_select_limit, @@foreign_key_checks + 0)",
        "SELECT CONCAT_WS(' ', @@character_set_client, @@character_set_connection, "
        "@@character_set_results, @@collation_connection)",
        "SELECT LAST_INSERT_ID() + 0", "SELECT DATABASE()",
        "SELECT id FROM reset_counted ORDER BY id",
        "INSERT INTO reset_following (id) VALUES (NULL)",
        "INSERT INTO reset_following (parent) VALUES (0)", "SELECT parent FROM reset_following",
        "COMMIT", "COMMIT", "COMMIT", "SET autocommit = 1", "SET autocommit = 1"}) {
    all.emplace_back(sql);
  }
  return all;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

class SessionMoves : public ServerCase {
 protected:
  void make_database(const std::string& name) {
    OdbcConnection maker(environment_);
    maker.connect(connection_string(server_.endpoint(), "POOLING=0;"));
    for (const char* sql : {"DROP DATABASE IF EXISTS ", "CREATE DATABASE ", "USE "}) {
      OdbcStatement(maker).execute(sql + name);
    }
    for (const char* sql :
         {"CREATE TABLE reset_plain (n INT)", "INSERT INTO reset_plain VALUES (1), (2), (3)",
          "CREATE TABLE reset_counted (id INT PRIMARY KEY AUTO_INCREMENT, n INT)",
          "CREATE TABLE reset_following (id INT PRIMARY KEY AUTO_INCREMENT, parent INT)",
          "CREATE TRIGGER reset_follow BEFORE INSERT ON reset_following FOR EACH ROW SET "
          "NEW.parent = "
          "LAST_INSERT_ID()",
          "CREATE TABLE reset_triggering (n INT)",
          "CREATE PROCEDURE reset_procedure() BEGIN SET @a = 5; CREATE TEMPORARY TABLE "
          "reset_temporary (n INT); INSERT INTO reset_counted (n) VALUES (1); SELECT 1; END",
          "CREATE PROCEDURE reset_out(OUT o INT) BEGIN SET o = 8; SELECT n FROM reset_plain; "
          "SELECT 2; "
          "END",
          "CREATE PROCEDURE reset_failing() BEGIN SET @a = 6; SELECT 1; SELECT * FROM "
          "reset_missing; "
          "END",
          "CREATE FUNCTION reset_function() RETURNS INT NOT DETERMINISTIC RETURN @b := 7",
          "CREATE FUNCTION reset_deep() RETURNS INT NOT DETERMINISTIC BEGIN INSERT INTO "
          "reset_triggering VALUES (2); RETURN reset_function(); END"}) {
      OdbcStatement(maker).execute(sql);
    }
    state_of([&] { OdbcStatement(maker).execute("CREATE SEQUENCE reset_sequence"); });
  }

  [[nodiscard]] std::string session(const std::string& database, const std::string& more) const {
    return "DATABASE=" + database + ";" + connection_string(server_.endpoint(), more);
  }

  /// Locks and XA transactions are the server's: each session has its own names.
  static std::string of_session(std::string sql, char letter) {
    const std::string end(1, letter);
    sql = replaced(sql, "reset_lock", "lock_" + end);
    sql = replaced(sql, "reset_second", "second_" + end);
    sql = replaced(sql, "'reset'", "'xa_" + end + "'");
    return replaced(sql, "test.", "moves_" + end + ".");
  }
  static std::string as_told_to_the_other(const std::string& answer) {
    return replaced(replaced(answer, "moves_a", "moves_b"), "6D6F7665735F61", "6D6F7665735F62");
  }
  /// XA ROLLBACK of nothing: MySQL 5.6 says 1399 where the connection's last XA transaction had
  /// that name, else 1397.
  static std::string without_history(const std::string& answer) {
    return replaced(answer, "XAE07 1399", "XAE04 1397");
  }

  static bool refused(const std::string& answer) {
    return answer.starts_with("25000") || answer.starts_with("08S01");
  }
};

TEST_P(SessionMoves, AreToldWhatTheyWouldBeToldWithoutMoving) {
  OdbcStatement(connection_).execute("CREATE DATABASE IF NOT EXISTS reset_other");
  const char* given = std::getenv("FABRIC_TEST_SEED");
  const unsigned seed = given != nullptr ? static_cast<unsigned>(std::atoi(given)) : 1;
  const char* wanted = std::getenv("FABRIC_TEST_ROUNDS");
  const int rounds = wanted != nullptr ? std::atoi(wanted) : 20;
  std::mt19937 random(seed);
  const Texts all = statements_to_compare();
  const std::string shared = "POOL_MODE=TRANSACTION;MAX_POOL_SIZE=3;";
  int moves = 0;
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    make_database("moves_a");
    make_database("moves_b");
    OdbcConnection moving(environment_);
    OdbcConnection other(environment_);
    OdbcConnection staying(environment_);
    moving.connect(session("moves_a", shared));
    other.connect(session("moves_a", shared));
    staying.connect(session("moves_b", "POOLING=0;"));
    Texts done;
    for (const OdbcConnection* each : {&moving, &staying}) {
      // Until a first SELECT, FOUND_ROWS() is that of any session that the server had before.
      EXPECT_EQ(answer_of(*each, "SELECT 1"), "1\t\n");
    }
    for (std::size_t i = random() % 12 + 3; i > 0 && !HasFailure(); --i) {
      const std::string sql = all[random() % all.size()];
      if (random() % 2 == 0) {  // the connection that was given back last
        OdbcStatement(other).execute("BEGIN");
        ++moves;
      }
      done.push_back(sql);
      const SQLULEN cursor = random() % 4 == 0 ? SQL_CURSOR_STATIC : SQL_CURSOR_FORWARD_ONLY;
      const std::string told = answer_of(moving, of_session(sql, 'a'), cursor);
      const std::string expected = answer_of(staying, of_session(sql, 'b'), cursor);
      if (!refused(told)) {
        const bool history = sql == "XA ROLLBACK 'reset'" && GetParam() == ServerKind::kMySql56;
        EXPECT_EQ(as_told_to_the_other(history ? without_history(told) : told),
                  history ? without_history(expected) : expected)
            << "FABRIC_TEST_SEED=" << seed << " round " << round
            << ", after: " << testing::PrintToString(done);
      }
      OdbcStatement(other).execute("ROLLBACK");
    }
    state_of([&] { OdbcStatement(staying).execute("ROLLBACK"); });
    state_of([&] { OdbcStatement(moving).execute("ROLLBACK"); });
  }
  EXPECT_GT(moves, 0);
}

FOR_EVERY_SERVER(SessionMoves);

}  // namespace
}  // namespace test_support
