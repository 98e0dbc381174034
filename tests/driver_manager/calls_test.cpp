// Stored procedures and functions: output parameters, result sets with them, what goes wrong.
#include <array>

#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

class Calls : public ServerCase {
 protected:
  struct Integer {
    SQLINTEGER value = 0;
    SQLLEN length = 0;
  };
  struct Text {
    std::array<char, 32> value{};
    SQLLEN length = SQL_NTS;
  };

  void make(const std::string& kind, const std::string& name, const std::string& rest) {
    OdbcStatement statement(connection_);
    statement.execute("DROP " + kind + " IF EXISTS " + name);
    statement.execute("CREATE " + kind + " " + name + rest);
  }
  static void bind(OdbcStatement& statement, SQLUSMALLINT number, SQLSMALLINT direction,
                   Integer& to) {
    statement.check(SQLBindParameter(statement.raw(), number, direction, SQL_C_SLONG, SQL_INTEGER,
                                     0, 0, &to.value, 0, &to.length));
  }
  static void bind(OdbcStatement& statement, SQLUSMALLINT number, SQLSMALLINT direction, Text& to,
                   SQLLEN capacity = 32) {
    statement.check(SQLBindParameter(statement.raw(), number, direction, SQL_C_CHAR, SQL_VARCHAR,
                                     32, 0, to.value.data(), capacity, &to.length));
  }
};

TEST_P(Calls, GiveOutputParametersAtOnceWithoutResultSets) {
  make("PROCEDURE", "outs",
       "(IN a INT, OUT b INT, INOUT c VARCHAR(30), OUT d VARCHAR(30)) "
       "BEGIN SET b = a * 2; SET c = CONCAT(c, '!'); SET d = NULL; END");
  for (const char* sql :
       {"{call outs(?, ?, ?, ?)}", "CALL outs(?,?,?,?)", "{ CALL test.outs (?, ?, ?, ?) }"}) {
    OdbcStatement statement(connection_);
    Integer a{21, 0};
    Integer b{-1, 0};
    Text c{{"hello"}, SQL_NTS};
    Text d;
    bind(statement, 1, SQL_PARAM_INPUT, a);
    bind(statement, 2, SQL_PARAM_OUTPUT, b);
    bind(statement, 3, SQL_PARAM_INPUT_OUTPUT, c);
    bind(statement, 4, SQL_PARAM_OUTPUT, d);
    statement.prepare(sql);
    for (int round = 1; round <= 3; ++round) {
      statement.execute_prepared();
      EXPECT_EQ(b.value, 42) << sql;
      EXPECT_EQ(b.length, SQLLEN{sizeof b.value});
      EXPECT_EQ(c.value.data(), "hello" + std::string(static_cast<std::size_t>(round), '!'));
      EXPECT_EQ(c.length, 5 + round);
      EXPECT_EQ(d.length, SQL_NULL_DATA);
      EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"42", c.value.data(), std::nullopt}}));
      EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_SUCCESS);  // the procedure's own row count
      SQLSMALLINT columns = -1;
      statement.check(SQLNumResultCols(statement.raw(), &columns));
      EXPECT_EQ(columns, 0);
      EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_NO_DATA);
    }
  }
}

TEST_P(Calls, GiveOutputParametersBehindTheirResultSets) {
  make("PROCEDURE", "two_ways",
       "(IN a INT, OUT b INT) BEGIN SELECT a UNION SELECT a + 1; SET b = a * 10; SELECT 'x', a; "
       "END");
  for (const bool interrupted : {false, true}) {
    OdbcStatement statement(connection_);
    Integer a{5, 0};
    Integer b{-1, 0};
    bind(statement, 1, SQL_PARAM_INPUT, a);
    bind(statement, 2, SQL_PARAM_OUTPUT, b);
    statement.execute("{call two_ways(?, ?)}");
    if (interrupted) {
      EXPECT_EQ(ask("SELECT 7"), "7");  // what is unread is kept
    }
    EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"5"}, {"6"}}));
    EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_SUCCESS);
    EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"x", "5"}}));
    EXPECT_EQ(b.value, -1);
    EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_SUCCESS);
    EXPECT_EQ(b.value, 50);
    EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"50"}}));
    EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_SUCCESS);  // the procedure's own row count
    EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_NO_DATA);
    EXPECT_EQ(b.value, 50);
  }
}

TEST_P(Calls, ShowOutputParametersAsColumns) {
  make("PROCEDURE", "shown", "(OUT a BIT(9), OUT b VARCHAR(9)) BEGIN SET a = 258, b = 'x'; END");
  OdbcStatement statement(connection_);
  Integer a;
  Text b;
  bind(statement, 1, SQL_PARAM_OUTPUT, a);
  bind(statement, 2, SQL_PARAM_OUTPUT, b);
  statement.execute("{call shown(?, ?)}");
  EXPECT_EQ(a.value, 258);
  EXPECT_STREQ(b.value.data(), "x");
  EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"0102", "x"}}));
}

TEST_P(Calls, ConvertOutputAsColumns) {
  make("PROCEDURE", "kinds",
       "(OUT a DECIMAL(10,2), OUT b DATETIME, OUT c VARBINARY(8), OUT d BIGINT UNSIGNED, OUT e "
       "VARCHAR(40), OUT f DOUBLE) BEGIN SET a = -12.75; SET b = '2026-01-02 03:04:05'; SET c = "
       "X'00FF10'; SET d = 18446744073709551615; SET e = 'a long text'; SET f = 1.5; END");
  OdbcStatement statement(connection_);
  SQL_NUMERIC_STRUCT a{};
  SQL_TIMESTAMP_STRUCT b{};
  std::array<unsigned char, 8> c{};
  SQLUBIGINT d = 0;
  std::array<SQLWCHAR, 6> e{};
  SQLDOUBLE f = 0;
  std::array<SQLLEN, 6> lengths{};
  const auto out = [&](SQLUSMALLINT number, SQLSMALLINT c_type, SQLSMALLINT sql_type, void* to,
                       SQLLEN capacity) {
    statement.check(SQLBindParameter(statement.raw(), number, SQL_PARAM_OUTPUT, c_type, sql_type,
                                     40, 2, to, capacity, &lengths[number - 1U]));
  };
  out(1, SQL_C_NUMERIC, SQL_DECIMAL, &a, sizeof a);
  out(2, SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, &b, sizeof b);
  out(3, SQL_C_BINARY, SQL_VARBINARY, c.data(), 8);
  out(4, SQL_C_UBIGINT, SQL_BIGINT, &d, 0);
  out(5, SQL_C_WCHAR, SQL_WVARCHAR, e.data(), sizeof e);
  out(6, SQL_C_DEFAULT, SQL_DOUBLE, &f, 0);
  EXPECT_EQ(SQLExecDirect(statement.raw(),
                          const_cast<SQLCHAR*>(
                              reinterpret_cast<const SQLCHAR*>("{call kinds(?, ?, ?, ?, ?, ?)}")),
                          SQL_NTS),
            SQL_SUCCESS_WITH_INFO);
  std::vector<std::string> states;
  for (const OdbcDiagnostic& record : statement.diagnostics()) states.push_back(record.state);
  EXPECT_EQ(states, (std::vector<std::string>{"01S07", "01004"}));  // scale 0; a cut text
  EXPECT_EQ(a.val[0], 12);
  EXPECT_EQ(a.sign, 0);
  EXPECT_EQ(b.day, 2);
  EXPECT_EQ(b.second, 5);
  EXPECT_EQ(lengths[2], 3);
  EXPECT_EQ(c[1], 0xFF);
  EXPECT_EQ(d, 18446744073709551615U);
  EXPECT_EQ(lengths[4], 22);
  EXPECT_EQ(e[4], u'n');
  EXPECT_EQ(e[5], 0);
  EXPECT_EQ(f, 1.5);
  SQLINTEGER column = 0;
  statement.check(SQLGetDiagField(SQL_HANDLE_STMT, statement.raw(), 2, SQL_DIAG_COLUMN_NUMBER,
                                  &column, 0, nullptr));
  EXPECT_EQ(column, 5);
}

TEST_P(Calls, GiveLongTextAsText) {
  make("PROCEDURE", "long_text",
       "(OUT a LONGTEXT, OUT b TEXT) BEGIN SET a = 'abc'; SET b = a; END");
  OdbcStatement statement(connection_);
  Text a;
  Text b;
  bind(statement, 1, SQL_PARAM_OUTPUT, a);
  bind(statement, 2, SQL_PARAM_OUTPUT, b);
  statement.execute("{call long_text(?, ?)}");
  EXPECT_STREQ(a.value.data(), "abc");
  EXPECT_STREQ(b.value.data(), "abc");
}

TEST_P(Calls, GiveTextAsTheNumbersItHolds) {
  make("PROCEDURE", "text_numbers",
       "(OUT a VARCHAR(20), OUT b TEXT) BEGIN SET a = '12'; SET b = '2026-01-02'; END");
  OdbcStatement statement(connection_);
  Integer a;
  SQL_DATE_STRUCT b{};
  SQLLEN length = 0;
  bind(statement, 1, SQL_PARAM_OUTPUT, a);
  statement.check(SQLBindParameter(statement.raw(), 2, SQL_PARAM_OUTPUT, SQL_C_TYPE_DATE,
                                   SQL_TYPE_DATE, 10, 0, &b, 0, &length));
  statement.execute("{call text_numbers(?, ?)}");
  EXPECT_EQ(a.value, 12);
  EXPECT_EQ(b.year, 2026);
  EXPECT_EQ(b.day, 2);
}

TEST_P(Calls, GiveBitsAsColumnsDo) {
  make("PROCEDURE", "bits",
       "(OUT a BIT, INOUT b BIT(9), OUT c BIT(64), OUT d BIT(8)) BEGIN SET a = 1, b = b + 1, c = "
       "18446744073709551615, d = NULL; END");
  OdbcStatement statement(connection_);
  SQLCHAR a = 9;
  Integer b{340, 0};
  SQLUBIGINT c = 0;
  Integer d;
  SQLLEN length = 0;
  statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_OUTPUT, SQL_C_BIT, SQL_BIT, 0, 0,
                                   &a, 0, &length));
  bind(statement, 2, SQL_PARAM_INPUT_OUTPUT, b);
  statement.check(SQLBindParameter(statement.raw(), 3, SQL_PARAM_OUTPUT, SQL_C_UBIGINT, SQL_BIGINT,
                                   0, 0, &c, 0, &length));
  bind(statement, 4, SQL_PARAM_OUTPUT, d);
  statement.execute("{call bits(?, ?, ?, ?)}");
  EXPECT_EQ(a, 1);
  EXPECT_EQ(b.value, 341);
  EXPECT_EQ(c, 18446744073709551615U);
  EXPECT_EQ(d.length, SQL_NULL_DATA);

  std::array<unsigned char, 2> bytes{};
  statement.check(SQLFreeStmt(statement.raw(), SQL_RESET_PARAMS));
  statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_OUTPUT, SQL_C_BINARY, SQL_BINARY,
                                   2, 0, bytes.data(), 2, &length));
  make("PROCEDURE", "nine_bits", "(OUT a BIT(9)) BEGIN SET a = 341; END");
  statement.execute("{call nine_bits(?)}");
  EXPECT_EQ(length, 2);
  EXPECT_EQ(bytes, (std::array<unsigned char, 2>{0x01, 0x55}));
}

TEST_P(Calls, NeedNoBufferForOutputThatNobodyWants) {
  make("PROCEDURE", "unwanted", "(OUT a INT, OUT b INT) BEGIN SET a = 1; SET b = 2; END");
  OdbcStatement statement(connection_);
  Integer b;
  statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER,
                                   0, 0, nullptr, 0, nullptr));
  bind(statement, 2, SQL_PARAM_OUTPUT, b);
  statement.execute("{call unwanted(?, ?)}");
  EXPECT_EQ(b.value, 2);
}

TEST_P(Calls, MixLiteralsWithMarkers) {
  make("PROCEDURE", "mixed",
       "(IN a INT, INOUT b INT, IN c VARCHAR(9), OUT d INT) "
       "BEGIN SET b = a + b; SET d = LENGTH(c); END");
  OdbcStatement statement(connection_);
  Integer b{1, 0};
  Integer d;
  bind(statement, 1, SQL_PARAM_INPUT_OUTPUT, b);
  bind(statement, 2, SQL_PARAM_OUTPUT, d);
  statement.execute("{call mixed({fn ABS(-4)}, ?, 'a?c', ?)}");
  EXPECT_EQ(b.value, 5);
  EXPECT_EQ(d.value, 3);
}

TEST_P(Calls, GiveAFunctionsValue) {
  make("FUNCTION", "twice", "(a INT) RETURNS INT DETERMINISTIC RETURN a * 2");
  make("FUNCTION", "greeting", "() RETURNS VARCHAR(20) DETERMINISTIC RETURN 'good day'");
  OdbcStatement statement(connection_);
  Integer value;
  Integer argument{4, 0};
  bind(statement, 1, SQL_PARAM_OUTPUT, value);
  bind(statement, 2, SQL_PARAM_INPUT, argument);
  statement.prepare("{?=call twice(?)}");
  SQLSMALLINT count = 0;
  statement.check(SQLNumParams(statement.raw(), &count));
  EXPECT_EQ(count, 2);
  statement.execute_prepared();
  EXPECT_EQ(value.value, 8);
  SQLSMALLINT columns = -1;
  statement.check(SQLNumResultCols(statement.raw(), &columns));
  EXPECT_EQ(columns, 0);
  argument.value = 5;
  statement.execute_prepared();
  EXPECT_EQ(value.value, 10);
  EXPECT_EQ(SQLMoreResults(statement.raw()), SQL_NO_DATA);

  OdbcStatement other(connection_);
  Text text;
  bind(other, 1, SQL_PARAM_OUTPUT, text);
  for (const char* sql : {"{? = call greeting()}", "{?=call test.greeting}"}) {
    text.value = {};
    other.execute(sql);
    EXPECT_STREQ(text.value.data(), "good day");
    EXPECT_EQ(text.length, 8);
  }
  OdbcStatement unbound(connection_);
  EXPECT_EQ(state_of([&] { unbound.execute("{?=call greeting()}"); }), "07002");
}

TEST_P(Calls, FailAsTheirStatementsDo) {
  make_table("calls_log", "i INT PRIMARY KEY");
  make("PROCEDURE", "halfway",
       "(OUT a INT) BEGIN INSERT INTO calls_log VALUES (1); SELECT 'first'; SET a = 3; "
       "INSERT INTO calls_log VALUES (1); END");
  OdbcStatement statement(connection_);
  Integer a{-1, 0};
  bind(statement, 1, SQL_PARAM_OUTPUT, a);
  statement.execute("{call halfway(?)}");
  EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"first"}}));
  EXPECT_EQ(state_of([&] { statement.check(SQLMoreResults(statement.raw())); }), "23000");
  EXPECT_EQ(a.value, -1);
  EXPECT_EQ(ask("SELECT COUNT(*) FROM calls_log"), "1");
  EXPECT_EQ(state_of([&] { statement.execute("{call halfway(?, ?)}"); }), "07002");
  Integer b;
  bind(statement, 2, SQL_PARAM_OUTPUT, b);
  EXPECT_EQ(state_of([&] { statement.execute("{call halfway(?, ?)}"); }), "42000");  // 1318
  EXPECT_EQ(state_of([&] { statement.execute("{call no_such(?)}"); }), "42000");
}

TEST_P(Calls, SayWhenOutputIsBoundToTheWrongParameters) {
  make("PROCEDURE", "one_out", "(IN a INT, OUT b INT) SET b = a");
  OdbcStatement statement(connection_);
  Integer a{1, 0};
  Integer b{-1, 0};
  bind(statement, 1, SQL_PARAM_INPUT_OUTPUT, a);
  bind(statement, 2, SQL_PARAM_OUTPUT, b);
  statement.execute("{call one_out(?, ?)}");
  ASSERT_FALSE(statement.diagnostics().empty());
  EXPECT_EQ(statement.diagnostics().front().state, "01000");
  EXPECT_EQ(b.value, -1);
}

TEST_P(Calls, GiveOutputForEverySet) {
  make("PROCEDURE", "square", "(IN a INT, OUT b INT) SET b = a * a");
  OdbcStatement statement(connection_);
  std::array<SQLINTEGER, 4> a{1, 2, 3, 4};
  std::array<SQLINTEGER, 4> b{};
  std::array<SQLLEN, 4> lengths{};
  statement.check(SQLSetStmtAttr(statement.raw(), SQL_ATTR_PARAMSET_SIZE, attribute_value(4), 0));
  statement.check(SQLBindParameter(statement.raw(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0,
                                   0, a.data(), 0, nullptr));
  statement.check(SQLBindParameter(statement.raw(), 2, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER,
                                   0, 0, b.data(), 0, lengths.data()));
  statement.execute("{call square(?, ?)}");
  EXPECT_EQ(b, (std::array<SQLINTEGER, 4>{1, 4, 9, 16}));
  EXPECT_EQ(lengths[3], 4);
}

/// ODBC 3.8, "Binding Parameters by Name".
TEST_P(Calls, TakeParametersByTheirNames) {
  make("PROCEDURE", "named",
       "(IN amount INT, OUT twice INT, IN word VARCHAR(30), OUT words VARCHAR(60)) "
       "BEGIN SET twice = amount * 2; SET words = CONCAT(word, word); END");
  OdbcStatement statement(connection_);
  Text word{{"ab"}, SQL_NTS};
  Text words;
  Integer amount{21, 0};
  Integer twice{-1, 0};
  bind(statement, 1, SQL_PARAM_INPUT, word);
  bind(statement, 2, SQL_PARAM_OUTPUT, words);
  bind(statement, 3, SQL_PARAM_OUTPUT, twice);
  bind(statement, 4, SQL_PARAM_INPUT, amount);
  SQLHDESC descriptor = nullptr;
  statement.check(
      SQLGetStmtAttr(statement.raw(), SQL_ATTR_IMP_PARAM_DESC, &descriptor, 0, nullptr));
  const auto name = [&](SQLSMALLINT number, std::string text) {
    ASSERT_EQ(SQLSetDescField(descriptor, number, SQL_DESC_NAME, text.data(), SQL_NTS),
              SQL_SUCCESS);
  };
  name(1, "WORD");
  name(2, "words");
  name(3, "twice");
  name(4, "amount");
  statement.prepare("{call named(?, ?, ?, ?)}");
  statement.execute_prepared();
  EXPECT_EQ(twice.value, 42);
  EXPECT_STREQ(words.value.data(), "abab");
  amount.value = 4;
  statement.execute_prepared();
  EXPECT_EQ(twice.value, 8);
  name(1, "sentence");
  EXPECT_EQ(state_of([&] { statement.execute_prepared(); }), "HY000");
  // In another database it is another procedure, to what is prepared there.
  name(1, "word");
  OdbcStatement(connection_).execute("CREATE DATABASE IF NOT EXISTS calls_elsewhere");
  OdbcStatement(connection_).execute("USE calls_elsewhere");
  make("PROCEDURE", "named",
       "(IN word VARCHAR(30), OUT words VARCHAR(60), OUT twice INT, IN amount INT) "
       "BEGIN SET twice = amount * 20; SET words = word; END");
  twice.value = -1;
  statement.execute_prepared();
  EXPECT_EQ(twice.value, 8);
  statement.prepare("{call named(?, ?, ?, ?)}");
  statement.execute_prepared();
  EXPECT_EQ(twice.value, 80);
  OdbcStatement(connection_).execute("DROP DATABASE calls_elsewhere");
  OdbcStatement(connection_).execute("USE test");
  statement.prepare("{call named(?, ?, ?, ?)}");
  name(1, "");  // not all are named: by position, where the first is no number
  const bool strict = state_of([&] { statement.execute_prepared(); }) != "00000";
  EXPECT_TRUE(strict || words.value[0] == '0') << words.value.data();
  statement.execute("SELECT ?, ?, ?, ?");  // names are of procedures alone
}

TEST_P(Calls, TakeParametersByTheirOrderWhereTheirNamesAreNotSeen) {
  OdbcStatement statement(connection_);
  Integer a{1, 0};
  bind(statement, 1, SQL_PARAM_INPUT, a);
  SQLHDESC descriptor = nullptr;
  statement.check(
      SQLGetStmtAttr(statement.raw(), SQL_ATTR_IMP_PARAM_DESC, &descriptor, 0, nullptr));
  std::string name = "a";
  ASSERT_EQ(SQLSetDescField(descriptor, 1, SQL_DESC_NAME, name.data(), SQL_NTS), SQL_SUCCESS);
  EXPECT_EQ(state_of([&] { statement.execute("CALL never_made(?)"); }), "42000");
}

FOR_EVERY_SERVER(Calls);

}  // namespace
}  // namespace test_support
