// What needs a server of its own, through the driver manager: one that keeps table names in small
// letters, one with TLS, one that stops reading.
#include <array>
#include <chrono>
#include <set>

#include "tests/driver_manager/call_state.h"
#include "tests/driver_manager/server_case.h"
#include "tests/support/certificates.h"
#include "tests/support/fault_proxy.h"

namespace test_support {
namespace {

class OwnServer : public testing::TestWithParam<ServerKind>, protected CallState {
 protected:
  OdbcEnvironment environment_;
};

TEST_P(OwnServer, KeepsTableNamesInSmallLetters) {
  const TestServer server(GetParam(), {"--lower-case-table-names=1"});
  OdbcConnection connection(environment_);
  connection.connect(connection_string(server.endpoint()));
  OdbcStatement(connection).execute("CREATE DATABASE Shop");
  OdbcStatement(connection)
      .execute("CREATE TABLE Shop.Orders (Id INT PRIMARY KEY, b INT, KEY (b))");
  OdbcStatement(connection)
      .execute(
          "CREATE TABLE Shop.Lines (Id INT PRIMARY KEY, o INT, FOREIGN KEY (o) REFERENCES "
          "Shop.Orders (Id))");
  SQLUSMALLINT letters = 0;
  connection.check(SQLGetInfo(connection.raw(), SQL_IDENTIFIER_CASE, &letters, 0, nullptr));
  EXPECT_EQ(letters, SQL_IC_LOWER);
  OdbcStatement statement(connection);
  const auto names = [&](SQLRETURN result) {
    statement.check(result);
    std::string found;
    for (const OdbcRow& row : statement.rows())
      found += row[0].value() + "." + row[2].value() + " ";
    statement.close();
    return found;
  };
  SQLCHAR* shop = argument("SHOP");
  SQLCHAR* orders = argument("oRDERS");
  const SQLSMALLINT nts = SQL_NTS;
  EXPECT_EQ(names(SQLTables(statement.raw(), shop, nts, nullptr, 0, orders, nts, nullptr, 0)),
            "shop.orders ");
  EXPECT_EQ(
      names(SQLTables(statement.raw(), shop, nts, nullptr, 0, argument("O%"), nts, nullptr, 0)),
      "shop.orders ");
  EXPECT_EQ(names(SQLColumns(statement.raw(), shop, nts, nullptr, 0, orders, nts, nullptr, 0)),
            "shop.orders shop.orders ");
  EXPECT_EQ(names(SQLPrimaryKeys(statement.raw(), shop, nts, nullptr, 0, orders, nts)),
            "shop.orders ");
  EXPECT_EQ(names(SQLStatistics(statement.raw(), shop, nts, nullptr, 0, orders, nts, SQL_INDEX_ALL,
                                SQL_QUICK)),
            "shop.orders shop.orders ");
  EXPECT_EQ(names(SQLForeignKeys(statement.raw(), shop, nts, nullptr, 0, orders, nts, nullptr, 0,
                                 nullptr, 0, nullptr, 0)),
            "shop.orders ");
  statement.check(SQLSpecialColumns(statement.raw(), SQL_BEST_ROWID, shop, nts, nullptr, 0, orders,
                                    nts, SQL_SCOPE_SESSION, SQL_NULLABLE));
  EXPECT_EQ(statement.rows().size(), 1U);
}

/// It cuts every link on which such a statement comes, so that no other link would do.
TEST_P(OwnServer, IsNotSentForEverWhatItDoesNotTake) {
  const TestServer server(GetParam(), {"--max-allowed-packet=1M"});
  OdbcConnection connection(environment_);
  connection.connect(connection_string(server.endpoint()));
  OdbcStatement(connection).execute("CREATE TABLE test.large (b LONGBLOB)");
  const auto connections = [&] {
    OdbcConnection other(environment_);
    other.connect(connection_string(server.endpoint(), "POOLING=0;"));
    OdbcStatement statement(other);
    statement.execute("SHOW GLOBAL STATUS LIKE 'Connections'");
    statement.fetch();
    return std::stoi(statement.text(2).value());
  };
  const int before = connections();
  std::string bytes(std::size_t{8} << 20U, 'x');
  const auto as_text = [&] {
    OdbcStatement(connection).execute("INSERT INTO test.large VALUES ('" + bytes + "')");
  };
  const auto prepared = [&] {
    OdbcStatement statement(connection);
    statement.prepare("INSERT INTO test.large VALUES (?)");
    auto size = static_cast<SQLLEN>(bytes.size());
    statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_BINARY,
                                     SQL_LONGVARBINARY, bytes.size(), 0, bytes.data(), size,
                                     &size));
    statement.check(SQLExecute(statement.raw()));
  };
  const std::set<std::string> lost{"08S01", "08S02"};
  EXPECT_TRUE(lost.contains(state_of(as_text))) << sentence_;
  EXPECT_TRUE(says("max_allowed_packet")) << sentence_;
  EXPECT_TRUE(lost.contains(state_of(prepared))) << sentence_;
  EXPECT_TRUE(says("max_allowed_packet")) << sentence_;
  EXPECT_LT(connections() - before, 30);
  EXPECT_EQ(OdbcStatement(connection).value("SELECT COUNT(*) FROM test.large"), "0");
}

TEST_P(OwnServer, ThatStopsReadingEndsAWriteByItsTimeout) {
  TestServer server(GetParam(), {"--max-allowed-packet=64M"});
  OdbcConnection connection(environment_);
  connection.connect(connection_string(server.endpoint(), "WRITE_TIMEOUT=500ms"));
  OdbcStatement statement(connection);
  EXPECT_EQ(statement.value("SELECT 1"), "1");
  const std::string sql = "SELECT LENGTH('" + std::string(30U << 20U, 'x') + "')";
  server.freeze();
  const auto before = std::chrono::steady_clock::now();
  std::string state = "00000";
  try {
    statement.execute(sql);
  } catch (const OdbcError& error) {
    state = error.state();
    EXPECT_NE(std::string(error.what()).find("WRITE_TIMEOUT"), std::string::npos) << error.what();
  }
  server.thaw();
  EXPECT_EQ(state, "HYT01");
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(10));
}

INSTANTIATE_TEST_SUITE_P(Servers, OwnServer, testing::ValuesIn(server_kinds()),
                         [](const auto& kind) { return name_of(kind.param); });

class TlsLevels : public testing::Test {
 protected:
  /// The SQLSTATE of connecting with these keywords.
  std::string connect_state(const TestServer& server, const std::string& keywords,
                            const std::string& host = "127.0.0.1") {
    OdbcConnection connection(environment_);
    fabric::base::Endpoint endpoint = server.endpoint();
    endpoint.host = host;
    try {
      connection.connect(connection_string(endpoint, keywords));
    } catch (const OdbcError& error) {
      return error.state();
    }
    cipher_ = "";
    OdbcStatement statement(connection);
    statement.execute("SHOW STATUS LIKE 'Ssl_cipher'");
    cipher_ = statement.rows().at(0).at(1).value_or("");
    return "00000";
  }

  OdbcEnvironment environment_;
  std::string cipher_;
};

/// On MariaDB: MySQL 5.6 speaks an older TLS than the system's library does.
TEST_F(TlsLevels, ReachAServerOrRefuseIt) {
  static const Certificates certificates;
  const TestServer server(ServerKind::kMariaDb, certificates.server_options());
  const std::string right_ca = ";SSLCA=" + certificates.ca();
  const std::string wrong_ca = ";SSLCA=" + certificates.foreign_ca();
  EXPECT_EQ(connect_state(server, "SSLMODE=DISABLED"), "00000");
  EXPECT_EQ(cipher_, "");
  for (const char* mode : {"SSLMODE=PREFERRED", "SSLMODE=REQUIRED"}) {
    EXPECT_EQ(connect_state(server, mode), "00000") << mode;
    EXPECT_NE(cipher_, "") << mode;
  }
  EXPECT_EQ(connect_state(server, "SSLMODE=VERIFY_CA" + right_ca), "00000");
  EXPECT_NE(cipher_, "");
  EXPECT_EQ(connect_state(server, "SSLMODE=VERIFY_CA" + wrong_ca), "08001");
  EXPECT_EQ(connect_state(server, "SSLMODE=VERIFY_IDENTITY" + right_ca, "localhost"), "00000");
  EXPECT_EQ(connect_state(server, "SSLMODE=VERIFY_IDENTITY" + right_ca), "08001") << "another name";
  EXPECT_EQ(connect_state(server, "SSLMODE=VERIFY_IDENTITY" + wrong_ca, "localhost"), "08001");
  EXPECT_EQ(connect_state(server, "SSLVERIFY=1" + right_ca, "localhost"), "00000");
  EXPECT_NE(cipher_, "");
  EXPECT_EQ(connect_state(server, "SSLVERIFY=1" + right_ca), "08001") << "another name";
  EXPECT_EQ(connect_state(server, "SSLVERIFY=0" + right_ca), "00000");
  EXPECT_EQ(connect_state(server, "SSLVERIFY=0" + wrong_ca), "08001") << "named, so checked";
  EXPECT_EQ(connect_state(server, "DISABLE_SSL_DEFAULT=1"), "00000");
  EXPECT_EQ(cipher_, "");
  EXPECT_EQ(connect_state(server, "DISABLE_SSL_DEFAULT=1;SSL_ENFORCE=1"), "00000");
  EXPECT_NE(cipher_, "");
}

/// The library's reads there know no deadline of ours.
TEST_F(TlsLevels, GiveUpInTimeWhereAServerFallsSilentInTheHandshake) {
  const Certificates certificates;
  std::vector<std::string> options = certificates.server_options();
  options.emplace_back("--connect-timeout=600");
  const TestServer server(ServerKind::kMariaDb, options);
  FaultProxy deaf(server.endpoint());
  FaultProxy::Faults faults;
  faults.to_server.hold = true;  // it greets, and hears nothing
  deaf.set(faults);
  for (const char* mode : {"SSLMODE=PREFERRED", "SSLMODE=REQUIRED"}) {
    OdbcConnection connection(environment_);
    const auto before = std::chrono::steady_clock::now();
    EXPECT_THROW(connection.connect(connection_string(deaf.endpoint(),
                                                      std::string(mode) + ";FAILOVER_TIMEOUT=1s")),
                 OdbcError);
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(20)) << mode;
  }
}

TEST_F(TlsLevels, GoOnToTheNextServerWhereOneDiesInTheHandshake) {
  const Certificates certificates;
  const TestServer server(ServerKind::kMariaDb, certificates.server_options());
  FaultProxy dying(server.endpoint());
  FaultProxy::Faults faults;
  faults.to_client.closes_after = 200;  // behind the greeting
  dying.set(faults);
  OdbcConnection connection(environment_);
  connection.connect("SERVER=" + dying.endpoint().text() + "," + server.endpoint().text() + ";" +
                     connection_string(server.endpoint(), "SSLMODE=REQUIRED"));
  EXPECT_GE(dying.accepted(), 1U);  // the monitor may look as well
  EXPECT_EQ(OdbcStatement(connection).value("SELECT @@port"),
            std::to_string(server.endpoint().port));
}

}  // namespace
}  // namespace test_support
