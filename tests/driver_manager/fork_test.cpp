// fork() in a process with a live pool, and the end of a process with connections open.
#include <cstdlib>
#include <thread>

#include "tests/driver_manager/in_child.h"
#include "tests/driver_manager/server_case.h"
#include "tests/support/fake_server.h"

#if defined(__SANITIZE_THREAD__)
/// The driver starts threads of its own in a forked child; the sanitizer must bear it.
extern "C" __attribute__((visibility("default"))) const char* __tsan_default_options();
extern "C" const char* __tsan_default_options() { return "die_after_fork=0"; }
#endif

namespace test_support {
namespace {

class Fork : public ServerCase {
 protected:
  std::string text_ = connection_string(server_.endpoint());
};

TEST_P(Fork, LetsTheChildConnectAndTheParentGoOn) {
  const std::string id = ask("SELECT CONNECTION_ID()");
  EXPECT_EQ(in_child([&] {
              const OdbcEnvironment environment;
              OdbcConnection connection(environment);
              connection.connect(text_);
              return OdbcStatement(connection).value("SELECT CONNECTION_ID()") == id ? 1 : 0;
            }),
            0);
  EXPECT_EQ(ask("SELECT CONNECTION_ID()"), id);
}

TEST_P(Fork, GivesAnInheritedHandleALinkOfItsOwn) {
  const std::string id = ask("SELECT CONNECTION_ID()");
  EXPECT_EQ(in_child([&] {
              OdbcStatement statement(connection_);
              return statement.value("SELECT CONNECTION_ID()") == id ? 1 : 0;
            }),
            0);
  EXPECT_EQ(ask("SELECT CONNECTION_ID()"), id);
}

TEST_P(Fork, LeavesAnOpenResultAndATransactionToTheParent) {
  make_table("forked", "i INT");
  connection_.autocommit(false);
  OdbcStatement(connection_).execute("INSERT INTO forked VALUES (1), (2), (3)");
  OdbcStatement cursor(connection_);
  cursor.execute("SELECT a.i FROM forked a, forked b, forked c");
  ASSERT_TRUE(cursor.fetch());
  EXPECT_EQ(in_child([&] {
              // The transaction is the parent's: here it is lost, and that is said.
              OdbcStatement statement(connection_);
              if (state_of([&] { statement.execute("DELETE FROM forked"); }) != "25S03") return 1;
              connection_.end(SQL_ROLLBACK);
              if (statement.value("SELECT COUNT(*) FROM forked") != "0") return 2;
              connection_.end(SQL_ROLLBACK);
              return 0;
            }),
            0);
  int rows = 1;
  while (cursor.fetch()) ++rows;
  EXPECT_EQ(rows, 27);
  connection_.end(SQL_COMMIT);
  EXPECT_EQ(ask("SELECT COUNT(*) FROM forked"), "3");
  connection_.end(SQL_COMMIT);
  connection_.autocommit(true);
}

TEST_P(Fork, LetsTheChildFreeWhatItInherited) {
  auto statement = std::make_unique<OdbcStatement>(connection_);
  statement->execute("SELECT 1 UNION ALL SELECT 2");
  ASSERT_TRUE(statement->fetch());
  EXPECT_EQ(in_child([&] {
              statement.reset();
              SQLDisconnect(connection_.raw());
              return 0;
            }),
            0);
  EXPECT_TRUE(statement->fetch());
  EXPECT_EQ(statement->text(1), "2");
}

TEST_P(Fork, WorksWhileOtherThreadsUseThePool) {
  std::atomic<bool> done{false};
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      while (!done) {
        OdbcConnection connection(environment_);
        try {
          connection.connect(text_);
          if (OdbcStatement(connection).value("SELECT 1") != "1") ++failures;
        } catch (const OdbcError&) {
          ++failures;
        }
      }
    });
  }
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(in_child([] { return 0; }), 0);
  }
  done = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
}

FOR_EVERY_SERVER(Fork);

/// Each runs in a program of its own that GoogleTest starts anew, with its own server.
class EndOfProcess : public testing::Test {
 protected:
  EndOfProcess() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(EndOfProcess, WithPooledAndOpenConnectionsIsQuiet) {
  EXPECT_EXIT(
      {
        alarm(kChildLimit);
        const std::string text =
            connection_string(TestServer::shared(ServerKind::kMariaDb).endpoint());
        static OdbcEnvironment environment;
        { OdbcConnection(environment).connect(text); }
        auto* open = new OdbcConnection(environment);  // never freed, as programs do
        open->connect(text);
        OdbcStatement(*open).value("SELECT 1");
        std::exit(0);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(EndOfProcess, DoesNotWaitForALoginAtASilentServer) {
  EXPECT_EXIT(
      {
        alarm(kChildLimit);
        static const FakeServer silent({.version = "", .capabilities = 0, .greet = false});
        std::thread([] {
          static auto* const environment = new OdbcEnvironment();
          static auto* const connection = new OdbcConnection(*environment);
          try {
            connection->connect(connection_string(silent.endpoint()) + "CONNECT_TIMEOUT=600;");
          } catch (const OdbcError&) {  // it is cut at the end
          }
          pause();
        }).detach();
        silent.wait_until([](const auto& counts) { return counts.open == 1; });
        std::exit(0);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(EndOfProcess, WithAStatementInFlightDoesNotWaitForIt) {
  EXPECT_EXIT(
      {
        alarm(kChildLimit);
        const std::string text =
            connection_string(TestServer::shared(ServerKind::kMariaDb).endpoint());
        std::thread([text] {
          static auto* const environment = new OdbcEnvironment();  // reachable for a leak check
          static auto* const connection = new OdbcConnection(*environment);
          connection->connect(text);
          static auto* const statement = new OdbcStatement(*connection);
          try {
            statement->value("SELECT SLEEP(600)");
          } catch (const OdbcError&) {  // its link may be cut at the end
          }
          pause();
        }).detach();
        const OdbcEnvironment environment;
        OdbcConnection watcher(environment);
        watcher.connect(text);
        OdbcStatement statement(watcher);
        while (statement.value("SELECT COUNT(*) FROM information_schema.processlist WHERE info "
                               "LIKE 'SELECT SLEEP%'") == "0") {
          std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        std::exit(0);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace test_support
