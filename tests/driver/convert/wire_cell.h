// Makes columns and cells as a server sends them, from their names and values as text.
#pragma once

#include <array>
#include <cstdio>
#include <cstring>
#include <optional>

#include "fabric/mysql/reply.h"
#include "tests/driver/convert/case_file.h"

namespace driver::convert::testing {

using fabric::mysql::Column;
using fabric::mysql::WireType;

struct NamedColumn {
  std::string_view name;
  WireType type;
  unsigned length;
  std::uint16_t charset;
  std::uint8_t decimals;
};

inline constexpr std::array kNamedColumns{
    NamedColumn{"tinyint", WireType::kTiny, 4, 63, 0},
    NamedColumn{"smallint", WireType::kShort, 6, 63, 0},
    NamedColumn{"mediumint", WireType::kInt24, 9, 63, 0},
    NamedColumn{"int", WireType::kLong, 11, 63, 0},
    NamedColumn{"bigint", WireType::kLongLong, 20, 63, 0},
    NamedColumn{"year", WireType::kYear, 4, 63, 0},
    NamedColumn{"float", WireType::kFloat, 12, 63, 31},
    NamedColumn{"double", WireType::kDouble, 22, 63, 31},
    NamedColumn{"decimal", WireType::kNewDecimal, 0, 63, 0},
    NamedColumn{"bit", WireType::kBit, 1, 63, 0},
    NamedColumn{"date", WireType::kDate, 10, 63, 0},
    NamedColumn{"time", WireType::kTime, 10, 63, 0},
    NamedColumn{"datetime", WireType::kDateTime, 19, 63, 0},
    NamedColumn{"timestamp", WireType::kTimestamp, 19, 63, 0},
    NamedColumn{"char", WireType::kString, 1020, 45, 0},
    NamedColumn{"varchar", WireType::kVarString, 1020, 45, 0},
    NamedColumn{"text", WireType::kBlob, 262140, 45, 0},
    NamedColumn{"enum", WireType::kString, 40, 45, 0},
    NamedColumn{"set", WireType::kString, 40, 45, 0},
    NamedColumn{"json", WireType::kJson, 4294967295U, 63, 0},
    NamedColumn{"binary", WireType::kString, 16, 63, 0},
    NamedColumn{"varbinary", WireType::kVarString, 255, 63, 0},
    NamedColumn{"blob", WireType::kBlob, 65535, 63, 0},
    NamedColumn{"geometry", WireType::kGeometry, 4294967295U, 63, 0},
    NamedColumn{"null", WireType::kNull, 0, 63, 0}};

/// "decimal(10,2) unsigned zerofill" and the like.
inline Column make_column(std::string_view declared) {
  const Spec spec = parse_spec(declared);
  const std::string name = spec.name.substr(0, spec.name.find(' '));
  Column column;
  for (const NamedColumn& each : kNamedColumns) {
    if (each.name != name) continue;
    column.type = each.type;
    column.length = each.length;
    column.charset = each.charset;
    column.decimals = each.decimals;
  }
  const auto argument = [&spec](std::size_t index) {
    return static_cast<unsigned>(spec.arguments[index]);
  };
  const bool is_unsigned = declared.find("unsigned") != std::string_view::npos;
  if (is_unsigned || name == "year") column.flags |= 32U;
  if (declared.find("zerofill") != std::string_view::npos) column.flags |= 64U;
  if (declared.find("expression") != std::string_view::npos) column.flags |= 128U;
  if (name == "enum") column.flags |= 256U;
  if (name == "set") column.flags |= 2048U;
  if (spec.arguments.empty()) return column;
  column.length = argument(0);
  if (name == "varchar" || name == "char") column.length *= 4;
  if (spec.arguments.size() == 2) column.decimals = static_cast<std::uint8_t>(argument(1));
  if (name == "decimal") {
    column.length += (column.decimals != 0 ? 1U : 0U) + (is_unsigned ? 0U : 1U);
  }
  if (name == "time" || name == "datetime" || name == "timestamp") {
    column.decimals = static_cast<std::uint8_t>(argument(0));
    column.length = (name == "time" ? 10U : 19U) + (argument(0) != 0 ? argument(0) + 1 : 0);
  }
  return column;
}

inline std::string little_endian(unsigned long long value, std::size_t size) {
  std::string bytes(size, '\0');
  std::memcpy(bytes.data(), &value, size);
  return bytes;
}

template <class Value>
std::string raw_bytes(Value value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

/// The shortest form a server sends: parts that are zero at the end are left out.
inline std::string binary_datetime(const std::string& text) {
  unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  std::sscanf(text.c_str(), "%u-%u-%u %u:%u:%u", &year, &month, &day, &hour, &minute, &second);
  std::string fraction = text.find('.') == text.npos ? "" : text.substr(text.find('.') + 1);
  fraction.resize(6, '0');
  const unsigned long micros = std::stoul(fraction);
  std::string bytes = little_endian(year, 2) + little_endian(month, 1) + little_endian(day, 1);
  if (micros != 0 || (hour | minute | second) != 0) {
    bytes += little_endian(hour, 1) + little_endian(minute, 1) + little_endian(second, 1);
  }
  if (micros != 0) bytes += little_endian(micros, 4);
  return bytes == std::string(4, '\0') ? std::string() : bytes;
}

inline std::string binary_time(std::string text) {
  const bool negative = text.front() == '-';
  if (negative) text.erase(0, 1);
  unsigned hour = 0, minute = 0, second = 0;
  std::sscanf(text.c_str(), "%u:%u:%u", &hour, &minute, &second);
  std::string fraction = text.find('.') == text.npos ? "" : text.substr(text.find('.') + 1);
  fraction.resize(6, '0');
  const unsigned long micros = std::stoul(fraction);
  if (micros == 0 && (hour | minute | second) == 0) return {};
  std::string bytes = little_endian(negative ? 1 : 0, 1) + little_endian(hour / 24, 4) +
                      little_endian(hour % 24, 1) + little_endian(minute, 1) +
                      little_endian(second, 1);
  return micros != 0 ? bytes + little_endian(micros, 4) : bytes;
}

/// A value, written as the text protocol has it, as the binary protocol has it.
inline std::string binary_form(const Column& column, const std::string& text) {
  const auto integer = [&](std::size_t size) {
    return text.front() == '-'
               ? little_endian(static_cast<unsigned long long>(std::stoll(text)), size)
               : little_endian(std::stoull(text), size);
  };
  switch (column.type) {
    case WireType::kTiny:
      return integer(1);
    case WireType::kShort:
    case WireType::kYear:
      return integer(2);
    case WireType::kInt24:
    case WireType::kLong:
      return integer(4);
    case WireType::kLongLong:
      return integer(8);
    case WireType::kFloat:
      return raw_bytes(std::stof(text));
    case WireType::kDouble:
      return raw_bytes(std::strtod(text.c_str(), nullptr));
    case WireType::kDate:
    case WireType::kDateTime:
    case WireType::kTimestamp:
      return binary_datetime(text);
    case WireType::kTime:
      return binary_time(text);
    default:
      return text;
  }
}

}  // namespace driver::convert::testing
