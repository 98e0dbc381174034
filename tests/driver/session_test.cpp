#include "driver/session.h"

#include <gtest/gtest.h>

#include "fabric/mysql/watchdog.h"
#include "tests/support/fake_server.h"

namespace driver {
namespace {

using fabric::base::Deadline;
using fabric::mysql::ServerConnection;
using Statements = std::vector<std::string>;

class SessionTest : public testing::Test {
 protected:
  SessionTest() {
    fabric::mysql::ConnectOptions options;
    options.server = server_.endpoint();
    options.credentials.user = "app";
    connection_ = ServerConnection::open(options, watchdog_, Deadline::never());
  }
  void executed(const char* sql) { session_.executed(sql::facts_of(sql), *connection_, nullptr); }
  /// What restore() sends.
  Statements restored() {
    const std::size_t before = server_.statements().size();
    const bool sent = session_.restore(*connection_, Deadline::never());
    const auto all = server_.statements();
    Statements mine(all.begin() + static_cast<std::ptrdiff_t>(before), all.end());
    EXPECT_EQ(sent, !mine.empty());
    return mine;
  }

  fabric::base::SystemClock clock_;
  fabric::mysql::Watchdog watchdog_{clock_};
  test_support::FakeServer server_;
  std::unique_ptr<ServerConnection> connection_;
  Session session_;
};

TEST_F(SessionTest, RestoresNothingWhenNothingWasSet) {
  EXPECT_EQ(restored(), Statements{});
  EXPECT_FALSE(session_.pinned());
  EXPECT_EQ(session_.pin_names(), "");
}

TEST_F(SessionTest, PutsBackSettingsInAnOrderThatWorks) {
  session_.init_statement = "SET SESSION sql_mode = ''";
  executed("SET NAMES latin1 COLLATE latin1_bin");
  executed("SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE");
  executed("SET SESSION TRANSACTION READ ONLY");
  executed("SET autocommit = 0");
  EXPECT_FALSE(session_.pinned());
  EXPECT_EQ(restored(), (Statements{"SET SESSION sql_mode = ''",
                                    "SET NAMES latin1 COLLATE latin1_bin, SESSION autocommit = 0",
                                    "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE",
                                    "SET SESSION TRANSACTION READ ONLY"}));
}

TEST_F(SessionTest, PutsBackACharacterSetThatSparesTheDatabasesCollation) {
  executed("USE one");
  executed("SET NAMES latin1 COLLATE latin1_bin");
  executed("SET CHARACTER SET utf8");
  executed("USE one");
  EXPECT_EQ(restored(), Statements{"SET CHARACTER SET utf8"});
  EXPECT_FALSE(session_.pinned());
  executed("USE other");  // whose collation it would get
  EXPECT_EQ(session_.pin_names(), "session variables");
  executed("SET NAMES utf8");
  EXPECT_EQ(restored(), Statements{"SET NAMES utf8"});
}

TEST_F(SessionTest, PutsBackVariablesInTheOrderOfTheirLastSetting) {
  executed("SET sql_mode = 'ANSI', time_zone = '+01:00'");
  executed("SET character_set_results = NULL");
  executed("SET SQL_MODE = ''");
  EXPECT_FALSE(session_.pinned());
  EXPECT_EQ(restored(), (Statements{"SET SESSION time_zone = '+01:00', SESSION "
                                    "character_set_results = NULL, SESSION SQL_MODE = ''"}));
  executed("SET NAMES latin1");  // and with it what character sets were set before
  EXPECT_EQ(restored(),
            (Statements{"SET NAMES latin1, SESSION time_zone = '+01:00', SESSION SQL_MODE = ''"}));
  session_.disconnected();
  EXPECT_EQ(restored(), Statements{});
}

TEST_F(SessionTest, RemembersTheDatabase) {
  executed("USE shop");
  EXPECT_EQ(session_.database, "shop");
  EXPECT_FALSE(session_.pinned());
}

TEST_F(SessionTest, IsPinnedByWhatCannotBePutBack) {
  executed("CREATE TEMPORARY TABLE t (n INT)");
  executed("SET @a = 1");
  EXPECT_TRUE(session_.pinned());
  EXPECT_EQ(session_.pin_names(), "temporary tables, user variables");
  session_.forget_lost();
  EXPECT_FALSE(session_.pinned());
}

TEST_F(SessionTest, IsFreeAgainWhenItsTemporaryTablesAreDropped) {
  session_.database = "shop";
  executed("CREATE TEMPORARY TABLE t (n INT)");
  executed("CREATE OR REPLACE TEMPORARY TABLE IF NOT EXISTS `shop`.`u` (n INT)");
  executed("DROP TEMPORARY TABLE shop.t");
  executed("DROP TEMPORARY TABLE IF EXISTS other.u");
  EXPECT_EQ(session_.pin_names(), "temporary tables");
  executed("DROP TABLE v, u");
  EXPECT_FALSE(session_.pinned());
  executed("CREATE TEMPORARY TABLE t (n INT)");
  executed("DROP TEMPORARY TABLE t");
  EXPECT_FALSE(session_.pinned());
}

TEST_F(SessionTest, StaysPinnedByTemporaryTablesOfUnknownNames) {
  for (const char* text :
       {"CREATE TEMPORARY TABLE t (n INT); CREATE TEMPORARY TABLE u (n INT)",
        "CREATE TEMPORARY SEQUENCE t", "ALTER TABLE t RENAME u", "RENAME TABLE t TO u"}) {
    session_.database = "shop";
    executed("CREATE TEMPORARY TABLE t (n INT)");
    executed(text);
    executed("DROP TEMPORARY TABLE IF EXISTS t");
    EXPECT_EQ(session_.pin_names(), "temporary tables") << text;
    session_.disconnected();
    EXPECT_FALSE(session_.pinned());
  }
}

TEST_F(SessionTest, IsPinnedByWhatMayHaveFailedHalfWay) {
  session_.failed(sql::facts_of("SET @a = 1"));
  session_.failed(sql::facts_of("SELEC 1"));
  EXPECT_FALSE(session_.pinned());
  session_.failed(sql::facts_of("SET @a = 1; SELECT nothing"));
  EXPECT_EQ(session_.pin_names(), "user variables");
  session_.failed(sql::facts_of("CALL p()"));
  EXPECT_TRUE(session_.pinned());
}

TEST_F(SessionTest, IsFreeAgainWhenLocksAreReleased) {
  executed("SELECT GET_LOCK('a', 1)");
  EXPECT_TRUE(session_.pinned());
  executed("SELECT RELEASE_ALL_LOCKS()");
  EXPECT_FALSE(session_.pinned());
}

TEST_F(SessionTest, IsFreeAgainWhenEachLockIsReleasedAsOftenAsTaken) {
  executed("SELECT GET_LOCK('a', 1)");
  executed("SELECT GET_LOCK('b', 1)");
  executed("SELECT GET_LOCK('A', 1)");
  executed("SELECT RELEASE_LOCK('c')");
  for (const char* name : {"a", "b"}) {
    executed(("SELECT RELEASE_LOCK('" + std::string(name) + "')").c_str());
    EXPECT_TRUE(session_.pinned()) << name;
  }
  executed("DO RELEASE_LOCK('a')");
  EXPECT_FALSE(session_.pinned());
  executed("SELECT RELEASE_LOCK('a')");
  executed("SELECT GET_LOCK('a', 1)");
  executed("SELECT GET_LOCK(@b, 1)");
  executed("SELECT RELEASE_LOCK('a')");
  executed("SELECT RELEASE_LOCK('b')");
  EXPECT_TRUE(session_.pinned()) << "by one that is not known";
  session_.forget_lost();
  executed("DO GET_LOCK('a', 1)");
  executed("DO RELEASE_LOCK('a')");
  EXPECT_FALSE(session_.pinned());
}

TEST_F(SessionTest, MovesWithoutTheLastValuesOfSequences) {
  executed("SELECT NEXTVAL(s)");
  EXPECT_EQ(session_.pin_names(), "last sequence values");
  EXPECT_TRUE(session_.may_move());
  session_.forget_lost();
  EXPECT_TRUE(session_.sequences_lost());
  executed("SELECT NEXTVAL(s)");
  EXPECT_FALSE(session_.sequences_lost());
  executed("SET @a = 1");
  EXPECT_FALSE(session_.may_move());
}

TEST_F(SessionTest, PutsBackSetTransactionUntilTheNextStatement) {
  executed("SET TRANSACTION READ ONLY, ISOLATION LEVEL SERIALIZABLE");
  executed("SET autocommit = 0");
  EXPECT_FALSE(session_.pinned());
  EXPECT_TRUE(session_.read_only_wanted());
  EXPECT_EQ(session_.next_read_only(), true);
  EXPECT_EQ(restored(), (Statements{"SET SESSION autocommit = 0",
                                    "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
                                    "SET TRANSACTION READ ONLY"}));
  executed("SELECT 1");
  EXPECT_FALSE(session_.read_only_wanted());
  EXPECT_EQ(session_.next_read_only(), std::nullopt);
}

TEST_F(SessionTest, TakesTheInsertIdAlongWhenItMovesOfItsOwnWill) {
  server_.on_query([](std::string_view sql) {
    const bool asks = sql == "SELECT LAST_INSERT_ID()";
    return asks ? test_support::FakeServer::rows({"id"}, {{"42"}}) : test_support::FakeServer::ok();
  });
  executed("INSERT INTO t VALUES (1)");
  EXPECT_TRUE(session_.has_insert_id());
  session_.keep_insert_id(*connection_, Deadline::never());
  EXPECT_FALSE(session_.has_insert_id());
  session_.forget_lost();
  EXPECT_FALSE(session_.insert_id_lost());
  EXPECT_FALSE(session_.misses_insert_id(sql::facts_of("SELECT 1")));
  EXPECT_TRUE(session_.misses_insert_id(sql::facts_of("SELECT LAST_INSERT_ID()")));
  EXPECT_TRUE(session_.put_insert_id_back(*connection_, Deadline::never()));
  EXPECT_EQ(server_.statements().back(), "SET LAST_INSERT_ID = 42");
  EXPECT_TRUE(session_.has_insert_id());
  const std::size_t sent = server_.statements().size();
  session_.keep_insert_id(*connection_, Deadline::never());
  EXPECT_EQ(server_.statements().size(), sent);  // it is what was put back
  session_.forget_lost();
  EXPECT_FALSE(session_.insert_id_lost());
}

TEST_F(SessionTest, GivesStoredCodeTheInsertIdThatItMayRead) {
  server_.on_query([](std::string_view sql) {
    const bool asks = sql == "SELECT LAST_INSERT_ID()";
    return asks ? test_support::FakeServer::rows({"id"}, {{"42"}}) : test_support::FakeServer::ok();
  });
  executed("INSERT INTO t VALUES (1)");
  session_.keep_insert_id(*connection_, Deadline::never());
  for (const char* sql : {"SELECT id FROM t", "SELECT DATABASE()", "SET NAMES latin1", "USE other",
                          "START TRANSACTION", "COMMIT", "SHOW TABLES"}) {
    EXPECT_FALSE(session_.misses_insert_id(sql::facts_of(sql))) << sql;
  }
  for (const char* sql : {"CALL p()", "SELECT f()", "INSERT INTO t VALUES (1)",
                          "UPDATE t SET n = 1", "DELETE FROM t", "SET @a = f()"}) {
    EXPECT_TRUE(session_.misses_insert_id(sql::facts_of(sql))) << sql;
    EXPECT_TRUE(session_.put_insert_id_back(*connection_, Deadline::never()));
    EXPECT_FALSE(session_.misses_insert_id(sql::facts_of(sql))) << sql;
    session_.keep_insert_id(*connection_, Deadline::never());
  }
}

TEST_F(SessionTest, AsksWhichInsertIdItHasWhereThatIsNotKnown) {
  std::string id = "42";
  server_.on_query([&id](std::string_view sql) {
    const bool asks = sql == "SELECT LAST_INSERT_ID()";
    return asks ? test_support::FakeServer::rows({"id"}, {{id}})
                : test_support::FakeServer::ok(1, 9);
  });
  executed("UPDATE t SET n = LAST_INSERT_ID(42)");
  session_.keep_insert_id(*connection_, Deadline::never());
  const auto reply = connection_->query("INSERT INTO t (id) VALUES (9)", Deadline::never());
  session_.executed(sql::facts_of("INSERT INTO t (id) VALUES (9)"), *connection_, reply.get());
  id = "0";  // 9 was given, and none made
  EXPECT_TRUE(session_.misses_insert_id(sql::facts_of("SELECT LAST_INSERT_ID()")));
  EXPECT_TRUE(session_.put_insert_id_back(*connection_, Deadline::never()));
  EXPECT_EQ(server_.statements().back(), "SET LAST_INSERT_ID = 42");
}

TEST_F(SessionTest, IsPinnedWhenTheDatabaseOfItsCollationIsLeft) {
  executed("SET CHARACTER SET latin1; USE other");
  EXPECT_TRUE(session_.pinned());
  session_.disconnected();
  session_.database = "other";
  executed("SET CHARACTER SET latin1; DROP DATABASE other");
  EXPECT_TRUE(session_.pinned());
  session_.disconnected();
  session_.database = "other";
  executed("SET CHARACTER SET latin1");
  EXPECT_FALSE(session_.pinned());
  executed("DROP DATABASE other");
  EXPECT_TRUE(session_.pinned());
  session_.disconnected();
  executed("USE other; SET CHARACTER SET latin1");
  EXPECT_FALSE(session_.pinned());
}

TEST_F(SessionTest, KnowsThatTheApplicationWantsToReadOnly) {
  executed("SET SESSION TRANSACTION READ ONLY");
  EXPECT_TRUE(session_.read_only_wanted());
  executed("SET SESSION TRANSACTION READ WRITE");
  EXPECT_FALSE(session_.read_only_wanted());
}

TEST_F(SessionTest, KnowsWhenTheInsertIdIsLost) {
  session_.forget_lost();
  EXPECT_FALSE(session_.insert_id_lost());  // there was none
  executed("INSERT INTO t VALUES (1)");
  EXPECT_FALSE(session_.insert_id_lost());
  session_.forget_lost();
  EXPECT_TRUE(session_.insert_id_lost());
  session_.forget_lost();
  EXPECT_TRUE(session_.insert_id_lost());
  executed("INSERT INTO t VALUES (1)");
  EXPECT_FALSE(session_.insert_id_lost());
}

TEST_F(SessionTest, StartsAfreshAfterDisconnect) {
  executed("SET NAMES latin1");
  executed("SET @a = 1");
  executed("INSERT INTO t VALUES (1)");
  session_.forget_lost();
  session_.disconnected();
  EXPECT_FALSE(session_.pinned());
  EXPECT_FALSE(session_.insert_id_lost());
  EXPECT_EQ(restored(), Statements{});
}

}  // namespace
}  // namespace driver
