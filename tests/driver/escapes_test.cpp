#include "driver/escapes.h"

#include <gtest/gtest.h>

#include <string>

#include "fabric/base/error.h"

namespace driver {
namespace {

/// The native text, which for a text without escapes is the text itself.
std::string native(std::string_view sql, ScanOptions options = {}) {
  return translate_escapes(sql, options).sql.value_or(std::string(sql));
}

std::string refusal(std::string_view sql) {
  try {
    translate_escapes(sql);
  } catch (const fabric::base::Error& error) {
    EXPECT_EQ(error.state(), fabric::base::SqlState::k42000) << sql;
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
                          "SELECT 1 # }{", "SELECT /* {d */ 1", R"(SELECT 'a\'{d')", "SELECT '{"}) {
    EXPECT_FALSE(translate_escapes(sql).sql.has_value()) << sql;
  }
}

TEST(Escapes, TurnLiteralsIntoMysqls) {
  EXPECT_EQ(native("SELECT {d '2026-01-31'}"), "SELECT DATE'2026-01-31'");
  EXPECT_EQ(native("SELECT {t'10:11:12'} , 1"), "SELECT TIME'10:11:12' , 1");
  EXPECT_EQ(native("SELECT { ts '2026-01-31 10:11:12.5' }"),
            "SELECT TIMESTAMP'2026-01-31 10:11:12.5'");
  EXPECT_EQ(native("{D '2026-01-31'}{Ts '2026-01-31 00:00:00'}"),
            "DATE'2026-01-31'TIMESTAMP'2026-01-31 00:00:00'");
  EXPECT_EQ(native("SELECT {guid 'f0'}"), "SELECT 'f0'");
  EXPECT_EQ(native("WHERE a = {d ?}"), "WHERE a = ?");
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
            "The escape is not known (d, t, ts, fn, oj, call, ?=call, escape and guid are) at "
            "position 8");
  EXPECT_EQ(refusal("{"),
            "The escape is not known (d, t, ts, fn, oj, call, ?=call, escape and guid are) at "
            "position 1");
}

TEST(Escapes, RefuseNestingWithoutEnd) {
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "{fn f(";
  EXPECT_NE(refusal(deep).find("nested too deeply"), std::string::npos);
}

}  // namespace
}  // namespace driver
