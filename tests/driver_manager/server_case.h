// A test that has one open connection to a server of the kind it is parametrised over.
#pragma once

#include <gtest/gtest.h>

#include "tests/driver_manager/odbc_fixture.h"
#include "tests/support/test_server.h"

namespace test_support {

class ServerCase : public testing::TestWithParam<ServerKind> {
 protected:
  ServerCase() { connection_.connect(connection_string(server_.endpoint())); }

  /// An empty table in place of any of that name.
  void make_table(const std::string& name, const std::string& columns) {
    OdbcStatement statement(connection_);
    statement.execute("DROP TABLE IF EXISTS " + name);
    statement.execute("CREATE TABLE " + name + " (" + columns +
                      ") ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4");
  }

  /// "NULL" or the text of a one-row, one-column query.
  std::string ask(std::string_view sql) { return OdbcStatement(connection_).value(sql); }

  /// The SQLSTATE that `call` fails with; "00000" when it does not.
  template <class Call>
  static std::string state_of(Call&& call) {
    try {
      call();
      return "00000";
    } catch (const OdbcError& error) {
      return error.state();
    }
  }

  TestServer& server_ = TestServer::shared(GetParam());
  OdbcEnvironment environment_;
  OdbcConnection connection_{environment_};
};

/// Instantiates a suite derived from ServerCase for every kind of server there is.
#define FOR_EVERY_SERVER(suite)                                               \
  INSTANTIATE_TEST_SUITE_P(Servers, suite, testing::ValuesIn(server_kinds()), \
                           [](const auto& kind) { return name_of(kind.param); })

inline SQLPOINTER attribute_value(std::size_t value) {
  return reinterpret_cast<SQLPOINTER>(value);  // as ODBC passes numbers
}

}  // namespace test_support
