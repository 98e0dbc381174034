// What the tests of scripted sessions share: a fake server, a watchdog on the real clock, and a
// connection between them.
#pragma once

#include <chrono>
#include <memory>
#include <utility>

#include "fabric/mysql/server_connection.h"
#include "tests/support/fake_server.h"

namespace fabric::mysql {

inline base::Deadline soon(std::chrono::milliseconds time = std::chrono::seconds(20)) {
  return base::Deadline::after(base::SystemClock(), time);
}

struct FakeConnection {
  explicit FakeConnection(test_support::FakeServer::Options options = {})
      : server(std::move(options)) {}

  [[nodiscard]] ConnectOptions options() const {
    ConnectOptions wanted;
    wanted.server = server.endpoint();
    wanted.credentials.user = "app";
    wanted.credentials.password = "apppw";
    return wanted;
  }
  std::unique_ptr<ServerConnection> open(base::Deadline deadline = soon()) {
    return ServerConnection::open(options(), watchdog, deadline);
  }

  base::SystemClock clock;
  Watchdog watchdog{clock};
  test_support::FakeServer server;
};

}  // namespace fabric::mysql
