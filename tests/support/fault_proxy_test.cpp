#include "tests/support/fault_proxy.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace test_support {
namespace {

using fabric::base::ConnectOutcome;
using fabric::base::Deadline;
using fabric::base::Socket;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

Deadline soon() { return Deadline::at(Clock::now() + seconds(10)); }

/// What comes within the time: bytes, "EOF", "RST", or "" for nothing.
std::string hear(const Socket& socket, milliseconds wait) {
  pollfd one{socket.fd(), POLLIN, 0};
  if (poll(&one, 1, static_cast<int>(wait.count())) == 0) return "";
  std::string bytes;
  if (receive(socket.fd(), bytes)) return bytes;
  return errno == ECONNRESET ? "RST" : "EOF";
}
std::string hear(const Socket& socket) { return hear(socket, seconds(10)); }

void say(const Socket& socket, std::string bytes) {
  while (!bytes.empty()) ASSERT_TRUE(send_some(socket.fd(), bytes));
}

/// A client, and the server's end of its link.
class FaultProxyTest : public testing::Test {
 protected:
  FaultProxyTest() { listen_on(door_); }

  void connect() {
    auto connected = fabric::base::connect_to(network_.endpoint(), soon());
    ASSERT_EQ(connected.outcome, ConnectOutcome::kConnected);
    client_ = std::move(connected.socket);
    server_ = take(seconds(10));
    ASSERT_TRUE(server_);
  }
  Socket take(milliseconds wait) {
    pollfd one{door_.fd(), POLLIN, 0};
    poll(&one, 1, static_cast<int>(wait.count()));
    return Socket(accept4(door_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  }
  ConnectOutcome knock() { return fabric::base::connect_to(network_.endpoint(), soon()).outcome; }

  Socket door_ = bind_on_loopback();
  FaultProxy network_{{"127.0.0.1", port_of(door_), {}}};
  Socket client_, server_;
};

TEST_F(FaultProxyTest, PassesBytesAndEndsBothWays) {
  connect();
  say(client_, "question");
  EXPECT_EQ(hear(server_), "question");
  say(server_, "answer");
  EXPECT_EQ(hear(client_), "answer");
  shutdown(client_.fd(), SHUT_WR);
  EXPECT_EQ(hear(server_), "EOF");
  say(server_, "more");
  EXPECT_EQ(hear(client_), "more");
  server_ = {};
  EXPECT_EQ(hear(client_), "EOF");
  EXPECT_EQ(network_.accepted(), 1U);
}

TEST_F(FaultProxyTest, CutsByRstOrFinAtBothEnds) {
  connect();
  network_.cut();
  EXPECT_EQ(hear(client_), "RST");
  EXPECT_EQ(hear(server_), "RST");
  connect();
  network_.cut(Cut::kFin);
  EXPECT_EQ(hear(client_), "EOF");
  EXPECT_EQ(hear(server_), "EOF");
  EXPECT_EQ(network_.links(), 0U);
}

TEST_F(FaultProxyTest, IsSilentAndSendsAgainWhenHealed) {
  connect();
  network_.set(FaultProxy::silent());
  say(client_, "lost?");
  server_ = {};
  EXPECT_EQ(hear(client_, milliseconds(50)), "");
  EXPECT_EQ(knock(), ConnectOutcome::kConnected);  // by the kernel; nobody is behind it
  EXPECT_FALSE(take(milliseconds(50)));
  network_.heal();
  EXPECT_NE(hear(client_), "");
  EXPECT_TRUE(take(seconds(10)));
}

TEST_F(FaultProxyTest, IsSilentInOneDirection) {
  connect();
  network_.set({.to_server = {}, .to_client = {.hold = true}});
  say(client_, "question");
  EXPECT_EQ(hear(server_), "question");
  say(server_, "answer");
  EXPECT_EQ(hear(client_, milliseconds(50)), "");
  network_.heal();
  EXPECT_EQ(hear(client_), "answer");
}

TEST_F(FaultProxyTest, DelaysEachWay) {
  connect();
  network_.set(FaultProxy::slow(milliseconds(60)));
  const auto begun = Clock::now();
  say(client_, "question");
  EXPECT_EQ(hear(server_), "question");
  say(server_, "answer");
  EXPECT_EQ(hear(client_), "answer");
  EXPECT_GE(Clock::now() - begun, milliseconds(120));
}

TEST_F(FaultProxyTest, LetsOnlySoManyBytesASecondThrough) {
  connect();
  network_.set(FaultProxy::narrow(10'000));
  const auto begun = Clock::now();
  say(client_, std::string(2000, 'x'));
  std::size_t got = 0;
  while (got < 2000) got += hear(server_).size();
  EXPECT_GE(Clock::now() - begun, milliseconds(150));
}

TEST_F(FaultProxyTest, EndsALinkAfterSoManyBytes) {
  connect();
  network_.set({.to_server = {}, .to_client = {.closes_after = 5}});
  say(server_, "answer");
  EXPECT_EQ(hear(client_), "answe");
  EXPECT_EQ(hear(client_), "EOF");
  network_.set({.to_server = {.closes_after = 3}, .to_client = {}});
  connect();
  say(client_, "question");
  EXPECT_EQ(hear(server_), "que");
  EXPECT_NE(hear(server_), "stion");
}

TEST_F(FaultProxyTest, EndsOneDirectionAlone) {
  connect();
  network_.half_close(FaultProxy::Way::kToClient);
  EXPECT_EQ(hear(client_), "EOF");
  say(client_, "still there?");
  EXPECT_EQ(hear(server_), "still there?");
  say(server_, "yes");
  EXPECT_EQ(hear(client_), "EOF");
}

TEST_F(FaultProxyTest, RefusesNewLinksAndKeepsTheOld) {
  connect();
  network_.set(FaultProxy::refusing());
  EXPECT_EQ(knock(), ConnectOutcome::kRefused);
  say(client_, "question");
  EXPECT_EQ(hear(server_), "question");
  network_.heal();
  EXPECT_EQ(knock(), ConnectOutcome::kConnected);
}

}  // namespace
}  // namespace test_support
