// NO_SSPS: parameters become literals here, and the server sees plain statements alone. EDSERVER:
// what is executed directly is prepared. Both are attributes too.
#include <array>
#include <utility>

#include "driver/attribute_table.h"
#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class ClientSidePrepare : public ServerCase {
 protected:
  void connect_with(const std::string& keywords) {
    with_.connect(connection_string(server_.endpoint(), keywords));
  }
  static void set(OdbcStatement& statement, SQLINTEGER attribute, bool on) {
    statement.check(
        SQLSetStmtAttr(statement.raw(), attribute, attribute_value(on ? SQL_TRUE : SQL_FALSE), 0));
  }
  static SQLLEN get(OdbcStatement& statement, SQLINTEGER attribute) {
    SQLLEN value = -1;
    statement.check(SQLGetStmtAttr(statement.raw(), attribute, &value, 0, nullptr));
    return value;
  }
  SQLLEN get(SQLINTEGER attribute) {
    SQLLEN value = -1;
    with_.check(SQLGetConnectAttr(with_.raw(), attribute, &value, 0, nullptr));
    return value;
  }
  /// The session's counter, which reading it leaves as it is.
  long count(const std::string& command) {
    OdbcStatement statement(with_);
    set(statement, driver::kExecDirectOnServer, false);
    statement.execute("SHOW SESSION STATUS LIKE 'Com_" + command + "'");
    return statement.fetch() ? std::stol(statement.text(2).value()) : -1;
  }
  /// INSERT and SELECT with a text and a number, each twice.
  void run() {
    make_table("by_text", "t VARCHAR(40), n BIGINT, b VARBINARY(8), d DATETIME(6)");
    for (const char* text : {"it's \\ \"so\"", "\xC3\xA9\xF0\x9F\x98\x80"}) insert(text);
  }

  OdbcConnection with_{environment_};

 private:
  void insert(const char* text) {
    OdbcStatement statement(with_);
    SQLBIGINT number = -9007199254740993;
    const std::array<unsigned char, 3> bytes{0, '\'', 0xFF};
    SQL_TIMESTAMP_STRUCT moment{2026, 11, 27, 1, 2, 3, 456789000};
    SQLLEN text_length = SQL_NTS;
    SQLLEN bytes_length = bytes.size();
    const auto bind = [&](SQLUSMALLINT place, SQLSMALLINT c_type, SQLSMALLINT type, SQLULEN size,
                          const void* value, SQLLEN* length) {
      statement.check(SQLBindParameter(statement.raw(), place, SQL_PARAM_INPUT, c_type, type, size,
                                       type == SQL_TYPE_TIMESTAMP ? 6 : 0, const_cast<void*>(value),
                                       0, length));
    };
    bind(1, SQL_C_CHAR, SQL_VARCHAR, 40, text, &text_length);
    bind(2, SQL_C_SBIGINT, SQL_BIGINT, 0, &number, nullptr);
    bind(3, SQL_C_BINARY, SQL_VARBINARY, 8, bytes.data(), &bytes_length);
    bind(4, SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 26, &moment, nullptr);
    statement.prepare("INSERT INTO by_text VALUES (?, ?, ?, ?)");
    statement.execute_prepared();
    statement.execute_prepared();
    statement.prepare("SELECT COUNT(*) FROM by_text WHERE t = ? AND n = ? AND b = ? AND d = ?");
    statement.execute_prepared();
    ASSERT_TRUE(statement.fetch());
    EXPECT_EQ(statement.text(1), "2") << text;
  }
};

TEST_P(ClientSidePrepare, PreparesNothingAtTheServer) {
  connect_with("NO_SSPS=1");
  const long prepared = count("stmt_prepare");
  const long executed = count("stmt_execute");
  const long inserted = count("insert");
  run();
  EXPECT_EQ(count("stmt_prepare"), prepared);
  EXPECT_EQ(count("stmt_execute"), executed);
  EXPECT_EQ(count("insert"), inserted + 4);
}

TEST_P(ClientSidePrepare, IsNotTheDefault) {
  connect_with("");
  const long prepared = count("stmt_prepare");
  const long executed = count("stmt_execute");
  run();
  EXPECT_GT(count("stmt_prepare"), prepared);
  EXPECT_EQ(count("stmt_execute"), executed + 6);
}

TEST_P(ClientSidePrepare, IsTheOppositeOfEdserver) {
  connect_with("EDSERVER=1");
  const long prepared = count("stmt_prepare");
  OdbcStatement statement(with_);
  EXPECT_EQ(statement.value("SELECT 'one'"), "one");
  EXPECT_EQ(statement.value("SELECT 'two'"), "two");
  EXPECT_EQ(count("stmt_prepare"), prepared + 2);
  statement.execute("PREPARE named FROM 'SELECT 3'");  // no server prepares that
  EXPECT_EQ(statement.value("EXECUTE named"), "3");
}

TEST_P(ClientSidePrepare, IsAnAttributeOfConnectionsAndStatements) {
  connect_with("");
  OdbcStatement before(with_);
  for (const auto& [name, attribute] :
       {std::pair("SQL_ATTR_EXECDIRECT_ON_SERVER", driver::kExecDirectOnServer),
        std::pair("SQL_ATTR_PREPARE_ON_CLIENT", driver::kPrepareOnClient)}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(get(attribute), SQL_FALSE);
    with_.check(SQLSetConnectAttr(with_.raw(), attribute, attribute_value(SQL_TRUE), 0));
    EXPECT_EQ(get(attribute), SQL_TRUE);
    OdbcStatement after(with_);
    EXPECT_EQ(get(after, attribute), SQL_TRUE);
    EXPECT_EQ(get(before, attribute), SQL_FALSE);
    with_.check(SQLSetConnectAttr(with_.raw(), attribute, attribute_value(SQL_FALSE), 0));
    EXPECT_EQ(SQLSetStmtAttr(after.raw(), attribute, attribute_value(2), 0), SQL_ERROR);
    EXPECT_EQ(after.diagnostics().front().state, "HY024");
  }
  const long prepared = count("stmt_prepare");
  EXPECT_EQ(before.value("SELECT 1"), "1");
  EXPECT_EQ(count("stmt_prepare"), prepared);
  set(before, driver::kExecDirectOnServer, true);
  EXPECT_EQ(before.value("SELECT 2"), "2");
  EXPECT_EQ(count("stmt_prepare"), prepared + 1);
  set(before, driver::kPrepareOnClient, true);
  EXPECT_EQ(before.value("SELECT 3"), "3");
  EXPECT_EQ(count("stmt_prepare"), prepared + 1);
}

TEST_P(ClientSidePrepare, ShowsItsKeywordsAsAttributes) {
  connect_with("NO_SSPS=1;EDSERVER=1");
  OdbcStatement statement(with_);
  for (const SQLINTEGER attribute : {driver::kExecDirectOnServer, driver::kPrepareOnClient}) {
    EXPECT_EQ(get(attribute), SQL_TRUE);
    EXPECT_EQ(get(statement, attribute), SQL_TRUE);
  }
}

FOR_EVERY_SERVER(ClientSidePrepare);

}  // namespace
}  // namespace test_support
