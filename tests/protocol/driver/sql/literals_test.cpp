// Values written into the text mean what they mean as parameters, and never end their literal.
#include "driver/sql/literals.h"

#include <random>

#include "tests/protocol/server_fixture.h"

namespace driver::sql {
namespace {

using fabric::mysql::all_rows;
using fabric::mysql::BytesValue;
using fabric::mysql::DateTimeValue;
using fabric::mysql::DateValue;
using fabric::mysql::Parameter;
using fabric::mysql::ServerConnection;
using fabric::mysql::soon;
using fabric::mysql::Texts;
using fabric::mysql::TextValue;
using fabric::mysql::TimeValue;

class LiteralsOnServers : public fabric::mysql::ServerTest {
 protected:
  static Texts by_text(ServerConnection& connection, const std::string& sql,
                       const std::vector<Parameter>& values) {
    ScanOptions options;
    options.no_backslash_escapes = connection.no_backslash_escapes();
    return all_rows(*connection.query(with_literals(sql, values, options), soon())).at(0);
  }
  static Texts prepared(ServerConnection& connection, const std::string& sql,
                        const std::vector<Parameter>& values) {
    const auto statement = connection.prepare(sql, soon());
    return all_rows(*statement->execute(values, soon())).at(0);
  }

  std::string random_bytes() {
    std::string bytes(random_() % 40, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random_());
    return bytes;
  }
  /// Of what is special somewhere: quotes, escapes, comments, markers, letters of several bytes.
  std::string random_text() {
    static constexpr std::array<std::string_view, 20> kParts{"'",
                                                             "\\",
                                                             "\"",
                                                             "`",
                                                             "?",
                                                             ";",
                                                             "--",
                                                             " ",
                                                             "#",
                                                             "/*",
                                                             "*/",
                                                             "\n",
                                                             "a",
                                                             "\xC3\xA9",
                                                             "\xF0\x9F\x98\x80",
                                                             "%",
                                                             "\xE8\xA1\xA8",
                                                             "\xE4\xB8\x9C",
                                                             "0",
                                                             std::string_view("\0", 1)};
    std::string text;
    for (std::size_t parts = random_() % 12; parts > 0; --parts) {
      text += kParts[random_() % kParts.size()];
    }
    return text;
  }

  std::mt19937 random_{20261126};
};

TEST_P(LiteralsOnServers, MeanWhatParametersMean) {
  const auto connection = open();
  const std::string sql = "SELECT HEX(?), CONCAT(LENGTH(?)), CHARSET(?), CONCAT('\\\\' LIKE ?)";
  for (const char* mode : {"", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES,STRICT_ALL_TABLES"}) {
    connection->run("SET sql_mode = '" + std::string(mode) + "'", soon());
    for (int round = 0; round < 60; ++round) {
      const std::string bytes = random_bytes();
      const std::string text = random_text();
      for (const Parameter& value : {Parameter(BytesValue{bytes}), Parameter(TextValue{text})}) {
        const std::vector<Parameter> four(4, value);
        ASSERT_EQ(by_text(*connection, sql, four), prepared(*connection, sql, four))
            << mode << ": " << text;
      }
    }
  }
}

TEST_P(LiteralsOnServers, EndWhereTheyShallInEveryCharacterSet) {
  const auto connection = open();
  for (const char* charset : {"gbk", "sjis", "big5", "latin1"}) {
    connection->run("SET NAMES " + std::string(charset), soon());
    for (int round = 0; round < 60; ++round) {
      const std::string text = random_text();
      const std::vector<Parameter> two{TextValue{text}, BytesValue{text}};
      ASSERT_EQ(by_text(*connection, "SELECT CONCAT(LENGTH(?) IS NULL), HEX(?), 'end'", two),
                prepared(*connection, "SELECT CONCAT(LENGTH(?) IS NULL), HEX(?), 'end'", two))
          << charset << ": " << text;
    }
  }
}

TEST_P(LiteralsOnServers, KeepNumbersAndMoments) {
  const auto connection = open();
  const std::vector<Parameter> values{std::int64_t{-5},
                                      std::numeric_limits<std::int64_t>::min(),
                                      std::numeric_limits<std::uint64_t>::max(),
                                      0.1,
                                      -1.7976931348623157e308,
                                      5e-324,
                                      DateValue{2026, 2, 28},
                                      TimeValue{true, 838, 59, 58, 0},
                                      TimeValue{false, 23, 59, 59, 999999},
                                      DateTimeValue{{2026, 12, 31}, {false, 23, 59, 59, 123456}},
                                      Parameter{}};
  for (const Parameter& value : values) {
    connection->run(
        "CREATE TEMPORARY TABLE kept (v INT AUTO_INCREMENT PRIMARY KEY, i BIGINT, u "
        "BIGINT UNSIGNED, d DOUBLE, t VARCHAR(60), m DATETIME(6), h TIME(6))",
        soon());
    const std::string column =
        std::holds_alternative<std::int64_t>(value)    ? "i"
        : std::holds_alternative<std::uint64_t>(value) ? "u"
        : std::holds_alternative<double>(value)        ? "d"
        : std::holds_alternative<TimeValue>(value)     ? "h"
        : std::holds_alternative<DateTimeValue>(value) || std::holds_alternative<DateValue>(value)
            ? "m"
            : "t";
    const std::string insert = "INSERT INTO kept (" + column + ") VALUES (?)";
    connection->run(with_literals(insert, {&value, 1}, {}), soon());
    static_cast<void>(connection->prepare(insert, soon())->execute({&value, 1}, soon()));
    EXPECT_EQ(fabric::mysql::scalar(*connection,
                                    "SELECT COUNT(DISTINCT " + column + ") + COUNT(*) FROM kept"),
              std::holds_alternative<std::monostate>(value) ? "2" : "3")
        << column;
    const auto stored = connection->query("SELECT DISTINCT " + column + " FROM kept", soon());
    EXPECT_EQ(all_rows(*stored).size(), 1U);
    connection->run("DROP TEMPORARY TABLE kept", soon());
  }
}

INSTANTIATE_TEST_SUITE_P(Servers, LiteralsOnServers,
                         testing::ValuesIn(test_support::server_kinds()), fabric::mysql::kind_name);

}  // namespace
}  // namespace driver::sql
