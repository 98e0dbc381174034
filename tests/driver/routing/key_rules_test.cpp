// Which values of a statement are keys of a column.
#include "tests/driver/routing/routed_case.h"

namespace driver::routing {
namespace {

TEST(RoutingAnalysis, TakesValuesOfTheColumnsOwnTypeAlone) {
  expect_all({
      {"SELECT * FROM employees WHERE emp_no = '5'", "!is no whole number"},
      {"SELECT * FROM employees WHERE emp_no = '01'", "!is no whole number"},
      {"SELECT * FROM employees WHERE emp_no = 5.0", "!not a whole one"},
      {"SELECT * FROM employees WHERE emp_no = 5e0", "!not a whole one"},
      {"SELECT * FROM employees WHERE emp_no = 0x05", "!not a whole one"},
      {"SELECT * FROM employees WHERE emp_no = b'101'", "!not a whole one"},
      {"SELECT * FROM employees WHERE emp_no = TRUE", "!an expression"},
      {"SELECT * FROM employees WHERE emp_no = NULL", "!is NULL"},
      {"SELECT * FROM employees WHERE emp_no = 18446744073709551616", "!64 bits"},
      {"SELECT * FROM employees WHERE emp_no = 18446744073709551615", "s2"},
      {"SELECT * FROM employees WHERE emp_no = 05", "s1"},
      {"SELECT * FROM parts WHERE part = -10", "s1"},
      {"SELECT * FROM parts WHERE part = - 11", "!lies below"},
      {"SELECT * FROM parts WHERE part = 10", "s2"},
      {"SELECT * FROM employees WHERE emp_no = ?", "s1", {number(5)}},
      {"SELECT * FROM employees WHERE emp_no = ?", "s2", {Parameter(std::uint64_t{5000})}},
      {"SELECT * FROM employees WHERE emp_no = ?", "s1", {text("5")}},
      {"SELECT * FROM employees WHERE emp_no = ?", "!is no whole number", {text("05")}},
      {"SELECT * FROM employees WHERE emp_no = ?", "!is no whole number", {text("+5")}},
      {"SELECT * FROM employees WHERE emp_no = ?", "!is no whole number", {text(" 5")}},
      {"SELECT * FROM employees WHERE emp_no = ?", "!is no whole number", {text("5.0")}},
      {"SELECT * FROM employees WHERE emp_no = ?",
       "!is no whole number",
       {text("9007199254740993")}},
      {"SELECT * FROM employees WHERE emp_no = ?", "!with a fraction", {Parameter(5.0)}},
      {"SELECT * FROM employees WHERE emp_no = ?", "!is NULL", {Parameter()}},
      {"SELECT * FROM employees WHERE first_name = ? AND emp_no = ?",
       "s2",
       {text("x"), number(1000)}},
      {"SELECT '?', \"?\" /* ? */ FROM employees WHERE emp_no = ?", "s2", {number(1000)}},
      {"SELECT * FROM employees WHERE emp_no = ?", "!is not bound"},
  });
}

TEST(RoutingAnalysis, ReadsTextKeys) {
  expect_all({
      {"SELECT * FROM names WHERE name = 'Ada'", "s1"},
      {"SELECT * FROM names WHERE name = \"Mira\"", "s2"},
      {"SELECT * FROM names WHERE name = 'L''a'", "s1"},
      {"SELECT * FROM names WHERE name = 'M\\'a'", "s2"},
      {"SELECT * FROM names WHERE name = N'Ada'", "s1"},
      {"SELECT * FROM names WHERE name = 'M '", "s2"},
      {"SELECT * FROM names WHERE name = '!'", "!lies below"},
      {"SELECT * FROM names WHERE name = 5", "!is no text"},
      {"SELECT * FROM names WHERE name = ?", "!is no text", {number(5)}},
      {"SELECT * FROM names WHERE name = ?", "s2", {text("Zoë")}},
      {"SELECT * FROM names WHERE name = 'a' 'b'", "!an expression"},
      {"SELECT * FROM names WHERE name = _utf8'Ada'", "!an expression"},
      {"SELECT * FROM names WHERE name = 'Ada' COLLATE utf8mb4_general_ci", "!an expression"},
      {"SELECT * FROM names WHERE name LIKE 'Ada'", "!nothing fixes"},
      {"SELECT * FROM names WHERE BINARY name = 'Ada'", "!nothing fixes"},
      {"SELECT * FROM names WHERE name = x'41'", "!not a whole one"},
      {"SELECT * FROM loose WHERE name = 'Ada'", "!collation utf8mb4_general_ci"},
      {"UPDATE loose SET a = 1 WHERE name = 'Ada'", "!collation"},
      {"DELETE FROM loose WHERE name = 'Ada'", "!collation"},
      {"INSERT INTO loose (name) VALUES ('Ada')", "s1"},
      {"REPLACE INTO loose (name) VALUES ('Ada')", "!collation"},
      {"INSERT INTO loose (name) VALUES ('Ada') ON DUPLICATE KEY UPDATE a = 1", "!collation"},
      {"INSERT INTO names (name) VALUES ('12345678901')", "!longer than"},
      {"SELECT * FROM accounts WHERE name = 'Ada'", "!ignores blanks at the end"},
      {"INSERT INTO accounts (name) VALUES ('Ada')", "s1"},
      {"SELECT * FROM codes WHERE code = 'Ada'", "s1"},
      {"SELECT * FROM fixed WHERE name = 'Ada'", "s1"},
      {"SELECT * FROM fixed WHERE name = 'Ada '", "!ends with a blank"},
      {"SELECT * FROM fixed WHERE name = 'Zoë'", "!character set latin1"},
  });
  expect({"SELECT * FROM names WHERE name = 'M\\'", "s2"}, {.no_backslash_escapes = true});
  expect({"SELECT * FROM names WHERE name = \"Mira\"", "!nothing fixes"}, {.ansi_quotes = true});
  expect({"SELECT * FROM \"names\" WHERE \"name\" = 'Mira'", "s2"}, {.ansi_quotes = true});
}

TEST(RoutingAnalysis, ReadsDates) {
  using fabric::mysql::DateTimeValue;
  using fabric::mysql::DateValue;
  expect_all({
      {"SELECT * FROM events WHERE happened = '2012-02-29'", "s1"},
      {"SELECT * FROM events WHERE happened = '2020-06-01'", "s2"},
      {"SELECT * FROM events WHERE happened = '2020-05-31 23:59:59'", "s1"},
      {"SELECT * FROM events WHERE happened = TIMESTAMP'2020-06-01 00:00:00'", "s2"},
      {"SELECT * FROM events WHERE happened = '2020-05-31 23:59:59.5'", "!finer fraction"},
      {"SELECT * FROM events WHERE happened = '2020-05-31 23:59:59.0'", "s1"},
      {"SELECT * FROM events WHERE happened = '20200601'", "!is no date"},
      {"SELECT * FROM events WHERE happened = 20200601", "!is no date"},
      {"SELECT * FROM events WHERE happened = '2020-6-1'", "!is no date"},
      {"SELECT * FROM events WHERE happened = '2020-02-30'", "!is no date"},
      {"SELECT * FROM events WHERE happened = '1999-12-31'", "!lies below"},
      {"SELECT * FROM events WHERE happened = ?",
       "s2",
       {Parameter(DateTimeValue{{2024, 1, 1}, {}})}},
      {"SELECT * FROM events WHERE happened = ?", "s1", {Parameter(DateValue{2020, 5, 31})}},
      {"SELECT * FROM days WHERE day = DATE'2020-06-01'", "s2"},
      {"SELECT * FROM days WHERE day = '2020-06-01 00:00:00'", "s2"},
      {"SELECT * FROM days WHERE day = '2020-06-01 10:00:00'", "!time of day"},
      {"SELECT * FROM visits WHERE day = '2020-06-01'", "s2"},
      {"SELECT * FROM visits WHERE day = '2020-06-02'", "s2"},
  });
}

TEST(RoutingAnalysis, RefusesTextKeysThatTheSessionsServerReadsOtherwise) {
  const SessionText latin1{"latin1", "latin1"};
  const SessionText utf8mb3{"utf8mb3", "utf8mb3"};
  const std::string by_name = "SELECT * FROM names WHERE name = ";
  expect_all({
      {by_name + "'Ada'", "s1", {}, latin1},
      {by_name + "?", "s2", {text("Mira")}, latin1},
      {by_name + "'Zoë'", "!by the server as the session's latin1/latin1", {}, latin1},
      {by_name + "?", "!SET NAMES utf8mb4", {text("Zoë")}, latin1},
      {by_name + "'Zoë'", "!utf8mb4/latin1", {}, {"utf8mb4", "latin1"}},
      {by_name + "'Zoë'", "s2", {}, utf8mb3},
      {by_name + "'Zoë'", "s2", {}, {"utf8", "utf8mb4"}},
      {"SELECT * FROM codes WHERE code = '😀'", "s1"},
      {"SELECT * FROM codes WHERE code = '😀'", "!utf8mb3/utf8mb3", {}, utf8mb3},
      {by_name + "'Ada'", "!binary/binary", {}, {"binary", "binary"}},
      {by_name + "'Ada'", "!swe7/swe7", {}, {"swe7", "swe7"}},
      {"INSERT INTO names (name) VALUES ('Ada'), ('Åsa')", "!of row 2 'Åsa' is read", {}, latin1},
      {"SELECT * FROM employees WHERE emp_no = 5 AND first_name = 'Zoë'", "s1", {}, latin1},
      {"SELECT * FROM events WHERE happened = '2012-02-29'", "s1", {}, latin1},
  });
}

TEST(KeyRules, RefuseCharactersThatTheColumnMayNotKeep) {
  const auto taken = [](const std::string& charset, const std::string& utf8) {
    const ColumnInfo column = text_column("name", charset + "_bin", charset);
    const KeyAnswer key =
        key_of(TextKey{utf8}, column, fabric::ShardType::kRangeString, KeyPurpose::kStored);
    return std::holds_alternative<fabric::ShardKey>(key);
  };
  for (const auto& [charset, utf8] : {std::pair("latin1", "Zoë"),
                                      {"utf8mb3", "Жора"},
                                      {"utf8mb4", "😀"},
                                      {"utf16", "😀"},
                                      {"ucs2", "Жора"},
                                      {"koi8r", "Ada"}}) {
    EXPECT_TRUE(taken(charset, utf8)) << charset << ' ' << utf8;
  }
  for (const auto& [charset, utf8] : {std::pair("latin1", "Жора"),
                                      {"latin1", "€"},
                                      {"latin1", "\u0080"},
                                      {"utf8mb3", "😀"},
                                      {"utf8", "😀"},
                                      {"ascii", "Zoë"},
                                      {"koi8r", "Жора"},
                                      {"utf8mb4", "Zo\xEB"}}) {
    EXPECT_FALSE(taken(charset, utf8)) << charset << ' ' << utf8;
  }
}

TEST(SessionText, IsReadableWhereAsciiIsItselfAlone) {
  for (const char* charset : {"utf8mb4", "utf8mb3", "utf8", "latin1", "cp1251", "ujis", "binary"}) {
    EXPECT_TRUE((SessionText{charset, charset}.readable())) << charset;
  }
  for (const char* charset : {"gbk", "big5", "sjis", "cp932", "gb18030", "swe7", "ucs2", ""}) {
    EXPECT_FALSE((SessionText{charset, "utf8mb4"}.readable())) << charset;
    EXPECT_FALSE((SessionText{"utf8mb4", charset}.readable())) << charset;
  }
}

}  // namespace
}  // namespace driver::routing
