// Output parameters that SQLGetData reads in pieces (ODBC 3.8, "Retrieving Output Parameters Using
// SQLGetData"). unixODBC 2.3.11 refuses a part of what the standard allows: after SQLParamData it
// wants SQLGetData, and knows no SQL_APD_TYPE.
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "tests/direct/odbc_rig.h"

namespace test_support {
namespace {

constexpr SQLSMALLINT kApdType = -100;  // SQL_APD_TYPE

struct Where {
  Through through;
  ServerKind kind;
};

std::vector<Where> everywhere() {
  std::vector<Where> all;
  for (const ServerKind kind : server_kinds()) {
    all.push_back({Through::kNothing, kind});
    all.push_back({Through::kDriverManager, kind});
  }
  return all;
}

class OutputStreams : public testing::TestWithParam<Where> {
 protected:
  OutputStreams() {
    const auto server = TestServer::shared(GetParam().kind).endpoint();
    const std::string text = "DRIVER={" + driver_under_test() +
                             "};SERVER=127.0.0.1;PORT=" + std::to_string(server.port) +
                             ";UID=app;PWD=apppw;DATABASE=test;";
    if (!SQL_SUCCEEDED(rig_.connect(text))) throw std::runtime_error("cannot connect");
    rig_.make_statement();
  }

  [[nodiscard]] bool managed() const { return GetParam().through == Through::kDriverManager; }
  [[nodiscard]] SQLHSTMT statement() const { return rig_.statement; }
  [[nodiscard]] std::string state() const { return rig_.state_of(SQL_HANDLE_STMT, statement()); }

  SQLRETURN run(const std::string& sql) {
    return rig_("SQLExecDirect", statement(), sql.c_str(), SQL_NTS);
  }
  void make(const std::string& kind, const std::string& name, const std::string& rest) {
    run("DROP " + kind + " IF EXISTS " + name);
    ASSERT_EQ(run("CREATE " + kind + " " + name + rest), SQL_SUCCESS) << state();
  }
  void bind(SQLUSMALLINT number, SQLSMALLINT direction, SQLSMALLINT c_type, SQLSMALLINT sql_type,
            void* value) {
    ASSERT_EQ(rig_("SQLBindParameter", statement(), number, direction, c_type, sql_type, 0, 0,
                   value, 0, &length_),
              SQL_SUCCESS);
  }
  /// Its token is its number.
  void stream(SQLUSMALLINT number, SQLSMALLINT c_type, SQLSMALLINT sql_type,
              SQLSMALLINT direction = SQL_PARAM_OUTPUT_STREAM) {
    bind(number, direction, c_type, sql_type, reinterpret_cast<void*>(std::size_t{number}));
  }
  /// What SQLParamData names; 0 when it ends with SQL_SUCCESS.
  std::size_t named() {
    SQLPOINTER token = nullptr;
    const SQLRETURN result = rig_("SQLParamData", statement(), &token);
    if (result == SQL_PARAM_DATA_AVAILABLE) return reinterpret_cast<std::size_t>(token);
    EXPECT_EQ(result, SQL_SUCCESS) << state();
    return 0;
  }
  SQLRETURN get(SQLUSMALLINT number, SQLSMALLINT c_type, void* to, SQLLEN capacity) {
    return rig_("SQLGetData", statement(), number, c_type, to, capacity, &got_);
  }
  /// A value in pieces.
  std::string read(SQLUSMALLINT number, SQLSMALLINT c_type = SQL_C_CHAR) {
    std::string value;
    std::vector<char> piece(100'000);
    for (;;) {
      const SQLRETURN result = get(number, c_type, piece.data(), 100'000);
      if (result == SQL_NO_DATA) return value;
      if (result == SQL_ERROR) return state();
      if (got_ == SQL_NULL_DATA) return "NULL";
      const std::size_t room = piece.size() - (c_type == SQL_C_CHAR ? 1 : 0);
      value.append(piece.data(), std::min(room, static_cast<std::size_t>(got_)));
    }
  }
  /// Gives up what is unread.
  void leave() {
    const SQLRETURN left =
        managed() ? rig_("SQLCancel", statement()) : rig_("SQLFreeStmt", statement(), SQL_CLOSE);
    ASSERT_EQ(left, SQL_SUCCESS);
  }
  SQLRETURN more() { return rig_("SQLMoreResults", statement()); }

  OdbcRig rig_{GetParam().through, SQL_OV_ODBC3_80};
  SQLLEN length_ = SQL_DATA_AT_EXEC;
  SQLLEN got_ = 0;
};

TEST_P(OutputStreams, AreReadInPieces) {
  make("PROCEDURE", "streams",
       "(OUT t LONGTEXT, OUT n INT, OUT b LONGBLOB) BEGIN SET t = REPEAT('abc', 100000); "
       "SET n = 7; SET b = X'00FF10'; END");
  SQLINTEGER number = -1;
  stream(1, SQL_C_CHAR, SQL_LONGVARCHAR);
  bind(2, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, &number);
  stream(3, SQL_C_BINARY, SQL_LONGVARBINARY);
  ASSERT_EQ(rig_("SQLPrepare", statement(), "{call streams(?, ?, ?)}", SQL_NTS), SQL_SUCCESS);
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "abc";
  for (int round = 0; round < 2; ++round) {
    number = -1;
    ASSERT_EQ(rig_("SQLExecute", statement()), SQL_PARAM_DATA_AVAILABLE) << state();
    ASSERT_EQ(named(), 1U);
    EXPECT_TRUE(read(1) == text);
    ASSERT_EQ(named(), 3U);
    EXPECT_EQ(read(3, SQL_C_BINARY), std::string("\x00\xFF\x10", 3));
    ASSERT_EQ(named(), 0U);
    EXPECT_EQ(number, 7);
    EXPECT_EQ(more(), SQL_NO_DATA);
  }
}

TEST_P(OutputStreams, ComeBehindResultSets) {
  make("PROCEDURE", "rows_and_stream",
       "(IN a INT, OUT t TEXT) BEGIN SELECT a UNION SELECT a + 1; SET t = CONCAT('t', a); END");
  SQLINTEGER number = 5;
  stream(2, SQL_C_CHAR, SQL_VARCHAR);
  for (const bool scrollable : {false, true}) {
    ASSERT_EQ(rig_("SQLBindParameter", statement(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0,
                   0, &number, 0, nullptr),
              SQL_SUCCESS);
    rig_("SQLSetStmtAttr", statement(), SQL_ATTR_CURSOR_SCROLLABLE,
         scrollable ? SQL_SCROLLABLE : SQL_NONSCROLLABLE, 0);
    ASSERT_EQ(run("{call rows_and_stream(?, ?)}"), SQL_SUCCESS) << state();
    ASSERT_EQ(rig_("SQLFetch", statement()), SQL_SUCCESS);
    EXPECT_EQ(read(1), "5");
    ASSERT_EQ(more(), SQL_PARAM_DATA_AVAILABLE);
    SQLHSTMT other = nullptr;  // needs the wire
    rig_("SQLAllocHandle", SQL_HANDLE_STMT, rig_.connection, &other);
    EXPECT_EQ(rig_("SQLExecDirect", other, "SELECT 1", SQL_NTS), SQL_SUCCESS);
    rig_("SQLFreeHandle", SQL_HANDLE_STMT, other);
    ASSERT_EQ(named(), 2U);
    EXPECT_EQ(read(2), "t5");
    ASSERT_EQ(named(), 0U);
    EXPECT_EQ(more(), SQL_NO_DATA);
  }
}

TEST_P(OutputStreams, GoBothWays) {
  make("PROCEDURE", "both_ways", "(INOUT t LONGTEXT) SET t = CONCAT(REVERSE(t), '!')");
  stream(1, SQL_C_CHAR, SQL_LONGVARCHAR, SQL_PARAM_INPUT_OUTPUT_STREAM);
  for (const SQLLEN given : {SQLLEN{4}, SQLLEN{SQL_NULL_DATA}}) {
    ASSERT_EQ(run("{call both_ways(?)}"), SQL_NEED_DATA) << state();
    SQLPOINTER token = nullptr;
    ASSERT_EQ(rig_("SQLParamData", statement(), &token), SQL_NEED_DATA);
    EXPECT_EQ(token, reinterpret_cast<void*>(1));
    ASSERT_EQ(rig_("SQLPutData", statement(), "1234", given), SQL_SUCCESS);
    ASSERT_EQ(rig_("SQLParamData", statement(), &token), SQL_PARAM_DATA_AVAILABLE);
    if (!managed()) {
      ASSERT_EQ(named(), 1U);
      EXPECT_EQ(read(1), given == SQL_NULL_DATA ? "NULL" : "4321!");
      ASSERT_EQ(named(), 0U);
    }
    leave();
  }
  length_ = 4;  // a token is no value
  EXPECT_EQ(run("{call both_ways(?)}"), SQL_ERROR);
  EXPECT_EQ(state(), "HY090");
  length_ = SQL_NULL_DATA;
  EXPECT_EQ(run("{call both_ways(?)}"), SQL_PARAM_DATA_AVAILABLE);
}

TEST_P(OutputStreams, AreConvertedAsSqlGetDataAsks) {
  make("PROCEDURE", "numbers", "(OUT a INT, OUT b DOUBLE) BEGIN SET a = 42; SET b = 12.75; END");
  stream(1, SQL_C_CHAR, SQL_INTEGER);
  stream(2, SQL_C_SLONG, SQL_DOUBLE);
  for (const SQLSMALLINT type : {SQLSMALLINT{SQL_C_DEFAULT}, kApdType, SQLSMALLINT{SQL_C_SLONG}}) {
    if (managed() && type == kApdType) continue;
    ASSERT_EQ(run("{call numbers(?, ?)}"), SQL_PARAM_DATA_AVAILABLE) << state();
    ASSERT_EQ(named(), 1U);
    std::array<char, 16> buffer{};
    EXPECT_EQ(get(1, type, buffer.data(), buffer.size()), SQL_SUCCESS);
    EXPECT_EQ(got_, type == kApdType ? 2 : 4);
    EXPECT_EQ(buffer[0], type == kApdType ? '4' : 42);
    ASSERT_EQ(named(), 2U);
    const SQLRETURN result = get(2, type, buffer.data(), buffer.size());
    EXPECT_EQ(result, type == SQL_C_DEFAULT ? SQL_SUCCESS : SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(state(), type == SQL_C_DEFAULT ? "00000" : "01S07");
    EXPECT_EQ(got_, type == SQL_C_DEFAULT ? 8 : 4);
    ASSERT_EQ(named(), 0U);
  }
}

TEST_P(OutputStreams, GiveAFunctionsValue) {
  make("FUNCTION", "shout", "(t VARCHAR(20)) RETURNS VARCHAR(40) DETERMINISTIC RETURN REVERSE(t)");
  stream(1, SQL_C_CHAR, SQL_VARCHAR);
  std::string text = "hey";
  SQLLEN length = SQL_NTS;
  rig_("SQLBindParameter", statement(), 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0,
       text.data(), 0, &length);
  ASSERT_EQ(run("{?=call shout(?)}"), SQL_PARAM_DATA_AVAILABLE) << state();
  ASSERT_EQ(named(), 1U);
  EXPECT_EQ(read(1), "yeh");
  ASSERT_EQ(named(), 0U);
  EXPECT_EQ(more(), SQL_NO_DATA);
}

TEST_P(OutputStreams, ComeForEverySet) {
  make("PROCEDURE", "told", "(IN a INT, OUT t TEXT) SET t = CONCAT('t', a)");
  make("FUNCTION", "said", "(a INT) RETURNS TEXT DETERMINISTIC RETURN CONCAT('t', a)");
  std::array<SQLINTEGER, 3> numbers{1, 2, 3};
  std::array<SQLUSMALLINT, 3> operations{SQL_PARAM_PROCEED, SQL_PARAM_IGNORE, SQL_PARAM_PROCEED};
  rig_("SQLSetStmtAttr", statement(), SQL_ATTR_PARAMSET_SIZE, 3, 0);
  rig_("SQLSetStmtAttr", statement(), SQL_ATTR_PARAM_OPERATION_PTR, operations.data(), 0);
  for (const SQLUSMALLINT place : {SQLUSMALLINT{2}, SQLUSMALLINT{1}}) {
    rig_("SQLBindParameter", statement(), place == 1 ? 2 : 1, SQL_PARAM_INPUT, SQL_C_SLONG,
         SQL_INTEGER, 0, 0, numbers.data(), 0, nullptr);
    stream(place, SQL_C_CHAR, SQL_VARCHAR);
    ASSERT_EQ(run(place == 2 ? "{call told(?, ?)}" : "{?=call said(?)}"), SQL_PARAM_DATA_AVAILABLE)
        << state();
    ASSERT_EQ(named(), std::size_t{place});
    EXPECT_EQ(read(place), "t1");
    ASSERT_EQ(named(), 0U);
    ASSERT_EQ(more(), SQL_PARAM_DATA_AVAILABLE);
    ASSERT_EQ(named(), std::size_t{place});
    EXPECT_EQ(read(place), "t3");
    ASSERT_EQ(named(), 0U);
    EXPECT_EQ(more(), SQL_NO_DATA);
  }
}

TEST_P(OutputStreams, MayBeLeftUnread) {
  if (managed()) return;  // HY010 there
  make("PROCEDURE", "three",
       "(OUT a INT, OUT b TEXT, OUT c TEXT) BEGIN SET a = 1; SET b = 'bbb'; SET c = 'ccc'; END");
  SQLINTEGER number = -1;
  bind(1, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, &number);
  stream(2, SQL_C_CHAR, SQL_VARCHAR);
  stream(3, SQL_C_CHAR, SQL_VARCHAR);
  ASSERT_EQ(run("{call three(?, ?, ?)}"), SQL_PARAM_DATA_AVAILABLE);
  ASSERT_EQ(named(), 2U);
  ASSERT_EQ(named(), 3U);
  std::array<char, 3> buffer{};
  EXPECT_EQ(get(3, SQL_C_CHAR, buffer.data(), 3), SQL_SUCCESS_WITH_INFO);
  EXPECT_STREQ(buffer.data(), "cc");
  ASSERT_EQ(named(), 0U);
  EXPECT_EQ(number, 1);
  number = -1;
  ASSERT_EQ(run("{call three(?, ?, ?)}"), SQL_PARAM_DATA_AVAILABLE);
  EXPECT_EQ(more(), SQL_NO_DATA);
  EXPECT_EQ(number, 1);  // what is bound was stored all the same
}

TEST_P(OutputStreams, RefuseOtherCallsUntilTheyAreRead) {
  make("PROCEDURE", "two", "(OUT a TEXT, OUT b TEXT) BEGIN SET a = 'aaa'; SET b = 'bbb'; END");
  stream(1, SQL_C_CHAR, SQL_VARCHAR);
  stream(2, SQL_C_CHAR, SQL_VARCHAR);
  ASSERT_EQ(run("{call two(?, ?)}"), SQL_PARAM_DATA_AVAILABLE) << state();
  EXPECT_EQ(read(1), "HY010");  // SQLParamData comes first
  ASSERT_EQ(named(), 1U);
  EXPECT_EQ(read(2), "07009");
  EXPECT_EQ(read(1), "aaa");
  EXPECT_EQ(rig_("SQLFetch", statement()), SQL_ERROR);
  EXPECT_EQ(state(), "HY010");
  EXPECT_EQ(run("SELECT 1"), SQL_ERROR);
  EXPECT_EQ(state(), "HY010");
  EXPECT_EQ(rig_("SQLPutData", statement(), "x", 1), SQL_ERROR);
  EXPECT_EQ(state(), "HY010");
  EXPECT_EQ(rig_("SQLFreeStmt", statement(), SQL_RESET_PARAMS), SQL_ERROR);
  EXPECT_EQ(state(), "HY010");
  EXPECT_EQ(rig_("SQLEndTran", SQL_HANDLE_DBC, rig_.connection, SQL_COMMIT), SQL_ERROR);
  EXPECT_EQ(rig_.state_of(SQL_HANDLE_DBC, rig_.connection), "HY010");
  if (!managed()) {
    SQLSMALLINT count = 0;
    EXPECT_EQ(rig_("SQLNumParams", statement(), &count), SQL_SUCCESS);
    EXPECT_EQ(count, 2);
    SQLULEN size = 0;
    EXPECT_EQ(rig_("SQLGetStmtAttr", statement(), SQL_ATTR_PARAMSET_SIZE, &size, 0, nullptr),
              SQL_SUCCESS);
    EXPECT_EQ(rig_("SQLFreeStmt", statement(), SQL_UNBIND), SQL_SUCCESS);
  }
  leave();
  EXPECT_EQ(run("SELECT 1"), SQL_SUCCESS) << state();
}

TEST_P(OutputStreams, EndWithTheirStatement) {
  make("PROCEDURE", "one", "(OUT a INT) SET a = 1");
  stream(1, SQL_C_CHAR, SQL_VARCHAR);
  for (const char* function : {"SQLCancel", "SQLCloseCursor"}) {
    if (managed() && function == std::string("SQLCloseCursor")) continue;
    ASSERT_EQ(run("{call one(?)}"), SQL_PARAM_DATA_AVAILABLE) << state();
    ASSERT_EQ(named(), 1U);
    EXPECT_EQ(rig_(function, statement()), SQL_SUCCESS) << function;
    EXPECT_EQ(run("DO 1"), SQL_SUCCESS) << function << state();
  }
  ASSERT_EQ(run("{call one(?)}"), SQL_PARAM_DATA_AVAILABLE) << state();
  if (!managed()) {
    EXPECT_EQ(rig_("SQLFreeHandle", SQL_HANDLE_STMT, statement()), SQL_SUCCESS);
    rig_.make_statement();
    stream(1, SQL_C_CHAR, SQL_VARCHAR);
    ASSERT_EQ(run("{call one(?)}"), SQL_PARAM_DATA_AVAILABLE) << state();
    EXPECT_EQ(rig_("SQLDisconnect", rig_.connection), SQL_SUCCESS);
    rig_.statement = nullptr;
  }
}

INSTANTIATE_TEST_SUITE_P(Everywhere, OutputStreams, testing::ValuesIn(everywhere()),
                         [](const auto& where) {
                           return name_of(where.param.kind) +
                                  (where.param.through == Through::kNothing ? "Directly"
                                                                            : "Managed");
                         });

}  // namespace
}  // namespace test_support
