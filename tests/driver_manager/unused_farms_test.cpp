// Farms that no connection handle holds end, with their threads, their links to nodes and what they
// pooled; and who connects meanwhile finds one that lives.
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>
#include <vector>

#include "tests/driver_manager/in_child.h"
#include "tests/driver_manager/route_farm.h"
#include "tests/support/tcp.h"

namespace test_support {
namespace {

constexpr auto kPatience = std::chrono::seconds(20);

bool eventually(const std::function<bool()>& condition) {
  const auto limit = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

/// Of farms: their refreshers, monitors and clients of nodes.
int farm_threads() {
  int found = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream file(task.path() / "comm");
    std::string name;
    std::getline(file, name);
    for (const char* one : {"fabric-refresh", "fabric-look", "fabric-report", "fabric-node"}) {
      if (name == one) ++found;
    }
  }
  return found;
}

/// In a child, which has no other farms; under TSan, which cannot follow a child's threads, here.
int alone(const std::function<int()>& body) {
#ifdef __SANITIZE_THREAD__
  return body();
#else
  return in_child(body);
#endif
}

bool connects(const std::string& text) {
  const OdbcEnvironment environment;
  OdbcConnection connection(environment);
  try {
    connection.connect(text);
    return true;
  } catch (const OdbcError&) {
    return false;
  }
}

/// Named for the run under TSan, which takes what begins with Threads.
class ThreadsOfUnusedFarms : public RouteFarm {
 protected:
  /// Sessions of this process's pools and links to nodes are told apart by their user.
  static void make_user(const std::string& name) {
    const OdbcEnvironment environment;
    for (const auto& where : {server().endpoint(), node_->endpoint()}) {
      OdbcConnection admin(environment);
      admin.connect(connection_string(where));
      for (const char* const call : {"CREATE OR REPLACE USER ", "GRANT ALL ON *.* TO "}) {
        OdbcStatement(admin).execute(call + name + "@'%'" +
                                     (call[0] == 'C' ? " IDENTIFIED BY 'apppw'" : ""));
      }
    }
  }
  /// As both servers see it, from outside the process that has them.
  static int sessions_of(const std::string& user) {
    int sum = 0;
    const OdbcEnvironment environment;
    for (const auto& where : {server().endpoint(), node_->endpoint()}) {
      OdbcConnection admin(environment);
      admin.connect(connection_string(where, "POOLING=0;"));
      sum += std::stoi(OdbcStatement(admin).value(
          "SELECT COUNT(*) FROM information_schema.processlist WHERE user = '" + user + "'"));
    }
    return sum;
  }
};

TEST_F(ThreadsOfUnusedFarms, EndAtOnceWhenNoNodeHasAnswered) {
  const int code = alone([] {
    const int before = farm_threads();
    for (int i = 0; i < 60; ++i) {
      const std::string wrong = "FABRIC_USER=app;FABRIC_PASSWORD=wrong" + std::to_string(i) + ";";
      if (connects(farm(wrong + "FABRIC_GROUP=g1;"))) return 1;
      if (!eventually([before] { return farm_threads() < before + 30; })) return 2;
    }
    if (!eventually([before] { return farm_threads() <= before; })) return 3;
    return connects(farm("FABRIC_GROUP=g1;")) ? 0 : 4;
  });
  EXPECT_EQ(code, 0) << "1: let in, 2: too many threads, 3: threads stay, 4: not let in";
}

TEST_F(ThreadsOfUnusedFarms, EndWhenANodeNeverAnswers) {
  const fabric::base::Socket mute = bind_on_loopback();
  listen_on(mute);  // the kernel takes connections, and nobody reads them
  const std::string node = "127.0.0.1:" + std::to_string(port_of(mute));
  const int code = alone([&node] {
    const int before = farm_threads();
    const std::string text = "DRIVER={fabric};FABRIC_PROTOCOL=xmlrpc;FABRIC_NODES=" + node +
                             ";FABRIC_GROUP=g1;UID=app;PWD=apppw;FAILOVER_TIMEOUT=200ms;"
                             "FABRIC_ATTEMPTS=1;FABRIC_TIMEOUT=500ms;";
    if (connects(text)) return 1;
    return eventually([before] { return farm_threads() <= before; }) ? 0 : 3;
  });
  EXPECT_EQ(code, 0) << "1: let in, 3: threads stay";
}

TEST_F(ThreadsOfUnusedFarms, EndWithTheirPoolsWhenIdleForLong) {
  make_user("idler");
  const int code = alone([] {
    const int before = farm_threads();
    const std::string text = "UID=idler;" + farm("FABRIC_GROUP=g1;POOL_IDLE_TIMEOUT=1s;");
    if (!connects(text)) return 1;
    if (farm_threads() <= before || sessions_of("idler") < 2) return 2;  // the link, and one pooled
    if (!eventually([before] { return farm_threads() <= before; })) return 3;
    if (!eventually([] { return sessions_of("idler") == 0; })) return 4;
    return connects(text) ? 0 : 5;
  });
  EXPECT_EQ(code, 0) << "1: not let in, 2: nothing was kept, 3: threads stay, 4: sessions stay, "
                        "5: not let in again";
}

TEST_F(ThreadsOfUnusedFarms, StayForTheConnectionsOfMinPoolSize) {
  make_user("warm");
  const int code = alone([] {
    if (!connects("UID=warm;" + farm("FABRIC_GROUP=g1;MIN_POOL_SIZE=1;POOL_IDLE_TIMEOUT=1s;"))) {
      return 1;
    }
    const int one = farm_threads();
    // Another one comes and goes, and is the measure of the time.
    if (!connects(farm("FABRIC_GROUP=g1;FABRIC_TTL=50s;POOL_IDLE_TIMEOUT=2s;"))) return 2;
    if (!eventually([one] { return farm_threads() <= one; })) return 3;
    return sessions_of("warm") >= 1 ? 0 : 4;
  });
  EXPECT_EQ(code, 0) << "1, 2: not let in, 3: the other stays, 4: it is cold";
}

TEST_F(ThreadsOfUnusedFarms, StayWhileAHandleHoldsThem) {
  const int code = alone([] {
    const int before = farm_threads();
    const OdbcEnvironment environment;
    OdbcConnection held(environment);
    held.connect(farm("FABRIC_GROUP=g1;FABRIC_TTL=49s;POOL_IDLE_TIMEOUT=1s;"));
    const std::string id = OdbcStatement(held).value("SELECT CONNECTION_ID()");
    // Another one comes and goes, and is the measure of the time.
    if (!connects(farm("FABRIC_GROUP=g1;FABRIC_USER=app;FABRIC_PASSWORD=apppw;FABRIC_TTL=50s;"
                       "POOL_IDLE_TIMEOUT=2s;"))) {
      return 1;
    }
    const int both = farm_threads();
    if (!eventually([both] { return farm_threads() < both; })) return 2;
    if (farm_threads() <= before) return 3;
    return OdbcStatement(held).value("SELECT CONNECTION_ID()") == id ? 0 : 4;
  });
  EXPECT_EQ(code, 0) << "1: not let in, 2: the other stays, 3: it ended too, 4: another session";
}

TEST_F(ThreadsOfUnusedFarms, NeverEndUnderWhoeverConnects) {
  const int code = alone([] {
    // Each refused connect has all farms looked at, and these are unused for a moment in each turn.
    std::atomic<bool> done{false};
    std::thread refused([&done] {
      while (!done) connects(farm("FABRIC_USER=app;FABRIC_PASSWORD=wrong;FABRIC_GROUP=g1;"));
    });
    std::atomic<int> failures{0};
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i) {
      clients.emplace_back([&failures] {
        for (int turn = 0; turn < 500; ++turn) {
          failures += connects(farm("FABRIC_GROUP=g1;POOL_IDLE_TIMEOUT=1ms;")) ? 0 : 1;
        }
      });
    }
    for (std::thread& client : clients) client.join();
    done = true;
    refused.join();
    return failures == 0 ? 0 : 1;
  });
  EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace test_support
