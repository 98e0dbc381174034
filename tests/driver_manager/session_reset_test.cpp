// What a session leaves on its connection never shows to the next one: random statements, then all
// that is visible of a session, compared with that of a connection which nobody used before.
#include <cstdlib>
#include <random>
#include <set>

#include "tests/driver_manager/server_case.h"
#include "tests/driver_manager/session_habits.h"

namespace test_support {
namespace {

class SessionReset : public ServerCase {
 protected:
  SessionReset() {
    for (const char* sql :
         {"DROP DATABASE IF EXISTS reset_other",
          "CREATE DATABASE reset_other",
          "DROP DATABASE IF EXISTS reset_hidden",
          "CREATE DATABASE reset_hidden",
          "CREATE TABLE reset_hidden.secret (n INT)",
          "DROP TABLE IF EXISTS reset_plain, reset_counted, reset_triggering",
          "CREATE TABLE reset_plain (n INT)",
          "INSERT INTO reset_plain VALUES (1), (2), (3)",
          "CREATE TABLE reset_counted (id INT PRIMARY KEY AUTO_INCREMENT, n INT)",
          "CREATE TABLE reset_triggering (n INT)",
          "CREATE TRIGGER reset_trigger AFTER INSERT ON reset_triggering FOR EACH ROW SET @t = "
          "GET_LOCK('reset_lock', 0)",
          "DROP PROCEDURE IF EXISTS reset_procedure",
          "CREATE PROCEDURE reset_procedure() BEGIN SET @a = 5, sql_mode = ''; CREATE TEMPORARY "
          "TABLE reset_temporary (n INT); INSERT INTO reset_counted (n) VALUES (1); SELECT 1; END",
          "DROP FUNCTION IF EXISTS reset_function",
          "CREATE FUNCTION reset_function() RETURNS INT NOT DETERMINISTIC RETURN @b := 7",
          "DROP PROCEDURE IF EXISTS reset_out",
          "CREATE PROCEDURE reset_out(OUT o INT) BEGIN SET o = 8; SELECT n FROM reset_plain; "
          "SELECT "
          "2; END",
          "DROP PROCEDURE IF EXISTS reset_failing",
          "CREATE PROCEDURE reset_failing() BEGIN SET @a = 6; SELECT 1; SELECT * FROM "
          "reset_missing; "
          "END",
          "DROP FUNCTION IF EXISTS reset_deep",
          "CREATE FUNCTION reset_deep() RETURNS INT NOT DETERMINISTIC BEGIN INSERT INTO "
          "reset_triggering VALUES (2); RETURN reset_function(); END",
          "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE ON "
          "test.* "
          "TO "
          "resetter IDENTIFIED BY 'pw'",
          "GRANT RELOAD, SUPER, PROCESS ON *.* TO resetter"}) {
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

  static Texts seen(const OdbcConnection& on, const Texts& asked) {
    Texts answers;
    for (const std::string& sql : asked) answers.push_back(sql + ": " + answer_of(on, sql));
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
        SQLINTEGER bound = 4;
        state_of([&] {
          run_habit(statement, sql, bound);
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
