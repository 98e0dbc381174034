// What the SQL scanner and the classifier believe of the server, asked of the server.
#include <array>
#include <string>

#include "driver/sql/escapes.h"
#include "driver/sql/pure_words.h"
#include "driver/sql/statement_facts.h"
#include "fabric/mysql/mysql_error.h"
#include "fabric/mysql/prepared.h"
#include "tests/protocol/server_fixture.h"

namespace fabric::mysql {
namespace {

using PureWords = ServerTest;
using SqlText = ServerTest;

/// 0 when the server took it.
unsigned error_number(ServerConnection& connection, const std::string& sql) {
  try {
    connection.run(sql, soon());
  } catch (const MysqlError& error) {
    return static_cast<unsigned>(error.native());
  }
  return 0;
}

constexpr unsigned kSyntaxError = 1064;
constexpr unsigned kNoSuchFunction = 1305;

TEST_P(PureWords, NameFunctionsThatAreBuiltIn) {
  const auto connection = open();
  ASSERT_EQ(error_number(*connection, "SELECT no_such_function()"), kNoSuchFunction);
  for (const std::string_view name : driver::sql::kPureFunctions) {
    EXPECT_NE(error_number(*connection, "SELECT " + std::string(name) + "()"), kNoSuchFunction)
        << name;
  }
}

TEST_P(PureWords, BeforeAParenthesisNameNoStoredFunction) {
  const auto connection = open();
  for (const std::string_view name : driver::sql::kWordsBeforeParenthesis) {
    const std::string function(name);
    EXPECT_EQ(error_number(*connection, "CREATE FUNCTION " + function + "() RETURNS INT RETURN 1"),
              kSyntaxError)
        << name;
  }
}

/// A statement that the server prepares, with its number of markers.
constexpr std::array kStatements{
    "SELECT ?, '?', `?`.a, \"?\" FROM (SELECT 1 AS a) AS `?` WHERE 1 = ? -- ?",
    "SELECT 'it''s ?', 'a\\'?', \"b\"\"?\", ? # ?\n, ?",
    "SELECT 1--?",
    "SELECT 1-- ?\n+?",
    "SELECT ?/* ? */+?",
    "SELECT /*! ?, */ ?",
    "SELECT /*!50000 ?, /* ? */ ?, */ ?",
    "SELECT N'?', _utf8'?', x'3F', ?",
    "SELECT t.1a, t.2e5, ? FROM (SELECT 1 AS 1a, 2 AS `2e5`) AS t",
    "SELECT @`?`, @'?', @\"?\", ?",
    "SELECT 1.5e-3, .5, 1., 0x3F, 0b1, 1e5, ?",
    "SELECT '\\\\', ?, '\\\\?'",
    "SELECT größe, ? FROM (SELECT 1 AS größe) t",
    "SELECT @@session.sql_mode, @@sql_mode, ?",
    "SELECT @a:=?, @a.b := ?"};

TEST_P(SqlText, HasTheMarkersThatTheServerFinds) {
  const auto connection = open();
  for (const std::string sql : kStatements) {
    const auto facts = driver::sql::facts_of(sql);
    EXPECT_EQ(facts.parameter_count, connection->prepare(sql, soon())->parameter_count()) << sql;
  }
}

TEST_P(SqlText, HasTheMarkersThatTheServerFindsInOtherSqlModes) {
  const auto connection = open();
  connection->run("SET sql_mode='ANSI_QUOTES,NO_BACKSLASH_ESCAPES'", soon());
  for (const std::string sql :
       {R"(SELECT 'a\', ?, "b?" FROM (SELECT 1 AS "b?") AS t)", R"(SELECT '\\', '\', ?)",
        R"(SELECT "a\", ? FROM (SELECT 1 AS "a\") AS t)"}) {
    const auto facts =
        driver::sql::facts_of(sql, {.ansi_quotes = true, .no_backslash_escapes = true});
    EXPECT_EQ(facts.parameter_count, connection->prepare(sql, soon())->parameter_count()) << sql;
  }
}

TEST_P(SqlText, GivesWhatOdbcPromisesOfItsEscapes) {
  const auto connection = open();
  const std::array<std::array<const char*, 2>, 18> cases{
      {{"SELECT {d '2026-01-31'} + INTERVAL 1 DAY", "2026-02-01"},
       {"SELECT {t '10:11:12'}", "10:11:12"},
       {"SELECT {ts '2026-01-31 10:11:12'}", "2026-01-31 10:11:12"},
       {"SELECT {fn LENGTH('aé  ')}", "2"},
       {"SELECT {fn CONCAT({fn CHAR(65)}, 'é')}", "Aé"},
       {"SELECT {fn CONVERT('12', SQL_INTEGER)} + 1", "13"},
       {"SELECT {fn CONVERT('1.5', SQL_DOUBLE)}", "1.5"},
       {"SELECT {fn CONVERT(12, SQL_VARCHAR)}", "12"},
       {"SELECT {fn CONVERT('2026-01-31 10:11:12', SQL_TYPE_DATE)}", "2026-01-31"},
       {"SELECT {fn CONVERT('2026-01-31 10:11:12', SQL_TYPE_TIMESTAMP)}",
        "2026-01-31 10:11:12.000000"},
       {"SELECT {fn TIMESTAMPADD(SQL_TSI_DAY, 1, {d '2026-01-31'})}", "2026-02-01"},
       {"SELECT {fn TIMESTAMPADD(SQL_TSI_FRAC_SECOND, 5000, '2026-01-31 00:00:00')}",
        "2026-01-31 00:00:00.000005"},
       {"SELECT {fn TIMESTAMPDIFF(SQL_TSI_FRAC_SECOND, '2026-01-31 00:00:00', '2026-01-31 "
        "00:00:01')}",
        "1000000000"},
       {"SELECT {fn SUBSTRING ('abc', 2)}", "bc"},
       {R"(SELECT 'a_c' LIKE 'a\_c' {escape '\'})", "1"},
       {"SELECT 'abc' LIKE 'a!_c' {escape '!'}", "0"},
       {"SELECT x.a FROM {oj (SELECT 1 AS a) x LEFT OUTER JOIN (SELECT 2 AS a) y ON x.a = y.a}",
        "1"},
       {"SELECT {fn LOCATE('}', 'a}b')}", "2"}}};
  for (const auto& [odbc, result] : cases) {
    const auto native = driver::sql::translate_escapes(odbc);
    ASSERT_TRUE(native.sql.has_value()) << odbc;
    EXPECT_EQ(scalar(*connection, *native.sql), result) << *native.sql;
  }
}

INSTANTIATE_TEST_SUITE_P(Servers, PureWords, testing::ValuesIn(test_support::server_kinds()),
                         kind_name);
INSTANTIATE_TEST_SUITE_P(Servers, SqlText, testing::ValuesIn(test_support::server_kinds()),
                         kind_name);

}  // namespace
}  // namespace fabric::mysql
