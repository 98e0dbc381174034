// The first things an application does, through the driver manager.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "tests/driver_manager/odbc_fixture.h"
#include "tests/support/test_server.h"

namespace test_support {
namespace {

class Connect : public testing::TestWithParam<ServerKind> {
 protected:
  OdbcEnvironment environment_;
  TestServer& server_ = TestServer::shared(GetParam());
};

TEST_P(Connect, RunsAQueryOverAPlainConnectionString) {
  OdbcConnection connection(environment_);
  connection.connect(connection_string(server_.endpoint()));
  OdbcStatement statement(connection);
  EXPECT_EQ(statement.value("SELECT CONCAT('a', 1 + 1)"), "a2");
}

TEST_P(Connect, CompletesTheStringWithoutThePassword) {
  OdbcConnection connection(environment_);
  const std::string completed = connection.connect(connection_string(server_.endpoint()));
  EXPECT_NE(completed.find("UID=app"), std::string::npos) << completed;
  EXPECT_EQ(completed.find("apppw"), std::string::npos) << completed;
}

TEST_P(Connect, OpensADsnOfOdbcIni) {
  write_dsn("plain", "SERVER = 127.0.0.1\nPORT = " + std::to_string(server_.endpoint().port) +
                         "\nUID = app\nPWD = apppw\nDATABASE = test\n");
  OdbcConnection connection(environment_);
  connection.connect("DSN=plain");
  OdbcStatement statement(connection);
  EXPECT_EQ(statement.value("SELECT DATABASE()"), "test");
}

TEST_P(Connect, NamesAWrongPasswordWithoutShowingIt) {
  OdbcConnection connection(environment_);
  try {
    connection.connect("DRIVER={fabric};SERVER=127.0.0.1;PORT=" +
                       std::to_string(server_.endpoint().port) + ";UID=app;PWD=wrong-secret");
    FAIL() << "the login was accepted";
  } catch (const OdbcError& error) {
    EXPECT_EQ(error.state(), "28000");
    EXPECT_EQ(error.native(), 1045);
    EXPECT_EQ(std::string(error.what()).find("wrong-secret"), std::string::npos);
  }
}

TEST_P(Connect, OpensAsManyConnectionsAsAProgramWithThreadsMay) {
  std::vector<std::unique_ptr<OdbcConnection>> open;
  for (int i = 0; i < 40; ++i) {
    open.push_back(std::make_unique<OdbcConnection>(environment_));
    open.back()->connect(connection_string(server_.endpoint(), "POOL_TIMEOUT=1s"));
  }
  EXPECT_EQ(OdbcStatement(*open.back()).value("SELECT 1"), "1");
}

INSTANTIATE_TEST_SUITE_P(Servers, Connect, testing::ValuesIn(server_kinds()),
                         [](const auto& kind) { return name_of(kind.param); });

}  // namespace
}  // namespace test_support
