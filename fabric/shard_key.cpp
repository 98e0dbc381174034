#include "fabric/shard_key.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <limits>

namespace fabric {

namespace {

constexpr bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

template <class Number>
std::optional<Number> whole(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return {};
  return value;
}

std::int64_t saturated(std::uint64_t value) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  return value > static_cast<std::uint64_t>(kMost) ? kMost : static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> integer_of_text(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return {};
  }
  if (text.starts_with('-')) return whole<std::int64_t>(text);
  const auto value = whole<std::uint64_t>(text);
  if (!value) return {};
  return saturated(*value);
}

std::optional<std::int64_t> seconds_of_parts(const ShardDateTime& time) {
  namespace ch = std::chrono;
  const ch::year_month_day day{ch::year(time.date.year), ch::month(time.date.month),
                               ch::day(time.date.day)};
  if (!day.ok() || time.date.year < 0 || time.date.year > 9999) return {};
  if (time.hour > 23 || time.minute > 59 || time.second > 59 || time.microsecond > 999999) {
    return {};
  }
  const std::int64_t days = ch::sys_days(day).time_since_epoch().count();
  const std::int64_t seconds = days * 86400 + std::int64_t{time.hour} * 3600 +
                               std::int64_t{time.minute} * 60 + std::int64_t{time.second};
  return seconds + (time.microsecond >= 500000 ? 1 : 0);
}

/// Takes exactly `digits` decimal digits off the front.
std::optional<unsigned> take(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return {};
  const auto value = text[0] == '-' ? std::nullopt : whole<unsigned>(text.substr(0, digits));
  text.remove_prefix(digits);
  return value;
}

bool take_char(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// Digits past the sixth do not change where half a second lies.
std::optional<unsigned> take_fraction(std::string_view& text) {
  unsigned microseconds = 0;
  unsigned unit = 100000;
  if (text.empty()) return {};
  for (const char c : text) {
    if (c < '0' || c > '9') return {};
    microseconds += static_cast<unsigned>(c - '0') * unit;
    unit /= 10;
  }
  text = {};
  return microseconds;
}

bool take_time(std::string_view& text, ShardDateTime& time) {
  const auto hour = take(text, 2);
  if (!hour || !take_char(text, ":")) return false;
  const auto minute = take(text, 2);
  if (!minute) return false;
  time.hour = *hour;
  time.minute = *minute;
  if (text.empty()) return true;
  if (!take_char(text, ":")) return false;
  const auto second = take(text, 2);
  if (!second) return false;
  time.second = *second;
  if (text.empty()) return true;
  if (!take_char(text, ".")) return false;
  const auto microsecond = take_fraction(text);
  if (!microsecond) return false;
  time.microsecond = *microsecond;
  return true;
}

std::optional<std::int64_t> seconds_of_text(std::string_view text) {
  text = trimmed(text);
  ShardDateTime time;
  const auto year = take(text, 4);
  if (!year || !take_char(text, "-")) return {};
  const auto month = take(text, 2);
  if (!month || !take_char(text, "-")) return {};
  const auto day = take(text, 2);
  if (!day) return {};
  time.date = {static_cast<int>(*year), *month, *day};
  if (!text.empty() && (!take_char(text, " T") || !take_time(text, time))) return {};
  return seconds_of_parts(time);
}

std::string text_of_date(const ShardDate& date) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", date.year, date.month, date.day);
  return text.data();
}

std::string text_of_time(const ShardDateTime& time) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), " %02u:%02u:%02u.%06u", time.hour, time.minute,
                time.second, time.microsecond);
  const std::string all = text_of_date(time.date) + text.data();
  const std::size_t dot = all.size() - 7;
  return all.substr(0, time.fraction_digits == 0 ? dot : dot + 1 + time.fraction_digits);
}

template <class... Body>
struct Overload : Body... {
  using Body::operator()...;
};
template <class... Body>
Overload(Body...) -> Overload<Body...>;

}  // namespace

std::optional<std::int64_t> integer_of(const ShardKey& key) {
  using Answer = std::optional<std::int64_t>;
  return std::visit(Overload{[](std::int64_t value) { return Answer(value); },
                             [](std::uint64_t value) { return Answer(saturated(value)); },
                             [](const std::string& text) { return integer_of_text(text); },
                             [](const auto&) { return Answer(); }},
                    key);
}

std::optional<std::int64_t> seconds_of(const ShardKey& key) {
  using Answer = std::optional<std::int64_t>;
  return std::visit(Overload{[](const std::string& text) { return seconds_of_text(text); },
                             [](const ShardDate& date) { return seconds_of_parts({.date = date}); },
                             [](const ShardDateTime& time) { return seconds_of_parts(time); },
                             [](const auto&) { return Answer(); }},
                    key);
}

std::string text_of(const ShardKey& key) {
  return std::visit(Overload{[](std::int64_t value) { return std::to_string(value); },
                             [](std::uint64_t value) { return std::to_string(value); },
                             [](const std::string& text) { return text; },
                             [](const ShardDate& date) { return text_of_date(date); },
                             [](const ShardDateTime& time) { return text_of_time(time); }},
                    key);
}

}  // namespace fabric
