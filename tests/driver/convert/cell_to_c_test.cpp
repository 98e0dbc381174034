// Every line of tests/data/convert/cell_*.txt:
//   column [rule] [text|binary] | value | C type [capacity] | SQLSTATE | length | what is shown
// Without 'text' or 'binary' the value is converted from both protocols. Rules are those of
// TypeRules; NUMERIC(10,2) is a precision and a scale, INTERVAL_SECOND(3) digits of the fraction.
// tests/data/convert/README.md tells which lines show which table of the standard.
#include "driver/convert/cell_to_c.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <random>
#include <utility>

#include "driver/convert/converter.h"
#include "driver/convert/decimal_text.h"
#include "driver/text/utf.h"
#include "tests/driver/convert/c_types.h"
#include "tests/driver/convert/case_file.h"
#include "tests/driver/convert/today.h"
#include "tests/driver/convert/wire_cell.h"

namespace driver::convert {
namespace {

using testing::Case;

constexpr std::size_t kGuard = 32;
constexpr char kUntouched = '\xA5';

/// An application's buffer with watched memory on both sides of it; odd, so unaligned.
class GuardedBuffer {
 public:
  explicit GuardedBuffer(std::size_t capacity)
      : bytes_(capacity + 2 * kGuard + 1, kUntouched), capacity_(capacity) {}

  [[nodiscard]] char* data() { return bytes_.data() + kGuard + 1; }
  [[nodiscard]] bool guards_untouched() const {
    const std::string guard(kGuard, kUntouched);
    return bytes_.compare(1, kGuard, guard) == 0 &&
           bytes_.compare(kGuard + 1 + capacity_, kGuard, guard) == 0;
  }

 private:
  std::string bytes_;
  std::size_t capacity_;
};

template <class Value>
Value load(const char* bytes) {
  Value value{};
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

std::string padded(unsigned long value, std::size_t digits) {
  std::string text = std::to_string(value);
  return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

std::string show_date(const char* bytes) {
  const auto date = load<SQL_DATE_STRUCT>(bytes);
  return padded(static_cast<unsigned long>(date.year), 4) + "-" + padded(date.month, 2) + "-" +
         padded(date.day, 2);
}

std::string show_time(const char* bytes) {
  const auto time = load<SQL_TIME_STRUCT>(bytes);
  return padded(time.hour, 2) + ":" + padded(time.minute, 2) + ":" + padded(time.second, 2);
}

std::string show_timestamp(const char* bytes) {
  const auto stamp = load<SQL_TIMESTAMP_STRUCT>(bytes);
  return padded(static_cast<unsigned long>(stamp.year), 4) + "-" + padded(stamp.month, 2) + "-" +
         padded(stamp.day, 2) + " " + padded(stamp.hour, 2) + ":" + padded(stamp.minute, 2) + ":" +
         padded(stamp.second, 2) + "." + padded(stamp.fraction, 9);
}

/// precision,scale,sign,mantissa
std::string show_numeric(const char* bytes) {
  const auto value = load<SQL_NUMERIC_STRUCT>(bytes);
  Unsigned128 rest = 0;
  for (int index = SQL_MAX_NUMERIC_LEN - 1; index >= 0; --index)
    rest = rest * 256 + value.val[index];
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  return std::to_string(value.precision) + "," + std::to_string(value.scale) + "," +
         (value.sign == 1 ? "+" : "-") + digits;
}

std::string show_guid(const char* bytes) {
  const auto guid = load<SQLGUID>(bytes);
  return std::to_string(guid.Data1) + " " + std::to_string(guid.Data2) + " " +
         std::to_string(guid.Data3) + " " +
         testing::hex({reinterpret_cast<const char*>(guid.Data4), sizeof guid.Data4});
}

std::string show_interval(const char* bytes) {
  const auto interval = load<SQL_INTERVAL_STRUCT>(bytes);
  const std::string sign = interval.interval_sign == SQL_TRUE ? "-" : "+";
  const std::string kind = std::to_string(static_cast<int>(interval.interval_type)) + sign;
  const bool months = interval.interval_type == SQL_IS_YEAR ||
                      interval.interval_type == SQL_IS_MONTH ||
                      interval.interval_type == SQL_IS_YEAR_TO_MONTH;
  if (months) {
    const auto& fields = interval.intval.year_month;
    return kind + " " + std::to_string(fields.year) + " " + std::to_string(fields.month);
  }
  const auto& fields = interval.intval.day_second;
  return kind + " " + std::to_string(fields.day) + " " + std::to_string(fields.hour) + " " +
         std::to_string(fields.minute) + " " + std::to_string(fields.second) + " " +
         std::to_string(fields.fraction);
}

std::string show_real(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

/// A fixed-size value as the case files write it.
std::string show_fixed(SQLSMALLINT c_type, const char* bytes) {
  switch (c_type) {
    case SQL_C_BIT:
    case SQL_C_UTINYINT:
      return std::to_string(load<SQLCHAR>(bytes));
    case SQL_C_TINYINT:
    case SQL_C_STINYINT:
      return std::to_string(load<SQLSCHAR>(bytes));
    case SQL_C_SHORT:
    case SQL_C_SSHORT:
      return std::to_string(load<SQLSMALLINT>(bytes));
    case SQL_C_USHORT:
      return std::to_string(load<SQLUSMALLINT>(bytes));
    case SQL_C_LONG:
    case SQL_C_SLONG:
      return std::to_string(load<SQLINTEGER>(bytes));
    case SQL_C_ULONG:
      return std::to_string(load<SQLUINTEGER>(bytes));
    case SQL_C_SBIGINT:
      return std::to_string(load<SQLBIGINT>(bytes));
    case SQL_C_UBIGINT:
      return std::to_string(load<SQLUBIGINT>(bytes));
    case SQL_C_FLOAT:
      return show_real(static_cast<double>(load<SQLREAL>(bytes)), 9);
    case SQL_C_DOUBLE:
      return show_real(load<SQLDOUBLE>(bytes), 17);
    case SQL_C_NUMERIC:
      return show_numeric(bytes);
    case SQL_C_DATE:
    case SQL_C_TYPE_DATE:
      return show_date(bytes);
    case SQL_C_TIME:
    case SQL_C_TYPE_TIME:
      return show_time(bytes);
    case SQL_C_TIMESTAMP:
    case SQL_C_TYPE_TIMESTAMP:
      return show_timestamp(bytes);
    case SQL_C_GUID:
      return show_guid(bytes);
    default:
      return show_interval(bytes);
  }
}

/// What a buffer of variable size shows; a text must end in a zero that lies within it.
std::string show_variable(SQLSMALLINT c_type, const char* bytes, std::size_t capacity,
                          std::size_t length) {
  if (c_type == SQL_C_BINARY) return testing::hex({bytes, std::min(length, capacity)});
  if (c_type == SQL_C_CHAR) {
    if (capacity == 0) return {};
    if (length < capacity) return bytes[length] == '\0' ? std::string(bytes, length) : "no zero";
    const void* zero = std::memchr(bytes, 0, capacity);
    return zero == nullptr ? "no zero" : std::string(bytes);
  }
  const std::size_t units = capacity / sizeof(SQLWCHAR);
  if (units == 0) return {};
  std::u16string text(units, u'\0');
  std::memcpy(text.data(), bytes, units * sizeof(SQLWCHAR));
  const std::size_t end =
      length / sizeof(SQLWCHAR) < units ? length / sizeof(SQLWCHAR) : text.find(u'\0');
  if (end >= units || text[end] != u'\0') return "no zero";
  return text::to_utf8(std::u16string_view(text).substr(0, end));
}

/// "DEFAULT=SLONG 8": what is asked for, what it should mean, and the buffer's bytes.
struct Target {
  testing::Spec spec;
  SQLSMALLINT c_type;
  SQLSMALLINT shown_as;
  std::size_t capacity;
};

Target parse_target(const std::string& field) {
  const std::size_t blank = field.find(' ');
  const std::string types = field.substr(0, blank);
  const std::size_t equals = types.find('=');
  Target target{testing::parse_spec(types.substr(0, equals)), 0, 0, 64};
  target.c_type = testing::type_named(testing::kCTypeNames, target.spec.name);
  target.shown_as = equals == std::string::npos
                        ? target.c_type
                        : testing::type_named(testing::kCTypeNames, types.substr(equals + 1));
  if (blank != std::string::npos) target.capacity = std::stoul(field.substr(blank + 1));
  return target;
}

bool variable(SQLSMALLINT c_type) {
  return c_type == SQL_C_CHAR || c_type == SQL_C_WCHAR || c_type == SQL_C_BINARY;
}

TypeRules rules_in(const std::string& declared) {
  const auto named = [&declared](const char* word) {
    return declared.find(word) != std::string::npos;
  };
  return {.bigint_as_text = named("bigint_as_text"),
          .no_binary_result = named("no_binary_result"),
          .zero_date_to_min = named("zero_date_to_min")};
}

enum class How : std::uint8_t { kAlone, kBound };

SqlState convert(How how, const Column& column, RowFormat format, const Cell& cell,
                 const CTarget& target) {
  const Converter bound = how == How::kBound ? converter_for(column, format, target) : nullptr;
  return bound != nullptr ? bound(column, format, cell, target)
                          : to_c(column, format, cell, target, nullptr);
}

void check(const Case& test, How how, const Column& column, RowFormat format,
           const std::string* wire) {
  const Target target = parse_target(test.fields[2]);
  GuardedBuffer buffer(target.capacity);
  SQLLEN length = -77;
  CTarget to{.c_type = target.c_type,
             .buffer = buffer.data(),
             .capacity = static_cast<SQLLEN>(target.capacity),
             .length = &length,
             .indicator = &length,
             .rules = rules_in(test.fields[0])};
  const auto& arguments = target.spec.arguments;
  if (arguments.size() == 2) {
    to.precision = static_cast<SQLSMALLINT>(arguments[0]);
    to.scale = static_cast<SQLSMALLINT>(arguments[1]);
  }
  if (arguments.size() == 1) to.seconds_precision = static_cast<SQLSMALLINT>(arguments[0]);
  const Cell cell = wire == nullptr
                        ? Cell{}
                        : Cell{reinterpret_cast<const std::uint8_t*>(wire->data()), wire->size()};
  const SqlState state = convert(how, column, format, cell, to);
  EXPECT_EQ(fabric::base::code_of(state), test.fields[3]);
  EXPECT_TRUE(buffer.guards_untouched());
  const bool done =
      state == SqlState::k00000 || state == SqlState::k01004 || state == SqlState::k01S07;
  if (!done) return;
  if (test.fields[4] == "NULL") {
    EXPECT_EQ(length, SQL_NULL_DATA);
    return;
  }
  EXPECT_EQ(std::to_string(length), test.fields[4]);
  const std::string shown = variable(target.shown_as)
                                ? show_variable(target.shown_as, buffer.data(), target.capacity,
                                                static_cast<std::size_t>(length))
                                : show_fixed(target.shown_as, buffer.data());
  EXPECT_EQ(shown, testing::with_today(testing::unescaped(test.fields[5])));
}

void check_lines(const std::string& file, How how) {
  for (const Case& test : testing::read_cases(file, 6)) {
    SCOPED_TRACE(test.where);
    std::string declared = test.fields[0];
    const bool only_text = declared.ends_with(" text");
    const bool only_binary = declared.ends_with(" binary");
    if (only_text || only_binary) declared.erase(declared.rfind(' '));
    const Column column = testing::make_column(declared);
    const bool null = test.fields[1] == "NULL";
    const std::string text = testing::unescaped(test.fields[1]);
    if (!only_binary) {
      SCOPED_TRACE("text protocol");
      check(test, how, column, RowFormat::kText, null ? nullptr : &text);
    }
    if (!only_text) {
      SCOPED_TRACE("binary protocol");
      const std::string wire = null ? std::string() : testing::binary_form(column, text);
      check(test, how, column, RowFormat::kBinary, null ? nullptr : &wire);
    }
  }
}

class CellToC : public ::testing::TestWithParam<std::string> {};

TEST_P(CellToC, AnswersAsItsLinesSay) { check_lines(GetParam(), How::kAlone); }

TEST_P(CellToC, AnswersSoForBoundColumnsToo) { check_lines(GetParam(), How::kBound); }

INSTANTIATE_TEST_SUITE_P(Files, CellToC, ::testing::ValuesIn(testing::case_files("cell_")));

TEST(CellToCIndicators, KeepsAnIndicatorApartFromTheLength) {
  const std::string text = "abc";
  const Cell cell{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  char buffer[8];
  SQLLEN length = -77;
  SQLLEN indicator = -77;
  const CTarget target{.c_type = SQL_C_CHAR,
                       .buffer = buffer,
                       .capacity = sizeof buffer,
                       .length = &length,
                       .indicator = &indicator};
  EXPECT_EQ(to_c(text_column(), RowFormat::kText, cell, target, nullptr), SqlState::k00000);
  EXPECT_EQ(length, 3);
  EXPECT_EQ(indicator, 0);
  EXPECT_EQ(to_c(text_column(), RowFormat::kText, Cell{}, target, nullptr), SqlState::k00000);
  EXPECT_EQ(indicator, SQL_NULL_DATA);
}

TEST(CellToCIndicators, RefusesNullWithoutAnIndicator) {
  SQLLEN length = 0;
  char buffer[8];
  const CTarget target{
      .c_type = SQL_C_CHAR, .buffer = buffer, .capacity = sizeof buffer, .length = &length};
  EXPECT_EQ(to_c(text_column(), RowFormat::kText, Cell{}, target, nullptr), SqlState::k22002);
  const std::string zero_date = "0000-00-00";
  const Cell cell{reinterpret_cast<const std::uint8_t*>(zero_date.data()), zero_date.size()};
  const CTarget date{.c_type = SQL_C_TYPE_DATE, .buffer = buffer, .length = &length};
  EXPECT_EQ(to_c(testing::make_column("date"), RowFormat::kText, cell, date, nullptr),
            SqlState::k22002);
}

TEST(CellToCIndicators, NeedsNeitherLengthNorIndicator) {
  const std::string text = "17";
  const Cell cell{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  SQLINTEGER value = 0;
  const CTarget target{.c_type = SQL_C_SLONG, .buffer = &value};
  EXPECT_EQ(to_c(testing::make_column("int"), RowFormat::kText, cell, target, nullptr),
            SqlState::k00000);
  EXPECT_EQ(value, 17);
}

TEST(CellToCIndicators, GivesOnlyTheLengthWithoutABuffer) {
  const std::string text = "123";
  const Cell cell{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  const std::array<std::pair<int, SQLLEN>, 5> lengths{
      {{SQL_C_CHAR, 3}, {SQL_C_WCHAR, 6}, {SQL_C_BINARY, 3}, {SQL_C_SLONG, 4}, {SQL_C_DOUBLE, 8}}};
  for (const auto& [c_type, expected] : lengths) {
    SQLLEN length = 0;
    const CTarget target{
        .c_type = static_cast<SQLSMALLINT>(c_type), .length = &length, .indicator = &length};
    EXPECT_EQ(to_c(text_column(), RowFormat::kText, cell, target, nullptr), SqlState::k00000);
    EXPECT_EQ(length, expected);
  }
  SQLLEN length = 0;
  const CTarget hex{.c_type = SQL_C_CHAR, .length = &length, .indicator = &length};
  EXPECT_EQ(to_c(testing::make_column("blob"), RowFormat::kText, cell, hex, nullptr),
            SqlState::k00000);
  EXPECT_EQ(length, 6);
}

TEST(CellToCWire, RefusesMalformedBinaryCells) {
  const std::string three_bytes = "abc";
  const Cell cell{reinterpret_cast<const std::uint8_t*>(three_bytes.data()), three_bytes.size()};
  char buffer[64];
  SQLLEN length = 0;
  for (const char* name : {"int", "bigint", "double", "float", "datetime", "date", "time"}) {
    for (const int type : {SQL_C_CHAR, SQL_C_WCHAR, SQL_C_SLONG, SQL_C_TYPE_TIMESTAMP}) {
      const auto c_type = static_cast<SQLSMALLINT>(type);
      const CTarget target{.c_type = c_type,
                           .buffer = buffer,
                           .capacity = sizeof buffer,
                           .length = &length,
                           .indicator = &length};
      EXPECT_EQ(to_c(testing::make_column(name), RowFormat::kBinary, cell, target, nullptr),
                SqlState::kHY000)
          << name << " to " << c_type;
    }
  }
}

/// A server, or a middleman, may send anything; the application's memory stays whole.
TEST(CellToCWire, WritesNothingPastTheBufferWhateverTheBytes) {
  constexpr std::string_view kTypical = "0123456789-+.:eE T{}'\xC3\xA9\xF0\x9F\x98\x80\xFF";
  std::mt19937 random(23);
  const auto below = [&random](std::size_t limit) { return random() % limit; };
  for (int round = 0; round < 20000; ++round) {
    const auto& named = testing::kNamedColumns[below(testing::kNamedColumns.size())];
    Column column = testing::make_column(named.name);
    column.decimals = static_cast<std::uint8_t>(below(40));
    column.flags = static_cast<std::uint16_t>(random());
    if (below(4) == 0) column.length = static_cast<std::uint32_t>(random());
    std::string wire(below(24), '\0');
    for (char& byte : wire) {
      byte = below(2) == 0 ? kTypical[below(kTypical.size())] : static_cast<char>(random() & 0xFFU);
    }
    const auto& c_type = testing::kCTypeNames[below(testing::kCTypeNames.size())];
    const std::size_t capacity = below(40);
    GuardedBuffer buffer(variable(c_type.type) ? capacity : 64);
    SQLLEN length = 0;
    const CTarget target{
        .c_type = c_type.type == SQL_C_DEFAULT ? SQLSMALLINT{SQL_C_CHAR} : c_type.type,
        .buffer = buffer.data(),
        .capacity = static_cast<SQLLEN>(capacity),
        .length = &length,
        .indicator = &length,
        .precision = static_cast<SQLSMALLINT>(random()),
        .scale = static_cast<SQLSMALLINT>(random())};
    const Cell cell{reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size()};
    const RowFormat format = below(2) == 0 ? RowFormat::kText : RowFormat::kBinary;
    Piece piece;
    for (int call = 0; call < 3 && !piece.exhausted; ++call) {
      to_c(column, format, cell, target, below(2) == 0 ? &piece : nullptr);
      ASSERT_TRUE(buffer.guards_untouched()) << named.name << " to " << c_type.name;
    }
  }
}

}  // namespace
}  // namespace driver::convert
