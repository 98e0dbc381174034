// Several nodes: who is asked when, and what is said when none answers.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "fabric/base/net.h"
#include "fabric/base/worker.h"
#include "fabric/rpc_source.h"
#include "tests/support/fake_server.h"
#include "tests/support/scripted_node.h"

namespace fabric {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test_support::FakeServer;
using test_support::ScriptedNode;

struct Pair {
  FakeServer first, second;
  base::SystemClock clock;
  mysql::Watchdog watchdog{clock};
  RpcOptions options;
  std::shared_ptr<NodeOrder> order = std::make_shared<NodeOrder>(2, 1);
  std::unique_ptr<RpcSource> made;

  Pair() {
    first.on_query(ScriptedNode());
    second.on_query(ScriptedNode());
    options.nodes = {first.endpoint(), second.endpoint()};
    options.credentials.user = "farm";
    order->answered(0);
  }
  RpcSource& source() {
    if (!made) made = std::make_unique<RpcSource>(options, order, watchdog, clock);
    return *made;
  }
  [[nodiscard]] base::Deadline soon() const { return base::Deadline::after(clock, seconds(10)); }
  std::size_t fetch() { return source().fetch(soon()).servers.size(); }
  std::string failure(base::SqlState state = base::SqlState::k08001) {
    try {
      source().fetch(soon());
    } catch (const base::Error& error) {
      EXPECT_EQ(error.state(), state);
      return error.what();
    }
    return "no failure";
  }
};

/// Listens on loopback, sends `text` to whoever connects, and closes.
class Shouter {
 public:
  explicit Shouter(std::string text) : text_(std::move(text)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(listener_, 8), 0);
    EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = base::Worker("shouter", [this](const std::stop_token&) {
      for (int fd = accept(listener_, nullptr, nullptr); fd >= 0;
           fd = accept(listener_, nullptr, nullptr)) {
        send(fd, text_.data(), text_.size(), MSG_NOSIGNAL);
        close(fd);
      }
    });
  }
  ~Shouter() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  Shouter(const Shouter&) = delete;
  Shouter& operator=(const Shouter&) = delete;
  [[nodiscard]] base::Endpoint endpoint() const { return {"127.0.0.1", port_, {}}; }

 private:
  std::string text_;
  int listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::uint16_t port_ = 0;
  base::Worker thread_;
};

TEST(MysqlRpcNodes, AskTheNextOneWhenTheFirstIsSlow) {
  Pair nodes;
  nodes.first.freeze();
  const auto asked = nodes.clock.now();
  EXPECT_EQ(nodes.fetch(), 2U);
  EXPECT_GE(nodes.clock.now() - asked, milliseconds(100));
  EXPECT_LT(nodes.clock.now() - asked, seconds(3)) << "well before the first one's timeout";
  EXPECT_EQ(nodes.first.counts().connects, 1U);
  nodes.fetch();
  EXPECT_EQ(nodes.first.counts().connects, 1U) << "who answered is asked first from then on";
}

TEST(MysqlRpcNodes, LeaveTheSecondAloneWhileTheFirstAnswers) {
  Pair nodes;
  nodes.fetch();
  nodes.fetch();
  EXPECT_EQ(nodes.first.counts().queries, 8U);
  EXPECT_EQ(nodes.second.counts().connects, 0U);
}

TEST(MysqlRpcNodes, AskTheNextOneAtOnceWhenTheFirstFails) {
  Pair nodes;
  nodes.first.kill();
  nodes.options.hedge_after = std::chrono::hours(1);
  EXPECT_EQ(nodes.fetch(), 2U);
}

TEST(MysqlRpcNodes, AskTheNextOneWhenTheFirstHasNoQuorum) {
  Pair nodes;
  nodes.options.hedge_after = std::chrono::hours(1);
  nodes.first.on_query([](std::string_view) {
    return FakeServer::error(1047, "08S01", "WSREP has not yet prepared node for application use");
  });
  EXPECT_EQ(nodes.fetch(), 2U);
}

TEST(MysqlRpcNodes, ReportToTheNextOneWhenTheFirstIsTheServerThatDied) {
  Pair nodes;
  nodes.options.hedge_after = std::chrono::hours(1);
  nodes.fetch();
  nodes.first.kill();
  nodes.source().report({ReportKind::kFailure, "u1", "host-1", "2013"}, nodes.soon());
  EXPECT_EQ(
      nodes.second.statements(),
      std::vector<std::string>{"CALL threat.report_failure('u1','host-1','2013',NULL,'false')"});
  EXPECT_EQ(nodes.order->next().front(), 1U) << "where the report's effect is to be seen first";
}

TEST(MysqlRpcNodes, AreAllNamedWithTheirReasonsWhenNoneAnswers) {
  Pair nodes;
  nodes.first.kill();
  nodes.second.refuse_logins(1045, "28000", "Access denied for user 'farm'@'localhost'");
  const std::string text = nodes.failure();
  EXPECT_NE(text.find(nodes.first.endpoint().text() + ": cannot connect"), text.npos) << text;
  EXPECT_NE(text.find("nobody listens there"), text.npos) << text;
  EXPECT_NE(text.find(nodes.second.endpoint().text() + ": it refused the login"), text.npos)
      << text;
}

TEST(MysqlRpcNodes, SayOnceWhatTheyAllSay) {
  Pair nodes;
  for (FakeServer* node : {&nodes.first, &nodes.second}) {
    node->refuse_logins(1045, "28000", "Access denied for user 'farm'@'localhost'");
  }
  EXPECT_EQ(nodes.failure(base::SqlState::k28000),
            "No Fabric node answered: both nodes said: it refused the login of user 'farm'; check "
            "FABRIC_USER and FABRIC_PASSWORD (Access denied for user 'farm'@'localhost').");
}

TEST(MysqlRpcNodes, ThatNeverAnswerEndAtTheTimeout) {
  Pair nodes;
  nodes.options.timeout = milliseconds(300);
  nodes.first.freeze();
  nodes.second.freeze();
  const auto asked = nodes.clock.now();
  const std::string text = nodes.failure();
  EXPECT_LT(nodes.clock.now() - asked, seconds(3));
  EXPECT_NE(text.find("no answer to dump.servers in time"), text.npos) << text;
  nodes.first.thaw();
  nodes.second.thaw();
  EXPECT_EQ(nodes.fetch(), 2U) << "and are well when they are back";
}

TEST(MysqlRpcNodes, ThatAreNoMysqlServersAreToldApart) {
  const Shouter http("HTTP/1.0 400 Bad Request\r\nServer: BaseHTTP/0.3 Python/2.7.18\r\n\r\n");
  Pair nodes;
  nodes.options.nodes = {http.endpoint()};
  nodes.order = std::make_shared<NodeOrder>(1, 1);
  const std::string text = nodes.failure();
  EXPECT_NE(text.find("is that the MySQL-RPC port (32275 by default), and not the XML-RPC one"),
            text.npos)
      << text;
}

TEST(MysqlRpcNodes, ThatWaitForTheClientToSpeakAreToldApart) {
  FakeServer silent(FakeServer::Options{.version = "", .capabilities = 0, .greet = false});
  Pair nodes;
  nodes.options.nodes = {silent.endpoint()};
  nodes.options.timeout = milliseconds(200);
  nodes.order = std::make_shared<NodeOrder>(1, 1);
  const std::string text = nodes.failure();
  EXPECT_NE(text.find("no answer to the login in time; is that the MySQL-RPC port"), text.npos)
      << text;
}

TEST(MysqlRpcNodes, DoNotHoldUpTheFarmsEnd) {
  Pair nodes;
  nodes.options.nodes = {nodes.first.endpoint()};
  nodes.order = std::make_shared<NodeOrder>(1, 1);
  nodes.fetch();
  nodes.first.freeze();
  base::Worker caller("caller", [&](const std::stop_token&) {
    EXPECT_THROW(nodes.source().fetch(nodes.soon()), base::Error);
  });
  EXPECT_TRUE(nodes.first.wait_until([](const auto& counts) { return counts.queries == 5; }));
  const auto ended = nodes.clock.now();
  nodes.source().cancel();
  caller.join();
  EXPECT_LT(nodes.clock.now() - ended, seconds(2));
}

std::ptrdiff_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return std::distance(begin(all), end(all));
}

TEST(MysqlRpcNodes, KeepTheirLinksWhenTheProcessForks) {
  Pair nodes;
  nodes.fetch();
  const pid_t child = fork();
  if (child == 0) {
    const std::ptrdiff_t before = open_descriptors();
    nodes.source().abandon_after_fork();
    _exit(static_cast<int>(before - open_descriptors()));
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 1) << "the one link is closed in the child";
  EXPECT_EQ(nodes.fetch(), 2U);
  EXPECT_EQ(nodes.first.counts().logins, 1U) << "and lives on in the parent";
  EXPECT_EQ(nodes.first.counts().quits, 0U);
}

TEST(NodeOrder, StartsWithWhoAnsweredLastAndNamesEveryNodeOnce) {
  NodeOrder order(5, 3);
  order.answered(4);
  for (int i = 0; i < 20; ++i) {
    std::vector<std::size_t> next = order.next();
    EXPECT_EQ(next.front(), 4U);
    std::sort(next.begin(), next.end());
    EXPECT_EQ(next, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
  }
}

TEST(NodeOrder, SpreadsProcessesOverTheNodes) {
  std::vector<int> firsts(3);
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    ++firsts[NodeOrder(3, seed * 7919).next().front()];
  }
  for (const int count : firsts) EXPECT_GT(count, 50);
}

}  // namespace
}  // namespace fabric
