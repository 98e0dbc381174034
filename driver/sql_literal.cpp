#include "driver/sql_literal.h"

#include <array>
#include <cstring>

#include "driver/convert/wire_value.h"

namespace driver {

using convert::WireKind;
using fabric::mysql::Cell;
using fabric::mysql::Column;
using fabric::mysql::RowFormat;
using fabric::mysql::WireType;

namespace {

template <class... Values>
std::string printed(const char* format, Values... values) {
  std::array<char, 80> out{};
  const int length = std::snprintf(out.data(), out.size(), format, values...);
  return {out.data(), static_cast<std::size_t>(length)};
}

std::string quoted(std::string_view text, char quote, bool escape_backslash) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote || (c == '\\' && escape_backslash)) out += c;
    out += c;
  }
  out += quote;
  return out;
}

std::string bytes_literal(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out = "x'";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0xFU];
  }
  return out + "'";
}

std::string bits_literal(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = (value << 8U) | static_cast<unsigned char>(c);
  return std::to_string(value);
}

/// A FLOAT of the binary protocol is exact as a double; of its text only the text itself is.
std::string float_equals(const Column& column, RowFormat format, const Cell& cell) {
  const std::string name = sql_name(column.base_name);
  if (format == RowFormat::kText) {
    return "CAST(" + name + " AS CHAR) = '" + std::string(convert::bytes_of(cell)) + "'";
  }
  float value = 0;
  if (cell.size == sizeof value) std::memcpy(&value, cell.data, sizeof value);
  return name + " = " + printed("%.17e", static_cast<double>(value));
}

std::string literal(const Column& column, RowFormat format, const Cell& cell,
                    bool no_backslash_escapes) {
  const std::string_view bytes = convert::bytes_of(cell);
  const WireKind kind = convert::wire_kind(column);
  switch (kind) {
    case WireKind::kText: {
      const std::string text = sql_text(bytes, no_backslash_escapes);
      return column.type == WireType::kJson ? "CAST(" + text + " AS JSON)" : text;
    }
    case WireKind::kBytes:
      return bytes_literal(bytes);
    case WireKind::kBit:
    case WireKind::kBits:
      return bits_literal(bytes);
    default: {
      std::array<char, convert::kWireText> scratch;
      const std::string text(convert::wire_text(column, format, cell, scratch.data()));
      return kind == WireKind::kMoment ? "'" + text + "'" : text;
    }
  }
}

struct ParameterLiteral {
  bool no_backslash_escapes;

  std::string operator()(std::monostate /*null*/) const { return "NULL"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(std::uint64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return printed("%.17e", value); }
  std::string operator()(const fabric::mysql::TextValue& value) const {
    return sql_text(value.utf8, no_backslash_escapes);
  }
  std::string operator()(const fabric::mysql::BytesValue& value) const {
    return bytes_literal(value.bytes);
  }
  std::string operator()(const fabric::mysql::DateValue& value) const {
    return "'" + date(value) + "'";
  }
  std::string operator()(const fabric::mysql::TimeValue& value) const {
    return "'" + time(value) + "'";
  }
  std::string operator()(const fabric::mysql::DateTimeValue& value) const {
    return "'" + date(value.date) + " " + time(value.time) + "'";
  }

 private:
  static std::string date(const fabric::mysql::DateValue& value) {
    return printed("%04d-%02u-%02u", value.year, value.month, value.day);
  }
  static std::string time(const fabric::mysql::TimeValue& value) {
    return printed("%s%02u:%02u:%02u.%06u", value.negative ? "-" : "", value.hours, value.minutes,
                   value.seconds, value.microseconds);
  }
};

}  // namespace

std::string sql_name(std::string_view name) { return quoted(name, '`', false); }

std::string sql_text(std::string_view utf8, bool no_backslash_escapes) {
  return quoted(utf8, '\'', !no_backslash_escapes);
}

std::string sql_equals(const Column& column, RowFormat format, const Cell& cell,
                       bool no_backslash_escapes) {
  if (cell.null()) return sql_name(column.base_name) + " IS NULL";
  if (column.type == WireType::kFloat) return float_equals(column, format, cell);
  return sql_name(column.base_name) + " = " + literal(column, format, cell, no_backslash_escapes);
}

std::string sql_equals(const Column& column, const fabric::mysql::Parameter& value,
                       bool no_backslash_escapes) {
  const std::string name = sql_name(column.base_name);
  if (std::holds_alternative<std::monostate>(value)) return name + " IS NULL";
  return name + " = " + std::visit(ParameterLiteral{no_backslash_escapes}, value);
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

}  // namespace driver
