#include "tools/top/farm_look.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "driver/runtime.h"
#include "fabric/base/error.h"
#include "tests/support/fake_server.h"
#include "tests/support/scripted_node.h"

namespace tools::top {
namespace {

using test_support::FakeServer;
using test_support::ScriptedNode;

driver::settings::ConnectionSettings settings_of(const std::string& nodes) {
  std::vector<driver::settings::Warning> warnings;
  return driver::settings::settings_from_connection_string(
      "DRIVER=x;FABRIC_NODES=" + nodes + ";FABRIC_ATTEMPTS=1;FABRIC_TIMEOUT=60s;UID=app;PWD=pw;",
      warnings);
}

struct Look {
  explicit Look(const driver::settings::ConnectionSettings& settings)
      : look(settings,
             {.asking = settings.credentials,
              .user = "app",
              .stats_file = {},
              .timeout = std::chrono::seconds(60)},
             watchdog()) {}
  ~Look() { watchdog().end_all_by(fabric::base::Deadline::never()); }
  static fabric::mysql::Watchdog& watchdog() { return driver::Runtime::current().watchdog(); }

  FarmLook look;
};

/// Answers every statement with a table without rows.
void answer_nothing(FakeServer& server) {
  server.on_query([](std::string_view) {
    return FakeServer::rows({"Variable_name", "Value"}, {});
  });
}

TEST(FarmLook, OfATopologyFileEndsWhenCancelledThoughAServerIsSilent) {
  FakeServer sound;
  answer_nothing(sound);
  FakeServer silent(FakeServer::Options{.greet = false});
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("farm_look_" + std::to_string(getpid()) + ".ini");
  std::ofstream(file) << "[group g1]\nserver = " << sound.endpoint().text()
                      << "\nserver = " << silent.endpoint().text() << "\n";
  Look one(settings_of("file:" + file.string()));
  const auto begun = std::chrono::steady_clock::now();
  std::thread ctrl_c([&] {
    EXPECT_TRUE(silent.wait_until([](const FakeServer::Counts& now) { return now.open > 0; }));
    one.look.cancel();
  });
  try {
    EXPECT_EQ(one.look.look().servers.size(), 2U);
  } catch (const fabric::base::Error& error) {  // the other one was cut off before it had answered
    EXPECT_EQ(error.state(), fabric::base::SqlState::k08001) << error.what();
  }
  ctrl_c.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
  std::filesystem::remove(file);
}

TEST(FarmLook, TellsServersOfOneUuidApart) {
  FakeServer first;
  FakeServer second;
  answer_nothing(first);
  answer_nothing(second);
  const std::string one = std::to_string(first.endpoint().port);
  const std::string other = std::to_string(second.endpoint().port);
  ScriptedNode script;
  script.rows("dump.servers", {{"u1", "g1", "127.0.0.1", one, "3", "3", "1.0"},
                               {"u1", "g1", "127.0.0.1", other, "1", "2", "1.0"},
                               {"u1", "g1", "127.0.0.1", one, "3", "3", "1.0"}});
  FakeServer node;
  node.on_query(script);
  Look look(settings_of(node.endpoint().text() + ";FABRIC_PROTOCOL=mysql"));
  for (int time = 0; time < 2; ++time) {
    const Picture picture = look.look.look();
    ASSERT_EQ(picture.servers.size(), 3U);
    EXPECT_EQ(picture.servers[1].server.endpoint, second.endpoint());
    for (const auto& shown : picture.servers) EXPECT_EQ(shown.sample.problem, "");
  }
  EXPECT_EQ(first.counts().logins, 1U);
  EXPECT_EQ(second.counts().logins, 1U);
}

}  // namespace
}  // namespace tools::top
