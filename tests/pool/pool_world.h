// What a ServerPool needs around it, for tests: real threads, a clock that the test chooses, and
// waits for a state of the pool that end after ten seconds.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "fabric/base/clock.h"
#include "fabric/mysql/watchdog.h"
#include "pool/server_pool.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_server.h"

namespace test_support {

using namespace std::chrono_literals;

/// Longer than anything a test waits for, unless it is to fail.
inline constexpr fabric::base::Duration kPatience = 10s;

inline fabric::mysql::Credentials credentials_of(const std::string& user) {
  fabric::mysql::Credentials credentials;
  credentials.user = user;
  credentials.tls.mode = fabric::mysql::TlsMode::kDisabled;
  return credentials;
}

template <class ClockType>
struct World {
  ClockType clock;
  fabric::base::SystemClock real;
  fabric::mysql::Watchdog watchdog{real};
  fabric::base::Log log;
  pool::Surroundings surroundings{clock, watchdog, log, std::make_shared<pool::Connectors>(),
                                  std::make_shared<pool::Suspects>(clock, log)};

  ~World() { surroundings.connectors->stop(); }

  std::shared_ptr<pool::ServerPool> pool(const fabric::base::Endpoint& server,
                                         const pool::PoolOptions& options = {},
                                         const std::string& user = "app") {
    return std::make_shared<pool::ServerPool>(server, credentials_of(user), options, surroundings);
  }

  fabric::base::Deadline in(fabric::base::Duration time) const {
    return fabric::base::Deadline::after(real, time);
  }
  pool::LoanRequest loan(const std::string& database = {}) const {
    return {.database = database, .pool_deadline = in(10s), .deadline = in(20s)};
  }
};

/// Looks until `condition` holds; false after ten seconds.
inline bool eventually(const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

/// Answers what a pool asks by itself.
inline void answer_settings(FakeServer& server) {
  server.on_query([](std::string_view sql) {
    if (sql == "SELECT @@wait_timeout") return FakeServer::rows({"@@wait_timeout"}, {{"28800"}});
    return FakeServer::ok();
  });
}

}  // namespace test_support
