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

FOR_EVERY_SERVER(Transactions);

}  // namespace
}  // namespace test_support
