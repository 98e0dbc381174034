// Every line of tests/data/convert/parameter_*.txt:
//   C type | C value | SQL type(ColumnSize,DecimalDigits) | SQLSTATE | what goes to the server
// DEFAULT=SLONG is SQL_C_DEFAULT with an SQLINTEGER in memory, NUMERIC(0,2) SQL_DESC_SCALE of the
// APD, INTERVAL_SECOND(3) digits of the fraction. tests/data/convert/README.md tells which lines
// show which table of the standard.
#include "driver/convert/parameter_from_c.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <limits>
#include <random>

#include "driver/convert/decimal_text.h"
#include "driver/text/utf.h"
#include "tests/driver/convert/c_types.h"
#include "tests/driver/convert/case_file.h"
#include "tests/driver/convert/today.h"

namespace driver::convert {
namespace {

using testing::Case;

template <class Value>
std::string raw(const Value& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::vector<long> numbers(const std::string& text) {
  std::vector<long> found;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t used = 0;
    found.push_back(std::stol(text.substr(at), &used));
    at += used;
    if (at < text.size()) ++at;  // the character between two fields
  }
  return found;
}

template <class Small>
Small small(long value) {
  return static_cast<Small>(value);
}

/// "sign scale mantissa", e.g. "- 2 12345" is -123.45.
std::string numeric_bytes(const std::string& text) {
  SQL_NUMERIC_STRUCT value{};
  value.sign = text[0] == '-' ? 0 : 1;
  const std::size_t blank = text.find(' ', 2);
  value.scale = small<SQLSCHAR>(std::stol(text.substr(2, blank - 2)));
  value.precision = 38;
  Unsigned128 mantissa = 0;
  for (const char digit : text.substr(blank + 1)) {
    mantissa = mantissa * 10 + static_cast<unsigned>(digit - '0');
  }
  for (SQLCHAR& byte : value.val) {
    byte = static_cast<SQLCHAR>(mantissa & 0xFFU);
    mantissa >>= 8U;
  }
  return raw(value);
}

/// "[-]day hour minute second fraction" or "[-]year month".
std::string interval_bytes(SQLSMALLINT c_type, std::string text) {
  SQL_INTERVAL_STRUCT interval{};
  interval.interval_type = static_cast<SQLINTERVAL>(c_type - 100);
  interval.interval_sign = text[0] == '-' ? SQL_TRUE : SQL_FALSE;
  if (text[0] == '-') text.erase(0, 1);
  const std::vector<long> fields = numbers(text);
  if (fields.size() == 2) {
    interval.intval.year_month = {small<SQLUINTEGER>(fields[0]), small<SQLUINTEGER>(fields[1])};
  } else {
    interval.intval.day_second = {small<SQLUINTEGER>(fields[0]), small<SQLUINTEGER>(fields[1]),
                                  small<SQLUINTEGER>(fields[2]), small<SQLUINTEGER>(fields[3]),
                                  small<SQLUINTEGER>(fields[4])};
  }
  return raw(interval);
}

std::string moment_bytes(SQLSMALLINT c_type, const std::string& text) {
  std::vector<long> f = numbers(text);
  f.resize(7);
  const auto field = [&f](std::size_t index) { return small<SQLUSMALLINT>(f[index]); };
  const auto year = small<SQLSMALLINT>(f[0]);
  if (c_type == SQL_C_TYPE_DATE || c_type == SQL_C_DATE) {
    return raw(SQL_DATE_STRUCT{year, field(1), field(2)});
  }
  if (c_type == SQL_C_TYPE_TIME || c_type == SQL_C_TIME) {
    return raw(SQL_TIME_STRUCT{field(0), field(1), field(2)});
  }
  return raw(SQL_TIMESTAMP_STRUCT{year, field(1), field(2), field(3), field(4), field(5),
                                  small<SQLUINTEGER>(f[6])});
}

std::string integer_bytes(SQLSMALLINT c_type, const std::string& text) {
  const unsigned long long value =
      text[0] == '-' ? static_cast<unsigned long long>(std::stoll(text)) : std::stoull(text);
  switch (c_type) {
    case SQL_C_BIT:
    case SQL_C_TINYINT:
    case SQL_C_STINYINT:
    case SQL_C_UTINYINT:
      return raw(static_cast<SQLCHAR>(value));
    case SQL_C_SHORT:
    case SQL_C_SSHORT:
    case SQL_C_USHORT:
      return raw(static_cast<SQLUSMALLINT>(value));
    case SQL_C_LONG:
    case SQL_C_SLONG:
    case SQL_C_ULONG:
      return raw(static_cast<SQLUINTEGER>(value));
    default:
      return raw(static_cast<SQLUBIGINT>(value));
  }
}

/// The application's memory for a value written as text.
std::string c_bytes(SQLSMALLINT c_type, const std::string& text) {
  switch (c_type) {
    case SQL_C_CHAR:
    case SQL_C_BINARY:
    case SQL_C_DEFAULT:
      return text;
    case SQL_C_WCHAR: {
      const std::u16string wide = text::to_utf16(text);
      return {reinterpret_cast<const char*>(wide.data()), wide.size() * 2};
    }
    case SQL_C_FLOAT:
      return raw(std::strtof(text.c_str(), nullptr));
    case SQL_C_DOUBLE:
      return raw(std::strtod(text.c_str(), nullptr));
    case SQL_C_NUMERIC:
      return numeric_bytes(text);
    case SQL_C_DATE:
    case SQL_C_TIME:
    case SQL_C_TIMESTAMP:
    case SQL_C_TYPE_DATE:
    case SQL_C_TYPE_TIME:
    case SQL_C_TYPE_TIMESTAMP:
      return moment_bytes(c_type, text);
    case SQL_C_GUID:
      return raw(
          SQLGUID{0x01234567, 0x89AB, 0xCDEF, {0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10}});
    default:
      break;
  }
  return c_type > 100 ? interval_bytes(c_type, text) : integer_bytes(c_type, text);
}

struct Show {
  std::string operator()(std::monostate) const { return "null"; }
  std::string operator()(std::int64_t value) const { return "int " + std::to_string(value); }
  std::string operator()(std::uint64_t value) const { return "uint " + std::to_string(value); }
  std::string operator()(double value) const {
    char text[64];
    std::snprintf(text, sizeof text, "double %.17g", value);
    return text;
  }
  std::string operator()(fabric::mysql::TextValue value) const {
    return "text " + std::string(value.utf8);
  }
  std::string operator()(fabric::mysql::BytesValue value) const {
    return "bytes " + testing::hex(value.bytes);
  }
  std::string operator()(fabric::mysql::SentValue) const { return "sent"; }
  std::string operator()(fabric::mysql::DateValue date) const {
    char text[64];
    std::snprintf(text, sizeof text, "date %04d-%02u-%02u", date.year, date.month, date.day);
    return text;
  }
  std::string operator()(fabric::mysql::TimeValue time) const {
    char text[64];
    std::snprintf(text, sizeof text, "time %s%u:%02u:%02u.%06u", time.negative ? "-" : "",
                  time.hours, time.minutes, time.seconds, time.microseconds);
    return text;
  }
  std::string operator()(fabric::mysql::DateTimeValue both) const {
    return (*this)(both.date) + " " + (*this)(both.time).substr(5);
  }
};

/// The value at an odd address, so that unaligned reads show.
class Unaligned {
 public:
  explicit Unaligned(const std::string& bytes) : bytes_("?" + bytes + std::string(4, '\0')) {}
  [[nodiscard]] const void* data() const { return bytes_.data() + 1; }

 private:
  std::string bytes_;
};

class ParameterFromC : public ::testing::TestWithParam<std::string> {};

TEST_P(ParameterFromC, AnswersAsItsLinesSay) {
  Storage storage;
  for (const Case& test : testing::read_cases(GetParam(), 5)) {
    SCOPED_TRACE(test.where);
    const std::size_t equals = test.fields[0].find('=');
    const testing::Spec given = testing::parse_spec(test.fields[0].substr(0, equals));
    const SQLSMALLINT c_type = testing::type_named(testing::kCTypeNames, given.name);
    const SQLSMALLINT memory_type =
        equals == std::string::npos
            ? c_type
            : testing::type_named(testing::kCTypeNames, test.fields[0].substr(equals + 1));
    const testing::Spec sql = testing::parse_spec(test.fields[2]);
    const std::string bytes = c_bytes(memory_type, testing::unescaped(test.fields[1]));
    const Unaligned memory(bytes);
    const auto length = static_cast<SQLLEN>(bytes.size());
    CSource source{.c_type = c_type,
                   .sql_type = testing::type_named(testing::kSqlTypeNames, sql.name),
                   .data = memory.data(),
                   .length = &length,
                   .indicator = &length};
    if (!sql.arguments.empty()) source.column_size = static_cast<SQLULEN>(sql.arguments[0]);
    if (sql.arguments.size() > 1) source.decimal_digits = small<SQLSMALLINT>(sql.arguments[1]);
    if (given.arguments.size() == 2) source.numeric_scale = small<SQLSMALLINT>(given.arguments[1]);
    if (given.arguments.size() == 1) {
      source.seconds_precision = small<SQLSMALLINT>(given.arguments[0]);
    }
    Parameter out;
    const SqlState state = from_c(source, storage, out);
    EXPECT_EQ(fabric::base::code_of(state), test.fields[3]);
    if (state == SqlState::k00000) {
      EXPECT_EQ(std::visit(Show{}, out), testing::with_today(testing::unescaped(test.fields[4])));
    }
    storage.clear();
  }
}

INSTANTIATE_TEST_SUITE_P(Files, ParameterFromC,
                         ::testing::ValuesIn(testing::case_files("parameter_")));

struct Given {
  SQLSMALLINT c_type;
  const void* data;
  SQLLEN length;
};

SqlState convert(const Given& given, Storage& storage, Parameter& out) {
  const CSource source{.c_type = given.c_type,
                       .sql_type = SQL_VARCHAR,
                       .data = given.data,
                       .length = &given.length,
                       .indicator = &given.length};
  return from_c(source, storage, out);
}

TEST(ParameterLength, ReadsNullWhateverTheType) {
  Storage storage;
  for (const auto& each : testing::kCTypeNames) {
    Parameter out = std::int64_t{1};
    EXPECT_EQ(convert({each.type, nullptr, SQL_NULL_DATA}, storage, out), SqlState::k00000);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(out)) << each.name;
  }
}

TEST(ParameterLength, ReadsNullFromAnIndicatorApartFromTheLength) {
  Storage storage;
  Parameter out;
  const SQLLEN length = 3;
  const SQLLEN null = SQL_NULL_DATA;
  const CSource source{.c_type = SQL_C_CHAR,
                       .sql_type = SQL_VARCHAR,
                       .data = "abc",
                       .length = &length,
                       .indicator = &null};
  EXPECT_EQ(from_c(source, storage, out), SqlState::k00000);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(out));
}

TEST(ParameterLength, EndsAtAZeroWhenAskedOrNotToldOtherwise) {
  Storage storage;
  Parameter out;
  EXPECT_EQ(convert({SQL_C_CHAR, "abc\0def", SQL_NTS}, storage, out), SqlState::k00000);
  EXPECT_EQ(std::visit(Show{}, out), "text abc");
  EXPECT_EQ(convert({SQL_C_WCHAR, u"abc\0def", SQL_NTS}, storage, out), SqlState::k00000);
  EXPECT_EQ(std::visit(Show{}, out), "text abc");
  const CSource unsaid{.c_type = SQL_C_CHAR, .sql_type = SQL_VARCHAR, .data = "xyz"};
  EXPECT_EQ(from_c(unsaid, storage, out), SqlState::k00000);
  EXPECT_EQ(std::visit(Show{}, out), "text xyz");
}

TEST(ParameterLength, EndsWithTheBufferWhenNotToldOtherwise) {
  Storage storage;
  Parameter out;
  CSource cut{.c_type = SQL_C_CHAR,
              .sql_type = SQL_TYPE_DATE,
              .data = "2026-11-22 10:11:12",
              .capacity = 10};
  EXPECT_EQ(from_c(cut, storage, out), SqlState::k00000);
  EXPECT_EQ(std::visit(Show{}, out), "date 2026-11-22");
  cut = {.c_type = SQL_C_WCHAR, .sql_type = SQL_VARCHAR, .data = u"abcdef", .capacity = 7};
  EXPECT_EQ(from_c(cut, storage, out), SqlState::k00000);
  EXPECT_EQ(std::visit(Show{}, out), "text abc");
  cut.capacity = std::numeric_limits<SQLLEN>::max();
  EXPECT_EQ(from_c(cut, storage, out), SqlState::k00000);
  EXPECT_EQ(std::visit(Show{}, out), "text abcdef");
  const SQLLEN terminated = SQL_NTS;
  cut = {.c_type = SQL_C_CHAR,
         .sql_type = SQL_VARCHAR,
         .data = "abcdef",
         .capacity = 3,
         .length = &terminated};
  EXPECT_EQ(from_c(cut, storage, out), SqlState::k00000);
  EXPECT_EQ(std::visit(Show{}, out), "text abcdef");
}

TEST(ParameterLength, RefusesSenselessLengths) {
  Storage storage;
  Parameter out;
  for (const SQLLEN length : {SQLLEN{-4}, SQLLEN{-99}, SQLLEN{SQL_DATA_AT_EXEC}}) {
    EXPECT_EQ(convert({SQL_C_CHAR, "abc", length}, storage, out), SqlState::kHY090);
    EXPECT_EQ(convert({SQL_C_WCHAR, u"abc", length}, storage, out), SqlState::kHY090);
    EXPECT_EQ(convert({SQL_C_BINARY, "abc", length}, storage, out), SqlState::kHY090);
  }
  EXPECT_EQ(convert({SQL_C_CHAR, "abc", SQL_DEFAULT_PARAM}, storage, out), SqlState::k07S01);
  EXPECT_EQ(convert({SQL_C_CHAR, nullptr, 3}, storage, out), SqlState::kHY009);
  EXPECT_EQ(convert({SQL_C_CHAR, nullptr, SQL_NTS}, storage, out), SqlState::kHY009);
  EXPECT_EQ(convert({SQL_C_SLONG, nullptr, 4}, storage, out), SqlState::kHY009);
  EXPECT_EQ(convert({12345, "abc", 3}, storage, out), SqlState::k07006);
}

TEST(ParameterLength, TakesAnEmptyTextWithoutABuffer) {
  Storage storage;
  Parameter out;
  EXPECT_EQ(convert({SQL_C_WCHAR, nullptr, 0}, storage, out), SqlState::k00000);
  EXPECT_EQ(std::visit(Show{}, out), "text ");
}

TEST(ParameterLength, ReplacesALoneSurrogate) {
  Storage storage;
  Parameter out;
  const std::u16string lone{u'a', 0xD83D, u'b'};
  EXPECT_EQ(convert({SQL_C_WCHAR, lone.data(), 6}, storage, out), SqlState::k00000);
  EXPECT_EQ(std::visit(Show{}, out),
            "text a\xEF\xBF\xBD"
            "b");
}

TEST(ParameterMoment, GivesATimeTodaysDate) {
  Storage storage;
  Parameter out;
  const SQL_TIME_STRUCT time{10, 11, 12};
  const CSource source{.c_type = SQL_C_TYPE_TIME, .sql_type = SQL_TYPE_TIMESTAMP, .data = &time};
  ASSERT_EQ(from_c(source, storage, out), SqlState::k00000);
  const auto& both = std::get<fabric::mysql::DateTimeValue>(out);
  EXPECT_GE(both.date.year, 2024);
  EXPECT_TRUE(both.date.month >= 1 && both.date.month <= 12);
  EXPECT_EQ(both.time.seconds, 12U);
}

TEST(ParameterWire, ReadsAnyBytesAsAnyTypeWithoutHarm) {
  std::mt19937 random(29);
  const auto below = [&random](std::size_t limit) { return random() % limit; };
  constexpr std::string_view kTypical = "0123456789-+.:eE T{}'\xC3\xA9\xF0\x9F\x98\x80\xFF";
  Storage storage;
  std::size_t done = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string bytes(sizeof(SQL_INTERVAL_STRUCT) + 4, '\0');
    for (char& byte : bytes) {
      byte = below(2) == 0 ? kTypical[below(kTypical.size())] : static_cast<char>(random() & 0xFFU);
    }
    bytes.replace(bytes.size() - 4, 4, 4, '\0');
    const auto& c_type = testing::kCTypeNames[below(testing::kCTypeNames.size())];
    const bool interval = c_type.type > 100;
    if (interval) bytes = raw(SQL_INTERVAL_STRUCT{}).replace(8, 20, bytes, 0, 20);
    const auto length = static_cast<SQLLEN>(below(24));
    const CSource source{
        .c_type = c_type.type,
        .sql_type = testing::kSqlTypeNames[below(testing::kSqlTypeNames.size())].type,
        .column_size = below(80),
        .decimal_digits = static_cast<SQLSMALLINT>(below(50)),
        .data = bytes.data(),
        .length = &length,
        .indicator = &length};
    Parameter out;
    if (from_c(source, storage, out) == SqlState::k00000) done += std::visit(Show{}, out).size();
    storage.clear();
  }
  EXPECT_GT(done, 0U);
}

TEST(ParameterWay, ComesToTheSameForAllTypesAndLengths) {
  std::mt19937 random(31);
  Storage storage;
  Storage other;
  std::size_t short_ways = 0;
  const std::vector<SQLLEN> lengths{0, 1, 5, SQL_NTS, SQL_NULL_DATA, SQL_DEFAULT_PARAM, -77};
  for (int round = 0; round < 40000; ++round) {
    std::string bytes(sizeof(SQL_INTERVAL_STRUCT) + 1, '\0');
    if (round % 5 != 0) {  // else a zero of each type
      for (char& byte : bytes)
        byte = static_cast<char>(random() & (round % 3 == 0 ? 0x83U : 0xFFU));
    }
    bytes.replace(20, 9, 9, '\0');
    const SQLLEN length = lengths[random() % lengths.size()];
    const SQLLEN indicator = random() % 2 == 0 ? length : lengths[random() % lengths.size()];
    const Unaligned memory(bytes);
    const CSource source{
        .c_type = testing::kCTypeNames[random() % testing::kCTypeNames.size()].type,
        .sql_type = random() % 9 == 0
                        ? SQLSMALLINT{SQL_UNKNOWN_TYPE}
                        : testing::kSqlTypeNames[random() % testing::kSqlTypeNames.size()].type,
        .column_size = random() % 3,
        .data = random() % 16 == 0 ? nullptr : memory.data(),
        .capacity = static_cast<SQLLEN>(random() % 4),
        .length = random() % 8 == 0 ? nullptr : &length,
        .indicator = random() % 8 == 0 ? nullptr : &indicator};
    const FromC way = way_from_c(source);
    short_ways += way == from_c ? 0 : 1;
    Parameter wanted;
    Parameter given;
    const SqlState state = from_c(source, storage, wanted);
    ASSERT_EQ(way(source, other, given), state) << source.c_type << " to " << source.sql_type;
    ASSERT_EQ(given.index(), wanted.index()) << source.c_type << " to " << source.sql_type;
    ASSERT_EQ(std::visit(Show{}, given), std::visit(Show{}, wanted));
    storage.clear();
    other.clear();
  }
  EXPECT_GT(short_ways, 1000U);
}

TEST(Storage, KeepsEveryParameterOfAnExecutionInPlace) {
  Storage storage;
  const std::u16string wide = u"some text \xD83D\xDE00";
  for (int execution = 0; execution < 3; ++execution) {
    std::vector<Parameter> parameters(5000);
    for (Parameter& out : parameters) {
      const Given given{SQL_C_WCHAR, wide.data(), static_cast<SQLLEN>(wide.size() * 2)};
      ASSERT_EQ(convert(given, storage, out), SqlState::k00000);
    }
    for (const Parameter& out : parameters) {
      ASSERT_EQ(std::visit(Show{}, out), "text some text \xF0\x9F\x98\x80");
    }
    storage.clear();
  }
}

TEST(Storage, TakesBlocksLargerThanAnyItKeeps) {
  Storage storage;
  char* large = storage.take(Storage::kKept * 3);
  large[0] = large[Storage::kKept * 3 - 1] = 'x';
  char* small_one = storage.take(16);
  small_one[15] = 'y';
  EXPECT_EQ(large[0], 'x');
  storage.clear();
  EXPECT_NE(storage.take(1), nullptr);
}

}  // namespace
}  // namespace driver::convert
