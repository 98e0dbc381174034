// Keywords that change what a session does, each shown by what an application sees.
#include <array>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

namespace fs = std::filesystem;

class Options : public ServerCase {
 protected:
  /// A second connection, with more keywords, in place of an earlier one.
  void connect_with(const std::string& keywords) {
    if (connected_) with_.disconnect();
    connected_ = false;
    with_.connect(connection_string(server_.endpoint(), keywords));
    connected_ = true;
  }
  std::string ask_with(std::string_view sql) { return OdbcStatement(with_).value(sql); }
  std::string state_with(std::string_view sql) {
    return state_of([&] { OdbcStatement(with_).execute(sql); });
  }
  /// Rows that `sql` counts on the second connection.
  SQLLEN count(const std::string& sql) {
    OdbcStatement statement(with_);
    statement.execute(sql);
    SQLLEN rows = -2;
    statement.check(SQLRowCount(statement.raw(), &rows));
    return rows;
  }

  struct Described {
    std::string name;
    SQLSMALLINT type = 0;
    SQLULEN size = 0;
  };
  Described describe(std::string_view sql) {
    OdbcStatement statement(with_);
    statement.execute(sql);
    std::array<SQLCHAR, 200> name{};
    SQLSMALLINT length = 0;
    SQLSMALLINT digits = 0;
    SQLSMALLINT nullable = 0;
    Described found;
    statement.check(SQLDescribeCol(statement.raw(), 1, name.data(), 200, &length, &found.type,
                                   &found.size, &digits, &nullable));
    found.name = reinterpret_cast<const char*>(name.data());
    return found;
  }

  /// The first value of `sql` in a C type of fixed size; NULL is nullopt.
  template <class Value>
  std::optional<Value> fetch_as(SQLSMALLINT c_type, std::string_view sql) {
    OdbcStatement statement(with_);
    statement.execute(sql);
    EXPECT_TRUE(statement.fetch());
    Value value{};
    SQLLEN length = 0;
    statement.check(SQLGetData(statement.raw(), 1, c_type, &value, sizeof value, &length));
    if (length == SQL_NULL_DATA) return std::nullopt;
    return value;
  }

  /// The state of executing `sql` with one parameter.
  template <class Value>
  std::string execute_with(std::string_view sql, SQLSMALLINT c_type, SQLSMALLINT sql_type,
                           Value value) {
    OdbcStatement statement(with_);
    SQLLEN length = sizeof value;
    statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, c_type, sql_type, 0, 0,
                                     &value, sizeof value, &length));
    return state_of([&] { statement.execute(sql); });
  }

  OdbcConnection with_{environment_};

 private:
  bool connected_ = false;
};

TEST_P(Options, FoundRowsCountsRowsMatchedOrRowsChanged) {
  make_table("counted", "a INT");
  OdbcStatement(connection_).execute("INSERT INTO counted VALUES (1), (2)");
  connect_with("FOUND_ROWS=1");
  EXPECT_EQ(count("UPDATE counted SET a = 2"), 2);
  connect_with("FOUND_ROWS=0");
  EXPECT_EQ(count("UPDATE counted SET a = 2"), 0);
}

TEST_P(Options, MultiStatementsAreRefusedUnlessAllowed) {
  connect_with("");
  EXPECT_EQ(state_with("SET @a = 1; SET @b = 2"), "42000");
  connect_with("MULTI_STATEMENTS=1");
  OdbcStatement several(with_);
  several.execute("SET @a = 1; SET @b = 2");
  several.close();
  EXPECT_EQ(ask_with("SELECT @b"), "2");
}

TEST_P(Options, NoBigintDescribesAndFetchesIntegers) {
  connect_with("");
  make_table("bigs", "a BIGINT");
  OdbcStatement(connection_).execute("INSERT INTO bigs VALUES (7)");
  EXPECT_EQ(describe("SELECT a FROM bigs").type, SQL_BIGINT);
  EXPECT_EQ(fetch_as<SQLBIGINT>(SQL_C_DEFAULT, "SELECT a FROM bigs"), 7);
  connect_with("NO_BIGINT=1");
  EXPECT_EQ(describe("SELECT a FROM bigs").type, SQL_INTEGER);
  struct {
    SQLINTEGER value, guard;
  } four{0, -1};
  OdbcStatement statement(with_);
  statement.execute("SELECT a FROM bigs");
  ASSERT_TRUE(statement.fetch());
  SQLLEN length = 0;
  statement.check(SQLGetData(statement.raw(), 1, SQL_C_DEFAULT, &four.value, 4, &length));
  EXPECT_EQ(four.value, 7);
  EXPECT_EQ(four.guard, -1);
  EXPECT_EQ(length, 4);
}

TEST_P(Options, BigintAsTextIsTheDefaultCType) {
  connect_with("DFLT_BIGINT_BIND_STR=1");
  make_table("bigs", "a BIGINT");
  OdbcStatement(connection_).execute("INSERT INTO bigs VALUES (-123)");
  using Text = std::array<char, 16>;
  const auto text = fetch_as<Text>(SQL_C_DEFAULT, "SELECT a FROM bigs");
  EXPECT_STREQ(text.value_or(Text{}).data(), "-123");
  OdbcStatement insert(with_);
  std::array<char, 4> given{'4', '5', '6', 0};
  SQLLEN length = SQL_NTS;
  insert.check(SQLBindParameter(insert.raw(), 1, SQL_PARAM_INPUT, SQL_C_DEFAULT, SQL_BIGINT, 0, 0,
                                given.data(), given.size(), &length));
  insert.execute("INSERT INTO bigs VALUES (?)");
  EXPECT_EQ(ask_with("SELECT MAX(a) FROM bigs"), "456");
}

TEST_P(Options, FullColumnNamesNameTheTable) {
  connect_with("");
  make_table("named", "a INT");
  EXPECT_EQ(describe("SELECT a FROM named AS n").name, "a");
  connect_with("FULL_COLUMN_NAMES=1");
  EXPECT_EQ(describe("SELECT a FROM named AS n").name, "n.a");
  EXPECT_EQ(describe("SELECT 1 AS one").name, "one");
}

TEST_P(Options, PadSpaceFillsCharValues) {
  make_table("padded", "a CHAR(5)");
  OdbcStatement(connection_).execute("INSERT INTO padded VALUES ('ab')");
  connect_with("");
  EXPECT_EQ(ask_with("SELECT a FROM padded"), "ab");
  connect_with("PAD_SPACE=1");
  EXPECT_EQ(ask_with("SELECT a FROM padded"), "ab   ");
}

TEST_P(Options, NoBinaryResultMakesTextOfFunctions) {
  connect_with("");
  EXPECT_EQ(describe("SELECT CAST('ab' AS BINARY)").type, SQL_VARBINARY);
  EXPECT_EQ(ask_with("SELECT CAST('ab' AS BINARY)"), "6162");
  connect_with("NO_BINARY_RESULT=1");
  const Described text = describe("SELECT CAST('ab' AS BINARY)");
  EXPECT_EQ(text.type, SQL_VARCHAR);
  EXPECT_GE(text.size, 2u);
  EXPECT_EQ(ask_with("SELECT CAST('ab' AS BINARY)"), "ab");
  make_table("bytes", "a VARBINARY(4)");
  EXPECT_EQ(describe("SELECT a FROM bytes").type, SQL_VARBINARY) << "a table's column stays binary";
}

TEST_P(Options, ZeroDatesAreNullOrTheLeastDate) {
  make_table("dates", "a DATE, b DATETIME");
  OdbcStatement(connection_).execute("SET sql_mode = ''");
  OdbcStatement(connection_)
      .execute("INSERT INTO dates VALUES ('0000-00-00', '2024-00-00 01:02:03')");
  connect_with("");
  EXPECT_FALSE(fetch_as<SQL_DATE_STRUCT>(SQL_C_TYPE_DATE, "SELECT a FROM dates"));
  connect_with("ZERO_DATE_TO_MIN=1");
  const auto date = fetch_as<SQL_DATE_STRUCT>(SQL_C_TYPE_DATE, "SELECT a FROM dates");
  ASSERT_TRUE(date);
  EXPECT_EQ(date->year, 0);
  EXPECT_EQ(date->month * 100 + date->day, 101);
  const auto moment = fetch_as<SQL_TIMESTAMP_STRUCT>(SQL_C_TYPE_TIMESTAMP, "SELECT b FROM dates");
  ASSERT_TRUE(moment);
  EXPECT_EQ(moment->year, 2024);
  EXPECT_EQ(moment->month * 100 + moment->day, 101);
  EXPECT_EQ(moment->second, 3);
}

TEST_P(Options, TheLeastDateIsSentAsZero) {
  make_table("dates", "a DATE");
  const std::string sql = "INSERT INTO dates VALUES (?)";
  connect_with("INITSTMT={SET sql_mode = ''};MIN_DATE_TO_ZERO=1");
  EXPECT_EQ(execute_with(sql, SQL_C_TYPE_DATE, SQL_TYPE_DATE, SQL_DATE_STRUCT{0, 1, 1}), "00000");
  EXPECT_EQ(ask_with("SELECT CAST(a AS CHAR) FROM dates"), "0000-00-00");
}

TEST_P(Options, NoDateOverflowCutsTheTime) {
  make_table("dates", "a DATE");
  const std::string sql = "INSERT INTO dates VALUES (?)";
  const SQL_TIMESTAMP_STRUCT noon{2024, 5, 6, 12, 0, 0, 500'000'000};
  connect_with("");
  EXPECT_EQ(execute_with(sql, SQL_C_TYPE_TIMESTAMP, SQL_TYPE_DATE, noon), "22008");
  connect_with("NO_DATE_OVERFLOW=1");
  EXPECT_EQ(execute_with(sql, SQL_C_TYPE_TIMESTAMP, SQL_TYPE_DATE, noon), "00000");
  EXPECT_EQ(ask_with("SELECT CAST(a AS CHAR) FROM dates"), "2024-05-06");
}

TEST_P(Options, NoTransactionsKeepsAutocommitOn) {
  connect_with("NO_TRANSACTIONS=1");
  EXPECT_EQ(state_of([&] { with_.autocommit(false); }), "HYC00");
  SQLUSMALLINT capable = 99;
  with_.check(SQLGetInfo(with_.raw(), SQL_TXN_CAPABLE, &capable, sizeof capable, nullptr));
  EXPECT_EQ(capable, SQL_TC_NONE);
}

TEST_P(Options, AutoIsNullFindsTheRowInsertedLast) {
  make_table("numbered", "id INT AUTO_INCREMENT PRIMARY KEY");
  connect_with("AUTO_IS_NULL=1");
  OdbcStatement(with_).execute("INSERT INTO numbered VALUES (41)");
  OdbcStatement(with_).execute("INSERT INTO numbered VALUES (NULL)");
  EXPECT_EQ(ask_with("SELECT id FROM numbered WHERE id IS NULL"), "42");
}

TEST_P(Options, TheProtocolIsCompressed) {
  connect_with("COMPRESSED_PROTO=1");
  OdbcStatement status(with_);
  status.execute("SHOW SESSION STATUS LIKE 'Compression'");
  ASSERT_TRUE(status.fetch());
  EXPECT_EQ(status.text(2), "ON");
  status.close();
  const std::string large(300'000, 'x');
  EXPECT_EQ(ask_with("SELECT '" + large + "'"), large);
}

TEST_P(Options, BlanksBeforeABracketAreIgnored) {
  connect_with("");
  EXPECT_EQ(state_with("SELECT COUNT (*)"), "42000");
  connect_with("IGNORE_SPACE=1");
  EXPECT_EQ(ask_with("SELECT COUNT (*)"), "1");
}

TEST_P(Options, AnInteractiveClientHasItsOwnTimeout) {
  OdbcStatement(connection_).execute("SET GLOBAL interactive_timeout = 1234");
  connect_with("INTERACTIVE=1");
  EXPECT_EQ(ask_with("SELECT @@wait_timeout"), "1234");
  OdbcStatement(connection_).execute("SET GLOBAL interactive_timeout = 28800");
}

TEST(OptionsOfMariaDb, AttributesAreShownByTheServer) {
  const TestServer server(ServerKind::kMariaDb, {"--performance-schema=ON"});
  const OdbcEnvironment environment;
  OdbcConnection connection(environment);
  connection.connect(connection_string(server.endpoint(), "ATTR={role=tester,team=a b}"));
  EXPECT_EQ(OdbcStatement(connection)
                .value("SELECT GROUP_CONCAT(ATTR_VALUE ORDER BY ATTR_NAME) "
                       "FROM performance_schema.session_connect_attrs "
                       "WHERE ATTR_NAME IN ('role', 'team')"),
            "tester,a b");
}

TEST_P(Options, TheSocketIsUsedWhenItIsNamed) {
  OdbcConnection local(environment_);
  local.connect("DRIVER={fabric};UID=app;PWD=apppw;SOCKET=" + server_.socket_endpoint().socket);
  EXPECT_EQ(OdbcStatement(local).value(
                "SELECT HOST LIKE 'localhost%' FROM information_schema.PROCESSLIST "
                "WHERE ID = CONNECTION_ID()"),
            "1");
  connect_with("SOCKET=;");
  EXPECT_EQ(ask_with("SELECT HOST LIKE '127.0.0.1%' FROM information_schema.PROCESSLIST "
                     "WHERE ID = CONNECTION_ID()"),
            "1");
}

TEST_P(Options, AnInitialStatementRunsOnEachSession) {
  connect_with("INITSTMT={SET @init = 'a;b'}");
  EXPECT_EQ(ask_with("SELECT @init"), "a;b");
  with_.disconnect();
  with_.connect(connection_string(server_.endpoint(), "INITSTMT={SET @init = 'a;b'}"));
  EXPECT_EQ(ask_with("SELECT @init"), "a;b");
}

TEST_P(Options, AnInitialStatementThatChangesTheCharacterSetWarns) {
  connect_with("INITSTMT=SET NAMES latin1");
  ASSERT_FALSE(with_.diagnostics().empty());
  EXPECT_EQ(with_.diagnostics().front().state, "01000");
  connect_with("INITSTMT={SET NAMES UTF8 COLLATE utf8_bin}");
  EXPECT_TRUE(with_.diagnostics().empty());
  EXPECT_EQ(ask_with("SELECT @@collation_connection LIKE '%_bin'"), "1");
}

TEST_P(Options, AnInitialStatementThatFailsIsNamed) {
  try {
    connect_with("INITSTMT=SELEKT 1");
    FAIL() << "it was accepted";
  } catch (const OdbcError& error) {
    EXPECT_EQ(error.state(), "42000");
    EXPECT_EQ(error.native(), 1064);
    EXPECT_NE(std::string(error.what()).find("INITSTMT failed"), std::string::npos) << error.what();
  }
}

TEST_P(Options, AReadThatTakesTooLongEndsTheLink) {
  connect_with("READ_TIMEOUT=200ms");
  EXPECT_EQ(ask_with("SELECT 1"), "1");
  const auto before = std::chrono::steady_clock::now();
  try {
    OdbcStatement(with_).execute("DO SLEEP(30)");
    FAIL() << "it waited";
  } catch (const OdbcError& error) {
    EXPECT_EQ(error.state(), "HYT01") << error.what();
    EXPECT_NE(std::string(error.what()).find("READ_TIMEOUT"), std::string::npos) << error.what();
  }
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(10));
  EXPECT_EQ(ask_with("SELECT 2"), "2") << "a new link serves the same handle";
}

/// A folder with files, and one beside it.
class LocalInfile : public Options {
 protected:
  LocalInfile() {
    make_table("loaded", "a VARCHAR(20)");
    std::string pattern = (fs::temp_directory_path() / "infile-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    fs::create_directory(folder_ / "allowed");
    fs::create_directory(folder_ / "allowed-not");
    std::ofstream(folder_ / "allowed" / "rows") << "one\ntwo\n";
    std::ofstream(folder_ / "allowed-not" / "rows") << "secret\n";
    fs::create_symlink(folder_ / "allowed-not" / "rows", folder_ / "allowed" / "link");
  }
  ~LocalInfile() override { fs::remove_all(folder_); }

  std::string load(const std::string& name) {
    return state_with("LOAD DATA LOCAL INFILE '" + (folder_ / name).string() +
                      "' INTO TABLE loaded");
  }
  std::string loaded() { return ask("SELECT COUNT(*) FROM loaded"); }

  fs::path folder_;
};

TEST_P(LocalInfile, IsRefusedUnlessAllowed) {
  connect_with("");
  EXPECT_NE(load("allowed/rows"), "00000");
  connect_with("ENABLE_LOCAL_INFILE=1;NOLOCALINFILE=1");
  EXPECT_NE(load("allowed/rows"), "00000");
  EXPECT_EQ(loaded(), "0");
  EXPECT_EQ(ask_with("SELECT 1"), "1") << "the link stays in step";
}

TEST_P(LocalInfile, ReadsAnyFileWhenAllowed) {
  connect_with("ENABLE_LOCAL_INFILE=1");
  EXPECT_EQ(load("allowed/rows"), "00000");
  EXPECT_EQ(loaded(), "2");
  EXPECT_NE(load("allowed/none"), "00000");
  EXPECT_EQ(ask_with("SELECT 1"), "1");
}

TEST_P(LocalInfile, ReadsOnlyBelowItsFolder) {
  connect_with("LOAD_DATA_LOCAL_DIR=" + (folder_ / "allowed").string());
  EXPECT_EQ(load("allowed/rows"), "00000");
  EXPECT_NE(load("allowed-not/rows"), "00000");
  EXPECT_NE(load("allowed/../allowed-not/rows"), "00000");
  EXPECT_NE(load("allowed/link"), "00000");
  EXPECT_NE(load("allowed"), "00000");
  EXPECT_EQ(loaded(), "2");
  try {
    OdbcStatement(with_).execute("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE loaded");
    FAIL() << "it was read";
  } catch (const OdbcError& error) {
    EXPECT_NE(std::string(error.what()).find("LOAD_DATA_LOCAL_DIR"), std::string::npos)
        << error.what();
  }
}

FOR_EVERY_SERVER(Options);
FOR_EVERY_SERVER(LocalInfile);

}  // namespace
}  // namespace test_support
