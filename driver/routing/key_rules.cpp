#include "driver/routing/key_rules.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "driver/routing/session_text.h"
#include "driver/text/utf.h"

namespace driver::routing {
namespace {

using fabric::ShardDate;
using fabric::ShardDateTime;
using fabric::ShardKey;
using fabric::ShardType;

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

// Integers.

struct IntegerRow {
  std::string_view type;
  unsigned bits;
};
constexpr std::array kIntegers{IntegerRow{"tinyint", 8}, IntegerRow{"smallint", 16},
                               IntegerRow{"mediumint", 24}, IntegerRow{"int", 32},
                               IntegerRow{"bigint", 64}};

template <class Integer>
bool fits(Integer value, const ColumnInfo& column) {
  const auto* row = std::ranges::find(kIntegers, column.type, &IntegerRow::type);
  const unsigned bits = row == kIntegers.end() ? 64 : row->bits;
  if (column.is_unsigned) {
    return value >= 0 && static_cast<std::uint64_t>(value) <=
                             std::numeric_limits<std::uint64_t>::max() >> (64 - bits);
  }
  const auto most =
      static_cast<std::int64_t>(std::numeric_limits<std::uint64_t>::max() >> (65 - bits));
  if (std::cmp_greater(value, most)) return false;
  return std::cmp_greater_equal(value, -most - 1);
}

/// Of a parameter that was bound as text: only as the server would print the number, and small
/// enough for the comparison as DOUBLE that some servers make of it.
std::optional<std::int64_t> plain_integer(std::string_view text) {
  constexpr std::int64_t kExact = std::int64_t{1} << 53U;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text != std::to_string(value)) {
    return {};
  }
  if (value > kExact || value < -kExact) return {};
  return value;
}

template <class Integer>
KeyAnswer integer_key(Integer value, const ColumnInfo& column, KeyPurpose purpose) {
  if (purpose != KeyPurpose::kCompared) {
    if (!fits(value, column)) {
      return std::to_string(value) + " does not fit the column of type " + column.type;
    }
    if (value == 0 && column.auto_increment) {
      return std::string("0 makes the server choose another one (AUTO_INCREMENT)");
    }
  }
  return ShardKey(value);
}

KeyAnswer integer_answer(const KeyValue& value, const ColumnInfo& column, KeyPurpose purpose) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return integer_key(*number, column, purpose);
  }
  if (const auto* number = std::get_if<std::uint64_t>(&value)) {
    return integer_key(*number, column, purpose);
  }
  const auto* text = std::get_if<TextKey>(&value);
  const auto plain = text != nullptr && text->bound ? plain_integer(text->utf8) : std::nullopt;
  if (plain) return integer_key(*plain, column, purpose);
  return shown(value) + " is no whole number, as the column of type " + column.type + " needs";
}

// Texts.

/// Whether the column can have each character as it is, as far as the driver knows.
bool keeps_all(std::string_view charset, std::string_view utf8) {
  if (charset.empty() || charset == "utf8mb4" || charset.starts_with("utf16") ||
      charset == "utf32" || ascii(utf8)) {
    return true;
  }
  const bool latin1 = charset == "latin1";
  if (!latin1 && !charset.starts_with("utf8") && charset != "ucs2") return false;
  const char32_t last = latin1 ? 0xFF : 0xFFFF;
  while (!utf8.empty()) {
    const text::Character one = text::first_utf8(utf8);
    // What latin1 has from 0x80 to 0x9F are other characters.
    if (one.code_point > last || (latin1 && one.code_point >= 0x80 && one.code_point < 0xA0)) {
      return false;
    }
    utf8.remove_prefix(one.units);
  }
  return true;
}

std::string text_problem(const std::string& utf8, const ColumnInfo& column, ShardType type,
                         KeyPurpose purpose) {
  if (purpose != KeyPurpose::kCompared) {
    const std::size_t length = column.charset.empty() ? utf8.size() : text::characters(utf8);
    if (length > column.length) {
      return quoted(utf8) + " is longer than the column's " + std::to_string(column.length) +
             " characters";
    }
  }
  if (!column.charset.empty() && !text::valid_utf8(utf8)) return "is no text in UTF-8";
  if (!keeps_all(column.charset, utf8)) {
    return quoted(utf8) + " may have characters that the column's character set " + column.charset +
           " lacks: servers put others in their place";
  }
  if (type != ShardType::kHash) return {};
  if (!ascii(utf8) && !column.charset.empty() && !column.charset.starts_with("utf8")) {
    return quoted(utf8) + " is hashed as the bytes that the column's character set " +
           column.charset + " has for it, which the driver does not know";
  }
  if (column.type == "char" && utf8.ends_with(' ')) {
    return quoted(utf8) + " ends with a blank, which a column of type char does not keep";
  }
  return {};
}

KeyAnswer text_answer(const KeyValue& value, const ColumnInfo& column, ShardType type,
                      KeyPurpose purpose) {
  const auto* text = std::get_if<TextKey>(&value);
  if (text == nullptr) {
    return shown(value) + " is no text, as the column of type " + column.type + " needs";
  }
  std::string problem = text_problem(text->utf8, column, type, purpose);
  if (!problem.empty()) return problem;
  return ShardKey(text->utf8);
}

// Dates.

std::optional<unsigned> digits(std::string_view& text, std::size_t count) {
  unsigned value = 0;
  if (text.size() < count ||
      !std::ranges::all_of(text.substr(0, count), [](char c) { return c >= '0' && c <= '9'; })) {
    return {};
  }
  std::from_chars(text.data(), text.data() + count, value);
  text.remove_prefix(count);
  return value;
}

bool mark(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

/// The parts, each behind its mark; false when one is missing.
template <std::size_t Size>
bool read_parts(std::string_view& text, const std::array<char, Size>& marks,
                std::array<unsigned, Size>& parts) {
  for (std::size_t i = 0; i < Size; ++i) {
    if (marks[i] != '\0' && !mark(text, marks[i])) return false;
    const auto part = digits(text, marks[i] == '\0' ? 4 : 2);
    if (!part) return false;
    parts[i] = *part;
  }
  return true;
}

struct Moment {
  ShardDateTime time;
  bool has_time = false;
  unsigned fraction_digits = 0;
};

/// Exactly YYYY-MM-DD or YYYY-MM-DD HH:MM:SS[.f]: servers read much more, each its own way.
std::optional<Moment> moment_of(std::string_view text) {
  Moment moment;
  std::array<unsigned, 3> date{};
  if (!read_parts(text, std::array{'\0', '-', '-'}, date)) return {};
  moment.time.date = {static_cast<int>(date[0]), date[1], date[2]};
  if (text.empty()) return moment;
  moment.has_time = true;
  std::array<unsigned, 3> time{};
  if (!read_parts(text, std::array{' ', ':', ':'}, time)) return {};
  moment.time.hour = time[0];
  moment.time.minute = time[1];
  moment.time.second = time[2];
  if (text.empty()) return moment;
  if (!mark(text, '.') || text.empty() || text.size() > 6) return {};
  moment.fraction_digits = static_cast<unsigned>(text.size());
  const auto fraction = digits(text, text.size());
  if (!fraction) return {};
  moment.time.microsecond = *fraction;
  for (unsigned i = moment.fraction_digits; i < 6; ++i) moment.time.microsecond *= 10;
  return moment;
}

std::optional<Moment> moment_of(const KeyValue& value) {
  if (const auto* text = std::get_if<TextKey>(&value)) return moment_of(text->utf8);
  if (const auto* date = std::get_if<ShardDate>(&value)) {
    return Moment{.time = {.date = *date}, .has_time = false, .fraction_digits = 0};
  }
  if (const auto* time = std::get_if<ShardDateTime>(&value)) {
    return Moment{.time = *time, .has_time = true, .fraction_digits = 6};
  }
  return {};
}

bool midnight(const ShardDateTime& time) {
  return time.hour == 0 && time.minute == 0 && time.second == 0 && time.microsecond == 0;
}

/// Whether the fraction has no digits but zeros past the column's own.
bool kept_whole(const ShardDateTime& time, unsigned fraction_digits) {
  unsigned unit = 1;
  for (unsigned i = fraction_digits; i < 6; ++i) unit *= 10;
  return time.microsecond % unit == 0;
}

KeyAnswer moment_answer(const KeyValue& value, const ColumnInfo& column) {
  const auto moment = moment_of(value);
  if (!moment || !fabric::seconds_of(ShardKey(moment->time))) {
    return shown(value) + " is no date: write YYYY-MM-DD or YYYY-MM-DD HH:MM:SS";
  }
  if (column.family == ColumnFamily::kDate) {
    if (midnight(moment->time)) return ShardKey(moment->time.date);
    return shown(value) + " has a time of day, which the column of type date does not keep";
  }
  ShardDateTime time = moment->time;
  if (!kept_whole(time, column.fraction_digits)) {
    return shown(value) + " has a finer fraction of a second than the column keeps";
  }
  time.fraction_digits = column.fraction_digits;
  return ShardKey(time);
}

bool suits(ColumnFamily family, ShardType type) {
  switch (type) {
    case ShardType::kRange:
    case ShardType::kRangeInteger:
      return family == ColumnFamily::kInteger;
    case ShardType::kRangeString:
      return family == ColumnFamily::kText;
    case ShardType::kRangeDatetime:
      return family == ColumnFamily::kDate || family == ColumnFamily::kDateTime;
    case ShardType::kHash:
      return family != ColumnFamily::kOther;
    case ShardType::kUnknown:
      break;
  }
  return true;  // the lookup itself says what is wrong
}

bool wide_charset(std::string_view charset) {
  return charset.starts_with("utf16") || charset.starts_with("utf32") || charset == "ucs2";
}

}  // namespace

std::string shown(const KeyValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* number = std::get_if<std::uint64_t>(&value)) return std::to_string(*number);
  if (const auto* text = std::get_if<TextKey>(&value)) return quoted(text->utf8);
  if (const auto* date = std::get_if<ShardDate>(&value)) return fabric::text_of(ShardKey(*date));
  if (const auto* time = std::get_if<ShardDateTime>(&value)) {
    ShardDateTime whole = *time;
    whole.fraction_digits = 6;
    return fabric::text_of(ShardKey(whole));
  }
  if (const auto* unfit = std::get_if<UnfitKey>(&value)) return unfit->what;
  return "NULL";
}

std::string column_problem(const ColumnInfo& column, ShardType type) {
  if (!suits(column.family, type)) {
    return "the driver does not read keys of columns of type " + column.type +
           " for such a mapping out of statements";
  }
  if (type != ShardType::kHash) return {};
  if (column.zerofill) return "the column is ZEROFILL, whose zeros HASH counts";
  if (wide_charset(column.charset)) {
    return "HASH counts the bytes of the column's character set " + column.charset;
  }
  return {};
}

std::string equality_problem(const ColumnInfo& column, ShardType type) {
  if (column.family != ColumnFamily::kText || column.collation.empty()) return {};
  const std::string_view collation = column.collation;
  if (!collation.ends_with("_bin") && collation != "binary") {
    return "its collation " + column.collation +
           " takes different keys for equal, and these may lie in other shards";
  }
  const bool keeps_blanks =
      collation.find("nopad") != collation.npos || collation.ends_with("0900_bin");
  if (type == ShardType::kHash && !keeps_blanks && column.type != "char") {
    return "its collation " + column.collation +
           " ignores blanks at the end, which HASH counts: equal keys may lie in other shards";
  }
  return {};
}

KeyAnswer key_of(const KeyValue& value, const ColumnInfo& column, ShardType type,
                 KeyPurpose purpose) {
  if (std::holds_alternative<NullKey>(value)) return std::string("is NULL");
  if (const auto* unfit = std::get_if<UnfitKey>(&value)) return "is " + unfit->what;
  switch (column.family) {
    case ColumnFamily::kInteger:
      return integer_answer(value, column, purpose);
    case ColumnFamily::kText:
      return text_answer(value, column, type, purpose);
    case ColumnFamily::kDate:
    case ColumnFamily::kDateTime:
      return moment_answer(value, column);
    case ColumnFamily::kOther:
      break;
  }
  return std::string("has a column whose type has no keys");
}

}  // namespace driver::routing
