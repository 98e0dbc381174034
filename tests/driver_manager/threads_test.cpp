// Many threads on few physical connections: no error, no leak, the limit kept as the server sees
// it.
#include <array>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "fabric/mysql/server_connection.h"
#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

constexpr int kThreads = 100;
constexpr int kRounds = 10;
constexpr long kLimit = 8;

/// The largest number of sessions of user app that the server has shown, its own not counted.
class Watcher {
 public:
  explicit Watcher(const TestServer& server) : thread_([this, &server] { watch(server); }) {}
  ~Watcher() { stop(); }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  long stop() {
    done_ = true;
    if (thread_.joinable()) thread_.join();
    return most_;
  }

 private:
  void watch(const TestServer& server) {
    const fabric::base::SystemClock clock;
    fabric::mysql::Watchdog watchdog(clock);
    const auto never = fabric::base::Deadline::never();
    auto connection =
        fabric::mysql::ServerConnection::open(server.connect_options(), watchdog, never);
    while (!done_) {
      const auto reply = connection->query(
          "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'app' AND "
          "id <> CONNECTION_ID()",
          never);
      const fabric::mysql::Row* row = reply->fetch(never);
      const fabric::mysql::Cell cell = (*row)[0];
      most_ = std::max(most_, std::stol(std::string(cell.data, cell.data + cell.size)));
      while (reply->fetch(never) != nullptr) {
      }
    }
  }

  std::atomic<bool> done_{false};
  long most_ = 0;
  std::thread thread_;
};

TEST(Threads, ShareEightPhysicalConnections) {
  // A server of its own: nobody else's sessions are counted.
  TestServer server(ServerKind::kMariaDb);
  use_private_odbc_configuration();
  const std::string text =
      connection_string(server.endpoint(), "MAX_POOL_SIZE=8;POOL_TIMEOUT=100;");
  const OdbcEnvironment environment;
  std::mutex mutex;
  std::vector<std::string> failures;
  std::atomic<int> answers{0};
  Watcher watcher(server);
  const auto work = [&](int number) {
    try {
      for (int round = 0; round < kRounds; ++round) {
        OdbcConnection connection(environment);
        connection.connect(text);
        OdbcStatement statement(connection);
        const std::string wanted = std::to_string(number * kRounds + round);
        // A session state that must not reach the next borrower, and a look whether one has.
        if (statement.value("SELECT @left_behind") != "NULL") {
          throw std::runtime_error("another session's variable is there");
        }
        statement.execute("SET @left_behind = " + wanted);
        if (statement.value("SELECT @left_behind") == wanted) ++answers;
      }
    } catch (const std::exception& error) {
      const std::lock_guard lock(mutex);
      failures.emplace_back(error.what());
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
  const long most = watcher.stop();
  EXPECT_TRUE(failures.empty()) << failures.size() << " failures, the first: " << failures.front();
  EXPECT_EQ(answers, kThreads * kRounds);
  EXPECT_LE(most, kLimit);
  EXPECT_GT(most, 0);
}

TEST(Threads, ShareOneConnectionHandle) {
  TestServer& server = TestServer::shared(ServerKind::kMariaDb);
  const OdbcEnvironment environment;
  OdbcConnection connection(environment);
  connection.connect(connection_string(server.endpoint()));
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int number = 0; number < 8; ++number) {
    threads.emplace_back([&, number] {
      OdbcStatement statement(connection);
      for (int round = 0; round < 50; ++round) {
        const std::string value = std::to_string(number * 1000 + round);
        statement.execute("SELECT " + value + " UNION ALL SELECT " + value + " + 1");
        if (statement.rows().front().front() != value) ++wrong;
        statement.close();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

class CancelledThread : public ServerCase {
 protected:
  static bool reads_the_last_row(SQLHSTMT statement) {
    std::array<char, 9000> text{};
    SQLLEN length = 0;
    return SQLFetchScroll(statement, SQL_FETCH_LAST, 0) == SQL_SUCCESS &&
           SQLGetData(statement, 1, SQL_C_CHAR, text.data(), text.size(), &length) == SQL_SUCCESS &&
           length == 8000;
  }
};

TEST_P(CancelledThread, EndsBehindItsCall) {
  OdbcStatement statement(connection_);
  const auto run = [](void* handle) -> void* {
    std::string sql = "SELECT SLEEP(1)";
    SQLExecDirect(handle, reinterpret_cast<SQLCHAR*>(sql.data()), SQL_NTS);
    pthread_testcancel();
    return nullptr;
  };
  OdbcConnection other(environment_);
  other.connect(connection_string(server_.endpoint()));
  pthread_t thread{};
  ASSERT_EQ(pthread_create(&thread, nullptr, run, statement.raw()), 0);
  while (OdbcStatement(other).value("SELECT COUNT(*) FROM information_schema.processlist WHERE "
                                    "info = 'SELECT SLEEP(1)'") == "0") {
    std::this_thread::yield();
  }
  pthread_cancel(thread);
  void* result = nullptr;
  pthread_join(thread, &result);
  EXPECT_EQ(result, PTHREAD_CANCELED);
  statement.close();
  EXPECT_EQ(ask("SELECT 1"), "1");
}

TEST_P(CancelledThread, ReadsItsRowsFromAFileFirst) {
  OdbcConnection connection(environment_);
  connection.connect(connection_string(server_.endpoint(), "SPOOL_MEMORY=4096;"));
  OdbcStatement statement(connection);
  statement.check(
      SQLSetStmtAttr(statement.raw(), SQL_ATTR_CURSOR_TYPE, attribute_value(SQL_CURSOR_STATIC), 0));
  std::string rows = "SELECT REPEAT('x', 8000)";
  for (int row = 1; row < 30; ++row) rows += " UNION ALL SELECT REPEAT('y', 8000)";
  statement.execute(rows);
  const auto run = [](void* handle) -> void* {
    pthread_cancel(pthread_self());  // takes effect at the next wait, of the file too
    if (reads_the_last_row(handle)) pthread_testcancel();
    return nullptr;
  };
  pthread_t thread{};
  ASSERT_EQ(pthread_create(&thread, nullptr, run, statement.raw()), 0);
  void* result = nullptr;
  pthread_join(thread, &result);
  EXPECT_EQ(result, PTHREAD_CANCELED);
  EXPECT_EQ(SQLFetchScroll(statement.raw(), SQL_FETCH_FIRST, 0), SQL_SUCCESS);
}

FOR_EVERY_SERVER(CancelledThread);

}  // namespace
}  // namespace test_support
