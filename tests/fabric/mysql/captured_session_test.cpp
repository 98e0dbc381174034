// Whole sessions with a real node, replayed from its greeting on: this client logs in by the node's
// own bytes, and bears what the node answers to commands that it does not know. Of a login the
// first nine bytes are the client's own wishes, which differ; the rest is compared. A token answers
// the recorded scramble, so it can be made again wherever the password is known: not of
// cli.bad_password and cli.unknown_user, whose refusals are replayed to tokens of ours.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fabric/base/mutex.h"
#include "fabric/mysqlrpc_link.h"
#include "tests/fabric/mysql/fake_connection.h"
#include "tests/support/captures.h"
#include "tests/support/text.h"

namespace fabric::mysql {
namespace {

using test_support::CapturedSession;
using test_support::contains;
using test_support::FakeAnswer;
using test_support::FakeServer;

enum Command : char { kInitDb = 2, kQuery = 3, kPing = 14, kChangeUser = 17, kPrepare = 22 };

const std::map<std::string, std::string> kPasswords{{"admin", "adminpw"}, {"conn", "connpw"}};
constexpr std::uint8_t kErrorPacket = 0xFF;

std::string user_of(const CapturedSession& session) {
  return session.login.c_str() + test_support::kLoginUserAt;
}

bool accepted(const CapturedSession& session) {
  const std::vector<std::string>& answer = session.login_answer.payloads;
  return !answer.empty() && static_cast<std::uint8_t>(answer[0][0]) != kErrorPacket;
}

CapturedSession session_of(const std::string& capture) {
  for (const CapturedSession& session : test_support::captured_sessions()) {
    if (session.capture == capture) return session;
  }
  throw std::runtime_error("no capture " + capture);
}

/// What a server's thread was sent, in order.
class Record {
 public:
  std::size_t add(std::string_view packet) {
    base::MutexLock lock(mutex_);
    packets_.emplace_back(packet);
    return packets_.size() - 1;
  }
  [[nodiscard]] std::vector<std::string> packets() const {
    base::MutexLock lock(mutex_);
    return packets_;
  }

 private:
  mutable base::Mutex mutex_;
  std::vector<std::string> packets_ GUARDED_BY(mutex_);
};

/// The node of a capture, and a client of it. It lets in who sends the recorded login, and answers
/// commands in their order.
struct Replay {
  explicit Replay(CapturedSession captured)
      : session(std::move(captured)), fake(FakeServer::Options{.greeting = session.greeting}) {
    fake.server.on_login([this](std::string_view login) {
      logins.add(login);
      return session.login_answer;
    });
    fake.server.on_command([this](std::string_view command) -> std::optional<FakeAnswer> {
      return session.commands.at(sent.add(command)).answer;
    });
  }

  [[nodiscard]] Credentials credentials() const {
    Credentials who;
    who.user = user_of(session);
    const auto known = kPasswords.find(who.user);
    who.password = known == kPasswords.end() ? "unknown" : known->second;
    return who;
  }
  std::unique_ptr<ServerConnection> open() {
    ConnectOptions options;
    options.server = fake.server.endpoint();
    options.credentials = credentials();
    options.fabric_node = true;
    return ServerConnection::open(options, fake.watchdog, soon());
  }
  /// What a call of the product ends in.
  std::optional<NodeFailure> failure_of_call(const Credentials& who) {
    MysqlRpcLink link(fake.server.endpoint(), who, fake.watchdog);
    try {
      link.call({"dump.servers", {0, ""}}, soon());
    } catch (const NodeFailure& failure) {
      return failure;
    }
    return std::nullopt;
  }

  const CapturedSession session;
  Record logins, sent;
  FakeConnection fake;
};

/// With each session that the node let in, opened anew.
void for_each_opened(const std::function<void(Replay&, ServerConnection&)>& test) {
  for (const CapturedSession& session : test_support::captured_sessions()) {
    if (!accepted(session)) continue;
    SCOPED_TRACE(session.capture);
    Replay node(session);
    test(node, *node.open());
  }
}

TEST(CapturedSession, AreOpenedWithTheVeryLoginThatTheNodeTook) {
  std::size_t replayed = 0;
  for_each_opened([&](Replay& node, ServerConnection& connection) {
    const CapturedSession& session = node.session;
    EXPECT_EQ(connection.server_version(), "1.5.5-fabric");
    EXPECT_FALSE(connection.encrypted());
    const std::string login = node.logins.packets().at(0);
    const std::size_t length = user_of(session).size() + 1 + 1 + 20;  // user, NUL, length, token
    EXPECT_EQ(login.substr(test_support::kLoginUserAt),
              session.login.substr(test_support::kLoginUserAt, length));
    if (session.capture.starts_with("c.")) {  // the same library: the character set too
      EXPECT_EQ(login.substr(8), session.login.substr(8));
    }
    const auto wish = [&](unsigned bit) { return (login[bit / 8] >> bit % 8 & 1) != 0; };
    EXPECT_TRUE(wish(9) && wish(15) && wish(17)) << "PROTOCOL_41, SECURE_CONNECTION, MULTI_RESULTS";
    ++replayed;
  });
  EXPECT_EQ(replayed, 27U);
}

TEST(CapturedSession, RefuseALoginInTheNodesOwnWords) {
  for (const char* capture : {"cli.bad_password", "cli.unknown_user"}) {
    SCOPED_TRACE(capture);
    Replay node(session_of(capture));
    const auto failure = node.failure_of_call(node.credentials());
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->kind(), NodeFailure::Kind::kDenied);
    const std::string user = user_of(node.session);
    EXPECT_TRUE(contains(failure->what(), "it refused the login of user '" + user + "'"));
    EXPECT_TRUE(contains(failure->what(), "[Fabric] Access denied for user '" + user + "'"));
    EXPECT_EQ(node.logins.packets().size(), 1U) << "and it is not tried again";
  }
}

TEST(CapturedSession, EndWithoutAWordWhereThereIsNoPassword) {
  Replay node(session_of("cli.no_password"));
  Credentials who = node.credentials();
  who.password.clear();
  const auto failure = node.failure_of_call(who);
  ASSERT_TRUE(failure);
  EXPECT_EQ(node.logins.packets().at(0).substr(9), node.session.login.substr(9))
      << "user, no token";
  EXPECT_TRUE(contains(failure->what(), "A node also does so when the password is empty"))
      << failure->what();
}

/// One command of a session, as this client sends it. Returns whether it was answered.
bool send(ServerConnection& connection, const std::string& payload, base::Deadline deadline) {
  const std::string text = payload.substr(1);
  try {
    switch (payload[0]) {
      case kInitDb:
        connection.use(text, deadline);
        break;
      case kPing:
        connection.ping(deadline);
        break;
      case kChangeUser:
        connection.reset({}, true, deadline);
        break;
      case kPrepare:
        connection.prepare(text, deadline);
        break;
      default:
        connection.run(text, deadline);
    }
  } catch (const MysqlError&) {
    return false;
  }
  return true;
}

TEST(CapturedSession, GoOnThroughAllThatANodeUnderstands) {
  // A format that the node does not know is answered twice, so what comes after it answers nothing
  // that was asked. This driver sends no SET at all.
  const std::string out_of_step = "SET format=text";
  std::size_t replayed = 0;
  for_each_opened([&](Replay& node, ServerConnection& connection) {
    for (const auto& [payload, answer] : node.session.commands) {
      if (payload[0] != kQuery && payload[0] != kPing && payload[0] != kInitDb) break;
      const bool refused = static_cast<std::uint8_t>(answer.payloads.at(0)[0]) == kErrorPacket;
      EXPECT_EQ(send(connection, payload, soon()), !refused) << payload;
      EXPECT_EQ(node.sent.packets().back(), payload);
      ++replayed;
      if (payload.substr(1) == out_of_step) break;
    }
  });
  EXPECT_GT(replayed, 100U);
}

/// What a node is never asked by this driver, sent nevertheless.
TEST(CapturedSession, EndWhereANodeDoesNotUnderstand) {
  const std::vector<std::pair<std::string, std::size_t>> cases{
      {"c.change_user", 0}, {"c.prepare", 0}, {"c.prepare_select", 0}, {"odbc.maodbc", 2}};
  for (const auto& [capture, place] : cases) {
    SCOPED_TRACE(capture);
    Replay node(session_of(capture));
    const auto connection = node.open();
    for (std::size_t i = 0; i < place; ++i) {
      EXPECT_TRUE(send(*connection, node.session.commands[i].payload, soon()));
    }
    const std::string& payload = node.session.commands.at(place).payload;
    EXPECT_FALSE(send(*connection, payload, soon(std::chrono::milliseconds(200))));
    EXPECT_EQ(node.sent.packets().back(), payload)
        << "byte for byte: of COM_CHANGE_USER with its token";
    EXPECT_FALSE(send(*connection, std::string(1, kPing), soon())) << "it is out of step";
    EXPECT_TRUE(connection->broken());
  }
}

TEST(CapturedSession, AreResetByLoggingInAgainNeverByWhatANodeLeavesUnanswered) {
  Replay node(session_of("c.change_user"));
  const auto connection = node.open();
  EXPECT_THROW(connection->reset({}, false, soon()), MysqlError);
  EXPECT_EQ(node.sent.packets().at(0), node.session.commands[0].payload)
      << "COM_CHANGE_USER, not COM_RESET_CONNECTION";
  EXPECT_TRUE(connection->broken());
}

}  // namespace
}  // namespace fabric::mysql
