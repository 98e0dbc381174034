// `fabricctl watch` on a replicated pair of each kind of server, round by round.
#include "tools/watch/watch.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "fabric/mysql/named_values.h"
#include "tests/support/sql_node.h"
#include "tests/support/test_server.h"

namespace tools::watch {
namespace {

using fabric::ServerStatus;
using fabric::base::Deadline;
using test_support::ServerKind;
using test_support::TestServer;
using namespace std::chrono_literals;

constexpr auto kLimit = 30s;

Deadline soon() {
  static const fabric::base::SystemClock clock;
  return Deadline::after(clock, kLimit);
}

/// The accounts are made at each start, and must not become part of the history.
class Accounts {
 public:
  explicit Accounts(ServerKind kind) {
    std::string pattern = (std::filesystem::temp_directory_path() / "fabric-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    folder_ = pattern;
    std::filesystem::permissions(folder_, std::filesystem::perms(0755));
    std::ofstream(file())
        << "SET SESSION sql_log_bin = 0;\n"
        << "CREATE DATABASE IF NOT EXISTS test;\n"
        << "GRANT ALL PRIVILEGES ON *.* TO 'app'@'%' IDENTIFIED BY 'apppw' WITH GRANT OPTION;\n"
        << (kind == ServerKind::kMySql56
                ? "DELETE FROM mysql.user WHERE User='';\nFLUSH PRIVILEGES;\n"
                : "");
  }
  ~Accounts() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Accounts(const Accounts&) = delete;
  Accounts& operator=(const Accounts&) = delete;
  [[nodiscard]] std::string file() const { return (folder_ / "accounts.sql").string(); }

 private:
  std::filesystem::path folder_;
};

std::vector<std::string> replicated(ServerKind kind, int id, const std::string& accounts) {
  std::vector<std::string> options{"--log-bin=bin",          "--binlog-format=ROW",
                                   "--log-slave-updates",    "--innodb-flush-log-at-trx-commit=2",
                                   "--relay-log=relay",      "--server-id=" + std::to_string(id),
                                   "--init-file=" + accounts};
  if (kind == ServerKind::kMySql56) {
    options.insert(options.end(), {"--gtid-mode=ON", "--enforce-gtid-consistency"});
  } else {
    options.emplace_back("--gtid-strict-mode=ON");
  }
  return options;
}

class WatchOfAPair : public testing::TestWithParam<ServerKind> {
 protected:
  static void SetUpTestSuite() {
    node_ = std::make_unique<TestServer>(ServerKind::kMariaDb);
    test_support::install_sql_node(*node_);
  }
  static void TearDownTestSuite() { node_.reset(); }

  void SetUp() override {
    a_ = std::make_unique<TestServer>(GetParam(), replicated(GetParam(), 1, accounts_.file()));
    b_ = std::make_unique<TestServer>(GetParam(), replicated(GetParam(), 2, accounts_.file()));
    sql(*node_,
        "DELETE FROM fabric.servers; DELETE FROM fabric.groups; DELETE FROM fabric.promotions;"
        "DELETE FROM fabric.upstreams; DELETE FROM fabric.watch_lease;"
        "CALL `group`.`create`('pair', '', 'true')");
    for (const auto* server : {a_.get(), b_.get()}) {
      const std::string address = server->endpoint().text();
      sql(*node_, "CALL server.register('" + uuid(*server) + "', '" + address +
                      "'); CALL `group`.`add`('pair', '" + address + "', 5, 'false', 'true')");
    }
    sql(*node_, "CALL `group`.promote('pair', '" + uuid(*a_) + "', 'false', 'true')");
    begin_watch();
    sql(*a_, "CREATE TABLE test.t (n INT PRIMARY KEY)");
    until([this] { return state_of(*b_).source && status(*b_) == ServerStatus::kSecondary; });
    write(*a_, 1);
    until([this] { return state_of(*b_).applied.contains(state_of(*a_).applied); });
  }

  static std::string uuid(const TestServer& server) {
    return "u" + std::to_string(server.endpoint().port);
  }

  static std::unique_ptr<fabric::mysql::ServerConnection> connect(const TestServer& server) {
    static const fabric::base::SystemClock clock;
    static fabric::mysql::Watchdog watchdog(clock);
    fabric::mysql::ConnectOptions options = server.connect_options();
    options.credentials.link.multi_statements = true;
    return fabric::mysql::ServerConnection::open(options, watchdog, soon());
  }
  static void sql(const TestServer& server, const std::string& text) {
    const auto connection = connect(server);
    const auto reply = connection->query(text, soon());
    while (reply->next_result(soon())) {
    }
  }
  static std::string value(const TestServer& server, const std::string& query) {
    const auto row = fabric::mysql::first_row(*connect(server), query, soon());
    return row && !row->empty() ? row->begin()->second : "";
  }
  static void write(const TestServer& server, int n) {
    sql(server, "INSERT INTO test.t VALUES (" + std::to_string(n) + ")");
  }
  static std::string rows(const TestServer& server) {
    return value(server, "SELECT GROUP_CONCAT(n ORDER BY n) FROM test.t");
  }

  void begin_watch(const std::string& fence_command = {},
                   fabric::base::Duration apply_timeout = 30s) {
    Options options;
    options.apply_timeout = apply_timeout;
    options.thresholds = {.probes = 2, .dead_after = 0s};
    options.replication_user = "app";
    options.replication_password = "apppw";
    options.fence_command = fence_command;
    options.drain = 0s;
    std::vector<driver::settings::Warning> warnings;
    watch_.reset();
    watch_ = std::make_unique<Watch>(
        driver::settings::settings_from_connection_string(
            "FABRIC_NODES=" + node_->endpoint().text() + ";FABRIC_PROTOCOL=mysql;UID=app;PWD=apppw",
            warnings),
        options, log_);
  }
  template <class Condition>
  void until(const Condition& reached) {
    const Deadline deadline = soon();
    while (!reached()) {
      ASSERT_FALSE(deadline.passed(std::chrono::steady_clock::now())) << said_.str();
      if (!watch_->round()) std::this_thread::yield();
    }
  }
  ServerStatus status(const TestServer& server) {
    return watch_->group("pair").find(uuid(server))->status;
  }
  [[nodiscard]] bool said(const std::string& words) const {
    return said_.str().find(words) != std::string::npos;
  }
  static ServerState state_of(const TestServer& server) {
    static const fabric::base::SystemClock clock;
    static fabric::mysql::Watchdog watchdog(clock);
    ServerLink link(server.endpoint(), server.connect_options().credentials, watchdog);
    return link.look(soon());
  }

  static inline std::unique_ptr<TestServer> node_;
  Accounts accounts_{GetParam()};
  std::unique_ptr<TestServer> a_, b_;
  std::ostringstream said_;
  Log log_{said_, false};
  std::unique_ptr<Watch> watch_;
};

TEST_P(WatchOfAPair, PromotesTheReplicaAndTakesTheOldPrimaryBack) {
  EXPECT_TRUE(state_of(*b_).read_only);  // made so by the first round
  a_->kill();
  until([this] { return status(*b_) == ServerStatus::kPrimary; });
  EXPECT_EQ(status(*a_), ServerStatus::kFaulty);
  EXPECT_TRUE(said("NOT FENCED"));
  write(*b_, 2);
  EXPECT_EQ(rows(*b_), "1,2");

  a_->restart();
  EXPECT_FALSE(state_of(*a_).read_only);  // as its configuration says
  until([this] { return status(*a_) == ServerStatus::kSecondary; });
  EXPECT_TRUE(state_of(*a_).read_only);
  EXPECT_EQ(rows(*a_), "1,2");
}

TEST_P(WatchOfAPair, LeavesOutAnOldPrimaryThatHoldsMore) {
  sql(*b_, "STOP SLAVE IO_THREAD");
  write(*a_, 7);  // acknowledged, since nothing here is semi-synchronous; b never hears of it
  a_->kill();
  until([this] { return status(*b_) == ServerStatus::kPrimary; });
  write(*b_, 2);
  a_->restart();
  until([this] { return said("left out: it holds"); });
  EXPECT_EQ(status(*a_), ServerStatus::kFaulty);
  EXPECT_TRUE(state_of(*a_).read_only);
  EXPECT_EQ(rows(*b_), "1,2");
  EXPECT_EQ(rows(*a_), "1,7");
}

TEST_P(WatchOfAPair, SwitchesOverWithoutLosingAnything) {
  write(*a_, 2);
  watch_->ask("pair", "");
  until([this] { return status(*b_) == ServerStatus::kPrimary; });
  EXPECT_TRUE(said("fenced: read_only"));
  EXPECT_EQ(rows(*b_), "1,2");
  until([this] { return status(*a_) == ServerStatus::kSecondary; });
  write(*b_, 3);
  watch_->ask("pair", uuid(*a_));
  until([this] { return status(*a_) == ServerStatus::kPrimary; });
  EXPECT_EQ(rows(*a_), "1,2,3");
}

/// So the first statement there sees what it received: a client of MySQL 5.6 could not ask for it.
TEST_P(WatchOfAPair, NamesNobodyWhoHasNotAppliedWhatItReceived) {
  const auto reader = connect(*b_);
  reader->run("LOCK TABLES test.t READ", soon());  // its applier waits
  write(*a_, 2);
  until([this] { return state_of(*b_).received.contains(state_of(*a_).applied); });
  a_->kill();
  begin_watch({}, 200ms);
  until([this] { return said("has not applied what it received yet"); });
  EXPECT_EQ(watch_->group("pair").primary(), nullptr);
  reader->run("UNLOCK TABLES", soon());
  until([this] { return status(*b_) == ServerStatus::kPrimary; });
  EXPECT_EQ(rows(*b_), "1,2");
}

TEST_P(WatchOfAPair, PromotesNothingWhileTheFenceCommandFails) {
  const std::string mark = (a_->folder() / "fenced").string();
  const std::string command =
      "test -e " + mark + " && test \"$FABRIC_PORT\" = " + std::to_string(a_->endpoint().port);
  begin_watch(command);
  a_->kill();
  until([this] { return said("the fence command ended with 1"); });
  EXPECT_EQ(watch_->group("pair").primary(), nullptr);
  std::ofstream{mark};
  begin_watch(command);  // another instance goes on from there
  until([this] { return status(*b_) == ServerStatus::kPrimary; });
  EXPECT_TRUE(said("fenced by the command"));
}

INSTANTIATE_TEST_SUITE_P(Servers, WatchOfAPair, testing::ValuesIn(test_support::server_kinds()),
                         [](const auto& one) { return name_of(one.param); });

}  // namespace
}  // namespace tools::watch
