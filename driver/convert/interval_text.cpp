// Interval literals: INTERVAL -'2 03:04:05.5' DAY TO SECOND, and what stands between the quotes.
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "driver/convert/interval.h"
#include "driver/convert/interval_type.h"
#include "driver/text/character.h"

namespace driver::convert {
namespace {

constexpr std::array<std::string_view, kIntervalFields> kFieldNames{"YEAR", "MONTH",  "DAY",
                                                                    "HOUR", "MINUTE", "SECOND"};
/// What stands before a field that is not the leading one.
constexpr std::array<char, kIntervalFields> kSeparators{'\0', '-', '\0', ' ', ':', ':'};

bool same_word(std::string_view text, std::string_view word) {
  return text.size() == word.size() &&
         std::equal(text.begin(), text.end(), word.begin(),
                    [](unsigned char a, unsigned char b) { return std::toupper(a) == b; });
}

bool take_sign(std::string_view& text, bool& negative) {
  if (text.empty() || (text.front() != '-' && text.front() != '+')) return false;
  if (text.front() == '-') negative = !negative;
  text.remove_prefix(1);
  return true;
}

std::string_view take_word(std::string_view& text) {
  text = trim_blanks(text);
  const auto* end = std::find_if_not(text.begin(), text.end(),
                                     [](unsigned char c) { return std::isalpha(c) != 0; });
  const auto word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(word.size());
  return word;
}

/// "(2)" or "(2,6)" behind a field's name: how many digits it may have; MySQL has no such limit.
void skip_precision(std::string_view& text) {
  text = trim_blanks(text);
  const std::size_t end = text.find(')');
  if (text.starts_with('(') && end != std::string_view::npos) text.remove_prefix(end + 1);
}

bool take_field_name(std::string_view& text, IntervalField& out) {
  const std::string_view word = take_word(text);
  const auto* name = std::ranges::find_if(
      kFieldNames, [word](std::string_view each) { return same_word(word, each); });
  out = static_cast<IntervalField>(name - kFieldNames.begin());
  return name != kFieldNames.end();
}

/// "DAY(3) TO SECOND(2)"; false when it is no qualifier.
bool parse_qualifier(std::string_view text, IntervalField& first, IntervalField& last) {
  if (!take_field_name(text, first)) return false;
  last = first;
  skip_precision(text);
  if (trim_blanks(text).empty()) return true;
  if (!same_word(take_word(text), "TO") || !take_field_name(text, last)) return false;
  skip_precision(text);
  return trim_blanks(text).empty() && first < last &&
         (first <= kIntervalMonth) == (last <= kIntervalMonth);
}

/// The string of a literal, and the fields that its qualifier names; false: it is no literal.
struct Literal {
  std::string_view value;
  bool negative = false;
  IntervalField first{}, last{};

  bool parse(std::string_view text) {
    if (text.starts_with('{') && text.ends_with('}')) text = text.substr(1, text.size() - 2);
    if (!same_word(take_word(text), "INTERVAL")) return false;
    text = trim_blanks(text);
    if (take_sign(text, negative)) text = trim_blanks(text);
    const std::size_t end = text.find('\'', 1);
    if (!text.starts_with('\'') || end == std::string_view::npos) return false;
    value = text.substr(1, end - 1);
    return parse_qualifier(text.substr(end + 1), first, last);
  }
};

void take_fraction(std::string_view& text, Duration& out) {
  if (!text.starts_with('.')) return;
  text.remove_prefix(1);
  std::uint32_t unit = kNanosPerSecond;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
    const auto digit = static_cast<std::uint32_t>(text.front() - '0');
    unit /= 10;
    out.nanoseconds += digit * unit;
    out.lost_fraction = out.lost_fraction || (unit == 0 && digit != 0);
  }
}

/// The fields from `first` to `last`, one after the other, and nothing else.
std::optional<Duration> parse_fields(std::string_view text, IntervalField first,
                                     IntervalField last) {
  Duration out{.in_months = last <= kIntervalMonth};
  text = trim_blanks(text);
  take_sign(text, out.negative);
  for (int index = first; index <= last; ++index) {
    const auto field = static_cast<IntervalField>(index);
    if (field != first) {
      if (text.empty() || text.front() != kSeparators[field]) return std::nullopt;
      text.remove_prefix(1);
    }
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || (field != first && value > kLargestInterval[field])) {
      return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    out.total += value * kIntervalUnits[field];
  }
  if (last == kIntervalSecond) take_fraction(text, out);
  if (!text.empty()) return std::nullopt;
  return out;
}

char* put_number(char* out, std::uint64_t value, std::size_t digits) {
  std::array<char, 24> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  const auto size = static_cast<std::size_t>(end - text.data());
  out = std::fill_n(out, size < digits ? digits - size : 0, '0');
  return std::copy(text.data(), end, out);
}

}  // namespace

std::optional<Duration> parse_interval(std::string_view text, SQLSMALLINT type) noexcept {
  text = trim_blanks(text);
  Literal literal;
  if (literal.parse(text)) {
    auto duration = parse_fields(literal.value, literal.first, literal.last);
    if (duration && literal.negative) duration->negative = !duration->negative;
    if (duration && duration->in_months != interval_type(type).in_months()) return std::nullopt;
    return duration;
  }
  const IntervalType& row = interval_type(type);
  if (const auto exactly = parse_fields(text, row.first, row.last)) return exactly;
  if (row.in_months()) return std::nullopt;
  const auto time = parse_fields(text, kIntervalHour, kIntervalSecond);
  return time ? time : parse_fields(text, kIntervalDay, kIntervalSecond);
}

std::string_view format_interval(const Duration& duration, SQLSMALLINT type, char* out) noexcept {
  const IntervalType& row = interval_type(type);
  char* end = out;
  if (duration.negative) *end++ = '-';
  std::uint64_t rest = duration.total;
  for (int index = row.first; index <= row.last; ++index) {
    const auto field = static_cast<IntervalField>(index);
    if (field != row.first) *end++ = kSeparators[field];
    // "01:02", as MySQL writes times; a field alone is a number.
    const bool padded = field != row.first || (field == kIntervalHour && row.last != row.first);
    end = put_number(end, rest / kIntervalUnits[field], padded ? 2 : 1);
    rest %= kIntervalUnits[field];
  }
  if (duration.nanoseconds != 0 && row.last == kIntervalSecond) {
    *end++ = '.';
    end = put_number(end, duration.nanoseconds, 9);
    while (end[-1] == '0') --end;
  }
  return {out, static_cast<std::size_t>(end - out)};
}

}  // namespace driver::convert
