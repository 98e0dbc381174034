// What a converter does, to_c() does: it only comes there sooner.
#include "driver/convert/converter.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace driver::convert {
namespace {

using fabric::mysql::WireType;

Column text_column_of(WireType type) {
  Column column;
  column.type = type;
  column.charset = 45;
  return column;
}

struct Outcome {
  SqlState state = SqlState::k00000;
  SQLLEN length = -9;
  std::array<char, 48> buffer{};
};

template <class Convert>
Outcome outcome_of(SQLSMALLINT c_type, SQLLEN capacity, const Convert& convert) {
  Outcome outcome;
  outcome.buffer.fill('#');
  CTarget target;
  target.c_type = c_type;
  target.buffer = outcome.buffer.data();
  target.capacity = capacity;
  target.length = target.indicator = &outcome.length;
  outcome.state = convert(target);
  return outcome;
}

void expect_same(const Column& column, int type, const std::string& text, SQLLEN capacity = 40) {
  const auto c_type = static_cast<SQLSMALLINT>(type);
  // As long as the text and no longer, so that a sanitizer sees who reads on.
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  const std::uint8_t nothing = 0;
  const Cell cell{.data = bytes.empty() ? &nothing : bytes.data(), .size = bytes.size()};
  CTarget chosen;
  chosen.c_type = c_type;
  const Converter converter = converter_for(column, RowFormat::kText, chosen);
  ASSERT_NE(converter, nullptr);
  const Outcome quick = outcome_of(c_type, capacity, [&](const CTarget& target) {
    return converter(column, RowFormat::kText, cell, target);
  });
  const Outcome slow = outcome_of(c_type, capacity, [&](const CTarget& target) {
    return to_c(column, RowFormat::kText, cell, target, nullptr);
  });
  EXPECT_EQ(quick.state, slow.state) << text << " as " << c_type;
  EXPECT_EQ(quick.length, slow.length) << text << " as " << c_type;
  if (slow.state != SqlState::k00000) return;
  EXPECT_EQ(quick.buffer, slow.buffer) << text << " as " << c_type;
}

TEST(Converters, ReadDigitsOfEachNumber) {
  const Column column = text_column_of(WireType::kLongLong);
  std::string digits;
  for (int count = 0; count < 22; ++count) {
    for (const int c_type : {SQL_C_STINYINT, SQL_C_USHORT, SQL_C_SLONG, SQL_C_UBIGINT}) {
      expect_same(column, c_type, digits);
      expect_same(column, c_type, "-" + digits);
      expect_same(column, c_type, digits + "/");
      expect_same(column, c_type, digits + ":");
    }
    digits += static_cast<char>('0' + (count * 7 + 1) % 10);
  }
}

TEST(Converters, ReadShortDecimals) {
  const Column column = text_column_of(WireType::kDouble);
  for (const char* text : {"0",
                           "-0",
                           "1",
                           "-1.5",
                           "937.5",
                           "0.125",
                           ".5",
                           "5.",
                           ".",
                           "",
                           "-",
                           "1..2",
                           "1.2.3",
                           "1e5",
                           "123456789012345",
                           "12345678901234.5",
                           "1234567890123456",
                           "0.0000000000001",
                           "x",
                           "1x"}) {
    expect_same(column, SQL_C_DOUBLE, text);
    expect_same(column, SQL_C_FLOAT, text);
  }
}

TEST(Converters, ReadTimesThatAreFormedAsMostAre) {
  const Column column = text_column_of(WireType::kDateTime);
  const std::string usual = "2024-12-31 23:59:58";
  expect_same(column, SQL_C_TYPE_TIMESTAMP, usual);
  for (const char* text : {"0000-00-00 00:00:00", "2024-00-10 00:00:00", "9999-01-01 24:00:00",
                           "1000-01-01 00:60:00", "1000-01-01 00:00:60"}) {
    expect_same(column, SQL_C_TYPE_TIMESTAMP, text);
  }
  for (std::size_t at = 0; at < usual.size(); ++at) {
    for (int character = 0; character < 256; ++character) {
      std::string text = usual;
      text[at] = static_cast<char>(character);
      expect_same(column, SQL_C_TYPE_TIMESTAMP, text);
    }
  }
}

TEST(Converters, CopyTextsOfEachLengthIntoBuffersOfEach) {
  const Column column = text_column_of(WireType::kVarString);
  std::string text;
  for (int size = 0; size < 40; ++size) {
    for (SQLLEN capacity = 0; capacity < 44; ++capacity) {
      expect_same(column, SQL_C_CHAR, text, capacity);
    }
    text += static_cast<char>('a' + size % 26);
  }
}

}  // namespace
}  // namespace driver::convert
