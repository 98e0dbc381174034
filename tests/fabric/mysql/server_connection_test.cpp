#include "fabric/mysql/server_connection.h"

#include <gtest/gtest.h>

#include <string>

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

}  // namespace
}  // namespace fabric::mysql
