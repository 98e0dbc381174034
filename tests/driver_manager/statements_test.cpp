// Statements: results and row counts, several results, transactions, errors by SQLSTATE,
// attributes.
#include <array>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class Statements : public ServerCase {
 protected:
  static SQLLEN row_count(OdbcStatement& statement) {
    SQLLEN rows = -99;
    statement.check(SQLRowCount(statement.raw(), &rows));
    return rows;
  }
};

TEST_P(Statements, CountRowsMatched) {
  make_table("counts", "i INT PRIMARY KEY, v INT");
  OdbcStatement statement(connection_);
  statement.execute("INSERT INTO counts VALUES (1, 1), (2, 1), (3, 1)");
  EXPECT_EQ(row_count(statement), 3);
  statement.execute("UPDATE counts SET v = 1");
  EXPECT_EQ(row_count(statement), 3);  // matched, though nothing changed
  const std::string none = "UPDATE counts SET v = 2 WHERE i = 9";
  std::array<SQLCHAR, 64> text{};
  std::copy(none.begin(), none.end(), text.begin());
  EXPECT_EQ(SQLExecDirect(statement.raw(), text.data(), SQL_NTS), SQL_NO_DATA);
  EXPECT_EQ(row_count(statement), 0);
  statement.execute("DELETE FROM counts WHERE i < 3");
  EXPECT_EQ(row_count(statement), 2);
  SQLSMALLINT columns = -1;
  statement.check(SQLNumResultCols(statement.raw(), &columns));
  EXPECT_EQ(columns, 0);
}

TEST_P(Statements, ThatInsertNoRowsOfAQueryHaveNoData) {
  make_table("inserted", "value INT PRIMARY KEY");
  const auto run = [](SQLHSTMT statement, std::string sql) {
    return SQLExecDirect(statement, reinterpret_cast<SQLCHAR*>(sql.data()), SQL_NTS);
  };
  const OdbcStatement statement(connection_);
  const std::string none = " SELECT 1 FROM inserted WHERE 1 = 0";
  EXPECT_EQ(run(statement.raw(), "INSERT INTO inserted" + none), SQL_NO_DATA);
  EXPECT_EQ(run(statement.raw(), "REPLACE inserted (value) (" + none + ")"), SQL_NO_DATA);
  EXPECT_EQ(run(statement.raw(), "INSERT INTO inserted SELECT 1"), SQL_SUCCESS);
  EXPECT_EQ(run(statement.raw(), "INSERT IGNORE INTO inserted VALUES ((SELECT 1))"), SQL_SUCCESS);
  const OdbcEnvironment old(SQL_OV_ODBC2);
  OdbcConnection connection(old);
  connection.connect(connection_string(server_.endpoint()));
  const OdbcStatement of_old(connection);
  EXPECT_EQ(run(of_old.raw(), "INSERT INTO inserted" + none), SQL_SUCCESS);
}

TEST_P(Statements, TellThatAnIndexIsNotThere) {
  make_table("unindexed", "id INT");
  OdbcStatement statement(connection_);
  EXPECT_EQ(state_of([&] { statement.execute("DROP INDEX none ON unindexed"); }), "42S12");
  EXPECT_EQ(state_of([&] { statement.execute("ALTER TABLE unindexed DROP COLUMN none"); }),
            "42000");
}

/// MySQL has no RETURNING.
class MariaDbStatements : public Statements {};

TEST_P(MariaDbStatements, ThatReturnNoDeletedRowsHaveAResult) {
  make_table("returned", "id INT PRIMARY KEY");
  OdbcStatement statement(connection_);
  std::string sql = "DELETE FROM returned WHERE id = 5 RETURNING id";
  EXPECT_EQ(SQLExecDirect(statement.raw(), reinterpret_cast<SQLCHAR*>(sql.data()), SQL_NTS),
            SQL_SUCCESS);
  EXPECT_FALSE(statement.fetch());
}

TEST_P(Statements, GiveEveryResultOfACall) {
  OdbcStatement statement(connection_);
  statement.execute("DROP PROCEDURE IF EXISTS several");
  statement.execute(
      "CREATE PROCEDURE several(IN n INT) BEGIN SELECT n AS a; SELECT n + 1, 'two'; "
      "SELECT 1 FROM DUAL WHERE n < 0; END");
  for (const char* call : {"CALL several(5)", "{call several(5)}"}) {
    statement.execute(call);
    EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"5"}}));
    EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_SUCCESS);
    EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"6", "two"}}));
    EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_SUCCESS);
    EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{}));
    SQLRETURN result = SQLMoreResults(statement.raw());
    if (result == SQL_SUCCESS) {  // the procedure's own row count
      SQLSMALLINT columns = -1;
      statement.check(SQLNumResultCols(statement.raw(), &columns));
      EXPECT_EQ(columns, 0);
      result = SQLMoreResults(statement.raw());
    }
    EXPECT_EQ(result, SQL_NO_DATA);
  }
  // Half read, then closed; and with a parameter.
  statement.execute("CALL several(1)");
  ASSERT_TRUE(statement.fetch());
  statement.close();
  SQLINTEGER n = 41;
  statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0,
                                   0, &n, 0, nullptr));
  statement.execute("CALL several(?)");
  EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"41"}}));
  EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_SUCCESS);
  EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"42", "two"}}));
  statement.close();
  EXPECT_EQ(ask("SELECT 1"), "1");
}

TEST_P(Statements, TakeEffectAtCommitOnly) {
  make_table("money", "v INT");
  OdbcConnection other(environment_);
  other.connect(connection_string(server_.endpoint()));
  const auto seen = [&] { return OdbcStatement(other).value("SELECT COUNT(*) FROM money"); };
  connection_.autocommit(false);
  OdbcStatement statement(connection_);
  statement.execute("INSERT INTO money VALUES (1)");
  EXPECT_EQ(seen(), "0");
  connection_.end(SQL_ROLLBACK);
  statement.execute("INSERT INTO money VALUES (2)");
  connection_.end(SQL_COMMIT);
  EXPECT_EQ(seen(), "1");
  statement.execute("INSERT INTO money VALUES (3)");
  connection_.autocommit(true);  // commits what is open
  EXPECT_EQ(seen(), "2");
  statement.execute("INSERT INTO money VALUES (4)");
  EXPECT_EQ(seen(), "3");
  // A transaction by SQL, ended by SQLEndTran.
  statement.execute("START TRANSACTION");
  statement.execute("DELETE FROM money");
  connection_.end(SQL_ROLLBACK);
  EXPECT_EQ(seen(), "3");
}

TEST_P(Statements, KeepADisconnectFromEndingATransaction) {
  make_table("money", "v INT");
  OdbcConnection connection(environment_);
  connection.connect(connection_string(server_.endpoint()));
  connection.autocommit(false);
  {
    OdbcStatement statement(connection);
    statement.execute("INSERT INTO money VALUES (1)");
  }
  EXPECT_EQ(state_of([&] { connection.disconnect(); }), "25000");
  connection.end(SQL_ROLLBACK);
  connection.disconnect();
  EXPECT_EQ(ask("SELECT COUNT(*) FROM money"), "0");
}

TEST_P(Statements, RollBackAtDisconnectWhatSqlBegan) {
  make_table("money", "v INT");
  const std::string one = connection_string(server_.endpoint(), "MAX_POOL_SIZE=1;POOL_TIMEOUT=9s");
  OdbcConnection connection(environment_);
  for (const char* const begin : {"BEGIN", "XA START 'x'"}) {
    connection.connect(one);
    {
      OdbcStatement statement(connection);
      statement.execute(begin);
      statement.execute("INSERT INTO money VALUES (1)");
    }
    connection.disconnect();
    connection.connect(one);
    EXPECT_EQ(OdbcStatement(connection).value("SELECT COUNT(*) FROM money"), "0") << begin;
    connection.disconnect();
  }
}

TEST_P(Statements, RollBackAtDisconnectWhatSqlEndTranCannotEnd) {
  make_table("money", "v INT");
  const std::string one = connection_string(server_.endpoint(), "MAX_POOL_SIZE=1;POOL_TIMEOUT=9s");
  OdbcConnection connection(environment_);
  connection.connect(one);
  connection.autocommit(false);
  {
    OdbcStatement statement(connection);
    statement.execute("XA START 'x'");
    statement.execute("INSERT INTO money VALUES (1)");
  }
  EXPECT_EQ(state_of([&] { connection.disconnect(); }), "25000");
  EXPECT_EQ(state_of([&] { connection.end(SQL_ROLLBACK); }), "HY000");  // an XA transaction's
  connection.disconnect();
  connection.autocommit(true);
  connection.connect(one);
  EXPECT_EQ(OdbcStatement(connection).value("SELECT COUNT(*) FROM money"), "0");
}

struct ErrorCase {
  const char* sql;
  const char* state;
  SQLINTEGER native;
};

TEST_P(Statements, FailByTheirSqlState) {
  make_table("errors", "i INT PRIMARY KEY, v VARCHAR(2) NOT NULL");
  OdbcStatement statement(connection_);
  statement.execute("SET sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO'");
  statement.execute("INSERT INTO errors VALUES (1, 'a')");
  const ErrorCase cases[] = {{"SELEC 1", "42000", 1064},
                             {"SELECT * FROM no_such_table", "42S02", 1146},
                             {"SELECT no_such_column FROM errors", "42S22", 1054},
                             {"CREATE TABLE errors (i INT)", "42S01", 1050},
                             {"INSERT INTO errors VALUES (1, 'b')", "23000", 1062},
                             {"INSERT INTO errors VALUES (2, NULL)", "23000", 1048},
                             {"INSERT INTO errors VALUES (1, 'b', 2)", "21S01", 1136},
                             {"INSERT INTO errors VALUES (3, 'abc')", "22001", 1406},
                             {"INSERT INTO errors VALUES (99999999999, 'a')", "22003", 1264},
                             {"INSERT INTO errors VALUES (5, 1/0)", "22012", 1365},
                             {"CALL no_such_procedure()", "42000", 1305},
                             {"CREATE INDEX a ON errors (no_such_column)", "42S22", 1072}};
  for (const ErrorCase& row : cases) {
    try {
      statement.execute(row.sql);
      ADD_FAILURE() << row.sql << " was executed";
    } catch (const OdbcError& error) {
      EXPECT_EQ(error.state(), row.state) << row.sql << "\n" << error.what();
      EXPECT_EQ(error.native(), row.native) << row.sql;
      EXPECT_NE(error.records().front().text.find(std::to_string(server_.endpoint().port)),
                std::string::npos)
          << "names no server: " << error.what();
    }
  }
  EXPECT_EQ(ask("SELECT COUNT(*) FROM errors"), "1");
}

/// The server has described its rows by then, but could not make the first of them.
TEST_P(Statements, ThatGiveNoRowFailWhenTheyAreExecuted) {
  make_table("pair", "a INT PRIMARY KEY");
  OdbcStatement statement(connection_);
  statement.execute("INSERT INTO pair VALUES (1), (2)");
  const std::string sql = "SELECT (SELECT y.a FROM pair y WHERE y.a >= x.a) FROM pair x WHERE ";
  EXPECT_EQ(state_of([&] { statement.execute(sql + "x.a = 1"); }), "21000");
  SQLINTEGER wanted = 1;
  statement.prepare(sql + "x.a = ?");
  statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0,
                                   0, &wanted, 0, nullptr));
  EXPECT_EQ(state_of([&] { statement.execute_prepared(); }), "21000");
  wanted = 2;
  statement.execute_prepared();
  EXPECT_TRUE(statement.fetch());
  EXPECT_EQ(statement.text(1), "2");
  EXPECT_FALSE(statement.fetch());
}

TEST_P(Statements, ThatAreWrongAreRefusedBySqlPrepare) {
  OdbcStatement statement(connection_);
  for (const char* wrong :
       {"SELECT * FROM no_such_table", "SELECT * FROM no_such_table WHERE a = ?",
        "INSERT INTO no_such_table VALUES (1)", "DELETE FROM no_such_table"}) {
    EXPECT_EQ(state_of([&] { statement.prepare(wrong); }), "42S02") << wrong;
  }
  for (const char* wrong : {"SELEKT 1", "SELECT 1 FORM dual x y", "CREATE TABEL t (i INT)"}) {
    EXPECT_EQ(state_of([&] { statement.prepare(wrong); }), "42000") << wrong;
  }
  EXPECT_EQ(state_of([&] { statement.execute_prepared(); }), "HY010");
  for (const char* text : {"BEGIN", "SET @a = 1", "DO 1", "COMMIT"}) {
    statement.prepare(text);
    statement.execute_prepared();
  }
  EXPECT_EQ(state_of([&] { statement.execute("SIGNAL SQLSTATE '45000'"); }), "45000");
}

TEST_P(Statements, RefuseCallsOutOfTurn) {
  OdbcStatement statement(connection_);
  EXPECT_EQ(state_of([&] { statement.check(SQLFetch(statement.raw())); }), "HY010");
  statement.execute("SELECT 1");
  EXPECT_EQ(state_of([&] { statement.text(1); }), "24000");
  ASSERT_TRUE(statement.fetch());
  EXPECT_EQ(state_of([&] { statement.execute("SELECT 2"); }), "24000");
  EXPECT_EQ(state_of([&] { statement.prepare("SELECT 2"); }), "24000");
  EXPECT_EQ(state_of([&] { statement.text(2); }), "07009");
  statement.check(SQLCloseCursor(statement.raw()));
  EXPECT_EQ(state_of([&] { statement.check(SQLCloseCursor(statement.raw())); }), "24000");
}

TEST_P(Statements, AreExecutedWhileACursorIsOnNoRow) {
  OdbcStatement statement(connection_);
  statement.execute("SELECT 1 UNION SELECT 2");
  statement.execute("SELECT 3");
  EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"3"}}));
  statement.execute("SELECT 4");  // behind the last row
  EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"4"}}));
  OdbcStatement prepared(connection_);
  prepared.prepare("SELECT 5");
  prepared.execute_prepared();
  prepared.execute_prepared();
  EXPECT_EQ(prepared.rows(), (std::vector<OdbcRow>{{"5"}}));
}

/// A fetch that fails leaves the cursor where it was (appendix B).
TEST_P(Statements, AreExecutedAfterAFirstRowThatCouldNotBeGiven) {
  OdbcStatement statement(connection_);
  SQLSCHAR small = 0;
  statement.check(SQLBindCol(statement.raw(), 1, SQL_C_STINYINT, &small, 0, nullptr));
  statement.execute("SELECT 300");
  EXPECT_EQ(state_of([&] { statement.check(SQLFetch(statement.raw())); }), "22003");
  statement.execute("SELECT 3");
  ASSERT_TRUE(statement.fetch());
  EXPECT_EQ(small, 3);
}

TEST_P(Statements, HaveAConnectionsAttributes) {
  SQLUINTEGER value = 99;
  const auto number = [&](SQLINTEGER attribute) {
    connection_.check(SQLGetConnectAttr(connection_.raw(), attribute, &value, 0, nullptr));
    return value;
  };
  EXPECT_EQ(number(SQL_ATTR_AUTOCOMMIT), SQLUINTEGER{SQL_AUTOCOMMIT_ON});
  EXPECT_EQ(number(SQL_ATTR_CONNECTION_DEAD), SQLUINTEGER{SQL_CD_FALSE});
  EXPECT_EQ(number(SQL_ATTR_TXN_ISOLATION), SQLUINTEGER{SQL_TXN_REPEATABLE_READ});
  connection_.check(SQLSetConnectAttr(connection_.raw(), SQL_ATTR_TXN_ISOLATION,
                                      attribute_value(SQL_TXN_READ_COMMITTED), 0));
  EXPECT_EQ(number(SQL_ATTR_TXN_ISOLATION), SQLUINTEGER{SQL_TXN_READ_COMMITTED});
  EXPECT_EQ(ask("SELECT @@tx_isolation"), "READ-COMMITTED");

  OdbcStatement(connection_).execute("CREATE DATABASE IF NOT EXISTS other_database");
  std::array<SQLCHAR, 32> catalog{"other_database"};
  connection_.check(
      SQLSetConnectAttr(connection_.raw(), SQL_ATTR_CURRENT_CATALOG, catalog.data(), SQL_NTS));
  EXPECT_EQ(ask("SELECT DATABASE()"), "other_database");
  OdbcStatement(connection_).execute("USE test");
  SQLINTEGER length = 0;
  connection_.check(
      SQLGetConnectAttr(connection_.raw(), SQL_ATTR_CURRENT_CATALOG, catalog.data(), 32, &length));
  EXPECT_STREQ(reinterpret_cast<const char*>(catalog.data()), "test");
  EXPECT_EQ(length, 4);
  EXPECT_EQ(state_of([&] {
              connection_.check(SQLSetConnectAttr(connection_.raw(), SQL_ATTR_TXN_ISOLATION,
                                                  attribute_value(77), 0));
            }),
            "HY024");
}

TEST_P(Statements, AreTakenAndAnsweredInWideText) {
  OdbcStatement statement(connection_);
  std::u16string sql = u"SELECT 'h\u00e9llo \U0001F600' AS `\u00fcml\u00e4ut`, NOW(";
  const auto wide = [](std::u16string& text) {
    return static_cast<SQLWCHAR*>(static_cast<void*>(text.data()));
  };
  EXPECT_EQ(SQLExecDirectW(statement.raw(), wide(sql), SQL_NTS), SQL_ERROR);
  std::array<SQLWCHAR, 6> state{};
  std::array<SQLWCHAR, 512> message{};
  SQLSMALLINT length = 0;
  SQLINTEGER native = 0;
  ASSERT_EQ(SQLGetDiagRecW(SQL_HANDLE_STMT, statement.raw(), 1, state.data(), &native,
                           message.data(), 512, &length),
            SQL_SUCCESS);
  EXPECT_EQ(native, 1064);
  sql += u")";
  statement.check(SQLExecDirectW(statement.raw(), wide(sql), static_cast<SQLINTEGER>(sql.size())));
  std::array<SQLWCHAR, 64> name{};
  statement.check(SQLDescribeColW(statement.raw(), 1, name.data(), 64, &length, nullptr, nullptr,
                                  nullptr, nullptr));
  EXPECT_EQ(length, 6);
  EXPECT_EQ(utf8_of({static_cast<const char16_t*>(static_cast<const void*>(name.data())), 6}),
            "\xC3\xBCml\xC3\xA4ut");
  ASSERT_TRUE(statement.fetch());
  EXPECT_EQ(statement.text(1), "h\xC3\xA9llo \xF0\x9F\x98\x80");
}

TEST_P(Statements, TellOfTheServerAndItsTypes) {
  std::array<char, 64> text{};
  SQLSMALLINT length = 0;
  connection_.check(SQLGetInfo(connection_.raw(), SQL_DBMS_VER, text.data(), 64, &length));
  EXPECT_EQ(std::string(text.data()).substr(0, 3),
            GetParam() == ServerKind::kMariaDb ? "10." : "05.");
  connection_.check(
      SQLGetInfo(connection_.raw(), SQL_IDENTIFIER_QUOTE_CHAR, text.data(), 64, &length));
  EXPECT_STREQ(text.data(), "`");
  SQLUSMALLINT capable = 99;
  connection_.check(SQLGetInfo(connection_.raw(), SQL_TXN_CAPABLE, &capable, 0, nullptr));
  EXPECT_NE(capable, SQL_TC_NONE);
  OdbcStatement statement(connection_);
  statement.check(SQLGetTypeInfo(statement.raw(), SQL_INTEGER));
  ASSERT_TRUE(statement.fetch());
  EXPECT_EQ(statement.text(2), "4");
  statement.close();
  statement.check(SQLGetTypeInfo(statement.raw(), SQL_ALL_TYPES));
  EXPECT_GT(statement.rows().size(), 20U);
}

FOR_EVERY_SERVER(Statements);
INSTANTIATE_TEST_SUITE_P(Server, MariaDbStatements, testing::Values(ServerKind::kMariaDb));

}  // namespace
}  // namespace test_support
