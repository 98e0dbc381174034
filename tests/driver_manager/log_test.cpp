// LOG, LOG_LEVEL and POOL_LEAK_WARN: what happens inside, as an operator reads it.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/driver_manager/failover_farm.h"
#include "tests/driver_manager/in_child.h"
#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

/// A log of its own, read until a text is there.
class LogFile {
 public:
  explicit LogFile(const std::string& name)
      : path_(std::filesystem::temp_directory_path() /
              ("fabric-odbc-" + name + "-" + std::to_string(getpid()) + ".log")) {}
  ~LogFile() { std::filesystem::remove(path_); }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] std::string text() const {
    std::stringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }
  [[nodiscard]] bool says(const std::string& wanted) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (text().find(wanted) == std::string::npos) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::yield();
    }
    return true;
  }

 private:
  std::filesystem::path path_;
};

class Logs : public ServerCase {
 protected:
  [[nodiscard]] std::string logged(const std::string& more) const {
    return connection_string(server_.endpoint(), "LOG=" + log_.path() + ";" + more);
  }

  LogFile log_{std::string("log-") + name_of(GetParam())};
};

TEST_P(Logs, TellOfConnectionsAndSessionsWithoutSecrets) {
  OdbcConnection connection(environment_);
  connection.connect(logged("LOG_LEVEL=DEBUG;POOLING=0"));
  const std::string thread = OdbcStatement(connection).value("SELECT CONNECTION_ID()");
  connection.disconnect();
  EXPECT_TRUE(connection.diagnostics().empty());
  for (const std::string& line :
       {"pool " + server_.endpoint().text() + " user app: connected in ", "server thread " + thread,
        std::string("without a DSN connected: group '', "),
        std::string("without a DSN disconnected"),
        "closed server thread " + thread + ": unpooled"}) {
    EXPECT_TRUE(log_.says(line)) << line << "\n" << log_.text();
  }
  OdbcConnection refused(environment_);
  EXPECT_EQ(state_of([&] {
              refused.connect("DRIVER={fabric};SERVER=127.0.0.1;PORT=" +
                              std::to_string(server_.endpoint().port) +
                              ";UID=app;PWD=sEcReT-pw;LOG=" + log_.path() + ";LOG_LEVEL=DEBUG");
            }),
            "28000");
  EXPECT_EQ(state_of([&] {
              OdbcConnection(environment_).connect(logged("INITSTMT={SET @a = ; 'sEcReT'}"));
            }),
            "42000");
  EXPECT_TRUE(log_.says("INITSTMT failed\n")) << log_.text();
  EXPECT_TRUE(log_.says("] error: session ")) << log_.text();
  EXPECT_TRUE(log_.says(" without a DSN could not connect: ")) << log_.text();
  EXPECT_EQ(log_.text().find("sEcReT"), std::string::npos) << log_.text();
  EXPECT_EQ(log_.text().find("apppw"), std::string::npos) << log_.text();
}

TEST_P(Logs, ThatCannotBeWrittenAreAWarning) {
  OdbcConnection connection(environment_);
  connection.connect(connection_string(server_.endpoint(), "LOG=/nowhere/at/all"));
  ASSERT_FALSE(connection.diagnostics().empty());
  EXPECT_EQ(connection.diagnostics().front().state, "01S00");
}

TEST_P(Logs, GoOnInAForkedChild) {
  OdbcConnection connection(environment_);
  connection.connect(logged("LOG_LEVEL=INFO"));
  EXPECT_EQ(in_child([&] {
              OdbcStatement(connection).execute("SELECT 1");
              return log_.says("[" + std::to_string(getpid()) + "] info: pool ") ? 0 : 1;
            }),
            0)
      << log_.text();
}

TEST_P(Logs, NameWhoHoldsAConnectionForLong) {
  OdbcConnection connection(environment_);
  connection.connect(logged("POOL_LEAK_WARN=1ms"));
  EXPECT_TRUE(log_.says("has been held for ")) << log_.text();
  EXPECT_TRUE(log_.says("longer than its POOL_LEAK_WARN")) << log_.text();
}

FOR_EVERY_SERVER(Logs);

class FailoverLog : public FailoverFarm {
 protected:
  std::string status(const std::string& name) {
    for (const OdbcRow& row : rows_of("SHOW FABRIC STATUS")) {
      if (row.at(0) == name) return row.at(1).value_or("NULL");
    }
    return "missing";
  }
  std::vector<OdbcRow> rows_of(const std::string& sql) {
    OdbcStatement statement(connection_);
    statement.execute(sql);
    return statement.rows();
  }

  LogFile log_{"failover"};
};

TEST_F(FailoverLog, TellsOfStatementsThatFailedWithTheirConnection) {
  connect("LOG=" + log_.path() + ";LOG_LEVEL=ERROR");
  run("START TRANSACTION");
  insert();
  first_network_.cut();
  EXPECT_EQ(insert_state(), "40001") << sentence_;
  EXPECT_TRUE(log_.says(": a statement failed with its connection (40001): ")) << log_.text();
  EXPECT_EQ(log_.text().find("INSERT"), std::string::npos) << log_.text();
}

TEST_F(FailoverLog, TellsWhoBecamePrimaryAndHowLongItTook) {
  connect("LOG=" + log_.path() + ";LOG_LEVEL=INFO");
  insert();
  const int failovers = std::stoi(status("failovers"));
  first_network_.set(FaultProxy::refusing());
  first_network_.cut();
  primary_is_second();
  EXPECT_EQ(insert_state(), "00000") << sentence_;
  EXPECT_TRUE(log_.says("group g1: primary " + first_network_.endpoint().text() + " -> " +
                        second_network_.endpoint().text() + " (failover, "))
      << log_.text();
  EXPECT_TRUE(log_.says("a statement is run again unseen")) << log_.text();
  EXPECT_TRUE(log_.says("is suspect: a session's link broke")) << log_.text();
  EXPECT_EQ(status("failovers"), std::to_string(failovers + 1));
  EXPECT_NE(status("time_to_recover"), "NULL");
  EXPECT_NE(status("node_calls").find("answered "), std::string::npos);
  first_network_.heal();
}

}  // namespace
}  // namespace test_support
