// Logging in, what a session knows of itself, and how a reset clears it.
#include "tests/protocol/server_fixture.h"

namespace fabric::mysql {
namespace {

using SessionOf = ServerTest;

constexpr char kCharsets[] =
    "SELECT CONCAT_WS(' ', @@character_set_client, @@character_set_connection, "
    "@@character_set_results)";
constexpr char kUtf8[] = "utf8mb4 utf8mb4 utf8mb4";

TEST_P(SessionOf, AServerKnowsItself) {
  const auto connection = open();
  EXPECT_EQ(connection->is_mariadb(), GetParam() == ServerKind::kMariaDb);
  if (connection->is_mariadb()) {
    EXPECT_GE(connection->version_number(), 101100u);
    EXPECT_EQ(connection->server_version().rfind("10.", 0), 0u) << connection->server_version();
  } else {
    EXPECT_EQ(connection->version_number(), 50624u);
  }
  EXPECT_EQ(scalar(*connection, "SELECT CONNECTION_ID()"), std::to_string(connection->thread_id()));
  EXPECT_FALSE(connection->encrypted()) << "the server has no certificate, PREFERRED is content";
  EXPECT_EQ(scalar(*connection, kCharsets), kUtf8);
  EXPECT_EQ(connection->database(), "test");
  EXPECT_GE(connection->socket(), 0);
  connection->ping(soon());
}

TEST_P(SessionOf, AUnixSocketWorksToo) {
  ConnectOptions options = server.connect_options();
  options.server = server.socket_endpoint();
  EXPECT_EQ(scalar(*open(options), "SELECT 1"), "1");
}

TEST(SessionOfMariaDb, AnEd25519UserIsLetIn) {
  TestServer& server = TestServer::shared(ServerKind::kMariaDb);
  const base::SystemClock clock;
  Watchdog watchdog(clock);
  const auto admin = ServerConnection::open(server.connect_options(), watchdog, soon());
  admin->run("INSTALL SONAME 'auth_ed25519'", soon());
  admin->run("CREATE OR REPLACE USER ed IDENTIFIED VIA ed25519 USING PASSWORD('modern')", soon());
  ConnectOptions options = server.connect_options();
  options.credentials.user = "ed";
  options.credentials.password = "modern";
  options.database.clear();
  const auto connection = ServerConnection::open(options, watchdog, soon());
  EXPECT_EQ(scalar(*connection, "SELECT USER()"), "ed@127.0.0.1");
  connection->reset("", true, soon());
  EXPECT_EQ(scalar(*connection, "SELECT 1"), "1");
}

TEST_P(SessionOf, ANameIsLookedUp) {
  ConnectOptions options = server.connect_options();
  options.server.host = "localhost";
  EXPECT_EQ(scalar(*open(options), "SELECT 1"), "1");
}

TEST_P(SessionOf, TheServerTellsItsTransactionState) {
  const auto connection = open();
  EXPECT_TRUE(connection->autocommit());
  EXPECT_FALSE(connection->in_transaction());
  connection->run("START TRANSACTION", soon());
  EXPECT_TRUE(connection->in_transaction());
  connection->run("COMMIT", soon());
  EXPECT_FALSE(connection->in_transaction());
  connection->run("SET autocommit=0", soon());
  EXPECT_FALSE(connection->autocommit());
  EXPECT_FALSE(connection->no_backslash_escapes());
  connection->run("SET sql_mode='NO_BACKSLASH_ESCAPES'", soon());
  EXPECT_TRUE(connection->no_backslash_escapes());
}

TEST_P(SessionOf, TheDatabaseIsKnownAsItChanges) {
  const auto connection = open();
  connection->use("mysql", soon());
  EXPECT_EQ(connection->database(), "mysql");
  EXPECT_EQ(scalar(*connection, "SELECT DATABASE()"), "mysql");
  if (connection->is_mariadb()) {  // MySQL 5.6 does not tell
    connection->run("USE test", soon());
    EXPECT_EQ(connection->database(), "test");
  }
  EXPECT_EQ(error_of([&] { connection->use("nowhere", soon()); }).number(), 1049u);
}

class Reset : public ServerTest {
 protected:
  static void leave_state(ServerConnection& connection) {
    connection.run("SET @v = 7, SESSION wait_timeout = 99, NAMES latin1", soon());
    connection.run("CREATE TEMPORARY TABLE left_over (a INT)", soon());
    connection.run("DO GET_LOCK('held', 0)", soon());
    connection.run("START TRANSACTION", soon());
  }
  static void expect_fresh(ServerConnection& connection) {
    EXPECT_EQ(scalar(connection, "SELECT @v"), "NULL");
    EXPECT_EQ(scalar(connection, "SELECT @@session.wait_timeout"), "28800");
    EXPECT_EQ(scalar(connection, kCharsets), kUtf8);
    EXPECT_EQ(scalar(connection, "SELECT IS_FREE_LOCK('held')"), "1");
    EXPECT_FALSE(connection.in_transaction());
    EXPECT_EQ(error_of([&] { connection.run("SELECT * FROM left_over", soon()); }).state(),
              base::SqlState::k42S02);
    // The server and the library agree about the charset: an emoji survives as a literal.
    EXPECT_EQ(scalar(connection, "SELECT HEX('\xF0\x9F\x98\x80')"), "F09F9880");
  }
};

TEST_P(Reset, IsKnownInWhatIsTold) {
  for (const bool whole : {false, true}) {
    const auto connection = open();
    connection->run("SET autocommit=0, sql_mode='NO_BACKSLASH_ESCAPES'", soon());
    connection->run("START TRANSACTION", soon());
    ASSERT_TRUE(connection->in_transaction() && connection->no_backslash_escapes());
    connection->reset("test", whole, soon());
    EXPECT_TRUE(connection->autocommit()) << whole;
    EXPECT_FALSE(connection->in_transaction()) << whole;
    EXPECT_FALSE(connection->no_backslash_escapes()) << whole;
    EXPECT_EQ(scalar(*connection, "SELECT @@autocommit"), "1");
  }
}

TEST_P(Reset, ClearsTheSessionAndKeepsTheDatabase) {
  const auto connection = open();
  leave_state(*connection);
  connection->reset("test", false, soon());
  expect_fresh(*connection);
  EXPECT_EQ(connection->database(), "test");
  EXPECT_EQ(scalar(*connection, "SELECT DATABASE()"), "test");
}

TEST_P(Reset, GoesToAnotherDatabase) {
  const auto connection = open();
  connection->reset("mysql", false, soon());
  EXPECT_EQ(connection->database(), "mysql");
  EXPECT_EQ(scalar(*connection, "SELECT DATABASE()"), "mysql");
}

TEST_P(Reset, OfTheWholeSessionLosesTheDatabase) {
  const auto connection = open();
  leave_state(*connection);
  connection->reset("", true, soon());
  EXPECT_EQ(scalar(*connection, "SELECT DATABASE()"), "NULL");
  EXPECT_EQ(connection->database(), "");
  connection->use("test", soon());
  expect_fresh(*connection);
}

TEST_P(Reset, OfTheWholeSessionTakesTheDatabaseWanted) {
  const auto connection = open();
  leave_state(*connection);
  connection->reset("test", true, soon());
  expect_fresh(*connection);
  EXPECT_EQ(scalar(*connection, "SELECT DATABASE()"), "test");
}

TEST_P(Reset, DestroysPreparedStatementsWithoutHarm) {
  const auto connection = open();
  const auto prepared = connection->prepare("SELECT 1", soon());
  connection->reset("test", false, soon());
  EXPECT_THROW(prepared->execute({}, soon()), base::Error);
  EXPECT_EQ(scalar(*connection, "SELECT 2"), "2");
}

INSTANTIATE_TEST_SUITE_P(On, SessionOf, testing::ValuesIn(test_support::server_kinds()), kind_name);
INSTANTIATE_TEST_SUITE_P(On, Reset, testing::ValuesIn(test_support::server_kinds()), kind_name);

}  // namespace
}  // namespace fabric::mysql
