#include "fabric/base/net.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "tests/support/child_process.h"
#include "tests/support/fake_server.h"

namespace fabric::base {
namespace {

using namespace std::chrono_literals;
using test_support::FakeServer;

Deadline soon(std::chrono::milliseconds time = 20s) { return Deadline::after(SystemClock(), time); }

TEST(Net, ConnectsAndHearsAServerThatSpeaksFirst) {
  const FakeServer server;
  const ConnectResult result = connect_to(server.endpoint(), soon());
  ASSERT_EQ(result.outcome, ConnectOutcome::kConnected);
  EXPECT_TRUE(wait_first_byte(result.socket, soon()));
}

TEST(Net, DoesNotWaitForASilentServerPastTheDeadline) {
  const FakeServer server({.version = "", .capabilities = 0, .greet = false});
  const ConnectResult result = connect_to(server.endpoint(), soon());
  ASSERT_EQ(result.outcome, ConnectOutcome::kConnected) << "the kernel accepts for it";
  const auto started = std::chrono::steady_clock::now();
  EXPECT_FALSE(wait_first_byte(result.socket, soon(50ms)));
  EXPECT_GE(std::chrono::steady_clock::now() - started, 50ms);
}

TEST(Net, HearsNothingFromAServerThatHangsUp) {
  FakeServer server({.version = "", .capabilities = 0, .greet = false});
  const ConnectResult result = connect_to(server.endpoint(), soon());
  ASSERT_TRUE(server.wait_until([](const auto& counts) { return counts.open == 1; }));
  server.drop_connections();
  EXPECT_FALSE(wait_first_byte(result.socket, soon()));
}

TEST(Net, TellsAPortWhereNobodyListens) {
  const ConnectResult result = connect_to({"127.0.0.1", test_support::free_port(), {}}, soon());
  EXPECT_EQ(result.outcome, ConnectOutcome::kRefused);
  EXPECT_EQ(result.error, ECONNREFUSED);
  EXPECT_FALSE(result.socket);
}

TEST(Net, TellsAHostThatIsNot) {
  const ConnectResult result = connect_to({"no-such-host.invalid", 1, {}}, soon());
  EXPECT_EQ(result.outcome, ConnectOutcome::kUnreachable);
}

TEST(Net, TellsAUnixSocketThatIsNot) {
  EXPECT_EQ(connect_to({{}, 0, "/nowhere/s.sock"}, soon()).outcome, ConnectOutcome::kRefused);
  EXPECT_EQ(connect_to({{}, 0, std::string(200, 'x')}, soon()).error, ENAMETOOLONG);
}

TEST(Net, GivesUpAtADeadlineThatHasPassed) {
  EXPECT_EQ(connect_to({"localhost", 1, {}}, Deadline::at(SteadyTime())).outcome,
            ConnectOutcome::kTimedOut);
}

TEST(Net, LeavesTheConnectedSocketWhereAnotherThreadCanEndIt) {
  const FakeServer server({.version = "", .capabilities = 0, .greet = false});
  SharedSocket shared;
  const ConnectResult result = connect_to(server.endpoint(), soon(), &shared);
  ASSERT_EQ(result.outcome, ConnectOutcome::kConnected);
  shared.cancel();
  EXPECT_FALSE(wait_first_byte(result.socket, Deadline::never()));
  shared.set(-1);
}

TEST(Net, EndsAConnectThatIsCancelled) {
  // The second of two connects to a backlog of none waits for an answer to its SYN.
  Socket full(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(full.fd(), reinterpret_cast<const sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(full.fd(), 0), 0);
  ASSERT_EQ(getsockname(full.fd(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  const Endpoint endpoint{"127.0.0.1", ntohs(address.sin_port), {}};
  const ConnectResult first = connect_to(endpoint, soon());
  ASSERT_EQ(first.outcome, ConnectOutcome::kConnected);

  SharedSocket shared;
  std::jthread canceller([&shared] { shared.cancel(); });
  EXPECT_NE(connect_to(endpoint, Deadline::never(), &shared).outcome, ConnectOutcome::kConnected);
}

TEST(Net, KnowsNumericHosts) {
  EXPECT_TRUE(is_numeric_host("127.0.0.1"));
  EXPECT_TRUE(is_numeric_host("::1"));
  EXPECT_FALSE(is_numeric_host("localhost"));
  EXPECT_FALSE(is_numeric_host(""));
}

TEST(Socket, ClosesWhatItOwnsOnce) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  Socket reader(ends[0]);
  {
    Socket writer(ends[1]);
    Socket moved(std::move(writer));
    writer = Socket();
    EXPECT_EQ(moved.fd(), ends[1]);
  }
  char byte = 0;
  EXPECT_EQ(read(reader.fd(), &byte, 1), 0) << "the writing end is closed";
  reader = Socket();
  EXPECT_FALSE(reader);
}

}  // namespace
}  // namespace fabric::base
