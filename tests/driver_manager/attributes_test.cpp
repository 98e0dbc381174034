// Attributes of environments, connections and statements: what may be set, when, and what is
// refused with which state.
#include <array>

#include "tests/driver_manager/direct_driver.h"
#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class Attributes : public ServerCase {
 protected:
  static std::string set(const OdbcConnection& connection, SQLINTEGER id, std::size_t value) {
    return ended(SQLSetConnectAttr(connection.raw(), id, attribute_value(value), SQL_IS_UINTEGER),
                 connection);
  }
  static std::string set(const OdbcStatement& statement, SQLINTEGER id, std::size_t value) {
    return ended(SQLSetStmtAttr(statement.raw(), id, attribute_value(value), SQL_IS_UINTEGER),
                 statement);
  }
  static SQLUINTEGER number(const OdbcConnection& connection, SQLINTEGER id) {
    SQLUINTEGER value = 0;
    connection.check(SQLGetConnectAttr(connection.raw(), id, &value, 0, nullptr));
    return value;
  }
  static SQLULEN number(const OdbcStatement& statement, SQLINTEGER id) {
    SQLULEN value = 0;
    statement.check(SQLGetStmtAttr(statement.raw(), id, &value, 0, nullptr));
    return value;
  }
  static std::string catalog(const OdbcConnection& connection) {
    std::array<SQLCHAR, 100> value{};
    connection.check(SQLGetConnectAttr(connection.raw(), SQL_ATTR_CURRENT_CATALOG, value.data(),
                                       value.size(), nullptr));
    return reinterpret_cast<const char*>(value.data());
  }

 private:
  /// The state of the first record, "00000" for plain success.
  template <class Handle>
  static std::string ended(SQLRETURN result, const Handle& handle) {
    return result == SQL_SUCCESS ? "00000" : handle.diagnostics().front().state;
  }
};
FOR_EVERY_SERVER(Attributes);

TEST_P(Attributes, OfAConnectionAreRefusedWithTheirState) {
  EXPECT_EQ(set(connection_, 7777, 1), "HY092");
  EXPECT_EQ(set(connection_, SQL_ATTR_AUTO_IPD, SQL_TRUE), "HY092");
  EXPECT_EQ(set(connection_, SQL_ATTR_CONNECTION_DEAD, 1), "HY092");
  EXPECT_EQ(set(connection_, SQL_ATTR_AUTOCOMMIT, 7), "HY024");
  EXPECT_EQ(set(connection_, SQL_ATTR_ACCESS_MODE, 2), "HY024");
  EXPECT_EQ(set(connection_, SQL_ATTR_TXN_ISOLATION, 3), "HY024");
  EXPECT_EQ(set(connection_, SQL_ATTR_METADATA_ID, 2), "HY024");
  EXPECT_EQ(set(connection_, SQL_ATTR_TRANSLATE_OPTION, 1), "HYC00");
  EXPECT_EQ(set(connection_, SQL_ATTR_ENLIST_IN_DTC, 1), "HYC00");
  EXPECT_EQ(set(connection_, SQL_ATTR_LOGIN_TIMEOUT, 5), "HY011");
  EXPECT_EQ(set(connection_, SQL_ATTR_PACKET_SIZE, 4096), "HY011");
}

TEST_P(Attributes, OfAConnectionAreKept) {
  OdbcConnection fresh(environment_);
  EXPECT_EQ(set(fresh, SQL_ATTR_LOGIN_TIMEOUT, 9), "00000");
  EXPECT_EQ(set(fresh, SQL_ATTR_PACKET_SIZE, 8192), "00000");
  EXPECT_EQ(set(fresh, SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY), "00000");
  EXPECT_EQ(set(fresh, SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), "00000");
  EXPECT_EQ(set(fresh, SQL_ATTR_TXN_ISOLATION, SQL_TXN_SERIALIZABLE), "00000");
  fresh.check(SQLSetConnectAttr(fresh.raw(), SQL_ATTR_CURRENT_CATALOG,
                                const_cast<char*>("information_schema"), SQL_NTS));
  fresh.connect(connection_string(server_.endpoint()));
  EXPECT_EQ(number(fresh, SQL_ATTR_LOGIN_TIMEOUT), 9U);
  EXPECT_EQ(number(fresh, SQL_ATTR_PACKET_SIZE), 16777215U);  // 01S02 at connecting
  EXPECT_EQ(number(fresh, SQL_ATTR_ACCESS_MODE), SQLUINTEGER{SQL_MODE_READ_ONLY});
  EXPECT_EQ(number(fresh, SQL_ATTR_AUTOCOMMIT), SQLUINTEGER{SQL_AUTOCOMMIT_OFF});
  EXPECT_EQ(number(fresh, SQL_ATTR_TXN_ISOLATION), SQLUINTEGER{SQL_TXN_SERIALIZABLE});
  EXPECT_EQ(catalog(fresh), "information_schema");
  OdbcStatement statement(fresh);
  EXPECT_EQ(statement.value("SELECT @@tx_isolation"), "SERIALIZABLE");
  EXPECT_EQ(statement.value("SELECT @@autocommit"), "0");
  EXPECT_EQ(statement.value("SELECT DATABASE()"), "information_schema");
}

TEST_P(Attributes, OfAConnectionHaveTheStandardsDefaults) {
  EXPECT_EQ(number(connection_, SQL_ATTR_AUTOCOMMIT), SQLUINTEGER{SQL_AUTOCOMMIT_ON});
  EXPECT_EQ(number(connection_, SQL_ATTR_ACCESS_MODE), SQLUINTEGER{SQL_MODE_READ_WRITE});
  EXPECT_EQ(number(connection_, SQL_ATTR_CONNECTION_DEAD), SQLUINTEGER{SQL_CD_FALSE});
  EXPECT_EQ(number(connection_, SQL_ATTR_CONNECTION_TIMEOUT), 0U);
  EXPECT_EQ(number(connection_, SQL_ATTR_METADATA_ID), SQLUINTEGER{SQL_FALSE});
  EXPECT_EQ(number(connection_, SQL_ATTR_AUTO_IPD), SQLUINTEGER{SQL_FALSE});
  EXPECT_EQ(number(connection_, SQL_ATTR_TXN_ISOLATION), SQLUINTEGER{SQL_TXN_REPEATABLE_READ});
  EXPECT_EQ(catalog(connection_), "test");
}

TEST_P(Attributes, IsolationIsWhatTheSessionHas) {
  EXPECT_EQ(set(connection_, SQL_ATTR_TXN_ISOLATION, SQL_TXN_READ_COMMITTED), "00000");
  EXPECT_EQ(ask("SELECT @@tx_isolation"), "READ-COMMITTED");
  OdbcStatement(connection_).execute("SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE");
  EXPECT_EQ(number(connection_, SQL_ATTR_TXN_ISOLATION), SQLUINTEGER{SQL_TXN_SERIALIZABLE});
  make_table("isolated", "id INT");
  connection_.autocommit(false);
  OdbcStatement(connection_).execute("INSERT INTO isolated VALUES (1)");
  EXPECT_EQ(set(connection_, SQL_ATTR_TXN_ISOLATION, SQL_TXN_READ_COMMITTED), "HY011");
  connection_.end(SQL_ROLLBACK);
  EXPECT_EQ(set(connection_, SQL_ATTR_TXN_ISOLATION, SQL_TXN_READ_COMMITTED), "00000");
}

TEST_P(Attributes, CatalogIsReadInBothEncodingsAndCut) {
  std::array<SQLWCHAR, 3> wide{};
  SQLINTEGER length = 0;
  EXPECT_EQ(SQLGetConnectAttrW(connection_.raw(), SQL_ATTR_CURRENT_CATALOG, wide.data(),
                               sizeof wide, &length),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(connection_.diagnostics().front().state, "01004");
  EXPECT_EQ(length, 8) << "bytes";
  EXPECT_EQ(wide[1], 'e');
  EXPECT_EQ(wide[2], 0);
  std::u16string other = u"information_schema";
  connection_.check(SQLSetConnectAttrW(connection_.raw(), SQL_ATTR_CURRENT_CATALOG, other.data(),
                                       static_cast<SQLINTEGER>(other.size() * 2)));
  EXPECT_EQ(ask("SELECT DATABASE()"), "information_schema");
  EXPECT_EQ(SQLSetConnectAttr(connection_.raw(), SQL_ATTR_CURRENT_CATALOG,
                              const_cast<char*>("no_such"), SQL_NTS),
            SQL_ERROR);
  EXPECT_EQ(ask("SELECT DATABASE()"), "information_schema");
}

TEST_P(Attributes, CatalogIsNullOnceItIsDropped) {
  OdbcStatement statement(connection_);
  for (const char* drop : {"DROP DATABASE going", "drop schema if exists `going`"}) {
    statement.execute("CREATE DATABASE IF NOT EXISTS going");
    statement.execute("USE going");
    EXPECT_EQ(catalog(connection_), "going");
    statement.execute(drop);
    EXPECT_EQ(catalog(connection_), "null");  // as other drivers
    std::array<char, 16> name{};
    connection_.check(
        SQLGetInfo(connection_.raw(), SQL_DATABASE_NAME, name.data(), name.size(), nullptr));
    EXPECT_STREQ(name.data(), "null");
    EXPECT_EQ(ask("SELECT DATABASE()"), "NULL");
  }
  statement.execute("CREATE DATABASE going");
  statement.execute("USE test");
  statement.execute("DROP DATABASE going");
  EXPECT_EQ(catalog(connection_), "test");
}

TEST_P(Attributes, AsynchronousExecutionIsSubstituted) {
  const OdbcStatement statement(connection_);
  EXPECT_EQ(set(statement, SQL_ATTR_ASYNC_ENABLE, SQL_ASYNC_ENABLE_ON), "01S02");
  EXPECT_EQ(number(statement, SQL_ATTR_ASYNC_ENABLE), SQLULEN{SQL_ASYNC_ENABLE_OFF});
  EXPECT_EQ(set(connection_, SQL_ATTR_ASYNC_ENABLE, SQL_ASYNC_ENABLE_ON), "01S02");
  SQLULEN enabled = SQL_ASYNC_ENABLE_ON;
  connection_.check(
      SQLGetConnectAttr(connection_.raw(), SQL_ATTR_ASYNC_ENABLE, &enabled, 0, nullptr));
  EXPECT_EQ(enabled, SQLULEN{SQL_ASYNC_ENABLE_OFF});
  EXPECT_EQ(ask("SELECT 1"), "1");
}

TEST_P(Attributes, ConnectionTimeoutEndsACall) {
  EXPECT_EQ(set(connection_, SQL_ATTR_CONNECTION_TIMEOUT, 1), "00000");
  OdbcStatement statement(connection_);
  EXPECT_EQ(state_of([&] { statement.execute("SELECT SLEEP(20)"); }), "HYT00");
}

TEST_P(Attributes, ResetBringsBackWhatTheDsnAskedFor) {
  make_table("reset_me", "id INT");
  connection_.autocommit(false);
  OdbcStatement(connection_).execute("INSERT INTO reset_me VALUES (1)");
  OdbcStatement(connection_).execute("SET @kept = 1");
  EXPECT_EQ(set(connection_, SQL_ATTR_TXN_ISOLATION, SQL_TXN_SERIALIZABLE), "HY011");
  EXPECT_EQ(set(connection_, SQL_ATTR_RESET_CONNECTION, 7), "HY024");
  EXPECT_EQ(set(connection_, SQL_ATTR_RESET_CONNECTION, SQL_RESET_CONNECTION_YES), "00000");
  EXPECT_EQ(number(connection_, SQL_ATTR_AUTOCOMMIT), SQLUINTEGER{SQL_AUTOCOMMIT_ON});
  EXPECT_EQ(ask("SELECT COUNT(*) FROM reset_me"), "0");
  EXPECT_EQ(ask("SELECT @kept"), "NULL");
  EXPECT_EQ(ask("SELECT @@autocommit"), "1");
}

TEST_P(Attributes, OfStatementsSetOnAConnectionHoldForThemAll) {
  const OdbcStatement before(connection_);
  EXPECT_EQ(set(connection_, SQL_ATTR_MAX_ROWS, 2), "00000");
  EXPECT_EQ(number(connection_, SQL_ATTR_MAX_ROWS), 2U);
  OdbcStatement after(connection_);
  EXPECT_EQ(number(before, SQL_ATTR_MAX_ROWS), 2U);
  EXPECT_EQ(number(after, SQL_ATTR_MAX_ROWS), 2U);
  after.execute("SELECT 1 UNION SELECT 2 UNION SELECT 3");
  EXPECT_EQ(after.rows().size(), 2U);
}

TEST_P(Attributes, OfAStatementHaveTheStandardsDefaults) {
  const OdbcStatement statement(connection_);
  for (const SQLINTEGER id :
       {SQL_ATTR_QUERY_TIMEOUT, SQL_ATTR_MAX_ROWS, SQL_ATTR_MAX_LENGTH, SQL_ATTR_KEYSET_SIZE,
        SQL_ATTR_ROW_BIND_OFFSET_PTR, SQL_ATTR_PARAM_STATUS_PTR, SQL_ATTR_FETCH_BOOKMARK_PTR}) {
    EXPECT_EQ(number(statement, id), 0U) << id;
  }
  EXPECT_EQ(number(statement, SQL_ATTR_NOSCAN), SQLULEN{SQL_NOSCAN_OFF});
  EXPECT_EQ(number(statement, SQL_ATTR_RETRIEVE_DATA), SQLULEN{SQL_RD_ON});
  EXPECT_EQ(number(statement, SQL_ATTR_USE_BOOKMARKS), SQLULEN{SQL_UB_OFF});
  EXPECT_EQ(number(statement, SQL_ATTR_CURSOR_TYPE), SQLULEN{SQL_CURSOR_FORWARD_ONLY});
  EXPECT_EQ(number(statement, SQL_ATTR_CONCURRENCY), SQLULEN{SQL_CONCUR_READ_ONLY});
  EXPECT_EQ(number(statement, SQL_ATTR_ROW_ARRAY_SIZE), 1U);
  EXPECT_EQ(number(statement, SQL_ATTR_PARAMSET_SIZE), 1U);
  EXPECT_EQ(number(statement, SQL_ATTR_ASYNC_ENABLE), SQLULEN{SQL_ASYNC_ENABLE_OFF});
}

TEST_P(Attributes, OfAStatementAreRefusedWithTheirState) {
  OdbcStatement statement(connection_);
  EXPECT_EQ(set(statement, 7777, 1), "HY092");
  EXPECT_EQ(set(statement, SQL_ATTR_ROW_NUMBER, 1), "HY092");
  EXPECT_EQ(set(statement, SQL_ATTR_ROW_ARRAY_SIZE, 0), "HY024");
  EXPECT_EQ(set(statement, SQL_ATTR_PARAMSET_SIZE, 0), "HY024");
  EXPECT_EQ(set(statement, SQL_ATTR_CURSOR_TYPE, 9), "HY024");
  EXPECT_EQ(set(statement, SQL_ATTR_NOSCAN, 2), "HY024");
  EXPECT_EQ(set(statement, SQL_ATTR_ENABLE_AUTO_IPD, SQL_TRUE), "HYC00");
  statement.execute("SELECT 1");
  EXPECT_EQ(set(statement, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_FORWARD_ONLY), "24000");
  EXPECT_EQ(set(statement, SQL_ATTR_QUERY_TIMEOUT, 5), "00000");
  statement.close();
  statement.prepare("SELECT 1");
  EXPECT_EQ(set(statement, SQL_ATTR_CONCURRENCY, SQL_CONCUR_READ_ONLY), "HY011");
}

TEST_P(Attributes, AreAllAnsweredOneWayOrTheOther) {
  const OdbcStatement statement(connection_);
  const auto expect_known = [](SQLRETURN result, const auto& handle, SQLINTEGER id) {
    if (result == SQL_SUCCESS) return;
    const std::string state = handle.diagnostics().front().state;
    const bool refused = state == "HY092" || state == "HYC00" || state == "HY017";
    // The driver manager's own, without a cursor.
    const bool off_row = state == "24000" && (id == SQL_GET_BOOKMARK || id == SQL_ATTR_ROW_NUMBER);
    EXPECT_TRUE(refused || off_row) << id << " " << state;
  };
  for (SQLINTEGER id = -2; id < 32; ++id) {
    SQLULEN value = 0;
    expect_known(SQLGetStmtAttr(statement.raw(), id, &value, 0, nullptr), statement, id);
    const SQLRETURN result = SQLSetStmtAttr(statement.raw(), id, attribute_value(1), 0);
    if (SQL_SUCCEEDED(result)) SQLSetStmtAttr(statement.raw(), id, nullptr, 0);
    expect_known(result == SQL_SUCCESS_WITH_INFO ? SQLRETURN{SQL_SUCCESS} : result, statement, id);
  }
  for (SQLINTEGER id = 101; id < 122; ++id) {
    std::array<char, 100> value{};
    expect_known(SQLGetConnectAttr(connection_.raw(), id, value.data(), value.size(), nullptr),
                 connection_, id);
  }
}

TEST_P(Attributes, NoscanLeavesBracesAlone) {
  OdbcStatement statement(connection_);
  EXPECT_EQ(set(statement, SQL_ATTR_NOSCAN, SQL_NOSCAN_ON), "00000");
  EXPECT_NE(state_of([&] { statement.execute("SELECT {fn CONVERT(12, SQL_CHAR)}"); }), "00000")
      << "the server knows no such type";
  EXPECT_EQ(set(statement, SQL_ATTR_NOSCAN, SQL_NOSCAN_OFF), "00000");
  EXPECT_EQ(statement.value("SELECT {fn CONVERT(12, SQL_CHAR)}"), "12");
}

class DirectAttributes : public testing::Test {
 protected:
  std::string set(SQLINTEGER id, std::size_t value) {
    const SQLRETURN result = driver_.call(&SQLSetEnvAttr, "SQLSetEnvAttr", environment_, id,
                                          attribute_value(value), SQLINTEGER{0});
    return result == SQL_SUCCESS ? "00000" : driver_.state(SQL_HANDLE_ENV, environment_);
  }
  SQLINTEGER number(SQLINTEGER id) {
    SQLINTEGER value = -1;
    driver_.call(&SQLGetEnvAttr, "SQLGetEnvAttr", environment_, id, SQLPOINTER{&value},
                 SQLINTEGER{0}, static_cast<SQLINTEGER*>(nullptr));
    return value;
  }

  DirectDriver driver_;
  SQLHENV environment_ = driver_.allocate(SQL_HANDLE_ENV, nullptr);
};

TEST_F(DirectAttributes, OfAnEnvironment) {
  EXPECT_EQ(set(SQL_ATTR_ODBC_VERSION, SQL_OV_ODBC3), "00000");
  EXPECT_EQ(set(SQL_ATTR_ODBC_VERSION, 77), "HY024");
  EXPECT_EQ(number(SQL_ATTR_ODBC_VERSION), SQLINTEGER{SQL_OV_ODBC3});
  EXPECT_EQ(set(SQL_ATTR_CONNECTION_POOLING, SQL_CP_ONE_PER_HENV), "00000");
  EXPECT_EQ(set(SQL_ATTR_CONNECTION_POOLING, 77), "HY024");
  EXPECT_EQ(set(SQL_ATTR_CP_MATCH, SQL_CP_RELAXED_MATCH), "00000");
  EXPECT_EQ(number(SQL_ATTR_CP_MATCH), SQLINTEGER{SQL_CP_RELAXED_MATCH});
  EXPECT_EQ(set(SQL_ATTR_OUTPUT_NTS, SQL_TRUE), "00000");
  EXPECT_EQ(set(SQL_ATTR_OUTPUT_NTS, SQL_FALSE), "HYC00");
  EXPECT_EQ(set(7777, 1), "HY092");
  const SQLHDBC connection = driver_.allocate(SQL_HANDLE_DBC, environment_);
  EXPECT_EQ(set(SQL_ATTR_ODBC_VERSION, SQL_OV_ODBC2), "HY010");
  driver_.free(SQL_HANDLE_DBC, connection);
  driver_.free(SQL_HANDLE_ENV, environment_);
}

}  // namespace
}  // namespace test_support
