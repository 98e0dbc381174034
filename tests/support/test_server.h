// A real, private database server on loopback with a fresh datadir: MariaDB from the system, or
// MySQL 5.6 from the folder that the environment's FABRIC_MYSQL56 names (tools/install_mysql56.sh).
// Killed by its pid when the object dies, and by the kernel when the test's process does.
// Make it on the main thread. Runs as mysql or nobody when the tests run as root.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "fabric/base/endpoint.h"
#include "fabric/mysql/connect_options.h"

namespace test_support {

enum class ServerKind : std::uint8_t { kMariaDb, kMySql56 };

/// For GoogleTest's names of parametrised tests.
std::string name_of(ServerKind kind);
std::ostream& operator<<(std::ostream& out, ServerKind kind);

/// MariaDB, and MySQL 5.6 where FABRIC_MYSQL56 is set.
std::vector<ServerKind> server_kinds();

class TestServer {
 public:
  /// Boots, which takes about a second. `extra_options` follow ours on the command line.
  explicit TestServer(ServerKind kind, std::vector<std::string> extra_options = {});
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  /// The process's one server of a kind, made at first use. Whoever kills or freezes a server makes
  /// one of his own.
  static TestServer& shared(ServerKind kind);

  [[nodiscard]] ServerKind kind() const { return kind_; }
  [[nodiscard]] fabric::base::Endpoint endpoint() const { return {"127.0.0.1", port_, {}}; }
  [[nodiscard]] fabric::base::Endpoint socket_endpoint() const;
  /// User app (all privileges, from anywhere) and the database `test`.
  [[nodiscard]] fabric::mysql::ConnectOptions connect_options() const;
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] pid_t pid() const { return pid_; }

  void kill();       ///< SIGKILL, and waits until it is gone
  void shut_down();  ///< SIGTERM, and waits until it is gone
  void freeze();     ///< SIGSTOP
  void thaw();       ///< SIGCONT
  void restart();    ///< after kill() or shut_down(); the same port and datadir

 private:
  void make_datadir();
  void start();
  void wait_ready();
  void end(int signal);
  [[nodiscard]] std::vector<std::string> command() const;

  ServerKind kind_;
  std::vector<std::string> extra_options_;
  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace test_support
