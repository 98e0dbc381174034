// Who leads the group changes, or nobody does: by an administrator, by a server that takes no
// writes any more, by the loss of all secondaries.
#include <algorithm>
#include <future>
#include <thread>

#include "tests/driver_manager/failover_farm.h"
#include "tests/driver_manager/route_farm.h"

namespace test_support {
namespace {

using fabric::ServerStatus;
using std::chrono::milliseconds;

class FailoverRoles : public FailoverFarm {};

TEST_F(FailoverRoles, NoPrimaryForLongerThanTheBudgetIs08001) {
  connect("FAILOVER_TIMEOUT=1s");
  OdbcConnection second(environment_);
  nobody_leads();
  first_network_.set(FaultProxy::refusing());
  first_network_.cut();
  auto newcomer = std::async(std::launch::async, [&] {
    std::string state;
    const auto time = time_of([&] {
      try {
        second.connect(farm("FAILOVER_TIMEOUT=1s"));
      } catch (const OdbcError& error) {
        state = error.state();
      }
    });
    return std::pair(state, time);
  });
  const auto time = time_of([&] { EXPECT_EQ(insert_state(), "08001") << sentence_; });
  EXPECT_GE(time, milliseconds(950));
  EXPECT_LT(time, kSlowness * milliseconds(2000));
  const auto [state, newcomers_time] = newcomer.get();
  EXPECT_EQ(state, "08001");
  EXPECT_GE(newcomers_time, milliseconds(950));
  EXPECT_LT(newcomers_time, kSlowness * milliseconds(2000));
  primary_is_second();
  EXPECT_EQ(insert_state(), "00000") << sentence_;
  EXPECT_EQ(rows_on(second_), "1");
}

TEST_F(FailoverRoles, WaitersGoOnWhenAPrimaryIsNamed) {
  connect();
  OdbcConnection second(environment_);
  nobody_leads();
  first_network_.set(FaultProxy::refusing());
  first_network_.cut();
  auto write = std::async(std::launch::async, [&] { return insert_state(); });
  auto newcomer = std::async(std::launch::async, [&] { second.connect(farm()); });
  EXPECT_EQ(write.wait_for(milliseconds(700)), std::future_status::timeout);
  EXPECT_EQ(newcomer.wait_for(milliseconds(0)), std::future_status::timeout);
  primary_is_second();
  const auto time = time_of([&] {
    EXPECT_EQ(write.get(), "00000") << sentence_;
    newcomer.get();
  });
  EXPECT_LT(time, kSlowness * milliseconds(1000));
  EXPECT_EQ(rows_on(second_), "1");
}

TEST_F(FailoverRoles, ReadsGoToThePrimaryWhenAllSecondariesAreGone) {
  connect("FABRIC_MODE=RO");
  EXPECT_EQ(place(), "second");
  second_network_.set(FaultProxy::refusing());
  second_network_.cut();
  EXPECT_LT(time_of([&] { EXPECT_EQ(place(), "first"); }), kSlowness * milliseconds(1000));
  second_network_.heal();
  tell({{"u1", first_network_.endpoint(), ServerStatus::kPrimary}});
  OdbcConnection second(environment_);
  second.connect(farm("FABRIC_MODE=RO"));
  EXPECT_EQ(OdbcStatement(second).value("SELECT COUNT(*) FROM counted"), "0");
}

/// The first server is scripted: it refuses writes with a given error.
struct Refusal {
  unsigned number;
  const char* state;
  const char* text;
  const char* told;  ///< of an autocommit INSERT; of one in a transaction it is always 40001
};

class RefusingPrimary : public FailoverFarm, public testing::WithParamInterface<Refusal> {
 protected:
  RefusingPrimary() {
    primary_.on_query([this](std::string_view sql) {
      if (!sql.starts_with("INSERT")) return FakeServer::ok();
      primary_is_second();
      FakeAnswer refusal = FakeServer::error(GetParam().number, GetParam().state, GetParam().text);
      if (GetParam().told != std::string("00000")) refusal.then = FakeAnswer::Then::kClose;
      return refusal;
    });
    tell({{"u1", primary_.endpoint(), ServerStatus::kPrimary},
          {"u2", second_network_.endpoint(), ServerStatus::kSecondary}});
    connect();
    if (GetParam().told != std::string("00000")) {
      primary_.refuse_logins(GetParam().number, GetParam().state, GetParam().text);
    }
  }
  FakeServer primary_;
};

TEST_P(RefusingPrimary, GivesWayToTheNext) {
  const auto time = time_of([&] { EXPECT_EQ(insert_state(), GetParam().told) << sentence_; });
  EXPECT_LT(time, kSlowness * milliseconds(2000));
  EXPECT_EQ(rows_on(second_), GetParam().told == std::string("00000") ? "1" : "0");
  EXPECT_EQ(place(), "second");
}

TEST_P(RefusingPrimary, EndsATransaction) {
  connection_.autocommit(false);
  run("UPDATE counted SET n = 2");
  EXPECT_EQ(insert_state(), "40001") << sentence_;
  EXPECT_EQ(insert_state(), "25S03");
  connection_.end(SQL_ROLLBACK);
  EXPECT_EQ(insert_state(), "00000") << sentence_;
  connection_.end(SQL_COMMIT);
  EXPECT_EQ(rows_on(second_), "1");
}

INSTANTIATE_TEST_SUITE_P(
    With, RefusingPrimary,
    testing::Values(
        Refusal{1290, "HY000",
                "The MySQL server is running with the --super-read-only option so it cannot "
                "execute this statement",
                "00000"},
        Refusal{1836, "HY000", "Running in read-only mode", "00000"},
        Refusal{1047, "08S01", "WSREP has not yet prepared node for application use", "00000"},
        Refusal{3100, "HY000", "Error on observer while running replication hook 'before_commit'.",
                "00000"},
        // These two may end a statement that runs already.
        Refusal{1053, "08S01", "Server shutdown in progress", "08007"},
        Refusal{3032, "HY000", "The server is currently in offline mode", "08007"}),
    [](const auto& refusal) { return std::to_string(refusal.param.number); });

/// MySQL 5.7 and later: sessions are ended and logins refused. Scripted, for lack of such a server.
TEST_F(FailoverRoles, OfflineModeSendsEverybodyToTheNext) {
  FakeServer offline;
  tell({{"u1", offline.endpoint(), ServerStatus::kPrimary},
        {"u2", second_network_.endpoint(), ServerStatus::kSecondary}});
  connect();
  insert();
  offline.refuse_logins(3032, "HY000", "The server is currently in offline mode");
  offline.drop_connections();
  auto write = std::async(std::launch::async, [&] { return insert_state(); });
  EXPECT_EQ(write.wait_for(milliseconds(300)), std::future_status::timeout);
  primary_is_second(ServerStatus::kSpare);
  EXPECT_LT(time_of([&] { EXPECT_EQ(write.get(), "00000") << sentence_; }),
            kSlowness * milliseconds(1000));
  EXPECT_EQ(rows_on(second_), "1");
}

/// A planned switch-over at a node in SQL.
class SwitchOver : public RouteFarm {
 protected:
  SwitchOver() {
    admin_.connect(connection_string(node_->endpoint()));
    connection_.connect(with_group());
    EXPECT_EQ(place(), "first");
  }
  /// The process has heard that all is as it was.
  ~SwitchOver() override {
    promote("u1");
    OdbcConnection last(environment_);
    last.connect(with_group());
    EXPECT_TRUE(comes_to("first", last));
  }

  static std::string with_group() { return farm("FABRIC_GROUP=g1;FABRIC_TTL=1s"); }
  void call(const std::string& command) { OdbcStatement(admin_).execute("CALL " + command); }
  void promote(const std::string& uuid) {
    call("`group`.promote('g1', '" + uuid + "', 'true', 'true')");
  }
  static std::string place_of(const OdbcConnection& connection) {
    const std::string port = OdbcStatement(connection).value("SELECT @@port");
    return port == std::to_string(node_->endpoint().port) ? "second" : "first";
  }
  /// True once a statement runs there; none may fail meanwhile.
  static bool comes_to(const std::string& where, const OdbcConnection& connection) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(3);
    while (place_of(connection) != where) {
      if (std::chrono::steady_clock::now() > limit) return false;
    }
    return true;
  }
  /// True once the process knows that the group has none.
  bool hears_of_no_primary() {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < limit) {
      OdbcStatement statement(connection_);
      statement.execute("SHOW FABRIC SERVERS");
      const auto rows = statement.rows();
      const bool leads = std::ranges::any_of(rows, [](const OdbcRow& row) {
        return row.at(0) == "g1" && std::ranges::find(row, "PRIMARY") != row.end();
      });
      if (!leads) return true;
      std::this_thread::sleep_for(milliseconds(20));
    }
    return false;
  }
  OdbcConnection admin_{environment_};
};

TEST_F(SwitchOver, MovesASessionWithoutAnError) {
  promote("u3");
  EXPECT_TRUE(comes_to("second", connection_));
}

TEST_F(SwitchOver, LetsATransactionEndWhereItBegan) {
  OdbcConnection other(environment_);
  other.connect(with_group());
  OdbcStatement(other).execute("CREATE OR REPLACE TABLE moved (n INT) ENGINE=InnoDB");
  other.autocommit(false);
  OdbcStatement(other).execute("INSERT INTO moved VALUES (1)");
  promote("u3");
  EXPECT_TRUE(comes_to("second", connection_));
  OdbcStatement(other).execute("INSERT INTO moved VALUES (2)");
  other.end(SQL_COMMIT);
  EXPECT_EQ(place_of(other), "second");
  other.end(SQL_COMMIT);
  OdbcConnection direct(environment_);
  direct.connect(connection_string(server().endpoint()));
  EXPECT_EQ(OdbcStatement(direct).value("SELECT COUNT(*) FROM moved"), "2");
}

TEST_F(SwitchOver, BetweenTwoPrimariesEverybodyWaits) {
  call("`group`.demote('g1', 'false', 'true')");
  ASSERT_TRUE(hears_of_no_primary());
  OdbcConnection second(environment_);
  auto newcomer = std::async(std::launch::async, [&] { second.connect(with_group()); });
  EXPECT_EQ(newcomer.wait_for(milliseconds(500)), std::future_status::timeout);
  promote("u3");
  newcomer.get();
  EXPECT_EQ(place_of(second), "second");
  EXPECT_TRUE(comes_to("second", connection_));
}

}  // namespace
}  // namespace test_support
