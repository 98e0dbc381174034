// SQLGetData in pieces: the parts of a value, put together, are the value, whatever the buffer.
#include <gtest/gtest.h>

#include <cstring>

#include "driver/convert/cell_to_c.h"
#include "driver/text/utf.h"
#include "tests/driver/convert/case_file.h"
#include "tests/driver/convert/wire_cell.h"

namespace driver::convert {
namespace {

Cell cell_of(const std::string& bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

/// Calls to_c as an application's loop calls SQLGetData, and joins what it gets.
struct Reader {
  Column column;
  std::string wire;
  SQLSMALLINT c_type;
  std::size_t capacity;
  RowFormat format = RowFormat::kText;
  std::string joined = {};  // without terminators
  int calls = 0;

  void read_all() {
    Piece piece;
    SQLLEN before = -1;
    while (!piece.exhausted) {
      ASSERT_LT(++calls, 10000) << "no progress";
      std::vector<char> buffer(capacity + 8, '\x5A');
      SQLLEN length = -77;
      const CTarget target{.c_type = c_type,
                           .buffer = buffer.data(),
                           .capacity = static_cast<SQLLEN>(capacity),
                           .length = &length,
                           .indicator = &length};
      const SqlState state = to_c(column, format, cell_of(wire), target, &piece);
      ASSERT_EQ(state, piece.exhausted ? SqlState::k00000 : SqlState::k01004);
      ASSERT_EQ(std::string(buffer.end() - 8, buffer.end()), std::string(8, '\x5A'));
      const std::size_t got = take(buffer, static_cast<std::size_t>(length), piece.exhausted);
      if (!piece.exhausted) {
        ASSERT_EQ(got, full()) << "programs take a cut piece to be full";
      }
      if (before >= 0) {
        ASSERT_EQ(length, before);
      }
      before = length - static_cast<SQLLEN>(got);
    }
    ASSERT_EQ(before, 0);
  }

  [[nodiscard]] std::size_t full() const {
    if (c_type == SQL_C_BINARY) return capacity;
    return c_type == SQL_C_CHAR ? capacity - 1 : (capacity / 2 - 1) * 2;
  }
  std::size_t take(const std::vector<char>& buffer, std::size_t length, bool last) {
    std::size_t got = length;
    if (!last) got = c_type == SQL_C_BINARY ? capacity : up_to_zero(buffer);
    joined.append(buffer.data(), got);
    return got;
  }
  [[nodiscard]] std::size_t up_to_zero(const std::vector<char>& buffer) const {
    if (c_type == SQL_C_CHAR) return std::strlen(buffer.data());
    std::size_t bytes = 0;
    while (buffer[bytes] != 0 || buffer[bytes + 1] != 0) bytes += 2;
    return bytes;
  }
};

const std::string kMixed = "na\u00EFve \u20AC5 \U0001F600\U0001F680 fin \U0001F600";

std::string as_utf16_bytes(const std::string& utf8) {
  const std::u16string wide = text::to_utf16(utf8);
  return {reinterpret_cast<const char*>(wide.data()), wide.size() * 2};
}

TEST(Piece, JoinsToTheTextForEveryCapacity) {
  for (std::size_t capacity = 2; capacity < kMixed.size() + 3; ++capacity) {
    SCOPED_TRACE(capacity);
    Reader reader{text_column(), kMixed, SQL_C_CHAR, capacity};
    reader.read_all();
    EXPECT_EQ(reader.joined, kMixed);
  }
}

TEST(Piece, JoinsToTheWideTextForEveryCapacity) {
  const std::string wide = as_utf16_bytes(kMixed);
  for (std::size_t capacity = 4; capacity < wide.size() + 5; ++capacity) {
    SCOPED_TRACE(capacity);
    Reader reader{text_column(), kMixed, SQL_C_WCHAR, capacity};
    reader.read_all();
    EXPECT_EQ(reader.joined, wide);
  }
}

TEST(Piece, JoinsToTheBytesForEveryCapacity) {
  const std::string bytes{"\x00\x01\xFE\xFF\x7F\x80\x20", 7};
  const Column column = testing::make_column("blob");
  for (std::size_t capacity = 1; capacity < 10; ++capacity) {
    Reader reader{column, bytes, SQL_C_BINARY, capacity};
    reader.read_all();
    EXPECT_EQ(reader.joined, bytes);
  }
}

TEST(Piece, JoinsToTheHexDigitsForEveryCapacity) {
  const std::string bytes{"\x00\x01\xFE\xFF\x7F\x80\x20", 7};
  const Column column = testing::make_column("blob");
  for (std::size_t capacity = 2; capacity < 18; ++capacity) {
    Reader narrow{column, bytes, SQL_C_CHAR, capacity};
    narrow.read_all();
    EXPECT_EQ(narrow.joined, "0001FEFF7F8020");
    Reader wide{column, bytes, SQL_C_WCHAR, capacity * 2};
    wide.read_all();
    EXPECT_EQ(wide.joined, as_utf16_bytes("0001FEFF7F8020"));
  }
}

TEST(Piece, ReadsALongValueInOneStepPerBuffer) {
  std::string wire;
  while (wire.size() < (1U << 20U)) wire += kMixed;
  Reader reader{text_column(), wire, SQL_C_WCHAR, 8192};
  reader.read_all();
  EXPECT_EQ(reader.joined, as_utf16_bytes(wire));
  EXPECT_LE(reader.calls, static_cast<int>(reader.joined.size() / 8188) + 2);
}

struct Step {
  SqlState state;
  SQLLEN length;
  std::string text;
};

Step step(const Column& column, const std::string& wire, SQLSMALLINT c_type, SQLLEN capacity,
          Piece& piece, RowFormat format = RowFormat::kText) {
  std::vector<char> buffer(64, '\0');
  SQLLEN length = -77;
  const CTarget target{.c_type = c_type,
                       .buffer = buffer.data(),
                       .capacity = capacity,
                       .length = &length,
                       .indicator = &length};
  const SqlState state = to_c(column, format, cell_of(wire), target, &piece);
  return {state, length, buffer.data()};
}

TEST(Piece, LetsACallerAskForTheLengthFirst) {
  Piece piece;
  const Step asked = step(text_column(), "hello", SQL_C_CHAR, 0, piece);
  EXPECT_EQ(asked.state, SqlState::k01004);
  EXPECT_EQ(asked.length, 5);
  EXPECT_FALSE(piece.exhausted);
  const Step read = step(text_column(), "hello", SQL_C_CHAR, 6, piece);
  EXPECT_EQ(read.state, SqlState::k00000);
  EXPECT_EQ(read.text, "hello");
  EXPECT_TRUE(piece.exhausted);
}

TEST(Piece, LetsACallerAskForTheLengthOfANumber) {
  Piece piece;
  EXPECT_EQ(step(testing::make_column("int"), "12345", SQL_C_CHAR, 0, piece).state,
            SqlState::k01004);
  EXPECT_EQ(step(testing::make_column("int"), "12345", SQL_C_CHAR, 3, piece).text, "12");
  EXPECT_EQ(step(testing::make_column("int"), "12345", SQL_C_CHAR, 9, piece).text, "345");
  EXPECT_TRUE(piece.exhausted);
}

TEST(Piece, GoesOnInsideTheFractionOfANumber) {
  const Column column = testing::make_column("decimal(10,4)");
  Piece piece;
  EXPECT_EQ(step(column, "12.3456", SQL_C_CHAR, 2, piece).state, SqlState::k22003);
  const Step first = step(column, "12.3456", SQL_C_CHAR, 5, piece);
  EXPECT_EQ(first.state, SqlState::k01004);
  EXPECT_EQ(first.length, 7);
  EXPECT_EQ(first.text, "12.3");
  const Step second = step(column, "12.3456", SQL_C_CHAR, 5, piece);
  EXPECT_EQ(second.state, SqlState::k00000);
  EXPECT_EQ(second.length, 3);
  EXPECT_EQ(second.text, "456");
}

TEST(Piece, GoesOnInsideABinaryNumberMadeIntoText) {
  const Column column = testing::make_column("double");
  const std::string wire = testing::binary_form(column, "3.140625");
  Piece piece;
  EXPECT_EQ(step(column, wire, SQL_C_CHAR, 4, piece, RowFormat::kBinary).text, "3.1");
  EXPECT_EQ(step(column, wire, SQL_C_CHAR, 9, piece, RowFormat::kBinary).text, "40625");
}

TEST(Piece, ReadsFixedTypesOnce) {
  Piece piece;
  EXPECT_EQ(step(testing::make_column("int"), "7", SQL_C_SLONG, 0, piece).state, SqlState::k00000);
  EXPECT_TRUE(piece.exhausted);
}

TEST(Piece, ReadsADateThatIsNoneAsBytesOnce) {
  Piece piece;
  const Step read = step(testing::make_column("date"), "0000-00-00", SQL_C_BINARY, 16, piece);
  EXPECT_EQ(read.state, SqlState::k00000);
  EXPECT_EQ(read.length, SQL_NULL_DATA);
  EXPECT_TRUE(piece.exhausted);
}

TEST(Piece, StaysOpenAfterAnErrorSoThatAnotherTypeMayBeTried) {
  Piece piece;
  EXPECT_EQ(step(text_column(), "abc", SQL_C_SLONG, 0, piece).state, SqlState::k22018);
  EXPECT_FALSE(piece.exhausted);
  EXPECT_EQ(step(text_column(), "abc", SQL_C_CHAR, 9, piece).text, "abc");
}

TEST(Piece, IsExhaustedByNullAndByAnEmptyText) {
  Piece piece;
  EXPECT_EQ(step(text_column(), "", SQL_C_CHAR, 9, piece).length, 0);
  EXPECT_TRUE(piece.exhausted);
  Piece null_piece;
  SQLLEN indicator = 0;
  char buffer[4];
  const CTarget target{.c_type = SQL_C_CHAR,
                       .buffer = buffer,
                       .capacity = sizeof buffer,
                       .length = &indicator,
                       .indicator = &indicator};
  EXPECT_EQ(to_c(text_column(), RowFormat::kText, Cell{}, target, &null_piece), SqlState::k00000);
  EXPECT_EQ(indicator, SQL_NULL_DATA);
  EXPECT_TRUE(null_piece.exhausted);
}

TEST(Piece, BeginsAnewForAnotherCType) {
  Piece piece;
  EXPECT_EQ(step(text_column(), "hello", SQL_C_CHAR, 3, piece).text, "he");
  EXPECT_EQ(step(text_column(), "hello", SQL_C_BINARY, 3, piece).text, "hel");
  EXPECT_EQ(step(text_column(), "hello", SQL_C_BINARY, 3, piece).text, "lo");
}

}  // namespace
}  // namespace driver::convert
