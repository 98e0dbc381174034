// A farm of two servers with a Fabric node in SQL, and one connection whose way through it a test
// follows. Booted once for all fixtures that derive from it, which leave it as it is.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

#include "fabric_odbc.h"
#include "tests/driver_manager/call_state.h"
#include "tests/driver_manager/odbc_fixture.h"
#include "tests/support/sql_node.h"
#include "tests/support/test_server.h"

namespace test_support {

/// Two servers: `first_` is the primary of g1, `second_` is g1's secondary, the primary of g2, and
/// the node. shop.orders is sharded by id: g1 from 1, g2 from 1000; the global group is g2.
class RouteFarm : public testing::Test, protected CallState {
 protected:
  static void SetUpTestSuite() {
    if (node_ != nullptr) return;
    node_ = std::make_unique<TestServer>(ServerKind::kMariaDb);
    install_sql_node(*node_);
    const OdbcEnvironment environment;
    OdbcConnection admin(environment);
    admin.connect(connection_string(node_->endpoint()));
    const std::string first = "127.0.0.1:" + std::to_string(server().endpoint().port);
    const std::string second = "127.0.0.1:" + std::to_string(node_->endpoint().port);
    const std::string also_second = "localhost:" + std::to_string(node_->endpoint().port);
    for (const std::string& call :
         {std::string("`group`.`create`('g1', '', 'true')"),
          std::string("`group`.`create`('g2', '', 'true')"),
          "server.register('u1', '" + first + "')", "server.register('u2', '" + second + "')",
          "server.register('u3', '" + also_second + "')",
          "`group`.`add`('g1', '" + first + "', 5, 'false', 'true')",
          "`group`.`add`('g1', '" + also_second + "', 5, 'false', 'true')",
          "`group`.`add`('g2', '" + second + "', 5, 'false', 'true')",
          std::string("`group`.promote('g1', 'u1', 'false', 'true')"),
          std::string("`group`.promote('g2', 'u2', 'false', 'true')"),
          std::string("sharding.create_definition('RANGE', 'g2', 'true')"),
          std::string("sharding.add_table(1, 'shop.orders', 'id', 'true')"),
          std::string("sharding.add_shard(1, 'g1/1,g2/1000', 'ENABLED', 'true')")}) {
      OdbcStatement(admin).execute("CALL " + call);
    }
  }
  static TestServer& server() { return TestServer::shared(ServerKind::kMariaDb); }

  static std::string farm(const std::string& more) {
    return "DRIVER={fabric};FABRIC_PROTOCOL=mysql;FABRIC_NODES=127.0.0.1:" +
           std::to_string(node_->endpoint().port) + ";UID=app;PWD=apppw;DATABASE=test;" + more;
  }

  void set(SQLINTEGER attribute, const std::string& text) {
    connection_.check(SQLSetConnectAttr(connection_.raw(), attribute, SQLPOINTER(text.data()),
                                        static_cast<SQLINTEGER>(text.size())));
  }
  void set_wide(SQLINTEGER attribute, const std::string& text) {
    std::u16string wide = utf16_of(text);
    connection_.check(SQLSetConnectAttrW(connection_.raw(), attribute, wide.data(),
                                         static_cast<SQLINTEGER>(wide.size() * sizeof(SQLWCHAR))));
  }
  void set_number(SQLINTEGER attribute, std::uintptr_t number,
                  SQLINTEGER length = SQL_IS_UINTEGER) {
    connection_.check(SQLSetConnectAttr(connection_.raw(), attribute,
                                        reinterpret_cast<SQLPOINTER>(number), length));
  }
  std::string get(SQLINTEGER attribute) {
    std::array<char, 128> room{};
    SQLINTEGER length = -1;
    connection_.check(SQLGetConnectAttr(connection_.raw(), attribute, room.data(),
                                        static_cast<SQLINTEGER>(room.size()), &length));
    EXPECT_EQ(static_cast<std::size_t>(length), std::string(room.data()).size());
    return room.data();
  }
  SQLUINTEGER get_number(SQLINTEGER attribute) {
    SQLUINTEGER number = 99;
    connection_.check(
        SQLGetConnectAttr(connection_.raw(), attribute, &number, SQL_IS_UINTEGER, nullptr));
    return number;
  }
  void run(const std::string& sql) { OdbcStatement(connection_).execute(sql); }
  /// Which server answers.
  std::string place() {
    const std::string port = OdbcStatement(connection_).value("SELECT @@port");
    if (port == std::to_string(server().endpoint().port)) return "first";
    return port == std::to_string(node_->endpoint().port) ? "second" : port;
  }

  static inline std::unique_ptr<TestServer> node_;
  OdbcEnvironment environment_;
  OdbcConnection connection_{environment_};
};

}  // namespace test_support
