// What the tests of scripted sessions share: a fake server, a watchdog on the real clock, and a
// connection between them.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "fabric/mysql/server_connection.h"
#include "tests/support/fake_server.h"

namespace fabric::mysql {

inline base::Deadline soon(std::chrono::milliseconds time = std::chrono::seconds(20)) {
  return base::Deadline::after(base::SystemClock(), time);
}

/// Of a MariaDB server with these capabilities of its own.
inline test_support::FakeServer::Options mariadb_options(char capabilities) {
  using namespace std::string_literals;
  test_support::FakeServer::Options options;
  options.greeting =
      "\x0A"
      "10.11.6-MariaDB\0\1\0\0\0abcdefgh\0\xDE\xF7\x2D\2\0\x0E\0\x15\0\0\0\0\0\0"s +
      std::string(1, capabilities) + "\0\0\0ijklmnopqrst\0mysql_native_password\0"s;
  return options;
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
