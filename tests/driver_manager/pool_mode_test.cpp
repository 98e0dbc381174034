// POOL_MODE=TRANSACTION: sessions give their connection back between transactions, and notice
// nothing of it.
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class PoolMode : public ServerCase {
 protected:
  PoolMode() {
    // Pools belong to users: this one's is shared with no other test.
    user_ = "sharer" + std::to_string(++users);
    OdbcStatement(connection_).execute("GRANT ALL ON *.* TO " + user_ + " IDENTIFIED BY 'pw'");
    make_table("noted", "id INT PRIMARY KEY AUTO_INCREMENT, n INT");
    first_.connect(session(""));
    second_.connect(session(""));
  }

  [[nodiscard]] std::string session(const std::string& more, int most = 1) const {
    return "UID=" + user_ + ";PWD=pw;" +
           connection_string(server_.endpoint(),
                             "POOL_MODE=TRANSACTION;MAX_POOL_SIZE=" + std::to_string(most) +
                                 ";POOL_TIMEOUT=" + (most == 1 ? "400ms;" : "30s;") + more);
  }

  static std::string value(const OdbcConnection& on, std::string_view sql) {
    return OdbcStatement(on).value(sql);
  }
  static void run(const OdbcConnection& on, std::string_view sql) {
    OdbcStatement(on).execute(sql);
  }
  static std::string state(const OdbcConnection& on, std::string_view sql) {
    return state_of([&] { OdbcStatement(on).value(sql); });
  }
  /// Whether second_ finds the one connection free.
  [[nodiscard]] bool held_by_first() const { return state(second_, "SELECT 1") == "HYT01"; }

  std::string pins() {
    OdbcStatement statement(first_);
    statement.execute("SHOW FABRIC POOLS");
    while (statement.fetch()) {
      if (statement.text(2) == user_) return statement.text(24).value_or("");  // pins
    }
    return "no pool";
  }

  static inline std::atomic<int> users = 0;
  std::string user_;
  OdbcConnection first_{environment_};
  OdbcConnection second_{environment_};
};

TEST_P(PoolMode, SharesOneConnectionAmongSessions) {
  const std::string link = value(first_, "SELECT CONNECTION_ID()");
  EXPECT_EQ(value(second_, "SELECT CONNECTION_ID()"), link);
  run(first_, "INSERT INTO noted (n) VALUES (1)");
  EXPECT_EQ(value(second_, "SELECT COUNT(*) FROM noted"), "1");
  EXPECT_EQ(value(first_, "SELECT CONNECTION_ID()"), link);
}

TEST_P(PoolMode, HoldsItForATransaction) {
  first_.autocommit(false);
  EXPECT_FALSE(held_by_first());
  run(first_, "INSERT INTO noted (n) VALUES (1)");
  EXPECT_TRUE(held_by_first());
  first_.end(SQL_COMMIT);
  EXPECT_EQ(value(second_, "SELECT COUNT(*) FROM noted"), "1");
  run(first_, "INSERT INTO noted (n) VALUES (2)");
  first_.end(SQL_ROLLBACK);
  EXPECT_EQ(value(second_, "SELECT COUNT(*) FROM noted"), "1");
  run(second_, "START TRANSACTION");
  EXPECT_EQ(state(first_, "SELECT 1"), "HYT01");
  run(second_, "COMMIT");
  EXPECT_EQ(value(first_, "SELECT 1"), "1");
  first_.end(SQL_COMMIT);
}

TEST_P(PoolMode, HoldsItWhileAResultIsOpen) {
  run(first_, "INSERT INTO noted (n) VALUES (1), (2), (3)");
  OdbcStatement reader(first_);
  reader.execute("SELECT n FROM noted ORDER BY n");
  ASSERT_TRUE(reader.fetch());
  EXPECT_TRUE(held_by_first());
  reader.close();
  EXPECT_FALSE(held_by_first());
  reader.execute("SELECT n FROM noted ORDER BY n");
  EXPECT_EQ(reader.rows().size(), 3u);
  EXPECT_FALSE(held_by_first());
}

TEST_P(PoolMode, FreesItBehindAStaticCursor) {
  run(first_, "INSERT INTO noted (n) VALUES (1), (2), (3)");
  OdbcStatement reader(first_);
  reader.check(
      SQLSetStmtAttr(reader.raw(), SQL_ATTR_CURSOR_TYPE, attribute_value(SQL_CURSOR_STATIC), 0));
  reader.execute("SELECT n FROM noted ORDER BY n");
  EXPECT_FALSE(held_by_first());
  reader.check(SQLFetchScroll(reader.raw(), SQL_FETCH_LAST, 0));
  EXPECT_EQ(reader.text(1), "3");
}

TEST_P(PoolMode, TellsEachSessionItsOwnInsertId) {
  run(first_, "INSERT INTO noted (n) VALUES (1)");
  run(second_, "INSERT INTO noted (n) VALUES (2)");
  EXPECT_EQ(value(first_, "SELECT LAST_INSERT_ID()"), "1");
  EXPECT_EQ(value(second_, "SELECT @@identity"), "2");
  EXPECT_EQ(value(second_, "SELECT LAST_INSERT_ID()"), "2");
  run(first_, "INSERT INTO noted (id, n) VALUES (70, 3)");  // given, not made
  run(second_, "UPDATE noted SET n = 9 WHERE id = 2");
  EXPECT_EQ(value(first_, "SELECT LAST_INSERT_ID()"), "1");
  run(first_, "UPDATE noted SET id = LAST_INSERT_ID(80) WHERE id = 70");
  EXPECT_EQ(value(first_, "SELECT LAST_INSERT_ID()"), "80");
  EXPECT_EQ(value(second_, "SELECT LAST_INSERT_ID()"), "2");
  first_.autocommit(false);
  run(first_, "INSERT INTO noted (n) VALUES (4)");
  const std::string made = value(first_, "SELECT id FROM noted WHERE n = 4");
  EXPECT_EQ(value(first_, "SELECT LAST_INSERT_ID()"), made);
  first_.end(SQL_COMMIT);
  EXPECT_EQ(value(first_, "SELECT LAST_INSERT_ID()"), made);
  first_.end(SQL_COMMIT);
  first_.disconnect();
  first_.connect(session(""));
  EXPECT_EQ(value(first_, "SELECT LAST_INSERT_ID()"), "0");
}

TEST_P(PoolMode, TellsStoredProceduresTheInsertId) {
  run(first_, "DROP PROCEDURE IF EXISTS tell_id");
  run(first_, "CREATE PROCEDURE tell_id() SELECT LAST_INSERT_ID()");
  run(first_, "INSERT INTO noted (n) VALUES (1)");
  EXPECT_EQ(value(second_, "SELECT 1"), "1");
  EXPECT_EQ(value(first_, "CALL tell_id()"), "1");
}

TEST_P(PoolMode, TellsTriggersTheInsertId) {
  run(first_, "DROP TABLE IF EXISTS followed");
  run(first_, "CREATE TABLE followed (id INT PRIMARY KEY AUTO_INCREMENT, parent INT)");
  run(first_,
      "CREATE TRIGGER follow BEFORE INSERT ON followed FOR EACH ROW SET NEW.parent = "
      "LAST_INSERT_ID()");
  run(first_, "INSERT INTO noted (id, n) VALUES (700, 1)");
  run(first_, "INSERT INTO noted (n) VALUES (1)");
  EXPECT_EQ(value(second_, "SELECT 1"), "1");
  run(first_, "INSERT INTO followed (id) VALUES (50)");
  EXPECT_EQ(value(first_, "SELECT parent FROM followed WHERE id = 50"), "701");
  EXPECT_EQ(value(second_, "SELECT 1"), "1");
  EXPECT_EQ(value(first_, "SELECT LAST_INSERT_ID()"), "701");
  run(first_, "INSERT INTO followed (parent) VALUES (0)");
  run(first_, "INSERT INTO followed (parent) VALUES (0)");
  EXPECT_EQ(value(first_, "SELECT GROUP_CONCAT(parent ORDER BY id) FROM followed"), "701,701,51");
}

TEST_P(PoolMode, SendsNoInsertIdAheadOfRowsOfPlainTables) {
  run(first_, "INSERT INTO noted (n) VALUES (1)");
  const auto sets = [this] {
    return OdbcStatement(connection_)
        .value(
            "SELECT variable_value FROM information_schema.global_status "
            "WHERE variable_name = 'Com_set_option'");
  };
  const std::string before = sets();
  run(first_, "UPDATE noted SET n = 2 WHERE id = 1");
  run(first_, "DELETE FROM noted WHERE n = 7");
  EXPECT_EQ(sets(), before);
  first_.autocommit(false);
  run(first_, "INSERT INTO noted (id, n) VALUES (90, 3)");  // given, not made
  EXPECT_EQ(value(first_, "SELECT LAST_INSERT_ID()"), "1");
  first_.end(SQL_COMMIT);
}

TEST_P(PoolMode, IsPinnedByFunctionsThatMayLeaveSomething) {
  for (const char* name : {"sets", "nests", "takes", "counts"}) {
    run(first_, std::string("DROP FUNCTION IF EXISTS ") + name);
  }
  run(first_,
      "CREATE FUNCTION sets() RETURNS INT NOT DETERMINISTIC BEGIN SET @left = 5; RETURN 1; END");
  run(first_, "CREATE FUNCTION nests() RETURNS INT NOT DETERMINISTIC RETURN sets()");
  run(first_,
      "CREATE FUNCTION takes() RETURNS INT NOT DETERMINISTIC RETURN GET_LOCK('in_function', 1)");
  run(first_,
      "CREATE FUNCTION counts(a INT) RETURNS INT READS SQL DATA BEGIN DECLARE n, m INT DEFAULT 0; "
      "SELECT COUNT(*) INTO n FROM noted; SET n = n + IF(a > 0, a, 0); RETURN n; END");
  EXPECT_EQ(value(first_, "SELECT counts(7)"), "7");
  EXPECT_FALSE(held_by_first());
  EXPECT_EQ(value(first_, "SELECT LENGTH(UUID()) + RAND() * 0"), "36");
  EXPECT_FALSE(held_by_first());
  for (const char* call : {"SELECT sets()", "SELECT nests()", "SELECT takes()", "DO sets()",
                           "SELECT test.`sets`()", "SELECT counts(takes())"}) {
    OdbcConnection caller(environment_);
    caller.connect(session(""));
    run(caller, call);
    EXPECT_EQ(state(second_, "SELECT 1"), "HYT01") << call;
    caller.disconnect();
    EXPECT_EQ(value(second_, "SELECT (@left IS NULL) + IS_FREE_LOCK('in_function')"), "2") << call;
    second_.disconnect();
    second_.connect(session(""));
  }
  EXPECT_NE(pins().find("what stored code set up 6"), std::string::npos) << pins();
}

TEST_P(PoolMode, RefusesTheCountsThatALookAtAFunctionTook) {
  run(first_, "DROP FUNCTION IF EXISTS marks");
  run(first_, "CREATE FUNCTION marks() RETURNS INT NOT DETERMINISTIC RETURN @b := 7");
  run(first_, "INSERT INTO noted (n) VALUES (1), (2), (3)");
  OdbcStatement marking(first_);
  marking.execute("SELECT marks() FROM noted");
  EXPECT_EQ(marking.rows().size(), 3u);
  EXPECT_EQ(state(first_, "SELECT FOUND_ROWS()"), "25000");
  marking.close();
  marking.execute("SELECT marks() FROM noted");
  EXPECT_EQ(marking.rows().size(), 3u);
  EXPECT_EQ(value(first_, "SELECT FOUND_ROWS()"), "3");
}

TEST_P(PoolMode, FindsTheNewRowOfAutoIsNull) {
  OdbcConnection old_fashioned(environment_);
  old_fashioned.connect(session("AUTO_IS_NULL=1;"));
  run(old_fashioned, "INSERT INTO noted (n) VALUES (5)");
  EXPECT_TRUE(held_by_first());
  EXPECT_EQ(value(old_fashioned, "SELECT n FROM noted WHERE id IS NULL"), "5");
  EXPECT_FALSE(held_by_first());
  EXPECT_NE(pins().find("the new row of AUTO_IS_NULL 1"), std::string::npos) << pins();
}

TEST_P(PoolMode, KeepsTheCollationThatSetCharacterSetSpares) {
  run(first_, "SET CHARACTER SET utf8");
  EXPECT_FALSE(held_by_first());
  EXPECT_EQ(value(first_, "SELECT @@collation_connection"), ask("SELECT @@collation_database"));
}

TEST_P(PoolMode, KeepsTheSettingsOfEachSession) {
  run(first_, "SET sql_mode = 'ANSI_QUOTES', time_zone = '+03:00'");
  run(first_, "SET NAMES utf8mb4 COLLATE utf8mb4_bin");
  run(first_, "CREATE DATABASE IF NOT EXISTS shared_other");
  run(first_, "USE shared_other");
  run(first_, "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE");
  const std::string settings =
      "SELECT CONCAT_WS(' ', @@sql_mode, @@time_zone, @@collation_connection, DATABASE(), "
      "@@tx_isolation, @@autocommit + 0)";
  const std::string plain = value(second_, settings);
  EXPECT_EQ(value(first_, settings), "ANSI_QUOTES +03:00 utf8mb4_bin shared_other SERIALIZABLE 1");
  EXPECT_EQ(value(second_, settings), plain);
  first_.autocommit(false);
  EXPECT_EQ(value(first_, settings), "ANSI_QUOTES +03:00 utf8mb4_bin shared_other SERIALIZABLE 0");
  first_.end(SQL_COMMIT);
  EXPECT_EQ(value(second_, settings), plain);
}

TEST_P(PoolMode, IsPinnedByWhatCannotMoveAndSaysWhy) {
  struct Pin {
    const char* begin;
    const char* name;
    const char* end;
  };
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  for (const Pin& pin :
       {Pin{"SELECT GET_LOCK('shared', 1)", "GET_LOCK locks", nullptr},
        Pin{"CREATE TEMPORARY TABLE mine (n INT)", "temporary tables", nullptr},
        Pin{"SET @a = 5", "user variables", nullptr},
        Pin{"PREPARE p FROM 'SELECT 1'", "statements of PREPARE", nullptr},
        Pin{"HANDLER noted OPEN", "open HANDLERs", nullptr},
        Pin{"SET sql_mode = CONCAT(@@sql_mode, ',ANSI')", "session variables", nullptr},
        Pin{"LOCK TABLES noted WRITE", "table locks", "UNLOCK TABLES"}}) {
    OdbcConnection pinned(environment_);
    pinned.connect(session(""));
    run(pinned, pin.begin);
    EXPECT_EQ(state(second_, "SELECT 1"), "HYT01") << pin.begin;
    EXPECT_NE(pins().find(std::string(pin.name) + " 1"), std::string::npos)
        << pin.name << ": " << pin.name << ": " << pins();
    if (pin.end != nullptr) {
      run(pinned, pin.end);
    } else {
      pinned.disconnect();
    }
    while (held_by_first()) ASSERT_LT(std::chrono::steady_clock::now(), limit) << pin.begin;
  }
}

TEST_P(PoolMode, RefusesFoundRowsOfASelectThatRanElsewhere) {
  run(first_, "INSERT INTO noted (n) VALUES (1), (2), (3)");
  value(first_, "SELECT n FROM noted");
  run(first_, "SET @a = 1");  // holds the connection, and counts no rows
  EXPECT_EQ(state(first_, "SELECT FOUND_ROWS()"), "25000");
  EXPECT_EQ(value(first_, "SELECT ROW_COUNT()"), "0");
  value(first_, "SELECT n FROM noted");
  run(first_, "SET @a = 2");
  EXPECT_EQ(value(first_, "SELECT FOUND_ROWS()"), "3");
}

TEST_P(PoolMode, AnswersForTheStatementBeforeOrRefuses) {
  run(first_, "INSERT INTO noted (n) VALUES (1), (2), (3)");
  EXPECT_EQ(state(first_, "SELECT ROW_COUNT()"), "25000");
  first_.disconnect();
  first_.connect(session(""));
  EXPECT_EQ(state(first_, "SELECT ROW_COUNT()"),
            "00000");  // another session, which has run nothing
  EXPECT_EQ(value(first_, "SELECT SQL_CALC_FOUND_ROWS n FROM noted LIMIT 1"), "1");
  EXPECT_TRUE(held_by_first());
  EXPECT_EQ(value(first_, "SELECT FOUND_ROWS()"), "3");
  EXPECT_FALSE(held_by_first());
  value(first_, "SELECT CAST('1x' AS SIGNED)");
  EXPECT_TRUE(held_by_first());
  OdbcStatement warnings(first_);
  warnings.execute("SHOW WARNINGS");
  EXPECT_EQ(warnings.rows().size(), 1u);
  EXPECT_FALSE(held_by_first());
  warnings.close();
  warnings.execute("SHOW WARNINGS");
  EXPECT_EQ(warnings.rows().size(), 0u);
  warnings.close();
  for (const char* asks : {"SHOW WARNINGS", "SHOW COUNT(*) ERRORS", "SELECT @@error_count"}) {
    EXPECT_EQ(state(first_, "SELECT * FROM nowhere"), "42S02");
    EXPECT_FALSE(held_by_first());
    EXPECT_EQ(state(first_, asks), "25000") << asks;
    value(first_, "SELECT 1");
    EXPECT_EQ(state(first_, asks), "00000") << asks;
  }
}

TEST_P(PoolMode, GoesOnWithPreparedStatements) {
  OdbcStatement insert(first_);
  OdbcStatement select(second_);
  SQLINTEGER number = 0;
  insert.prepare("INSERT INTO noted (n) VALUES (?)");
  select.prepare("SELECT COUNT(*) FROM noted WHERE n <= ?");
  for (const OdbcStatement* statement : {&insert, &select}) {
    statement->check(SQLBindParameter(statement->raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG,
                                      SQL_INTEGER, 0, 0, &number, 0, nullptr));
  }
  for (number = 1; number <= 5; ++number) {
    insert.execute_prepared();
    select.execute_prepared();
    ASSERT_TRUE(select.fetch());
    EXPECT_EQ(select.text(1), std::to_string(number));
    select.close();
  }
}

TEST_P(PoolMode, HoldsItWhileAValueIsGivenInPieces) {
  run(first_, "DROP TABLE IF EXISTS texts");
  run(first_,
      "CREATE TABLE texts (t LONGTEXT) ENGINE=MyISAM");  // the redo log of the test is small
  OdbcStatement insert(first_);
  SQLLEN at_execution = SQL_LEN_DATA_AT_EXEC(0);
  insert.check(SQLBindParameter(insert.raw(), 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR, 0, 0,
                                nullptr, 0, &at_execution));
  insert.prepare("INSERT INTO texts VALUES (?)");
  ASSERT_EQ(SQLExecute(insert.raw()), SQL_NEED_DATA);
  SQLPOINTER token = nullptr;
  ASSERT_EQ(SQLParamData(insert.raw(), &token), SQL_NEED_DATA);
  std::string piece(std::size_t{1} << 20U, 'x');
  for (int i = 0; i < 2; ++i) {
    insert.check(SQLPutData(insert.raw(), piece.data(), static_cast<SQLLEN>(piece.size())));
  }
  EXPECT_TRUE(held_by_first());
  insert.check(SQLParamData(insert.raw(), &token));
  EXPECT_EQ(value(second_, "SELECT LENGTH(t) FROM texts"), std::to_string(2 * piece.size()));
}

TEST_P(PoolMode, ServesTwoThousandSessionsOnSixteenConnections) {
  constexpr std::size_t kSessions = 2000;
  constexpr int kMost = 16;
  constexpr std::size_t kThreads = 32;
  std::vector<std::unique_ptr<OdbcConnection>> sessions;
  for (std::size_t i = 0; i < kSessions; ++i) {
    sessions.push_back(std::make_unique<OdbcConnection>(environment_));
    sessions.back()->connect(session("", kMost));
  }
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (std::size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = t; i < kSessions; i += kThreads) {
        const std::string mine = std::to_string(i);
        try {
          run(*sessions[i], "INSERT INTO noted (n) VALUES (" + mine + ")");
          const std::string id = value(*sessions[i], "SELECT LAST_INSERT_ID()");
          wrong += value(*sessions[i], "SELECT n FROM noted WHERE id = " + id) == mine ? 0 : 1;
        } catch (const OdbcError& error) {
          ADD_FAILURE() << error.what();
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(ask("SELECT COUNT(DISTINCT n) FROM noted"), std::to_string(kSessions));
  EXPECT_LE(std::stoi(ask("SELECT COUNT(*) FROM information_schema.processlist WHERE user = '" +
                          user_ + "'")),
            kMost);
}

FOR_EVERY_SERVER(PoolMode);

}  // namespace
}  // namespace test_support
