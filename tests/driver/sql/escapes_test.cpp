#include "driver/sql/escapes.h"

#include <gtest/gtest.h>

#include <string>

#include "fabric/base/error.h"

namespace driver::sql {
namespace {

/// The native text, which for a text without escapes is the text itself.
std::string native(std::string_view sql, ScanOptions options = {}) {
  return translate_escapes(sql, options).sql.value_or(std::string(sql));
}

using fabric::base::SqlState;

std::string refusal(std::string_view sql, SqlState state = SqlState::k42000) {
  try {
    translate_escapes(sql);
  } catch (const fabric::base::Error& error) {
    EXPECT_EQ(error.state(), state) << sql;
    return error.what();
  }
  return "";
}

TEST(Escapes, LeaveATextWithoutBracesAlone) {
  EXPECT_FALSE(translate_escapes("SELECT 1").sql.has_value());
  EXPECT_FALSE(translate_escapes("").sql.has_value());
}

TEST(Escapes, LeaveStringsNamesAndCommentsAlone) {
  for (const auto* sql : {"SELECT '{fn NOW()}'", "SELECT \"{d '\"", "SELECT `{x}`", "SELECT 1 -- {",
                          "SELECT 1 # }{", "SELECT /* {d */ 1", R"(SELECT 'a\'{d')", "SELECT '{",
                          R"(INSERT INTO t VALUES ('{"a": {"b": 1}}', "{'c': [2]}"))",
                          "SELECT /*!50000 {fn NOW()} */ 1", "SELECT /*M! { */ 1"}) {
    EXPECT_FALSE(translate_escapes(sql).sql.has_value()) << sql;
  }
}

TEST(Escapes, FollowTheSqlModeIntoStringsAndNames) {
  const ScanOptions no_backslashes{.no_backslash_escapes = true};
  EXPECT_EQ(native(R"(SELECT 'a\', {d '2026-01-31'}, 'b')", no_backslashes),
            R"(SELECT 'a\', DATE'2026-01-31', 'b')");
  EXPECT_EQ(native(R"(SELECT 'a\', {d '2026-01-31'}, 'b')"),
            R"(SELECT 'a\', {d '2026-01-31'}, 'b')");
  const ScanOptions ansi{.ansi_quotes = true};
  EXPECT_EQ(native(R"(SELECT "a\", {d '2026-01-31'}, "}")", ansi),
            R"(SELECT "a\", DATE'2026-01-31', "}")");
  EXPECT_TRUE(translate_alike(R"({d "2026-01-31"} "a" '\\')", {}, ansi));
  EXPECT_FALSE(translate_alike(R"("a\", {d '2026-01-31'}, "b")", {}, ansi));
}

TEST(Escapes, TurnLiteralsIntoMysqls) {
  EXPECT_EQ(native("SELECT {d '2026-01-31'}"), "SELECT DATE'2026-01-31'");
  EXPECT_EQ(native("SELECT {t'10:11:12'} , 1"), "SELECT TIME'10:11:12' , 1");
  EXPECT_EQ(native("SELECT { ts '2026-01-31 10:11:12.5' }"),
            "SELECT TIMESTAMP'2026-01-31 10:11:12.5'");
  EXPECT_EQ(native("{D '2026-01-31'}{Ts '2026-01-31 00:00:00'}"),
            "DATE'2026-01-31' TIMESTAMP'2026-01-31 00:00:00'");
  EXPECT_EQ(native("SELECT {guid 'f0'}"), "SELECT 'f0'");
  EXPECT_EQ(native("WHERE a = {d ?}"), "WHERE a = ?");
  EXPECT_EQ(native("{d N'2026-01-31'}"), "DATE'2026-01-31'");
  EXPECT_EQ(native("{d \"2026-01-31\"}", {.ansi_quotes = true}), "DATE'2026-01-31'");
}

TEST(Escapes, KeepBlanksWhereTokensWouldFuse) {
  EXPECT_EQ(native("SELECT{d '2026-01-31'}AS x"), "SELECT DATE'2026-01-31' AS x");
  EXPECT_EQ(native("{guid 'a'}'b'"), "'a' 'b'");
  EXPECT_EQ(native("1-{fn -1}"), "1- -1");
  EXPECT_EQ(native("a={d ?},{fn PI()}"), "a=?,PI()");
}

TEST(Escapes, TakeTheDatesAndTimesThatMysqlTakes) {
  for (const auto* value : {"0000-00-00", "2026-00-00", "2024-02-29", "9999-12-31", "2026-1-3"}) {
    EXPECT_EQ(native("{d '" + std::string(value) + "'}"), "DATE'" + std::string(value) + "'");
  }
  for (const auto* value : {"00:00:00", "23:59:59.999999", "-838:59:59", "10:11"}) {
    EXPECT_EQ(native("{t '" + std::string(value) + "'}"), "TIME'" + std::string(value) + "'");
  }
  for (const auto* value : {"2026-01-31 10:11:12.123456", "2026-01-31T10:11:12",
                            " 2026-01-31  10:11 ", "0000-00-00 00:00:00"}) {
    EXPECT_EQ(native("{ts '" + std::string(value) + "'}"), "TIMESTAMP'" + std::string(value) + "'");
  }
  EXPECT_EQ(native("{ts '2026-01-31'}"), "TIMESTAMP'2026-01-31 00:00:00'");
}

TEST(Escapes, RefuseDatesAndTimesThatAreNone) {
  for (const auto* sql : {"{d ''}",
                          "{d 'tomorrow'}",
                          "{d '2026-13-01'}",
                          "{d '2026-02-29'}",
                          "{d '1900-02-29'}",
                          "{d '2026-01'}",
                          "{d '2026-01-31 00:00:00'}",
                          "{d '20260-01-31'}",
                          "{d '2026-01-32'}",
                          "{d '-2026-01-31'}",
                          "{t ''}",
                          "{t '10'}",
                          "{t '10:60:00'}",
                          "{t '10:00:61'}",
                          "{t '839:00:00'}",
                          "{t '10:11:12x'}",
                          "{t '2026-01-31'}",
                          "{ts '10:11:12'}",
                          "{ts '2026-01-31 24:00:00'}",
                          "{ts '2026-02-30 00:00:00'}",
                          "{ts '2026-01-31T'}",
                          "{ts '2026-01-31 10:11:12 +01:00'}",
                          R"({d '2026-01-31\''})"}) {
    EXPECT_NE(refusal(sql, SqlState::k22007), "") << sql;
  }
  EXPECT_EQ(refusal("{d '31.1.2026'}", SqlState::k22007),
            "'31.1.2026' is no such value: {d '...'} wants yyyy-mm-dd");
}

TEST(Escapes, TurnIntervalsIntoMysqls) {
  EXPECT_EQ(native("a + {INTERVAL '163' HOUR(3)}"), "a + INTERVAL '163' HOUR");
  EXPECT_EQ(native("{interval -'10' year}"), "INTERVAL '-10' YEAR");
  EXPECT_EQ(native("{INTERVAL - '-10' MONTH}"), "INTERVAL '10' MONTH");
  EXPECT_EQ(native("{INTERVAL '+10-11' YEAR(4) TO MONTH}"), "INTERVAL '10-11' YEAR_MONTH");
  EXPECT_EQ(native("{INTERVAL '1 2:3:4' DAY TO SECOND}"), "INTERVAL '1 2:3:4' DAY_SECOND");
  EXPECT_EQ(native("{INTERVAL '1 2:3:4.5' DAY TO SECOND(6)}"),
            "INTERVAL '1 2:3:4.5' DAY_MICROSECOND");
  EXPECT_EQ(native("{INTERVAL '3.5' SECOND(2,6)}"), "INTERVAL '3.5' SECOND_MICROSECOND");
  EXPECT_EQ(native("{INTERVAL ? DAY}"), "INTERVAL ? DAY");
  EXPECT_NE(refusal("{INTERVAL '1' WEEK}"), "");
  EXPECT_NE(refusal("{INTERVAL '1' MONTH TO DAY}"), "");
  EXPECT_NE(refusal("{INTERVAL '1' DAY TO HOUR TO MINUTE}"), "");
  EXPECT_NE(refusal("{INTERVAL '1'}"), "");
  EXPECT_NE(refusal("{INTERVAL '1' DAY(3"), "");
  EXPECT_NE(refusal("{INTERVAL 'one' DAY}", SqlState::k22007), "");
  EXPECT_NE(refusal("{INTERVAL '' DAY}", SqlState::k22007), "");
}

TEST(Escapes, ReadTheLongForm) {
  EXPECT_EQ(native("SELECT --(*vendor(Microsoft),product(ODBC) d '1993-08-25' *)-- , 1"),
            "SELECT DATE'1993-08-25' , 1");
  EXPECT_EQ(native("SELECT --(* VENDOR ( MICROSOFT ) ,\n PRODUCT(ODBC) fn UCASE({fn TRIM(a)})*)--"),
            "SELECT UCASE(TRIM(a))");
  EXPECT_EQ(native("{fn ABS(--(*vendor(Microsoft),product(ODBC) fn PI()*)--)}"), "ABS(PI())");
  EXPECT_EQ(native("SELECT --(*vendor(Other),product(ODBC) d '1993-08-25' *)--"),
            "SELECT --(*vendor(Other),product(ODBC) d '1993-08-25' *)--");
  EXPECT_EQ(refusal("SELECT --(*vendor(Microsoft),product(ODBC) fn NOW()}"),
            "The '}' closes nothing at position 52");
  EXPECT_EQ(refusal("SELECT --(*vendor(Microsoft),product(ODBC) fn NOW()"),
            "No '*)--' closes the escape at position 8");
}

TEST(Escapes, DropCommentsAtTheEdgesOfWhatTheyTakeOver) {
  EXPECT_EQ(native("SELECT {fn UCASE(a) -- }\n} FROM t"), "SELECT UCASE(a) FROM t");
  EXPECT_EQ(native("SELECT {fn CONVERT(a -- x\n, SQL_CHAR)}, 1"), "SELECT CAST(a AS CHAR), 1");
  EXPECT_EQ(native("SELECT {/* } */ fn # {\n NOW ( ) }"), "SELECT NOW( )");
  EXPECT_EQ(native("{\tcall\r\n p -- last\n}"), "CALL p");
}

TEST(Escapes, TakeALimit) {
  EXPECT_EQ(native("SELECT a FROM t {limit 5 OFFSET ?}"), "SELECT a FROM t LIMIT 5 OFFSET ?");
}

TEST(Escapes, PassFunctionsOfTheSameName) {
  EXPECT_EQ(native("SELECT {fn UCASE(a)} FROM t"), "SELECT UCASE(a) FROM t");
  EXPECT_EQ(native("SELECT {fn CURRENT_DATE}"), "SELECT CURRENT_DATE");
  EXPECT_EQ(native("SELECT {fn my_own(1, 2)}"), "SELECT my_own(1, 2)");
  EXPECT_EQ(native("SELECT {fn LOCATE('(', a)}"), "SELECT LOCATE('(', a)");
}

TEST(Escapes, CloseTheBlankBetweenAFunctionAndItsParenthesis) {
  EXPECT_EQ(native("SELECT {fn SUBSTRING (a, 1)}"), "SELECT SUBSTRING(a, 1)");
}

TEST(Escapes, MapWhatMysqlCountsInBytes) {
  EXPECT_EQ(native("SELECT {fn LENGTH(a)}"), "SELECT CHAR_LENGTH(RTRIM(a))");
  EXPECT_EQ(native("SELECT {fn CHAR(65)}"), "SELECT CHAR(65 USING latin1)");
}

TEST(Escapes, MapWhatMysqlHasOtherwise) {
  EXPECT_EQ(native("{fn WEEK(d)}"), "WEEK(d,2)");
  EXPECT_EQ(native("{fn WEEK(d, 3)}"), "WEEK(d, 3)");
  EXPECT_EQ(native("{fn USER( )}"), "LEFT(USER(),CHAR_LENGTH(USER())-LOCATE('@',REVERSE(USER())))");
  EXPECT_EQ(native("{fn LENGTH(a)+1}"), "CHAR_LENGTH(RTRIM(a))+1");
  EXPECT_EQ(native("{fn LENGTH(a, b)}"), "LENGTH(a, b)");
  const std::string difference = native("{fn DIFFERENCE(?, {fn LCASE(?)})}");
  EXPECT_NE(difference.find("SOUNDEX(?)"), std::string::npos);
  EXPECT_NE(difference.find("SOUNDEX(LCASE(?))"), std::string::npos);
}

TEST(Escapes, RefuseTypesAndIntervalsThatMysqlLacks) {
  EXPECT_EQ(refusal("{fn CONVERT(a, SQL_INTERVAL_DAY)}"),
            "CONVERT to SQL_INTERVAL_DAY is not possible: MySQL has no such type");
  EXPECT_EQ(refusal("{fn TIMESTAMPADD(SQL_TSI_CENTURY, 1, a)}"),
            "SQL_TSI_CENTURY is no interval of ODBC");
}

TEST(Escapes, TurnConvertIntoCast) {
  EXPECT_EQ(native("{fn CONVERT(a, SQL_INTEGER)}"), "CAST(a AS SIGNED)");
  EXPECT_EQ(native("{fn convert(f(a, 'x,y'), sql_varchar)}"), "CAST(f(a, 'x,y') AS CHAR)");
  EXPECT_EQ(native("{fn CONVERT(a, SQL_TYPE_TIMESTAMP)}"), "CAST(a AS DATETIME(6))");
  EXPECT_EQ(native("{fn CONVERT(a, SQL_DECIMAL)}"), "CAST(a AS DECIMAL(65,30))");
  EXPECT_EQ(native("{fn CONVERT(a+1, SQL_DOUBLE)}"), "((a+1)+0e0)");
  EXPECT_EQ(native("{fn CONVERT(a, CHAR)}"), "CONVERT(a, CHAR)");
  EXPECT_EQ(native("{fn CONVERT(a USING utf8)}"), "CONVERT(a USING utf8)");
}

TEST(Escapes, MapIntervalsOfTimestampArithmetic) {
  EXPECT_EQ(native("{fn TIMESTAMPADD(SQL_TSI_DAY, 1, a)}"), "TIMESTAMPADD(DAY, 1, a)");
  EXPECT_EQ(native("{fn TIMESTAMPDIFF(SQL_TSI_MONTH, a, b)}"), "TIMESTAMPDIFF(MONTH, a, b)");
  EXPECT_EQ(native("{fn TIMESTAMPADD(SQL_TSI_FRAC_SECOND, n, a)}"),
            "TIMESTAMPADD(MICROSECOND, (n) DIV 1000, a)");
  EXPECT_EQ(native("{fn TIMESTAMPDIFF(SQL_TSI_FRAC_SECOND, a, b)}"),
            "(TIMESTAMPDIFF(MICROSECOND, a, b)*1000)");
  EXPECT_EQ(native("{fn TIMESTAMPADD(DAY, 1, a)}"), "TIMESTAMPADD(DAY, 1, a)");
  EXPECT_EQ(native("{fn TIMESTAMPADD(SQL_TSI_DAY, 1, {fn CONVERT(f(a, b), SQL_TIME)})}"),
            "TIMESTAMPADD(DAY, 1, CAST(CAST(f(a, b) AS TIME) AS DATETIME(6)))");
  EXPECT_EQ(native("{fn TIMESTAMPADD(SQL_TSI_DAY, 1, cast('as time' as time(3)))}"),
            "TIMESTAMPADD(DAY, 1, CAST(cast('as time' as time(3)) AS DATETIME(6)))");
  EXPECT_EQ(native("{fn TIMESTAMPADD(SQL_TSI_YEAR, 1, sec_to_time(a))}"),
            "TIMESTAMPADD(YEAR, 1, CAST(sec_to_time(a) AS DATETIME(6)))");
  EXPECT_EQ(native("{fn TIMESTAMPADD(SQL_TSI_HOUR, 1, TIME(a))}"),
            "TIMESTAMPADD(HOUR, 1, TIME(a))");
  EXPECT_EQ(native("{fn TIMESTAMPADD(SQL_TSI_DAY, 1, CAST(' AS TIME' AS CHAR))}"),
            "TIMESTAMPADD(DAY, 1, CAST(' AS TIME' AS CHAR))");
  EXPECT_EQ(native("{fn TIMESTAMPADD(SQL_TSI_DAY, 1, TIME(a) + INTERVAL 1 DAY)}"),
            "TIMESTAMPADD(DAY, 1, TIME(a) + INTERVAL 1 DAY)");
}

TEST(Escapes, AreTranslatedInsideEachOther) {
  EXPECT_EQ(native("SELECT {fn CONCAT({fn UCASE(a)}, {fn CONVERT({d '2026-01-31'}, SQL_CHAR)})}"),
            "SELECT CONCAT(UCASE(a), CAST(DATE'2026-01-31' AS CHAR))");
  EXPECT_EQ(
      native("SELECT * FROM {oj t LEFT OUTER JOIN {oj u LEFT OUTER JOIN v ON u.a=v.a} ON "
             "t.a={fn ABS(u.a)}} WHERE 1"),
      "SELECT * FROM t LEFT OUTER JOIN u LEFT OUTER JOIN v ON u.a=v.a ON t.a=ABS(u.a) WHERE 1");
}

TEST(Escapes, LeaveBracesInStringsInsideAnEscapeAlone) {
  EXPECT_EQ(native("{fn CONCAT('}', \"{\", /* } */ '{d')}"), "CONCAT('}', \"{\", /* } */ '{d')");
}

TEST(Escapes, TurnCallsIntoCall) {
  const NativeSql plain = translate_escapes("{call db.p(?, 'x')}");
  EXPECT_EQ(plain.sql, "CALL db.p(?, 'x')");
  EXPECT_TRUE(plain.is_call);
  EXPECT_FALSE(plain.returns_value);
  EXPECT_EQ(native(" { CALL p } "), " CALL p ");
}

TEST(Escapes, TurnCallsWithAResultIntoSelect) {
  const NativeSql function = translate_escapes("{ ? = call f(?, {d '2026-01-31'}) }");
  EXPECT_EQ(function.sql, "SELECT f(?, DATE'2026-01-31')");
  EXPECT_TRUE(function.returns_value);
  EXPECT_EQ(native("{?=call f}"), "SELECT f()");
}

TEST(Escapes, ReadTheEscapeCharacterByOdbcsRule) {
  EXPECT_EQ(native(R"(a LIKE 'x' {escape '\'} AND b = '?')"),
            R"(a LIKE 'x' ESCAPE '\\' AND b = '?')");
  EXPECT_EQ(native(R"({escape '\\'})"), R"(ESCAPE '\\')");
  EXPECT_EQ(native("{escape '!'}"), "ESCAPE '!'");
  EXPECT_EQ(native("{escape ''''}"), "ESCAPE ''''");
  EXPECT_EQ(native(R"({escape '\'})", {.no_backslash_escapes = true}), R"(ESCAPE '\')");
}

TEST(Escapes, WantOneCharacterToEscapeWith) {
  EXPECT_EQ(native("{escape 'ü'}"), "ESCAPE 'ü'");
  EXPECT_EQ(native("{escape ?}"), "ESCAPE ?");
  EXPECT_EQ(refusal("{escape 'ab'}", SqlState::k22019),
            "The escape of LIKE is one character, not 'ab' at position 9");
  EXPECT_NE(refusal("{escape ''}", SqlState::k22019), "");
}

TEST(Escapes, SayWhatIsWrongAndWhere) {
  EXPECT_EQ(refusal("SELECT {fn NOW()"), "No '}' closes the escape at position 8");
  EXPECT_EQ(refusal("SELECT {fn F('}')"), "No '}' closes the escape at position 8");
  EXPECT_EQ(refusal("SELECT {d '2026"), "A quoted value is expected in the escape at position 8");
  EXPECT_EQ(refusal("SELECT {d '2026-01-31'"), "No '}' closes the escape at position 8");
  EXPECT_EQ(refusal("{d '2026-01-31' x}"), "A '}' is expected at position 17");
  EXPECT_EQ(refusal("{d 5}"), "A quoted value is expected in the escape at position 1");
  EXPECT_EQ(refusal("{fn NOW()}}"), "The '}' closes nothing at position 11");
  EXPECT_EQ(refusal("{fn }"), "A function is expected in the escape at position 1");
  EXPECT_EQ(refusal("{call }"), "A procedure's name is expected in the escape at position 1");
  EXPECT_EQ(refusal("{?=call}"), "A function's name is expected in the escape at position 1");
  EXPECT_EQ(refusal("{? call f()}"), "'?=call' is expected in the escape at position 1");
  EXPECT_EQ(refusal("{escape x}"), "A quoted character is expected in the escape at position 1");
  EXPECT_EQ(refusal("{escape 'x}"), "No quote closes the character at position 9");
  EXPECT_EQ(refusal("SELECT {frob 1}"),
            "The escape is not known (d, t, ts, fn, oj, call, ?=call, escape, interval, guid "
            "and limit are) at position 8");
  EXPECT_EQ(refusal("{"), "No '}' closes the escape at position 1");
  EXPECT_EQ(refusal("SELECT {d '2026-01-31'} }"), "The '}' closes nothing at position 25");
}

TEST(Escapes, RefuseNestingWithoutEnd) {
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "{fn f(";
  EXPECT_NE(refusal(deep).find("nested too deeply"), std::string::npos);
}

}  // namespace
}  // namespace driver::sql
