// Servers that come back at once, that have no room for another connection or row, and a node that
// is away while they fail.
#include <future>
#include <memory>

#include "tests/driver_manager/failover_farm.h"

namespace test_support {
namespace {

using std::chrono::milliseconds;

class FailoverServer : public FailoverFarm {
 protected:
  [[nodiscard]] bool node_was_told() const {
    for (const std::string& sql : node_.statements()) {
      if (sql.find("threat.") != sql.npos) return true;
    }
    return false;
  }

  using Crowd = std::vector<std::unique_ptr<OdbcConnection>>;
  /// first_ lets nobody else in, as long as these stay.
  [[nodiscard]] Crowd fill_first() {
    run_on(first_, "SET GLOBAL max_connections = 10");
    Crowd crowd;
    const auto crowd_in = [&] {
      crowd.push_back(std::make_unique<OdbcConnection>(environment_));
      crowd.back()->connect(connection_string(first_.endpoint(), "POOLING=0;FAILOVER_TIMEOUT=1s"));
    };
    while (state_of(crowd_in) == "00000" && crowd.size() < 20) continue;
    EXPECT_TRUE(says("Too many connections")) << sentence_;
    return crowd;
  }
  void TearDown() override { run_on(first_, "SET GLOBAL max_connections = 151"); }
};

TEST_F(FailoverServer, LeavesAConnectionThatIsNotDead) {
  connect();
  connection_.autocommit(false);
  insert();
  const auto dead = [&] {
    SQLUINTEGER value = 99;
    connection_.check(
        SQLGetConnectAttr(connection_.raw(), SQL_ATTR_CONNECTION_DEAD, &value, 0, nullptr));
    return value;
  };
  primary_is_second();
  first_network_.set(FaultProxy::refusing());
  first_network_.cut();
  EXPECT_EQ(dead(), SQLUINTEGER{SQL_CD_FALSE});  // Poco would refuse to use it
  EXPECT_EQ(insert_state(), "40001");
  EXPECT_EQ(dead(), SQLUINTEGER{SQL_CD_FALSE});
  connection_.end(SQL_ROLLBACK);
  EXPECT_EQ(place(), "second");
}

TEST_F(FailoverServer, ThatRestartsQuicklyIsWaitedForAndComesBack) {
  connect();
  OdbcConnection reader(environment_);
  reader.connect(farm());
  insert();
  first_network_.set(FaultProxy::refusing());  // as the host of a dead server does
  first_network_.cut();
  first_.shut_down();
  auto write = std::async(std::launch::async, [&] { return insert_state(); });
  auto read = std::async(std::launch::async, [&] {
    return OdbcStatement(reader).value("SELECT COUNT(*) FROM counted WHERE n = 1");
  });
  first_.restart();
  first_network_.heal();
  const auto time = time_of([&] {
    EXPECT_EQ(write.get(), "00000") << sentence_;
    EXPECT_NE(read.get(), "0");
  });
  EXPECT_LT(time, kSlowness * milliseconds(1500));
  EXPECT_EQ(rows_on(first_), "2");
}

TEST_F(FailoverServer, ThatIsFullIsWaitedForAndNotReported) {
  Crowd crowd = fill_first();
  EXPECT_LT(time_of([&] {
              EXPECT_EQ(state_of([&] { connect("POOL_TIMEOUT=1s"); }), "08004") << sentence_;
            }),
            kSlowness * milliseconds(1500));
  EXPECT_TRUE(says("Too many connections")) << sentence_;
  OdbcConnection patient(environment_);
  auto wait = std::async(std::launch::async, [&] { patient.connect(farm()); });
  EXPECT_EQ(wait.wait_for(milliseconds(300)), std::future_status::timeout);
  crowd.clear();
  EXPECT_LT(time_of([&] { wait.get(); }), kSlowness * milliseconds(1500));
  EXPECT_EQ(OdbcStatement(patient).value("SELECT @@port"), std::to_string(first_.endpoint().port));
  EXPECT_FALSE(node_was_told());
}

TEST_F(FailoverServer, ThatIsFullIsNotWaitedForByReads) {
  primary_is_second(fabric::ServerStatus::kSecondary);
  const Crowd crowd = fill_first();
  for (int i = 0; i < 3; ++i) {
    OdbcConnection reader(environment_);
    const auto time = time_of([&] { reader.connect(farm("FABRIC_MODE=RO")); });
    EXPECT_LT(time, kSlowness * milliseconds(1000));
    EXPECT_EQ(OdbcStatement(reader).value("SELECT @@port"),
              std::to_string(second_.endpoint().port));
  }
  EXPECT_FALSE(node_was_told());
}

/// 1114, as InnoDB says of a full disk.
TEST_F(FailoverServer, WhoseTableIsFullIsNoFault) {
  connect();
  run("SET SESSION max_heap_table_size = 16384");
  run("CREATE OR REPLACE TABLE full_soon (t CHAR(250)) ENGINE=MEMORY");
  std::string state;
  while (state.empty() || state == "00000") {
    state = state_of([&] { run("INSERT INTO full_soon VALUES ('x'), ('x'), ('x'), ('x')"); });
  }
  EXPECT_EQ(state, "HY000") << sentence_;
  EXPECT_TRUE(says("is full")) << sentence_;
  EXPECT_EQ(insert_state(), "00000") << sentence_;
  EXPECT_EQ(place(), "first");
  EXPECT_FALSE(node_was_told());
}

TEST_F(FailoverServer, WhoseFaultNoNodeMayBeToldIsSaidSo) {
  takes_reports_ = false;
  primary_is_first();
  connect("FAILOVER_TIMEOUT=1500ms");
  first_network_.set(FaultProxy::refusing());
  first_network_.cut();
  EXPECT_EQ(insert_state(), "08001") << sentence_;
  EXPECT_TRUE(says("no node took the latest report of a fault")) << sentence_;
  EXPECT_TRUE(says("execute command denied")) << sentence_;
}

TEST_F(FailoverServer, AndItsNodeGoneTogetherAre08001AndComeBackTogether) {
  connect("FAILOVER_TIMEOUT=1500ms");
  node_.kill();
  EXPECT_EQ(insert_state(), "00000") << sentence_;  // by what is known
  first_network_.set(FaultProxy::refusing());
  first_network_.cut();
  const auto time = time_of([&] { EXPECT_EQ(insert_state(), "08001") << sentence_; });
  EXPECT_GE(time, milliseconds(1400));
  EXPECT_LT(time, kSlowness * milliseconds(2500));
  primary_is_second();
  node_.restart();
  EXPECT_EQ(insert_state(), "00000") << sentence_;
  EXPECT_EQ(rows_on(first_), "1");
  EXPECT_EQ(rows_on(second_), "1");
}

TEST_F(FailoverServer, GoneWithItsNodeAndBackWithoutItServesAgain) {
  connect();
  node_.kill();
  first_network_.set(FaultProxy::refusing());
  first_network_.cut();
  auto write = std::async(std::launch::async, [&] { return insert_state(); });
  EXPECT_EQ(write.wait_for(milliseconds(500)), std::future_status::timeout);
  first_network_.heal();
  EXPECT_LT(time_of([&] { EXPECT_EQ(write.get(), "00000") << sentence_; }),
            kSlowness * milliseconds(1500));
  EXPECT_EQ(rows_on(first_), "1");
}

}  // namespace
}  // namespace test_support
