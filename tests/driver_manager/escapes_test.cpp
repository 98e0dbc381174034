// Escape sequences executed: what each scalar function of ODBC appendix E and each literal yields
// on the real servers, and SQLNativeSql.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "tests/driver_manager/odbc_fixture.h"
#include "tests/driver_manager/server_case.h"

namespace test_support {
namespace {

struct Expectation {
  std::string_view escape, value;
};

class EscapesExecuted : public ServerCase {
 protected:
  template <std::size_t Size>
  void expect_values(const std::array<Expectation, Size>& expectations) {
    for (const Expectation& expectation : expectations) {
      EXPECT_EQ(ask("SELECT " + std::string(expectation.escape)), expectation.value)
          << expectation.escape;
    }
  }

  std::string native(const std::string& sql) {
    std::array<SQLCHAR, 512> out{};
    SQLINTEGER length = 0;
    std::vector<SQLCHAR> in(sql.begin(), sql.end());
    connection_.check(SQLNativeSql(connection_.raw(), in.data(), static_cast<SQLINTEGER>(in.size()),
                                   out.data(), static_cast<SQLINTEGER>(out.size()), &length));
    return {out.begin(), out.begin() + length};
  }

  std::string native_state(const std::string& sql) {
    return state_of([&] { native(sql); });
  }
};

constexpr std::array kLiterals{
    Expectation{"{d '2026-01-31'}", "2026-01-31"},
    Expectation{"{ D\t'2026-01-31'\n}", "2026-01-31"},
    Expectation{"{t '10:11:12'}", "10:11:12"},
    Expectation{"{t '10:11:12.25'}", "10:11:12.25"},
    Expectation{"{t '-12:00:00'}", "-12:00:00"},
    Expectation{"{ts '2026-01-31 10:11:12'}", "2026-01-31 10:11:12"},
    Expectation{"{ts '2026-01-31 10:11:12.5'}", "2026-01-31 10:11:12.5"},
    Expectation{"{ts '2026-01-31'}", "2026-01-31 00:00:00"},
    Expectation{"{guid '6f9619ff-8b86-d011-b42d-00c04fc964ff'}",
                "6f9619ff-8b86-d011-b42d-00c04fc964ff"},
    Expectation{"--(*vendor(Microsoft),product(ODBC) d '1993-08-25' *)--", "1993-08-25"},
    Expectation{"{d '2026-01-31'} + {INTERVAL '3' DAY}", "2026-02-03"},
    Expectation{"{d '2026-01-31'} - {INTERVAL '1-2' YEAR TO MONTH}", "2024-11-30"},
    Expectation{"{ts '2026-01-31 10:00:00'} + {INTERVAL -'1 1:1:1' DAY TO SECOND}",
                "2026-01-30 08:58:59"},
    Expectation{"{ts '2026-01-31 10:00:00'} + {INTERVAL '3.5' SECOND(2,1)}",
                "2026-01-31 10:00:03.500000"},
    Expectation{"'{fn NOW()}'", "{fn NOW()}"},
    Expectation{"'{\"a\": {\"b\": \"}\"}}'", "{\"a\": {\"b\": \"}\"}}"},
    Expectation{"1 FROM {oj (SELECT 1 AS a) t LEFT OUTER JOIN {oj (SELECT 1 AS a) u LEFT OUTER "
                "JOIN (SELECT 2 AS a) v ON u.a = v.a} ON t.a = {fn ABS(u.a)}}",
                "1"},
    Expectation{"'a_c' LIKE 'a\\_c' {escape '\\'}", "1"},
    Expectation{"'abc' LIKE 'a!_c' {escape '!'}", "0"},
    Expectation{"a FROM (SELECT 1 AS a UNION SELECT 2) t ORDER BY a DESC {limit 1}", "2"},
};

constexpr std::array kStrings{
    Expectation{"{fn ASCII('AB')}", "65"},
    Expectation{"{fn BIT_LENGTH('ab')}", "16"},
    Expectation{"{fn CHAR(65)}", "A"},
    Expectation{"{fn CHAR(228)}", "ä"},
    Expectation{"{fn CHAR_LENGTH('größe')}", "5"},
    Expectation{"{fn CHARACTER_LENGTH('größe ')}", "6"},
    Expectation{"{fn CONCAT('a', 'b')}", "ab"},
    Expectation{"{fn DIFFERENCE('Smith', 'Smythe')}", "4"},
    Expectation{"{fn DIFFERENCE('Smith', 'Jones')}", "2"},
    Expectation{"{fn DIFFERENCE('Ann', 'Quick')}", "2"},
    Expectation{"{fn DIFFERENCE('', '')}", "4"},
    Expectation{"{fn DIFFERENCE(NULL, 'a')}", "NULL"},
    Expectation{"{fn INSERT('abcdef', 2, 3, 'X')}", "aXef"},
    Expectation{"{fn LCASE('AbC')}", "abc"},
    Expectation{"{fn LEFT('abc', 2)}", "ab"},
    Expectation{"{fn LENGTH('größe  ')}", "5"},
    Expectation{"{fn LOCATE('b', 'abcb')}", "2"},
    Expectation{"{fn LOCATE('b', 'abcb', 3)}", "4"},
    Expectation{"{fn LTRIM('  a ')}", "a "},
    Expectation{"{fn OCTET_LENGTH('größe')}", "7"},
    Expectation{"{fn POSITION('c' IN 'abc')}", "3"},
    Expectation{"{fn REPEAT('ab', 3)}", "ababab"},
    Expectation{"{fn REPLACE('abab', 'b', 'x')}", "axax"},
    Expectation{"{fn RIGHT('abc', 2)}", "bc"},
    Expectation{"{fn RTRIM(' a  ')}", " a"},
    Expectation{"{fn SOUNDEX('Smith')}", "S530"},
    Expectation{"{fn SPACE(3)}", "   "},
    Expectation{"{fn SUBSTRING ('abcdef', 2, 3)}", "bcd"},
    Expectation{"{fn UCASE('AbC')}", "ABC"},
};

constexpr std::array kNumbers{
    Expectation{"{fn ABS(-5)}", "5"},
    Expectation{"{fn ACOS(1)}", "0"},
    Expectation{"{fn ASIN(0)}", "0"},
    Expectation{"{fn ATAN(0)}", "0"},
    Expectation{"{fn ATAN2(0, 1)}", "0"},
    Expectation{"{fn CEILING(1.2)}", "2"},
    Expectation{"{fn COS(0)}", "1"},
    Expectation{"{fn ROUND({fn COT(1)}, 4)}", "0.6421"},
    Expectation{"{fn DEGREES({fn PI()})}", "180"},
    Expectation{"{fn EXP(0)}", "1"},
    Expectation{"{fn FLOOR(-1.2)}", "-2"},
    Expectation{"{fn LOG(1)}", "0"},
    Expectation{"{fn LOG10(1000)}", "3"},
    Expectation{"{fn MOD(7, 3)}", "1"},
    Expectation{"{fn TRUNCATE({fn PI()}, 4)}", "3.1415"},
    Expectation{"{fn POWER(2, 10)}", "1024"},
    Expectation{"{fn ROUND({fn RADIANS(180)}, 4)}", "3.1416"},
    Expectation{"{fn RAND(5)} = {fn RAND(5)} AND {fn RAND()} BETWEEN 0 AND 1", "1"},
    Expectation{"{fn ROUND(12.345, 2)}", "12.35"},
    Expectation{"{fn ROUND(1234, -2)}", "1200"},
    Expectation{"{fn SIGN(-3)}", "-1"},
    Expectation{"{fn SIN(0)}", "0"},
    Expectation{"{fn SQRT(16)}", "4"},
    Expectation{"{fn TAN(0)}", "0"},
    Expectation{"{fn TRUNCATE(-1.999, 1)}", "-1.9"},
};

constexpr std::array kMoments{
    Expectation{"{fn CURRENT_DATE()} = {fn CURDATE()}", "1"},
    Expectation{"{fn CHAR_LENGTH({fn CONVERT({fn CURRENT_TIME(3)}, SQL_CHAR)})}", "12"},
    Expectation{"{fn CHAR_LENGTH({fn CONVERT({fn CURRENT_TIME}, SQL_CHAR)})}", "8"},
    Expectation{"{fn CHAR_LENGTH({fn CONVERT({fn CURRENT_TIMESTAMP(6)}, SQL_CHAR)})}", "26"},
    Expectation{"{fn CURRENT_TIMESTAMP()} = {fn NOW()}", "1"},
    Expectation{"{fn CURRENT_TIME()} = {fn CURTIME()}", "1"},
    Expectation{"{fn DAYNAME({d '2026-11-26'})}", "Thursday"},
    Expectation{"{fn DAYOFMONTH({d '2026-11-26'})}", "26"},
    Expectation{"{fn DAYOFWEEK({d '2026-11-26'})}", "5"},
    Expectation{"{fn DAYOFYEAR({d '2026-11-26'})}", "330"},
    Expectation{"{fn EXTRACT(YEAR FROM {ts '2026-11-26 10:11:12'})}", "2026"},
    Expectation{"{fn EXTRACT(MONTH FROM {ts '2026-11-26 10:11:12'})}", "11"},
    Expectation{"{fn EXTRACT(DAY FROM {ts '2026-11-26 10:11:12'})}", "26"},
    Expectation{"{fn EXTRACT(HOUR FROM {ts '2026-11-26 10:11:12'})}", "10"},
    Expectation{"{fn EXTRACT(MINUTE FROM {ts '2026-11-26 10:11:12'})}", "11"},
    Expectation{"{fn EXTRACT(SECOND FROM {ts '2026-11-26 10:11:12'})}", "12"},
    Expectation{"{fn HOUR({t '10:11:12'})}", "10"},
    Expectation{"{fn MINUTE({t '10:11:12'})}", "11"},
    Expectation{"{fn MONTH({d '2026-11-26'})}", "11"},
    Expectation{"{fn MONTHNAME({d '2026-11-26'})}", "November"},
    Expectation{"{fn QUARTER({d '2026-11-26'})}", "4"},
    Expectation{"{fn SECOND({t '10:11:12'})}", "12"},
    Expectation{"{fn WEEK({d '2026-11-26'})}", "47"},
    Expectation{"{fn WEEK({d '2026-01-01'})}", "52"},
    Expectation{"{fn YEAR({d '2026-11-26'})}", "2026"},
    Expectation{"{fn TIMESTAMPADD(SQL_TSI_FRAC_SECOND, 5000, {ts '2026-01-31 10:11:12'})}",
                "2026-01-31 10:11:12.000005"},
    Expectation{"{fn TIMESTAMPADD(SQL_TSI_SECOND, 1, {d '2026-01-31'})}", "2026-01-31 00:00:01"},
    Expectation{"{fn TIMESTAMPADD(SQL_TSI_MINUTE, 1, {ts '2026-01-31 10:11:12'})}",
                "2026-01-31 10:12:12"},
    Expectation{"{fn TIMESTAMPADD(sql_tsi_hour, -1, {ts '2026-01-31 10:11:12'})}",
                "2026-01-31 09:11:12"},
    Expectation{"{fn TIMESTAMPADD(SQL_TSI_DAY, 1, {d '2026-01-31'})}", "2026-02-01"},
    Expectation{"{fn TIMESTAMPADD(SQL_TSI_WEEK, 1, {d '2026-01-31'})}", "2026-02-07"},
    Expectation{"{fn TIMESTAMPADD(SQL_TSI_MONTH, 1, {d '2026-01-31'})}", "2026-02-28"},
    Expectation{"{fn TIMESTAMPADD(SQL_TSI_QUARTER, 1, {d '2026-01-31'})}", "2026-04-30"},
    Expectation{"{fn TIMESTAMPADD(SQL_TSI_YEAR, 1, {d '2026-01-31'})}", "2027-01-31"},
    Expectation{"{fn TIMESTAMPADD(SQL_TSI_HOUR, 1, {t '10:11:12'})}", "11:11:12"},
    Expectation{"{fn TIMESTAMPADD(SQL_TSI_DAY, 1, {t '10:11:12'})} = "
                "TIMESTAMP(CURDATE() + INTERVAL 1 DAY, '10:11:12')",
                "1"},
    Expectation{"{fn YEAR({fn TIMESTAMPADD(SQL_TSI_YEAR, 1, {fn CURTIME()})})} = YEAR(NOW()) + 1",
                "1"},
    Expectation{"{fn TIMESTAMPADD(SQL_TSI_DAY, 2, {fn CONVERT('10:11:12', SQL_TYPE_TIME)})} = "
                "TIMESTAMP(CURDATE() + INTERVAL 2 DAY, '10:11:12')",
                "1"},
    Expectation{"{fn TIMESTAMPDIFF(SQL_TSI_HOUR, {t '10:00:00'}, {t '12:30:00'})}", "2"},
    Expectation{"{fn TIMESTAMPDIFF(SQL_TSI_DAY, {fn CURTIME()}, {t '00:00:00'})}", "0"},
    Expectation{"{fn TIMESTAMPDIFF(SQL_TSI_FRAC_SECOND, {ts '2026-01-31 10:11:12'}, "
                "{ts '2026-01-31 10:11:12.000005'})}",
                "5000"},
    Expectation{"{fn TIMESTAMPDIFF(SQL_TSI_SECOND, {d '2026-01-31'}, {d '2026-02-01'})}", "86400"},
    Expectation{"{fn TIMESTAMPDIFF(SQL_TSI_MINUTE, {d '2026-01-31'}, {d '2026-02-01'})}", "1440"},
    Expectation{"{fn TIMESTAMPDIFF(SQL_TSI_HOUR, {d '2026-02-01'}, {d '2026-01-31'})}", "-24"},
    Expectation{"{fn TIMESTAMPDIFF(SQL_TSI_DAY, {d '2026-01-31'}, {d '2026-02-14'})}", "14"},
    Expectation{"{fn TIMESTAMPDIFF(SQL_TSI_WEEK, {d '2026-01-31'}, {d '2026-02-14'})}", "2"},
    Expectation{"{fn TIMESTAMPDIFF(SQL_TSI_MONTH, {d '2026-01-31'}, {d '2026-03-31'})}", "2"},
    Expectation{"{fn TIMESTAMPDIFF(SQL_TSI_QUARTER, {d '2026-01-31'}, {d '2026-07-31'})}", "2"},
    Expectation{"{fn TIMESTAMPDIFF(SQL_TSI_YEAR, {d '2024-01-31'}, {d '2026-01-31'})}", "2"},
};

constexpr std::array kConversions{
    Expectation{"{fn CONVERT('12', SQL_BIGINT)}", "12"},
    Expectation{"{fn CONVERT('12', SQL_INTEGER)}", "12"},
    Expectation{"{fn CONVERT(-7, SQL_SMALLINT)}", "-7"},
    Expectation{"{fn CONVERT('7', SQL_TINYINT)}", "7"},
    Expectation{"{fn CONVERT('1', SQL_BIT)}", "1"},
    Expectation{"{fn TRUNCATE({fn CONVERT('12.5', SQL_DECIMAL)}, 1)}", "12.5"},
    Expectation{"{fn TRUNCATE({fn CONVERT('12.5', SQL_NUMERIC)}, 1)}", "12.5"},
    Expectation{"{fn CONVERT('12.5', SQL_DOUBLE)}", "12.5"},
    Expectation{"{fn CONVERT('12.5', SQL_FLOAT)}", "12.5"},
    Expectation{"{fn CONVERT('12.5', SQL_REAL)}", "12.5"},
    Expectation{"{fn CONVERT(12, SQL_CHAR)}", "12"},
    Expectation{"{fn CONVERT({fn CONVERT({d '2026-01-31'}, SQL_DATE)}, SQL_VARCHAR)}",
                "2026-01-31"},
    Expectation{"{fn CONVERT(12, SQL_LONGVARCHAR)}", "12"},
    Expectation{"{fn CONVERT('größe', SQL_WCHAR)}", "größe"},
    Expectation{"{fn CONVERT(12, SQL_WVARCHAR)}", "12"},
    Expectation{"{fn CONVERT(12, SQL_WLONGVARCHAR)}", "12"},
    Expectation{"{fn CONVERT('6f9619ff', SQL_GUID)}", "6f9619ff"},
    Expectation{"HEX({fn CONVERT('ab', SQL_BINARY)})", "6162"},
    Expectation{"HEX({fn CONVERT('ab', SQL_VARBINARY)})", "6162"},
    Expectation{"HEX({fn CONVERT('ab', SQL_LONGVARBINARY)})", "6162"},
    Expectation{"{fn CONVERT('2026-01-31', SQL_DATE)}", "2026-01-31"},
    Expectation{"{fn CONVERT('2026-01-31', SQL_TYPE_DATE)}", "2026-01-31"},
    Expectation{"{fn CONVERT('10:11:12', SQL_TIME)}", "10:11:12"},
    Expectation{"{fn CONVERT({ts '2026-01-31 10:11:12'}, SQL_TYPE_TIME)}", "10:11:12"},
    Expectation{"{fn CONVERT('2026-01-31 10:11:12.5', SQL_TIMESTAMP)}",
                "2026-01-31 10:11:12.500000"},
    Expectation{"{fn CONVERT({d '2026-01-31'}, SQL_TYPE_TIMESTAMP)}", "2026-01-31 00:00:00.000000"},
};

constexpr std::array kSystem{
    Expectation{"{fn DATABASE()}", "test"},
    Expectation{"{fn USER()}", "app"},
    Expectation{"{fn IFNULL(NULL, 'x')}", "x"},
    Expectation{"{fn IFNULL('a', 'x')}", "a"},
};

TEST_P(EscapesExecuted, LiteralsAndClauses) { expect_values(kLiterals); }
TEST_P(EscapesExecuted, StringFunctions) { expect_values(kStrings); }
TEST_P(EscapesExecuted, NumericFunctions) { expect_values(kNumbers); }
TEST_P(EscapesExecuted, TimeAndDateFunctions) { expect_values(kMoments); }
TEST_P(EscapesExecuted, ConversionFunctions) { expect_values(kConversions); }
TEST_P(EscapesExecuted, SystemFunctions) { expect_values(kSystem); }

/// Their type is not in the text (docs/conformance.md, "Where the drivers differ").
TEST_P(EscapesExecuted, LeaveColumnsOfTypeTimeToTheServer) {
  make_table("times", "t TIME, d DATE");
  OdbcStatement(connection_).execute("INSERT INTO times VALUES ('10:11:12', '2026-01-31')");
  EXPECT_EQ(ask("SELECT {fn TIMESTAMPADD(SQL_TSI_DAY, 1, t)} FROM times"), "34:11:12");
  EXPECT_EQ(ask("SELECT {fn TIMESTAMPADD(SQL_TSI_DAY, 1, d)} FROM times"), "2026-02-01");
}

TEST_P(EscapesExecuted, TakeParameters) {
  OdbcStatement statement(connection_);
  statement.prepare("SELECT {fn DIFFERENCE(?, {fn LCASE(?)})}, {fn CONVERT(?, SQL_INTEGER)}");
  SQLSMALLINT count = 0;
  statement.check(SQLNumParams(statement.raw(), &count));
  EXPECT_EQ(count, 3);
  std::array<std::string, 3> values{"Smith", "SMYTHE", "41"};
  for (SQLUSMALLINT i = 0; i < 3; ++i) {
    statement.check(SQLBindParameter(
        statement.raw(), static_cast<SQLUSMALLINT>(i + 1), SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR,
        20, 0, values.at(i).data(), static_cast<SQLLEN>(values.at(i).size() + 1), nullptr));
  }
  statement.execute_prepared();
  EXPECT_EQ(statement.rows(), (std::vector<OdbcRow>{{"4", "41"}}));
}

TEST_P(EscapesExecuted, CallProcedures) {
  OdbcStatement statement(connection_);
  statement.execute("DROP PROCEDURE IF EXISTS escapes_twice");
  statement.execute("CREATE PROCEDURE escapes_twice(n INT) SELECT 2 * n");
  EXPECT_EQ(statement.value("{call escapes_twice({fn ABS(-21)})}"), "42");
  statement.close();
  EXPECT_EQ(statement.value(" { CALL test.escapes_twice (4) }"), "8");
  statement.close();
  statement.execute("DROP PROCEDURE escapes_twice");
}

TEST_P(EscapesExecuted, FollowTheSessionsSqlMode) {
  OdbcStatement statement(connection_);
  statement.execute("SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'");
  EXPECT_EQ(ask(R"(SELECT CONCAT('\', {fn UCASE('a')}, 'b'))"), "\\Ab");
  EXPECT_EQ(ask(R"(SELECT 'a_c' LIKE 'a\_c' {escape '\'})"), "1");
  statement.execute("SET SESSION sql_mode = 'ANSI_QUOTES'");
  EXPECT_EQ(ask(R"(SELECT {fn UCASE("b\")} FROM (SELECT 'x' AS "b\") t)"), "X");
  statement.execute("SET SESSION sql_mode = ''");
  EXPECT_EQ(ask(R"(SELECT CONCAT("\"{", {fn UCASE('a')}))"), "\"{A");
}

TEST_P(EscapesExecuted, NoscanSendsTheTextAsItIs) {
  OdbcStatement statement(connection_);
  statement.check(
      SQLSetStmtAttr(statement.raw(), SQL_ATTR_NOSCAN, attribute_value(SQL_NOSCAN_ON), 0));
  EXPECT_EQ(statement.value("SELECT {fn LENGTH('a ')}"), "2") << "the server's own LENGTH";
  statement.close();
  statement.check(
      SQLSetStmtAttr(statement.raw(), SQL_ATTR_NOSCAN, attribute_value(SQL_NOSCAN_OFF), 0));
  EXPECT_EQ(statement.value("SELECT {fn LENGTH('a ')}"), "1");
}

TEST_P(EscapesExecuted, RefusalsAreTheSameEverywhere) {
  constexpr std::array<std::pair<const char*, const char*>, 6> kRefused{
      std::pair{"SELECT {frob 1}", "42000"},
      std::pair{"SELECT {fn NOW()", "42000"},
      std::pair{"SELECT {fn NOW()}}", "42000"},
      std::pair{"SELECT {fn CONVERT(1, SQL_INTERVAL_DAY)}", "42000"},
      std::pair{"SELECT {d '2026-02-30'}", "22007"},
      std::pair{"SELECT 'a' LIKE 'b' {escape 'xy'}", "22019"}};
  for (const auto& [sql, state] : kRefused) {
    OdbcStatement statement(connection_);
    EXPECT_EQ(state_of([&] { statement.execute(sql); }), state) << sql;
    EXPECT_EQ(state_of([&] { statement.prepare(sql); }), state) << sql;
    EXPECT_EQ(native_state(sql), state) << sql;
  }
}

TEST_P(EscapesExecuted, NativeSqlShowsTheText) {
  EXPECT_EQ(native("SELECT 1"), "SELECT 1");
  EXPECT_EQ(native("SELECT { fn CONVERT (empid, SQL_SMALLINT) } FROM employee"),
            "SELECT CAST(empid AS SIGNED) FROM employee");
  EXPECT_EQ(native("{call p(?, {d '2026-01-31'})}"), "CALL p(?, DATE'2026-01-31')");
  EXPECT_EQ(native("{?=call f(?)}"), "SELECT f(?)");
  EXPECT_EQ(
      native("SELECT * FROM {oj a LEFT OUTER JOIN b ON a.x=b.x} WHERE y LIKE 'z' {escape '!'}"),
      "SELECT * FROM a LEFT OUTER JOIN b ON a.x=b.x WHERE y LIKE 'z' ESCAPE '!'");
}

TEST_P(EscapesExecuted, NativeSqlKeepsToTheBuffer) {
  std::array<SQLCHAR, 32> in{"SELECT {d '2026-01-31'}"};
  std::array<SQLCHAR, 12> out{};
  out.fill('#');
  SQLINTEGER length = 0;
  EXPECT_EQ(SQLNativeSql(connection_.raw(), in.data(), SQL_NTS, out.data(), 8, &length),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(connection_.diagnostics().at(0).state, "01004");
  EXPECT_EQ(length, 23);
  EXPECT_EQ(std::string(out.begin(), out.begin() + 9), std::string("SELECT \0#", 9));
  EXPECT_EQ(SQLNativeSql(connection_.raw(), in.data(), SQL_NTS, nullptr, 0, &length), SQL_SUCCESS);
  EXPECT_EQ(length, 23);
  EXPECT_EQ(SQLNativeSql(connection_.raw(), in.data(), 8, out.data(), 12, nullptr), SQL_ERROR)
      << "an escape cut by its length is not closed";
  std::array<SQLWCHAR, 32> wide_in{};
  std::copy(in.begin(), in.end(), wide_in.begin());
  std::array<SQLWCHAR, 32> wide_out{};
  EXPECT_EQ(SQLNativeSqlW(connection_.raw(), wide_in.data(), SQL_NTS, wide_out.data(), 24, &length),
            SQL_SUCCESS);
  EXPECT_EQ(length, 23);
  EXPECT_EQ(wide_out[22], u'\'');
}

TEST_P(EscapesExecuted, NativeSqlNamesWhatIsWrongWithItsArguments) {
  std::array<SQLCHAR, 12> text{"SELECT 1"};
  SQLINTEGER length = 0;
  const auto state = [&](SQLRETURN result) {
    EXPECT_EQ(result, SQL_ERROR);
    return connection_.diagnostics().at(0).state;
  };
  std::array<SQLCHAR, 12> out{};
  EXPECT_EQ(state(SQLNativeSql(connection_.raw(), nullptr, SQL_NTS, out.data(), 12, &length)),
            "HY009");
  EXPECT_EQ(state(SQLNativeSql(connection_.raw(), text.data(), -5, out.data(), 12, &length)),
            "HY090");
  EXPECT_EQ(state(SQLNativeSql(connection_.raw(), text.data(), SQL_NTS, out.data(), -1, &length)),
            "HY090");
  const OdbcConnection fresh(environment_);
  EXPECT_EQ(SQLNativeSql(fresh.raw(), text.data(), SQL_NTS, out.data(), 12, &length), SQL_ERROR);
  EXPECT_EQ(fresh.diagnostics().at(0).state, "08003");
}

FOR_EVERY_SERVER(EscapesExecuted);

}  // namespace
}  // namespace test_support
