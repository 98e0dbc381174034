#include "driver/sql/equals.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "driver/convert/wire_value.h"
#include "driver/sql/literals.h"

namespace driver::sql {

using convert::WireKind;
using fabric::mysql::BytesValue;
using fabric::mysql::Cell;
using fabric::mysql::Column;
using fabric::mysql::Parameter;
using fabric::mysql::RowFormat;
using fabric::mysql::TextValue;
using fabric::mysql::WireType;

namespace {

/// A BIT is compared with a number: with a string of bytes it would be one of digits.
Parameter number_of_bits(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = (value << 8U) | static_cast<unsigned char>(c);
  return value;
}

/// A FLOAT of the binary protocol is exact as a double; of its text only the text itself is.
std::string float_equals(const Column& column, RowFormat format, const Cell& cell) {
  const std::string name = sql_name(column.base_name);
  if (format == RowFormat::kText) {
    return "CAST(" + name + " AS CHAR) = " + sql_text(convert::bytes_of(cell));
  }
  float value = 0;
  if (cell.size == sizeof value) std::memcpy(&value, cell.data, sizeof value);
  return sql_equals(column, static_cast<double>(value));
}

std::string literal(const Column& column, RowFormat format, const Cell& cell) {
  const std::string_view bytes = convert::bytes_of(cell);
  const WireKind kind = convert::wire_kind(column);
  std::string sql;
  switch (kind) {
    case WireKind::kText:
      append_literal(sql, TextValue{bytes});
      return column.type == WireType::kJson ? "CAST(" + sql + " AS JSON)" : sql;
    case WireKind::kBytes:
      append_literal(sql, BytesValue{bytes});
      return sql;
    case WireKind::kBit:
    case WireKind::kBits:
      append_literal(sql, number_of_bits(bytes));
      return sql;
    default: {
      std::array<char, convert::kWireText> scratch;
      const std::string_view text = convert::wire_text(column, format, cell, scratch.data());
      return kind == WireKind::kMoment ? sql_text(text) : std::string(text);
    }
  }
}

}  // namespace

std::string sql_equals(const Column& column, RowFormat format, const Cell& cell) {
  if (cell.null()) return sql_name(column.base_name) + " IS NULL";
  if (column.type == WireType::kFloat) return float_equals(column, format, cell);
  return sql_name(column.base_name) + " = " + literal(column, format, cell);
}

namespace {

/// What a FLOAT column makes of a number.
Parameter stored_as_float(const Column& column, const Parameter& value) {
  constexpr std::uint8_t kNotFixed = 31;
  double number = 0;
  if (const auto* text = std::get_if<TextValue>(&value)) {
    const char* end = text->utf8.data() + text->utf8.size();
    if (std::from_chars(text->utf8.data(), end, number).ptr != end) return value;
  } else if (const auto* real = std::get_if<double>(&value)) {
    number = *real;
  } else {
    return value;
  }
  if (column.decimals < kNotFixed) {
    const double unit = std::pow(10.0, column.decimals);
    number = std::rint(number * unit) / unit;
  }
  return static_cast<double>(static_cast<float>(number));
}

}  // namespace

std::string sql_equals(const Column& column, const Parameter& given) {
  const Parameter value = column.type == WireType::kFloat ? stored_as_float(column, given) : given;
  std::string sql = sql_name(column.base_name);
  if (std::holds_alternative<std::monostate>(value)) return sql + " IS NULL";
  sql += " = ";
  const auto* bytes = std::get_if<BytesValue>(&value);
  const bool bits = bytes != nullptr && column.type == WireType::kBit;
  append_literal(sql, bits ? number_of_bits(bytes->bytes) : value);
  return sql;
}

bool compares_exactly(const Column& column) {
  switch (column.type) {
    case WireType::kFloat:
    case WireType::kDouble:
    case WireType::kJson:
    case WireType::kGeometry:
      return false;
    default:
      return true;
  }
}

}  // namespace driver::sql
