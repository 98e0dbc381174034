#include "driver/routing/key_value.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

namespace driver::routing {
namespace {

using fabric::ShardDate;
using fabric::ShardDateTime;

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

KeyValue number_value(std::string_view digits, bool negative) {
  if (!all_digits(digits))
    return UnfitKey{"the number " + std::string(digits) + ", not a whole one"};
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (error != std::errc() || (negative && value > kMost + 1)) {
    return UnfitKey{"a number of more than 64 bits"};
  }
  if (negative) return static_cast<std::int64_t>(0 - value);
  if (value > kMost) return value;
  return static_cast<std::int64_t>(value);
}

/// DATE'2024-02-29', TIMESTAMP'...': the text decides.
bool is_moment(const TokenList& tokens, Range range) {
  return range.size() == 2 && tokens.is_any(range.begin, {"DATE", "TIMESTAMP"}) &&
         tokens.at(range.begin + 1).kind == sql::TokenKind::kString;
}

Literal literal(const sql::Token& token, KeyValue value, bool negative = false) {
  return {std::move(value), token.offset, token.text.size(), negative};
}

Literal number_literal(const sql::Token& token, bool negative) {
  return literal(token, number_value(token.text, negative), negative);
}

Literal string_literal(const sql::Token& token, sql::ScanOptions options) {
  return literal(token, TextKey{sql::unquoted_text(token, options)});
}

}  // namespace

KeyValue plain_value(std::string_view literal, bool negative) {
  if (literal.front() != '\'') return number_value(literal, negative);
  return TextKey{std::string(literal.substr(1, literal.size() - 2))};
}

WrittenValue written_value(const TokenList& tokens, Range range, sql::ScanOptions options) {
  while (range.size() > 2 && tokens.at(range.begin).is('(') &&
         tokens.partner(range.begin) == range.end - 1) {
    ++range.begin;
    --range.end;
  }
  const sql::Token& first = tokens.at(range.begin);
  if (range.size() == 1) {
    switch (first.kind) {
      case sql::TokenKind::kNumber:
        return number_literal(first, false);
      case sql::TokenKind::kString:
        return string_literal(first, options);
      case sql::TokenKind::kMarker:
        return Marker{tokens.marker(range.begin)};
      case sql::TokenKind::kWord:
        if (first.is_word("NULL")) return KeyValue(NullKey{});
        if (first.is_word("DEFAULT")) return KeyValue(UnfitKey{"the column's default"});
        break;
      default:
        break;
    }
  }
  if (range.size() == 2 && first.is('-') &&
      tokens.at(range.begin + 1).kind == sql::TokenKind::kNumber) {
    return number_literal(tokens.at(range.begin + 1), true);
  }
  if (is_moment(tokens, range)) {
    return string_literal(tokens.at(range.begin + 1), options);
  }
  return KeyValue(UnfitKey{"an expression"});
}

namespace {

ShardDate date_of(const fabric::mysql::DateValue& value) {
  return {value.year, value.month, value.day};
}

struct BoundValue {
  KeyValue operator()(std::monostate /*null*/) const { return NullKey{}; }
  KeyValue operator()(std::int64_t value) const { return value; }
  KeyValue operator()(std::uint64_t value) const { return value; }
  KeyValue operator()(double /*value*/) const { return UnfitKey{"a number with a fraction"}; }
  KeyValue operator()(const fabric::mysql::TextValue& value) const {
    return TextKey{std::string(value.utf8), true};
  }
  KeyValue operator()(const fabric::mysql::BytesValue& /*value*/) const {
    return UnfitKey{"a binary value"};
  }
  KeyValue operator()(const fabric::mysql::SentValue& /*value*/) const {
    return UnfitKey{"a value given in pieces"};
  }
  KeyValue operator()(const fabric::mysql::DateValue& value) const { return date_of(value); }
  KeyValue operator()(const fabric::mysql::TimeValue& /*value*/) const {
    return UnfitKey{"a time of day"};
  }
  KeyValue operator()(const fabric::mysql::DateTimeValue& value) const {
    const auto& time = value.time;
    return ShardDateTime{.date = date_of(value.date),
                         .hour = time.hours,
                         .minute = time.minutes,
                         .second = time.seconds,
                         .microsecond = time.microseconds};
  }
};

}  // namespace

KeyValue bound_value(const fabric::mysql::Parameter& parameter) {
  return std::visit(BoundValue{}, parameter);
}

}  // namespace driver::routing
