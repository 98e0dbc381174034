#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fabric/mysql/server_connection.h"
#include "tests/fabric/mysql/fake_connection.h"
#include "tests/support/fake_server.h"

namespace fabric::mysql {
namespace {

using test_support::FakeAnswer;
using test_support::FakeServer;
using namespace std::string_literals;

using Values = std::vector<std::optional<std::string>>;

/// A result of text columns with these packets as its rows.
FakeAnswer result(std::size_t columns, const std::vector<std::string>& rows) {
  FakeAnswer answer = FakeServer::rows(std::vector<std::string>(columns, "c"), {});
  answer.payloads.insert(answer.payloads.end() - 1, rows.begin(), rows.end());
  return answer;
}

/// A server that answers each statement so, sent as text or prepared.
class RowPackets : public testing::Test {
 protected:
  void answer(const FakeAnswer& answer) {
    fake_.server.on_query([answer](std::string_view) { return answer; });
    fake_.server.on_command([answer](std::string_view command) -> std::optional<FakeAnswer> {
      constexpr char kPrepare = 0x16;
      constexpr char kExecute = 0x17;
      if (command[0] == kPrepare) return FakeServer::raw({"\0\1\0\0\0\0\0\0\0\0\0\0"s});
      if (command[0] == kExecute) return answer;
      return std::nullopt;
    });
    connection_ = fake_.open();
  }
  std::unique_ptr<Reply> text() { return connection_->query("SELECT", soon()); }
  std::unique_ptr<Reply> binary() {
    prepared_ = connection_->prepare("SELECT", soon());
    return prepared_->execute({}, soon());
  }
  static Values next(Reply& reply) {
    const Row* row = reply.fetch(soon());
    if (row == nullptr) return {};
    Values values;
    for (const Cell& cell : *row) {
      values.emplace_back();
      if (!cell.null()) values.back().emplace(cell.data, cell.data + cell.size);
    }
    return values;
  }
  static void expect_lost(const std::function<std::unique_ptr<Reply>()>& ask) {
    try {
      ask()->fetch(soon());
      FAIL() << "no MysqlError was thrown";
    } catch (const MysqlError& error) {
      EXPECT_EQ(error.number(), 2027u) << error.what();
      EXPECT_EQ(error.loss(), LinkLoss::kAfterSend);
    }
  }

  FakeConnection fake_;
  std::unique_ptr<ServerConnection> connection_;
  std::unique_ptr<Prepared> prepared_;
};

TEST_F(RowPackets, HoldValuesOfEachLength) {
  const std::string two(0xFFFF, 'b');
  const std::string three(0x10000, 'c');
  const std::string eight(0x100, 'd');
  const std::string values = "\xFA"s + std::string(250, 'a') + "\xFC\xFF\xFF" + two +
                             "\xFD\0\0\1"s + three + "\xFE\0\1\0\0\0\0\0\0"s + eight + "\0"s;
  const Values expected{std::string(250, 'a'), two, three, eight, ""};
  answer(result(5, {values}));
  EXPECT_EQ(next(*text()), expected);
  answer(result(5, {"\0\0"s + values}));
  EXPECT_EQ(next(*binary()), expected);
}

TEST_F(RowPackets, HoldNulls) {
  const Values expected{{}, "1", "2", "3", "4", "5", {}, "7", {}};
  answer(result(9, {"\xFB\1"s + "1\1" + "2\1" + "3\1" + "4\1" + "5\xFB\1" + "7\xFB"}));
  EXPECT_EQ(next(*text()), expected);
  answer(result(9, {"\0\4\5\1"s + "1\1" + "2\1" + "3\1" + "4\1" + "5\1" + "7"}));
  EXPECT_EQ(next(*binary()), expected);
}

TEST_F(RowPackets, AreReadWhereverOneReadFromTheSocketEndsInThem) {
  std::vector<std::string> sent;
  std::vector<Values> expected;
  for (int i = 1000; i < 5000; ++i) {
    const std::string value = std::to_string(i) + std::string(static_cast<std::size_t>(i % 7), 'x');
    expected.push_back({value});
    sent.push_back(static_cast<char>(value.size()) + value);
  }
  answer(result(1, sent));
  const auto reply = text();
  std::vector<Values> seen;
  while (!reply->finished()) seen.push_back(next(*reply));
  seen.pop_back();  // the end
  EXPECT_EQ(seen, expected);
}

TEST_F(RowPackets, AreLostWhereTheyAreShorterThanTheySay) {
  for (const std::string& row :
       {"\1"s + "1", "\1"s + "1\2" + "2", "\1"s + "1\xFC\1", "\1"s + "1\xFE",
        "\1"s + "1\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"}) {
    answer(result(2, {row}));
    expect_lost([this] { return text(); });
    EXPECT_TRUE(connection_->broken());
    answer(result(2, {"\0\0"s + row}));
    expect_lost([this] { return binary(); });
    EXPECT_TRUE(connection_->broken());
  }
  answer(result(2, {"\0"s}));
  expect_lost([this] { return binary(); });
}

TEST_F(RowPackets, AreLostWhereAnotherPacketStandsAmongThem) {
  answer(result(1, {"\xFE\0\0\2\0\0\0\1x"s}));
  expect_lost([this] { return binary(); });
  EXPECT_TRUE(connection_->broken());
}

TEST_F(RowPackets, AreWaitedForBehindAReportOfProgress) {
  constexpr char kTellsProgress = 1;
  FakeConnection fake(mariadb_options(kTellsProgress));
  FakeAnswer row = result(1, {"\1"s + "1", "\xFF\xFF\xFF\1\1\1\0\0\0\4work"s});
  row.payloads.pop_back();
  fake.server.on_query([row](std::string_view) { return row; });
  const auto connection = fake.open();
  const auto reply = connection->query("CHECK TABLE t", soon());
  EXPECT_EQ(next(*reply), Values{"1"});
  try {
    reply->fetch(soon(std::chrono::milliseconds(50)));
    FAIL() << "no MysqlError was thrown";
  } catch (const MysqlError& error) {
    EXPECT_EQ(error.ended(), Ended::kDeadline) << error.what();
  }
}

TEST_F(RowPackets, AreNotReadByTheLibraryWhereAStatementIsClosed) {
  FakeAnswer all = FakeServer::raw({"\0\0\0\x0A\0\0\0"s});  // and more
  for (int i = 0; i < 3; ++i) {
    FakeAnswer rows = result(1, {"\0\0\1"s + "1"});
    rows.payloads[2] = rows.payloads.back() = "\xFE\0\0\x0A\0"s;
    all.payloads.insert(all.payloads.end(), rows.payloads.begin(), rows.payloads.end());
  }
  answer(all);
  auto reply = binary();
  ASSERT_TRUE(reply->next_result(soon()));
  connection_->mark_broken();  // what has come lies in the library's buffer
  reply.reset();
  prepared_.reset();
}

TEST_F(RowPackets, AreGivenAtHandWithoutAWaitForThoseToCome) {
  FakeAnswer unfinished = result(1, {"\1"s + "1", "\1"s + "2", "\1"s + "3"});
  unfinished.payloads.pop_back();
  unfinished.then = FakeAnswer::Then::kStaySilent;
  answer(unfinished);
  const auto reply = text();
  EXPECT_NE(reply->fetch_at_hand(), nullptr);
  EXPECT_EQ(next(*reply), Values{"2"});
  EXPECT_EQ(next(*reply), Values{"3"});
  EXPECT_EQ(reply->fetch_at_hand(), nullptr);
  EXPECT_FALSE(reply->finished());
}

TEST_F(RowPackets, EndWithWhatTheServerSaysOfThem) {
  const std::string warnings_and_more = "\xFE\2\0\x0A\0"s;
  FakeAnswer two = result(1, {"\0\0\1"s + "1"});
  two.payloads.back() = warnings_and_more;
  const FakeAnswer second = result(1, {"\0\0\1"s + "2"});
  two.payloads.insert(two.payloads.end(), second.payloads.begin(), second.payloads.end());
  answer(two);
  const auto reply = binary();
  EXPECT_EQ(next(*reply), Values{"1"});
  EXPECT_EQ(next(*reply), Values{});
  EXPECT_EQ(reply->counts().warnings, 2u);
  EXPECT_FALSE(reply->finished());
  ASSERT_TRUE(reply->next_result(soon()));
  EXPECT_EQ(next(*reply), Values{"2"});
  EXPECT_EQ(next(*reply), Values{});
  EXPECT_TRUE(reply->finished());
  EXPECT_EQ(next(*prepared_->execute({}, soon())), Values{"1"}) << "the link is in order";
}

TEST_F(RowPackets, EndWithTheErrorThatStandsAmongThem) {
  FakeAnswer failing = result(1, {"\1"s + "1"});
  failing.payloads.back() = FakeServer::error(1317, "70100", "interrupted").payloads[0];
  for (const bool prepared : {false, true}) {
    if (prepared) *(failing.payloads.end() - 2) = "\0\0\1"s + "1";
    answer(failing);
    const auto reply = prepared ? binary() : text();
    EXPECT_EQ(next(*reply), Values{"1"});
    try {
      next(*reply);
      FAIL() << "no MysqlError was thrown";
    } catch (const MysqlError& error) {
      EXPECT_EQ(error.number(), 1317u);
      EXPECT_EQ(error.loss(), LinkLoss::kNone);
    }
    EXPECT_TRUE(reply->finished());
    EXPECT_EQ(next(*text()).size(), 1u) << "the link is in order";
  }
}

}  // namespace
}  // namespace fabric::mysql
