#include "tests/support/test_server.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <thread>
#include <utility>

#include "fabric/base/net.h"
#include "tests/support/child_process.h"

namespace test_support {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr char kMariaDb[] = "/usr/sbin/mariadbd";
constexpr char kMariaDbInstall[] = "/usr/bin/mariadb-install-db";
constexpr auto kStartLimit = 60s;

const char kAccounts[] =
    "CREATE DATABASE IF NOT EXISTS test DEFAULT CHARACTER SET utf8mb4;\n"
    "GRANT ALL PRIVILEGES ON *.* TO 'app'@'%' IDENTIFIED BY 'apppw' WITH GRANT OPTION;\n";
// Anonymous accounts would win over app@% for connections from localhost.
const char kMySqlAccounts[] = "DELETE FROM mysql.user WHERE User='';\nFLUSH PRIVILEGES;\n";

fs::path mysql56_folder() {
  const char* folder = std::getenv("FABRIC_MYSQL56");
  return folder == nullptr ? fs::path() : fs::path(folder) / "server";
}

/// A datadir as mariadb-install-db leaves it, made once and then copied; gone with the process.
class MariaDbTemplate {
 public:
  MariaDbTemplate() {
    std::string pattern = (fs::temp_directory_path() / "fabric-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    folder_ = pattern;
    fs::permissions(folder_, fs::perms(0755));
    fs::create_directory(data());
    const Account account = server_account();
    if (account.change && chown(data().c_str(), account.uid, account.gid) != 0) {
      throw std::runtime_error("chown " + data().string());
    }
    // A server removes the temporary tables that it finds in its tmpdir when it starts, other
    // servers' too.
    run_process({kMariaDbInstall, "--no-defaults", "--datadir=" + data().string(),
                 "--tmpdir=" + data().string(), "--skip-test-db",
                 "--auth-root-authentication-method=normal", "--innodb-log-file-size=4M",
                 "--innodb-buffer-pool-size=8M"},
                account, folder_ / "install.log");
  }
  ~MariaDbTemplate() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  MariaDbTemplate(const MariaDbTemplate&) = delete;
  MariaDbTemplate& operator=(const MariaDbTemplate&) = delete;

  [[nodiscard]] fs::path data() const { return folder_ / "data"; }

 private:
  fs::path folder_;
};

void give_to(const Account& account, const fs::path& folder) {
  if (!account.change) return;
  const auto give = [&](const fs::path& path) {
    if (chown(path.c_str(), account.uid, account.gid) != 0) {
      throw std::runtime_error("chown " + path.string());
    }
  };
  give(folder);
  for (const auto& entry : fs::recursive_directory_iterator(folder)) give(entry.path());
}

}  // namespace

std::string name_of(ServerKind kind) {
  return kind == ServerKind::kMariaDb ? "MariaDb" : "MySql56";
}

std::ostream& operator<<(std::ostream& out, ServerKind kind) { return out << name_of(kind); }

std::vector<ServerKind> server_kinds() {
  std::vector<ServerKind> kinds{ServerKind::kMariaDb};
  if (!mysql56_folder().empty()) kinds.push_back(ServerKind::kMySql56);
  return kinds;
}

TestServer& TestServer::shared(ServerKind kind) {
  static std::map<ServerKind, std::unique_ptr<TestServer>> servers;
  std::unique_ptr<TestServer>& server = servers[kind];
  if (server == nullptr) server = std::make_unique<TestServer>(kind);
  return *server;
}

TestServer::TestServer(ServerKind kind, std::vector<std::string> extra_options)
    : kind_(kind), extra_options_(std::move(extra_options)) {
  std::string pattern = (fs::temp_directory_path() / "fabric-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  folder_ = pattern;
  port_ = free_port();
  try {
    make_datadir();
    start();
  } catch (...) {
    end(SIGKILL);
    fs::remove_all(folder_);
    throw;
  }
}

TestServer::~TestServer() {
  end(SIGKILL);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

fabric::base::Endpoint TestServer::socket_endpoint() const {
  return {{}, 0, (folder_ / "s.sock").string()};
}

fabric::mysql::ConnectOptions TestServer::connect_options() const {
  fabric::mysql::ConnectOptions options;
  options.server = endpoint();
  options.credentials.user = "app";
  options.credentials.password = "apppw";
  options.database = "test";
  return options;
}

void TestServer::make_datadir() {
  const Account account = server_account();
  const fs::path data = folder_ / "data";
  std::ofstream(folder_ / "accounts.sql")
      << kAccounts << (kind_ == ServerKind::kMySql56 ? kMySqlAccounts : "");
  fs::permissions(folder_, fs::perms(0755));
  if (kind_ == ServerKind::kMySql56) {
    fs::copy(mysql56_folder() / "data" / "mysql", data, fs::copy_options::recursive);
    fs::remove(data / "auto.cnf");
  } else {
    static const MariaDbTemplate made;
    fs::copy(made.data(), data, fs::copy_options::recursive);
  }
  give_to(account, folder_);
}

std::vector<std::string> TestServer::command() const {
  const fs::path mysql56 = mysql56_folder();
  std::vector<std::string> words;
  if (kind_ == ServerKind::kMySql56) {
    words = {(mysql56 / "mysqld").string(), "--no-defaults", "--basedir=" + mysql56.string(),
             "--lc-messages-dir=" + (mysql56 / "share").string(), "--innodb-log-file-size=4M"};
  } else {
    words = {kMariaDb, "--no-defaults", "--innodb-log-file-size=4M"};
  }
  const std::vector<std::string> common = {
      "--datadir=" + (folder_ / "data").string(),
      "--socket=" + (folder_ / "s.sock").string(),
      "--pid-file=" + (folder_ / "pid").string(),
      "--tmpdir=" + folder_.string(),
      "--init-file=" + (folder_ / "accounts.sql").string(),
      "--port=" + std::to_string(port_),
      "--bind-address=127.0.0.1",
      "--skip-name-resolve",
      "--skip-log-bin",
      "--performance-schema=OFF",
      "--innodb-buffer-pool-size=16M",
      "--innodb-flush-log-at-trx-commit=0",
      "--innodb-use-native-aio=0",
      "--character-set-server=latin1",  // what we want must not come from the server's default
      "--max-allowed-packet=64M"};
  words.insert(words.end(), common.begin(), common.end());
  words.insert(words.end(), extra_options_.begin(), extra_options_.end());
  return words;
}

void TestServer::start() {
  pid_ = start_process(command(), server_account(), folder_ / "server.log");
  wait_ready();
}

void TestServer::wait_ready() {
  const fabric::base::SystemClock clock;
  const auto limit = fabric::base::Deadline::after(clock, kStartLimit);
  for (;;) {
    const auto result = fabric::base::connect_to(endpoint(), limit);
    if (result.socket && fabric::base::wait_first_byte(result.socket, limit)) return;
    const bool ended = waitpid(pid_, nullptr, WNOHANG) == pid_;
    if (ended) pid_ = -1;
    if (ended || limit.passed(clock.now())) {
      throw std::runtime_error("the server did not start:\n" +
                               text_of_file(folder_ / "server.log"));
    }
    std::this_thread::sleep_for(20ms);  // nothing tells when another process listens
  }
}

void TestServer::end(int signal) {
  if (pid_ <= 0) return;
  ::kill(pid_, signal);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void TestServer::kill() { end(SIGKILL); }

void TestServer::shut_down() { end(SIGTERM); }

void TestServer::freeze() {
  ::kill(pid_, SIGSTOP);
  waitpid(pid_, nullptr, WUNTRACED);  // until every thread has stopped
}

void TestServer::thaw() { ::kill(pid_, SIGCONT); }

void TestServer::restart() { start(); }

}  // namespace test_support
