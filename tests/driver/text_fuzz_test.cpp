// Random bytes and mutated statements: nothing here may crash, hang or break its promises. Seeded;
// most worth under the sanitizers.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

#include "driver/named_call.h"
#include "driver/settings/connection_settings.h"
#include "driver/sql/escapes.h"
#include "driver/sql/parameter_columns.h"
#include "driver/sql/statement_facts.h"
#include "fabric/base/error.h"

namespace driver {
namespace {

constexpr int kRounds = 6'000;

constexpr std::array<std::string_view, 49> kPieces{"SELECT ",
                                                   "'",
                                                   "\"",
                                                   "`",
                                                   "\\",
                                                   "/*",
                                                   "*/",
                                                   "/*!50000 ",
                                                   "/*M!",
                                                   "/*!99999 ",
                                                   "/*+",
                                                   "-- ",
                                                   "#",
                                                   "\n",
                                                   "@",
                                                   "@@",
                                                   ":=",
                                                   "?",
                                                   ";",
                                                   "(",
                                                   ")",
                                                   ",",
                                                   ".",
                                                   "{",
                                                   "}",
                                                   "{fn ",
                                                   "{d '",
                                                   "{escape '\\'}",
                                                   "{?=call ",
                                                   "{INTERVAL '1' DAY",
                                                   "2026-01-31'}",
                                                   "--(*vendor(Microsoft),product(ODBC)",
                                                   "*)--",
                                                   "{call ",
                                                   "CONVERT(",
                                                   "TIMESTAMPADD(SQL_TSI_",
                                                   "SET ",
                                                   "SESSION ",
                                                   "TRANSACTION ",
                                                   "NAMES ",
                                                   "WITH ",
                                                   "OVER ",
                                                   "FOR UPDATE",
                                                   "0x",
                                                   "1e",
                                                   ".5",
                                                   "CREATE ",
                                                   "x'",
                                                   "\xF0\x9F\x98\x80"};

class TextFuzz {
 public:
  std::string bytes() {
    std::string text;
    for (auto n = random_() % 60; n > 0; --n) text += static_cast<char>(random_() % 256);
    return text;
  }
  std::string statement() {
    std::string text;
    for (auto n = random_() % 25; n > 0; --n) {
      text += random_() % 4 == 0 ? std::string(1, static_cast<char>('a' + random_() % 26))
                                 : std::string(kPieces[random_() % kPieces.size()]);
    }
    return text;
  }
  std::string mutated(std::string text) {
    for (auto n = random_() % 4; n > 0 && !text.empty(); --n) {
      const auto at = random_() % text.size();
      switch (random_() % 3) {
        case 0:
          text.erase(at, 1 + random_() % 3);
          break;
        case 1:
          text.insert(at, kPieces[random_() % kPieces.size()]);
          break;
        default:
          text[at] = static_cast<char>(random_() % 256);
      }
    }
    return text;
  }
  sql::ScanOptions options() {
    constexpr std::array<unsigned, 3> kServers{0, 50624, 101111};
    sql::ScanOptions options{random_() % 2 == 0, random_() % 2 == 0};
    options.server_version = kServers[random_() % kServers.size()];
    options.mariadb = options.server_version > 100000;
    return options;
  }

 private:
  std::mt19937 random_{20261122};
};

/// Tokens lie in the text, in order, and do not overlap.
void expect_ordered_tokens(const std::string& sql, sql::ScanOptions options) {
  sql::SqlScanner scanner(sql, options);
  std::size_t end = 0;
  for (sql::Token token = scanner.next(); token.kind != sql::TokenKind::kEnd;
       token = scanner.next()) {
    ASSERT_GE(token.offset, end) << sql;
    ASSERT_FALSE(token.text.empty()) << sql;
    ASSERT_EQ(token.text.data(), sql.data() + token.offset) << sql;
    ASSERT_LE(token.bare().size(), token.text.size()) << sql;
    end = token.offset + token.text.size();
  }
  ASSERT_LE(end, sql.size());
}

/// A text without braces stays as it is; of any other, what comes out has no escapes any more.
void expect_sane_escapes(const std::string& sql, sql::ScanOptions options) {
  using fabric::base::SqlState;
  try {
    const sql::NativeSql native = sql::translate_escapes(sql, options);
    EXPECT_TRUE(sql::may_have_escapes(sql) || !native.sql) << sql;
    if (!native.sql) return;
    EXPECT_FALSE(sql::translate_escapes(*native.sql, options).sql) << sql << '\n' << *native.sql;
  } catch (const fabric::base::Error& error) {
    EXPECT_TRUE(sql::may_have_escapes(sql)) << sql;
    EXPECT_TRUE(error.state() == SqlState::k42000 || error.state() == SqlState::k22007 ||
                error.state() == SqlState::k22019)
        << sql << '\n'
        << error.what();
  }
}

void expect_sane(const std::string& sql, sql::ScanOptions options) {
  expect_ordered_tokens(sql, options);
  const sql::StatementFacts facts = facts_of(sql, options);
  if (facts.pure_read) {
    EXPECT_EQ(facts.statement_count, 1U) << sql;
    EXPECT_TRUE(facts.leaves.none()) << sql;
    EXPECT_FALSE(facts.reads_insert_id) << sql;
  }
  const std::size_t known = parameter_columns(sql, options).markers.size();
  EXPECT_TRUE(known == 0 || known == facts.parameter_count) << sql;
  static_cast<void>(marker_call(sql, options));
  expect_sane_escapes(sql, options);
}

TEST(TextFuzz, RandomBytesBreakNothing) {
  TextFuzz fuzz;
  for (int i = 0; i < kRounds; ++i) expect_sane(fuzz.bytes(), fuzz.options());
}

TEST(TextFuzz, PiecesOfSqlBreakNothing) {
  TextFuzz fuzz;
  for (int i = 0; i < kRounds; ++i) expect_sane(fuzz.statement(), fuzz.options());
}

TEST(TextFuzz, MutatedStatementsBreakNothing) {
  TextFuzz fuzz;
  const std::array<std::string, 4> seeds{
      "WITH a (x) AS (SELECT 1) SELECT COUNT(*), ROW_NUMBER() OVER (ORDER BY b) FROM `t` WHERE "
      "c='x'",
      "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, @x = 1, NAMES utf8 COLLATE utf8_bin",
      "{?=call f({fn CONVERT(?, SQL_INTEGER)}, {ts '2026-01-31 00:00:00'}, 'x' {escape '\\'})}",
      "CREATE TEMPORARY TABLE t SELECT /*!50000 GET_LOCK('a',1), */ @a := 1 INTO @b; USE `d``b`"};
  for (int i = 0; i < kRounds; ++i) {
    expect_sane(fuzz.mutated(seeds[static_cast<std::size_t>(i) % seeds.size()]), fuzz.options());
  }
}

TEST(TextFuzz, ConnectionStringsBreakNothing) {
  TextFuzz fuzz;
  const std::string seed =
      "DRIVER={a b};FABRIC_NODES=h:32275,[::1]:3306;FABRIC_GROUP=g1;UID=u;PWD={p;q}};r};"
      "MAX_POOL_SIZE=5;POOL_TIMEOUT=500ms;SPOOL_MEMORY=64M;SSLMODE=REQUIRED;FABRIC_MODE=RO";
  for (int i = 0; i < kRounds / 6; ++i) {
    std::vector<settings::Warning> warnings;
    try {
      const auto settings = settings::settings_from_connection_string(fuzz.mutated(seed), warnings);
      std::vector<settings::Warning> again;
      settings::settings_from_connection_string(settings::completed_string(settings), again);
    } catch (const fabric::base::Error& error) {
      EXPECT_FALSE(std::string(error.what()).empty());
    }
  }
}

}  // namespace
}  // namespace driver
