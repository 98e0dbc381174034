// Results of a prepared statement whose columns a MariaDB server does not tell again.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fabric/mysql/server_connection.h"
#include "tests/fabric/mysql/fake_connection.h"
#include "tests/support/fake_server.h"

namespace fabric::mysql {
namespace {

using test_support::FakeAnswer;
using test_support::FakeServer;
using namespace std::string_literals;

const std::string kEof = "\xFE\0\0\2\0"s;
const std::string kReport = "\xFF\xFF\xFF\1\1\1\0\0\0\4work"s;

constexpr char kTellsColumnsOnce = 1 | 16;  // and progress

/// Of binary rows, each of one byte.
std::vector<std::string> rows(const std::string& bytes) {
  std::vector<std::string> packets;
  for (const char byte : bytes) packets.push_back("\0\0\1"s + byte);
  packets.push_back(kEof);
  return packets;
}

/// Columns that are told.
std::vector<std::string> told(const std::vector<std::string>& names) {
  std::vector<std::string> packets = FakeServer::rows(names, {}).payloads;
  packets.pop_back();
  packets[0] += '\1';
  return packets;
}

std::vector<std::string> known(std::size_t count) {
  return {std::string(1, static_cast<char>(count)) + '\0', kEof};
}

FakeAnswer answer_of(const std::vector<std::vector<std::string>>& parts) {
  FakeAnswer answer;
  for (const auto& part : parts) {
    answer.payloads.insert(answer.payloads.end(), part.begin(), part.end());
  }
  return answer;
}

class KnownColumns : public testing::Test {
 protected:
  KnownColumns() {
    fake_.server.on_command([this](std::string_view command) -> std::optional<FakeAnswer> {
      constexpr char kQuery = 0x03;
      constexpr char kPrepare = 0x16;
      constexpr char kExecute = 0x17;
      if (command[0] == kPrepare) return prepared_;
      if (command[0] == kExecute || command[0] == kQuery) return answers_.at(next_++);
      return std::nullopt;
    });
  }
  /// A statement with these columns, which is answered so.
  std::unique_ptr<Prepared> prepare(const std::vector<std::string>& names,
                                    std::vector<FakeAnswer> answers) {
    const std::string count(1, static_cast<char>(names.size()));
    prepared_ = FakeServer::raw({"\0\1\0\0\0"s + count + "\0\0\0\0\0\0"s});
    if (!names.empty()) {
      const auto columns = told(names);
      prepared_.payloads.insert(prepared_.payloads.end(), columns.begin() + 1, columns.end());
    }
    answers_ = std::move(answers);
    next_ = 0;
    connection_ = fake_.open();
    return connection_->prepare("SELECT", soon());
  }
  static std::string seen(Reply& reply) {
    std::string seen;
    while (const Row* row = reply.fetch(soon())) {
      for (const Cell& cell : *row) seen.append(cell.data, cell.data + cell.size);
    }
    return seen;
  }
  static void expect_malformed(const std::function<void()>& ask) {
    try {
      ask();
      FAIL() << "no MysqlError was thrown";
    } catch (const MysqlError& error) {
      EXPECT_EQ(error.number(), 2027u) << error.what();
    }
  }

  FakeConnection fake_{mariadb_options(kTellsColumnsOnce)};
  FakeAnswer prepared_;
  std::vector<FakeAnswer> answers_;
  std::size_t next_ = 0;
  std::unique_ptr<ServerConnection> connection_;
};

TEST_F(KnownColumns, AreThoseOfThePreparation) {
  const auto prepared = prepare(
      {"a"}, {answer_of({known(1), rows("12")}), answer_of({{kReport}, known(1), rows("3")})});
  const auto first = prepared->execute({}, soon());
  EXPECT_EQ(first->columns(), prepared->columns());
  EXPECT_EQ(seen(*first), "12");
  const auto read_by_the_library = prepared->execute({}, soon());
  EXPECT_EQ(read_by_the_library->columns(), prepared->columns());
  EXPECT_EQ(seen(*read_by_the_library), "3");
}

TEST_F(KnownColumns, AreThoseThatWereToldLast) {
  const auto prepared =
      prepare({"a"}, {answer_of({told({"b"}), rows("1")}), answer_of({known(1), rows("2")})});
  EXPECT_EQ(seen(*prepared->execute({}, soon())), "1");
  const auto reply = prepared->execute({}, soon());
  EXPECT_EQ(reply->columns()[0].name, "b");
  EXPECT_EQ(seen(*reply), "2");
  EXPECT_EQ(prepared->columns()[0].name, "a");
}

TEST_F(KnownColumns, CarryTheWarningsAndTheStatusOfTheirEnd) {
  auto first = known(1);
  first[1] = "\xFE\0\0\x0A\x10"s;  // output parameters, and more
  auto ended = rows("1");
  ended.back() = "\xFE\3\0\x0A\0"s;
  const auto prepared = prepare({"a"}, {answer_of({first, ended, known(1), rows("2")})});
  const auto reply = prepared->execute({}, soon());
  EXPECT_TRUE(reply->out_parameters());
  EXPECT_EQ(seen(*reply), "1");
  EXPECT_EQ(reply->counts().warnings, 3u);
  ASSERT_TRUE(reply->next_result(soon()));
  EXPECT_EQ(reply->columns(), prepared->columns());
  EXPECT_EQ(seen(*reply), "2");
}

TEST_F(KnownColumns, AreNoAnswerWhereNoneOrOthersAreKnown) {
  for (const std::vector<std::string>& names : {std::vector<std::string>{}, {"a"}, {"a", "b"}}) {
    const std::size_t wrong = names.size() + 1;
    for (const auto& before : {std::vector<std::string>{}, {kReport}}) {
      const auto prepared = prepare(names, {answer_of({before, known(wrong), rows("1")})});
      expect_malformed([&] { prepared->execute({}, soon()); });
      EXPECT_TRUE(connection_->broken());
    }
  }
  const auto prepared = prepare({"a"}, {answer_of({known(1), rows("1")})});
  expect_malformed([&] { connection_->query("SELECT", soon()); });
}

TEST_F(KnownColumns, AreNoAnswerBehindAnotherResultThatHasNone) {
  const auto prepared = prepare({}, {answer_of({{"\0\0\0\x0A\0\0\0"s}, known(1), rows("1")})});
  const auto reply = prepared->execute({}, soon());
  expect_malformed([&] { reply->next_result(soon()); });
  EXPECT_TRUE(connection_->broken());
}

TEST_F(KnownColumns, AreNoAnswerWithoutAnEnd) {
  const auto prepared = prepare({"a"}, {answer_of({{known(1)[0]}, rows("1")})});
  expect_malformed([&] { prepared->execute({}, soon()); });
}

}  // namespace
}  // namespace fabric::mysql
