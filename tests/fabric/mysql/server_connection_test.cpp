#include "fabric/mysql/server_connection.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <thread>

#include "tests/fabric/mysql/fake_connection.h"
#include "tests/support/fake_server.h"

namespace fabric::mysql {
namespace {

using test_support::FakeAnswer;
using test_support::FakeServer;
using namespace std::chrono_literals;

std::string text_of(const Cell& cell) {
  return {reinterpret_cast<const char*>(cell.data), cell.size};
}

template <class Call>
MysqlError error_of(Call&& call) {
  try {
    call();
  } catch (const MysqlError& error) {
    return error;
  }
  ADD_FAILURE() << "no MysqlError was thrown";
  return {0, "", ""};
}

TEST(ServerConnection, LeavesItsThreadTheTimerSlackThatItHad) {
  FakeConnection fake;
  const long before = prctl(PR_GET_TIMERSLACK);
  ASSERT_EQ(prctl(PR_SET_TIMERSLACK, 123'456UL), 0);
  EXPECT_NE(fake.open(), nullptr);
  EXPECT_EQ(prctl(PR_GET_TIMERSLACK), 123'456);
  prctl(PR_SET_TIMERSLACK, before);
}

TEST(ServerConnection, StreamsTextRowsWithNulls) {
  FakeConnection fake;
  fake.server.on_query([](std::string_view) {
    return FakeServer::rows({"a", "b"}, {{"1", "x"}, {"2", {}}});
  });
  const auto connection = fake.open();
  const auto reply = connection->query("SELECT a, b FROM t", soon());
  ASSERT_EQ(reply->columns().size(), 2u);
  EXPECT_EQ(reply->columns()[1].name, "b");
  const Row* row = reply->fetch(soon());
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(text_of((*row)[1]), "x");
  row = reply->fetch(soon());
  ASSERT_NE(row, nullptr);
  EXPECT_TRUE((*row)[1].null());
  EXPECT_FALSE(reply->finished());
  EXPECT_EQ(reply->fetch(soon()), nullptr);
  EXPECT_TRUE(reply->finished());
}

TEST(ServerConnection, TellsALinkFoundDeadFromOneLostOnTheWay) {
  FakeConnection fake;
  const auto idle = fake.open();
  fake.server.drop_connections();
  ASSERT_TRUE(fake.server.wait_until([](const auto& counts) { return counts.open == 0; }));
  EXPECT_FALSE(idle->looks_alive());
  EXPECT_EQ(error_of([&] { idle->run("INSERT", soon()); }).loss(), LinkLoss::kBeforeSend);
  EXPECT_TRUE(idle->broken());

  fake.server.on_query([](std::string_view) { return FakeServer::close(); });
  const auto busy = fake.open();
  const MysqlError lost = error_of([&] { busy->run("INSERT", soon()); });
  EXPECT_EQ(lost.loss(), LinkLoss::kAfterSend);
  EXPECT_EQ(lost.state(), base::SqlState::k08S01);
  EXPECT_TRUE(busy->broken());
}

TEST(ServerConnection, KnowsThatAStatementNotHandedOverWasNotExecuted) {
  FakeConnection fake;
  const auto connection = fake.open();
  const auto insert = [&] { connection->run("INSERT", soon()); };
  shutdown(connection->socket(), SHUT_WR);
  EXPECT_NE(error_of(insert).loss(), LinkLoss::kAfterSend);
  EXPECT_EQ(fake.server.counts().queries, 0u);
}

TEST(ServerConnection, KnowsThatAPreparedStatementNotHandedOverWasNotExecuted) {
  FakeConnection fake;
  fake.server.on_command([](std::string_view) -> std::optional<FakeAnswer> {
    return FakeServer::raw({std::string("\0\1\0\0\0\0\0\0\0\0\0\0", 12)});
  });
  const auto connection = fake.open();
  const auto insert = connection->prepare("INSERT", soon());
  shutdown(connection->socket(), SHUT_WR);
  EXPECT_NE(error_of([&] { insert->execute({}, soon()); }).loss(), LinkLoss::kAfterSend);
}

TEST(ServerConnection, WaitsOnWhenASignalInterruptsIt) {
  struct sigaction before;
  struct sigaction interrupting = {};
  interrupting.sa_handler = [](int) {};
  sigaction(SIGUSR1, &interrupting, &before);
  FakeConnection fake;
  const pthread_t caller = pthread_self();
  fake.server.on_query([caller](std::string_view) {
    for (int i = 0; i < 100; ++i) {
      pthread_kill(caller, SIGUSR1);
      std::this_thread::yield();
    }
    return FakeServer::ok(3);
  });
  const auto connection = fake.open();
  EXPECT_EQ(connection->run("UPDATE", soon()).affected_rows, 3u);
  sigaction(SIGUSR1, &before, nullptr);
}

TEST(ServerConnection, GivesNoFileToAServerThatAsksForOne) {
  FakeConnection fake;
  fake.server.on_query([](std::string_view) { return FakeServer::raw({"\xFB/etc/hostname"}); });
  const auto connection = fake.open();
  EXPECT_THROW(connection->run("SELECT 1", soon()), MysqlError);
}

TEST(ServerConnection, GivesNoPasswordToAServerThatMayAskForItInTheClear) {
  FakeConnection fake;
  const std::string nul(1, '\0');
  for (const std::string plugin : {"mysql_clear_password", "dialog", "auth_from_afar"}) {
    fake.server.answer_logins("\xFE" + plugin + nul + nul);
    const MysqlError error = error_of([&] { fake.open(); });
    EXPECT_EQ(error.number(), 2059u) << plugin;
    EXPECT_EQ(error.state(), base::SqlState::k08001);
    EXPECT_NE(std::string(error.what()).find("authentication plugin"), std::string::npos)
        << error.what();
    EXPECT_EQ(std::string(error.what()).find("apppw"), std::string::npos);
  }
}

TEST(ServerConnection, NamesThePluginThatIsMissing) {
  FakeConnection fake;
  const std::string nul(1, '\0');
  fake.server.answer_logins(
      "\xFE"
      "auth_from_afar" +
      nul + nul);
  ConnectOptions options = fake.options();
  options.credentials.link.clear_password = true;
  options.credentials.link.plugin_folder = "/no/such/folder";
  const MysqlError error =
      error_of([&] { ServerConnection::open(options, fake.watchdog, soon()); });
  EXPECT_EQ(error.number(), 2059u);
  EXPECT_NE(std::string(error.what()).find("auth_from_afar"), std::string::npos) << error.what();
  EXPECT_EQ(std::string(error.what()).find("apppw"), std::string::npos);
}

TEST(ServerConnection, EndsACallAtItsDeadline) {
  FakeConnection fake;
  fake.server.on_query([](std::string_view) { return FakeServer::silence(); });
  const auto connection = fake.open();
  const auto started = std::chrono::steady_clock::now();
  const MysqlError error = error_of([&] { connection->run("SELECT 1", soon(100ms)); });
  EXPECT_EQ(error.ended(), Ended::kDeadline);
  EXPECT_EQ(error.state(), base::SqlState::kHYT00);
  EXPECT_EQ(error.loss(), LinkLoss::kAfterSend);
  EXPECT_LT(std::chrono::steady_clock::now() - started, 2s);
}

TEST(ServerConnection, EndsAConnectToAServerThatNeverGreets) {
  FakeConnection fake({.version = "", .capabilities = 0, .greet = false});
  const MysqlError error = error_of([&] { fake.open(soon(100ms)); });
  EXPECT_EQ(error.ended(), Ended::kDeadline);
  EXPECT_NE(std::string(error.what()).find("Cannot connect to 127.0.0.1:"), std::string::npos);
}

TEST(ServerConnection, SaysWhatTheServerSaidUnasked) {
  FakeConnection fake;
  const auto connection = fake.open();
  fake.server.speak_unasked(FakeServer::error(1927, "70100", "Connection was killed").payloads[0]);
  while (connection->looks_alive()) std::this_thread::yield();
  const MysqlError error = error_of([&] { connection->run("INSERT", soon()); });
  EXPECT_EQ(error.number(), 1927u);
  EXPECT_STREQ(error.what(), "Connection was killed");
  EXPECT_EQ(error.loss(), LinkLoss::kBeforeSend);
  EXPECT_EQ(fake.server.counts().queries, 0u);
}

TEST(ServerConnection, IsUselessAfterAServersLastWord) {
  FakeConnection fake;
  fake.server.on_query([](std::string_view) {
    return FakeServer::error(1053, "08S01", "Server shutdown in progress");
  });
  const auto connection = fake.open();
  const MysqlError error = error_of([&] { connection->run("INSERT", soon()); });
  EXPECT_EQ(error.number(), 1053u);
  EXPECT_EQ(error.loss(), LinkLoss::kNone) << "the server has answered";
  EXPECT_TRUE(connection->broken());
}

TEST(ServerConnection, LosesAReplyInTheMiddleOfARow) {
  FakeConnection fake;
  fake.server.on_query([](std::string_view) {
    FakeAnswer answer = FakeServer::rows({"a"}, {{"1"}, {"2"}});
    answer.payloads.resize(answer.payloads.size() - 2);
    answer.then = FakeAnswer::Then::kClose;
    return answer;
  });
  const auto connection = fake.open();
  const auto reply = connection->query("SELECT", soon());
  EXPECT_NE(reply->fetch(soon()), nullptr);
  const MysqlError error = error_of([&] { reply->fetch(soon()); });
  EXPECT_EQ(error.loss(), LinkLoss::kAfterSend);
  EXPECT_TRUE(reply->finished());
  EXPECT_TRUE(connection->broken());
}

TEST(ServerConnection, LeavesAReplyThatStallsWithoutWaitingLong) {
  FakeConnection fake;
  fake.server.on_query([](std::string_view) {
    FakeAnswer answer = FakeServer::rows({"a"}, {{"1"}, {"2"}});
    answer.payloads.pop_back();
    answer.then = FakeAnswer::Then::kStaySilent;
    return answer;
  });
  const auto connection = fake.open();
  const auto started = std::chrono::steady_clock::now();
  connection->query("SELECT", soon());
  EXPECT_LT(std::chrono::steady_clock::now() - started, 2s);
  EXPECT_TRUE(connection->broken());
}

TEST(ServerConnection, SaysGoodbyeOnASoundLinkOnly) {
  FakeConnection fake;
  fake.open().reset();
  ASSERT_TRUE(fake.server.wait_until([](const auto& counts) { return counts.open == 0; }));
  EXPECT_EQ(fake.server.counts().quits, 1u);
  auto broken = fake.open();
  broken->mark_broken();
  broken.reset();
  ASSERT_TRUE(fake.server.wait_until([](const auto& counts) { return counts.open == 0; }));
  EXPECT_EQ(fake.server.counts().quits, 1u);
}

TEST(ServerConnection, IsAbandonedInAForkedChildWithoutAWord) {
  FakeConnection fake;
  fake.server.on_query([](std::string_view) { return FakeServer::rows({"a"}, {{"1"}, {"2"}}); });
  auto connection = fake.open();
  auto reply = connection->query("SELECT", soon());
  const pid_t child = fork();
  if (child == 0) {
    connection->abandon();
    reply.reset();
    connection.reset();
    _exit(0);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_NE(reply->fetch(soon()), nullptr) << "the parent's link is untouched";
  reply.reset();
  connection->ping(soon());
  EXPECT_EQ(fake.server.counts().quits, 0u);
}

TEST(ServerConnection, RefusesAServerWithoutTlsBeforeNamingTheUser) {
  FakeConnection fake;
  ConnectOptions options = fake.options();
  for (const TlsMode mode : {TlsMode::kRequired, TlsMode::kVerifyIdentity}) {
    options.credentials.tls.mode = mode;
    const MysqlError error =
        error_of([&] { ServerConnection::open(options, fake.watchdog, soon()); });
    EXPECT_EQ(error.number(), 2026u);
    EXPECT_NE(std::string(error.what()).find("offers no TLS"), std::string::npos) << error.what();
  }
  EXPECT_EQ(fake.server.counts().connects, 2u);
  EXPECT_EQ(fake.server.counts().logins, 0u);
}

TEST(ServerConnection, TellsARefusedLoginFromADeadServer) {
  FakeConnection fake;
  fake.server.refuse_logins(1045, "28000", "Access denied for user 'app'@'localhost'");
  const MysqlError denied = error_of([&] { fake.open(); });
  EXPECT_EQ(denied.number(), 1045u);
  EXPECT_EQ(denied.loss(), LinkLoss::kNone);
  EXPECT_EQ(
      std::string(denied.what()),
      fake.server.endpoint().text() +
          " refused the login: Access denied for user 'app'@'localhost'; check UID and PWD, and "
          "that the account is for this host");
  fake.server.refuse_logins(1698, "28000", "Access denied for user 'root'@'localhost'");
  EXPECT_NE(std::string(error_of([&] { fake.open(); }).what()).find("takes no password"),
            std::string::npos);
  fake.server.refuse_logins(1040, "08004", "Too many connections");
  EXPECT_EQ(error_of([&] { fake.open(); }).state(), base::SqlState::k08004);
  fake.server.kill();
  const MysqlError dead = error_of([&] { fake.open(); });
  EXPECT_EQ(dead.state(), base::SqlState::k08001);
  EXPECT_EQ(dead.loss(), LinkLoss::kBeforeSend);
  EXPECT_NE(std::string(dead.what()).find("nobody listens there"), std::string::npos);
}

TEST(ServerConnection, ResetsByTheCommandThatTheServerKnows) {
  FakeConnection maria({.version = "10.11.6-MariaDB", .capabilities = 0, .greet = true});
  const auto new_one = maria.open();
  new_one->reset("", false, soon());
  EXPECT_EQ(maria.server.counts().resets, 1u);
  new_one->reset("", true, soon());
  EXPECT_EQ(maria.server.counts().change_users, 1u);

  FakeConnection old({.version = "5.6.24", .capabilities = 0, .greet = true});
  const auto old_one = old.open();
  old_one->reset("", false, soon());
  EXPECT_EQ(old.server.counts().resets, 0u);
  EXPECT_EQ(old.server.counts().change_users, 1u);

  FakeConnection eight({.version = "8.0.36", .capabilities = 0, .greet = true});
  const auto eight_one = eight.open();
  eight_one->reset("shop", false, soon());
  EXPECT_EQ(eight.server.counts().resets, 1u);
  EXPECT_EQ(eight.server.counts().init_dbs, 1u);
  EXPECT_EQ(eight.server.statements(), std::vector<std::string>{"SET NAMES utf8mb4"});
}

TEST(ServerConnection, ReportsEachAnswerAsASignOfLife) {
  FakeConnection fake;
  ConnectOptions options = fake.options();
  options.liveness = std::make_shared<Liveness>(1h, nullptr);
  const auto before = std::chrono::steady_clock::now();
  const auto connection = ServerConnection::open(options, fake.watchdog, soon());
  // Silent since the login or later, so this is not the end yet.
  EXPECT_TRUE(options.liveness->review(before - 2h, before + 1h).has_value());
}

}  // namespace
}  // namespace fabric::mysql
