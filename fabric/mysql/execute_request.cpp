#include "fabric/mysql/execute_request.h"

#include <bit>
#include <variant>
#include <vector>

#include "fabric/mysql/reply.h"

namespace fabric::mysql {
namespace {

constexpr std::size_t kLongestFixed = 13;  // a time, or the length in front of a text
constexpr std::size_t kTypeSize = 2;

std::string_view text_in(const Parameter& value) {
  if (const auto* text = std::get_if<TextValue>(&value)) return text->utf8;
  if (const auto* bytes = std::get_if<BytesValue>(&value)) return bytes->bytes;
  return {};
}

struct TypeOf {
  static constexpr unsigned of(WireType type) { return static_cast<std::uint8_t>(type); }
  unsigned operator()(std::monostate /*null*/) const { return of(WireType::kNull); }
  unsigned operator()(std::int64_t /*value*/) const { return of(WireType::kLongLong); }
  unsigned operator()(std::uint64_t /*value*/) const {
    constexpr unsigned kUnsigned = 0x8000;
    return of(WireType::kLongLong) | kUnsigned;
  }
  unsigned operator()(double /*value*/) const { return of(WireType::kDouble); }
  unsigned operator()(const TextValue& /*value*/) const { return of(WireType::kVarString); }
  unsigned operator()(const BytesValue& /*value*/) const { return of(WireType::kBlob); }
  unsigned operator()(const DateValue& /*value*/) const { return of(WireType::kDate); }
  unsigned operator()(const TimeValue& /*value*/) const { return of(WireType::kTime); }
  unsigned operator()(const DateTimeValue& /*value*/) const { return of(WireType::kDateTime); }
  unsigned operator()(SentValue value) const {
    return of(value.text ? WireType::kVarString : WireType::kBlob);
  }
};

struct Writer {
  WireBytes& bytes;

  void operator()(std::monostate /*null*/) const {}
  void operator()(SentValue /*sent*/) const {}
  void operator()(std::int64_t value) const { bytes.number(static_cast<std::uint64_t>(value), 8); }
  void operator()(std::uint64_t value) const { bytes.number(value, 8); }
  void operator()(double value) const { bytes.number(std::bit_cast<std::uint64_t>(value), 8); }
  void operator()(const TextValue& value) const { counted(value.utf8); }
  void operator()(const BytesValue& value) const { counted(value.bytes); }
  void operator()(const DateValue& value) const {
    bytes.number(4, 1);
    date(value);
  }
  void operator()(const TimeValue& value) const {
    constexpr unsigned kHoursOfDay = 24;
    const bool whole = value.microseconds == 0;
    bytes.number(whole ? 8 : 12, 1);
    bytes.number(value.negative ? 1 : 0, 1);
    bytes.number(value.hours / kHoursOfDay, 4);
    clock(value.hours % kHoursOfDay, value);
    if (!whole) bytes.number(value.microseconds, 4);
  }
  void operator()(const DateTimeValue& value) const {
    const bool whole = value.time.microseconds == 0;
    bytes.number(whole ? 7 : 11, 1);
    date(value.date);
    clock(value.time.hours, value.time);
    if (!whole) bytes.number(value.time.microseconds, 4);
  }

 private:
  void date(const DateValue& value) const {
    bytes.number(static_cast<std::uint64_t>(value.year), 2);
    bytes.number(value.month, 1);
    bytes.number(value.day, 1);
  }
  void clock(unsigned hours, const TimeValue& value) const {
    bytes.number(hours, 1);
    bytes.number(value.minutes, 1);
    bytes.number(value.seconds, 1);
  }
  void counted(std::string_view text) const {
    constexpr std::size_t kLongestInOne = 250;
    if (text.size() <= kLongestInOne) {
      bytes.number(text.size(), 1);
    } else {
      const std::size_t width = text.size() <= 0xFFFF ? 2 : text.size() <= 0xFFFFFF ? 3 : 8;
      bytes.number(width == 8 ? 0xFE : 0xFA + width, 1);
      bytes.number(text.size(), width);
    }
    bytes.text(text);
  }
};

void put(WireBytes& bytes, const Parameter& value) { std::visit(Writer{bytes}, value); }

void put_type(WireBytes& bytes, const Parameter& value) {
  bytes.number(std::visit(TypeOf{}, value), kTypeSize);
}

/// The first that is not NULL, of the parameter whose values begin there.
const Parameter& example(std::span<const Parameter> values, std::size_t row_size) {
  for (std::size_t i = 0; i < values.size(); i += row_size) {
    if (values[i].index() != 0) return values[i];
  }
  static const Parameter any = std::int64_t{0};
  return any;
}

}  // namespace

std::string_view execute_request(std::uint32_t statement, std::span<const Parameter> parameters,
                                 WireBytes& room) {
  constexpr std::size_t kHead = 4 + 1 + 4;
  const std::size_t mask_size = (parameters.size() + 7) / 8;
  std::size_t size = kHead + mask_size + 1;
  for (const Parameter& value : parameters) {
    size += kTypeSize + kLongestFixed + text_in(value).size();
  }
  room.begin(size);
  room.number(statement, 4);
  room.number(0, 1);  // no cursor
  room.number(1, 4);  // once
  if (parameters.empty()) return room.view();
  room.zeros(mask_size);
  std::uint8_t* const nulls = room.last(mask_size);
  room.number(1, 1);  // the types follow
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].index() == 0) nulls[i / 8] |= static_cast<std::uint8_t>(1U << i % 8);
    put_type(room, parameters[i]);
  }
  for (const Parameter& value : parameters) put(room, value);
  return room.view();
}

std::string_view bulk_request(std::uint32_t statement, std::span<const Parameter> values,
                              std::size_t rows, WireBytes& room) {
  constexpr std::size_t kHead = 4 + 2;
  constexpr unsigned kWithTypes = 128;
  constexpr std::uint8_t kValue = 0;
  constexpr std::uint8_t kNull = 1;
  const std::size_t row_size = values.size() / rows;
  room.begin(kHead + row_size * kTypeSize + values.size() * kLongestFixed);
  room.number(statement, 4);
  room.number(kWithTypes, 2);
  std::vector<std::size_t> kinds;
  for (std::size_t i = 0; i < row_size; ++i) {
    const Parameter& first = example(values.subspan(i), row_size);
    put_type(room, first);
    kinds.push_back(first.index());
  }
  for (; !values.empty(); values = values.subspan(row_size)) {
    for (std::size_t i = 0; i < row_size; ++i) {
      const bool null = values[i].index() != kinds[i];
      room.reserve(1 + kLongestFixed + text_in(values[i]).size());
      room.number(null ? kNull : kValue, 1);
      if (!null) put(room, values[i]);
    }
  }
  return room.view();
}

}  // namespace fabric::mysql
