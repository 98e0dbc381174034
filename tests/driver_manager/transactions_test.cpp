// SQLEndTran on an environment: all its connections.
#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class Transactions : public ServerCase {};

TEST_P(Transactions, OfAllConnectionsEndWithTheirEnvironment) {
  make_table("ended", "i INT");
  OdbcConnection first(environment_);
  OdbcConnection second(environment_);
  OdbcConnection never_opened(environment_);
  for (OdbcConnection* each : {&first, &second}) {
    each->connect(connection_string(server_.endpoint()));
    each->autocommit(false);
    OdbcStatement(*each).execute("INSERT INTO ended VALUES (1)");
  }
  EXPECT_EQ(ask("SELECT COUNT(*) FROM ended"), "0");
  EXPECT_EQ(SQLEndTran(SQL_HANDLE_ENV, environment_.raw(), SQL_COMMIT), SQL_SUCCESS);
  EXPECT_EQ(ask("SELECT COUNT(*) FROM ended"), "2");
  for (OdbcConnection* each : {&first, &second}) {
    OdbcStatement(*each).execute("INSERT INTO ended VALUES (2)");
  }
  EXPECT_EQ(SQLEndTran(SQL_HANDLE_ENV, environment_.raw(), SQL_ROLLBACK), SQL_SUCCESS);
  EXPECT_EQ(ask("SELECT COUNT(*) FROM ended"), "2");
}

TEST_P(Transactions, ThatNoStatementOpenedHoldUpNothing) {
  make_table("untouched", "i INT PRIMARY KEY");
  for (const char* sql :
       {"CREATE TABLE made_without (i INT)", "DROP TABLE made_without", "SELECT 1", "SET @a = 1",
        "SHOW TABLES", "SELECT FROM WHERE", "SELECT * FROM no_such_table"}) {
    for (const SQLULEN isolation : {SQLULEN{SQL_TXN_READ_COMMITTED}, SQLULEN{0}}) {
      OdbcConnection connection(environment_);
      connection.connect(connection_string(server_.endpoint()));
      if (isolation == 0) OdbcStatement(connection).execute("DROP TABLE IF EXISTS made_without");
      if (isolation == 0 && std::string_view(sql).starts_with("DROP")) continue;
      connection.autocommit(false);
      static_cast<void>(state_of([&] { OdbcStatement(connection).execute(sql); }));
      if (isolation != 0) {
        connection.check(SQLSetConnectAttr(connection.raw(), SQL_ATTR_TXN_ISOLATION,
                                           attribute_value(isolation), 0));
      }
      EXPECT_EQ(state_of([&] { connection.disconnect(); }), "00000") << sql;
    }
  }
  OdbcStatement(connection_).execute("DROP TABLE IF EXISTS made_without");
}

TEST_P(Transactions, AreFoundBehindAnError) {
  make_table("kept_open", "i INT PRIMARY KEY");
  OdbcConnection connection(environment_);
  connection.connect(connection_string(server_.endpoint()));
  connection.autocommit(false);
  OdbcStatement(connection).execute("INSERT INTO kept_open VALUES (1)");
  EXPECT_EQ(state_of([&] { OdbcStatement(connection).execute("SELECT FROM WHERE"); }), "42000");
  EXPECT_EQ(state_of([&] { connection.disconnect(); }), "25000");
  OdbcStatement(connection).execute("CREATE TABLE IF NOT EXISTS kept_open (i INT)");  // commits
  EXPECT_EQ(state_of([&] { OdbcStatement(connection).execute("SELECT FROM WHERE"); }), "42000");
  EXPECT_EQ(state_of([&] { connection.disconnect(); }), "00000");
  EXPECT_EQ(ask("SELECT COUNT(*) FROM kept_open"), "1");
}

FOR_EVERY_SERVER(Transactions);

}  // namespace
}  // namespace test_support
