#include "driver/convert/moment.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "driver/convert/decimal_text.h"
#include "driver/text/character.h"

namespace driver::convert {
namespace {

using fabric::mysql::Cell;
using fabric::mysql::WireType;

constexpr unsigned kFractionDigits = 9;
constexpr std::array<std::uint32_t, 10> kPowersOfTen{
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

/// Reads a text from its front; every take says whether it found what it wanted.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }
  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Which of `wanted` it was; NUL when none.
  char take_any(std::string_view wanted) {
    if (rest_.empty() || wanted.find(rest_.front()) == wanted.npos) return '\0';
    const char found = rest_.front();
    rest_.remove_prefix(1);
    return found;
  }
  [[nodiscard]] std::size_t leading_digits() const {
    return std::min(rest_.find_first_not_of("0123456789"), rest_.size());
  }
  /// How many digits it had.
  std::size_t take_number(std::size_t most_digits, unsigned& out) {
    std::size_t digits = 0;
    out = 0;
    for (; digits < rest_.size() && digits < most_digits && is_digit(rest_[digits]); ++digits) {
      out = out * 10 + static_cast<unsigned>(rest_[digits] - '0');
    }
    rest_.remove_prefix(digits);
    return digits;
  }
  /// The digits behind the point; those past the ninth only tell whether something is lost.
  void take_fraction(Moment& moment) {
    unsigned digits = 0;
    for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1)) {
      const auto digit = static_cast<std::uint32_t>(rest_.front() - '0');
      if (digits < kFractionDigits) {
        moment.nanoseconds = moment.nanoseconds * 10 + digit;
        ++digits;
      } else if (digit != 0) {
        moment.lost_fraction = true;
      }
    }
    moment.nanoseconds *= kPowersOfTen[kFractionDigits - digits];
  }

 private:
  std::string_view rest_;
};

/// "yyyy-mm-dd" and "yyyy-mm-dd hh:mm:ss", as servers write them; anything else is for Scanner.
class UsualForm {
 public:
  explicit UsualForm(std::string_view text) : text_(text) {}

  bool read(Moment& moment) {
    constexpr std::size_t kDate = 10;
    constexpr std::size_t kDateTime = 19;
    if (text_.size() != kDate && text_.size() != kDateTime) return false;
    moment.year = static_cast<int>(two_digits(0) * 100 + two_digits(2));
    moment.month = two_digits(5);
    moment.day = two_digits(8);
    moment.has_date = true;
    bool separated = text_[4] == '-' && text_[7] == '-';
    if (text_.size() == kDateTime) {
      moment.hours = two_digits(11);
      moment.minutes = two_digits(14);
      moment.seconds = two_digits(17);
      moment.has_time = true;
      separated = separated && text_[10] == ' ' && text_[13] == ':' && text_[16] == ':';
    }
    return separated && !other_than_digits_;
  }

 private:
  unsigned two_digits(std::size_t at) {
    const unsigned tens = static_cast<unsigned char>(text_[at]) - unsigned{'0'};
    const unsigned ones = static_cast<unsigned char>(text_[at + 1]) - unsigned{'0'};
    other_than_digits_ |= tens > 9 || ones > 9;
    return tens * 10 + ones;
  }

  std::string_view text_;
  bool other_than_digits_ = false;
};

/// MySQL's century of a year of two digits.
constexpr unsigned full_year(unsigned two_digits) {
  return two_digits + (two_digits < 70 ? 2000 : 1900);
}

bool take_date(Scanner& in, Moment& moment) {
  unsigned year = 0;
  const std::size_t digits = in.take_number(4, year);
  // The standard has '-' alone; the others, and years of two digits, are what MySQL reads too.
  const char separator = in.take_any("-/.");
  moment.has_date = digits != 0 && separator != '\0' && in.take_number(2, moment.month) != 0 &&
                    in.take(separator) && in.take_number(2, moment.day) != 0;
  const bool zero = year + moment.month + moment.day == 0;
  moment.year = static_cast<int>(digits == 2 && !zero ? full_year(year) : year);
  return moment.has_date;
}

/// 20260131 and 20260131101112, 260131 and 260131101112.
bool take_compact(Scanner& in, Moment& moment) {
  constexpr std::size_t kDate = 6;  // with two digits of the year
  constexpr std::size_t kDateTime = 12;
  const std::size_t digits = in.leading_digits();
  const bool short_year = digits == kDate || digits == kDateTime;
  const std::size_t others = short_year ? digits : digits - 2;
  if (digits < kDate || (others != kDate && others != kDateTime)) return false;
  unsigned year = 0;
  in.take_number(short_year ? 2 : 4, year);
  for (unsigned* part : {&moment.month, &moment.day}) in.take_number(2, *part);
  const bool zero = year + moment.month + moment.day == 0;
  moment.year = static_cast<int>(short_year && !zero ? full_year(year) : year);
  moment.has_date = true;
  if (others == kDate) return true;
  for (unsigned* part : {&moment.hours, &moment.minutes, &moment.seconds}) in.take_number(2, *part);
  if (in.take('.')) in.take_fraction(moment);
  moment.has_time = true;
  return true;
}

bool take_time(Scanner& in, Moment& moment) {
  moment.has_time = in.take_number(4, moment.hours) != 0 && in.take(':') &&
                    in.take_number(2, moment.minutes) != 0;
  if (!moment.has_time) return false;
  if (in.take(':')) {
    if (in.take_number(2, moment.seconds) == 0) return false;
    if (in.take('.')) in.take_fraction(moment);
  }
  return true;
}

/// What stands between the quotes of {d '...'}, {t '...'} and {ts '...'}; else the text itself.
std::string_view without_escape(std::string_view text) {
  if (!text.starts_with('{') || !text.ends_with('}')) return text;
  const std::string_view inside = trim_blanks(text.substr(1, text.size() - 2));
  for (const std::string_view word : {"ts", "d", "t"}) {
    if (!inside.starts_with(word)) continue;
    const std::string_view quoted = trim_blanks(inside.substr(word.size()));
    if (quoted.size() < 2 || quoted.front() != '\'' || quoted.back() != '\'') continue;
    return trim_blanks(quoted.substr(1, quoted.size() - 2));
  }
  return text;
}

std::uint32_t little_endian(const std::uint8_t* data, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t index = size; index-- > 0;) value = (value << 8U) | data[index];
  return value;
}

bool wire_time(const Cell& cell, Moment& moment) {
  constexpr std::size_t kWithoutFraction = 8;
  constexpr std::size_t kWithFraction = 12;
  moment.has_time = true;
  if (cell.size == 0) return true;
  if (cell.size != kWithoutFraction && cell.size != kWithFraction) return false;
  moment.negative = cell.data[0] != 0;
  moment.hours = little_endian(cell.data + 1, 4) * 24 + cell.data[5];
  moment.minutes = cell.data[6];
  moment.seconds = cell.data[7];
  if (cell.size == kWithFraction) {
    moment.nanoseconds = little_endian(cell.data + kWithoutFraction, 4) * kNanosPerMicro;
  }
  return true;
}

bool wire_date(const Cell& cell, bool with_time, Moment& moment) {
  constexpr std::size_t kDate = 4;
  constexpr std::size_t kSeconds = 7;
  constexpr std::size_t kMicroseconds = 11;
  moment.has_date = true;
  moment.has_time = with_time;
  if (cell.size == 0) return true;
  if (cell.size != kDate && cell.size != kSeconds && cell.size != kMicroseconds) return false;
  moment.year = static_cast<int>(little_endian(cell.data, 2));
  moment.month = cell.data[2];
  moment.day = cell.data[3];
  if (cell.size == kDate || !with_time) return true;
  moment.hours = cell.data[4];
  moment.minutes = cell.data[5];
  moment.seconds = cell.data[6];
  if (cell.size == kMicroseconds) {
    moment.nanoseconds = little_endian(cell.data + kSeconds, 4) * kNanosPerMicro;
  }
  return true;
}

void put_digits(char*& out, unsigned value, std::size_t digits) {
  for (std::size_t index = digits; index-- > 0; value /= 10) {
    out[index] = static_cast<char>('0' + value % 10);
  }
  out += digits;
}

/// Leaves the time of a day from 00:00:00 on; returns how many days from the given one it is.
int take_days(Moment& moment) {
  constexpr std::int64_t kDay = 86400;
  constexpr std::uint32_t kSecond = 1000000000;
  std::int64_t rest = std::int64_t{moment.hours} * 3600 + std::int64_t{moment.minutes} * 60 +
                      std::int64_t{moment.seconds};
  if (moment.negative) {
    rest = -rest;
    if (moment.nanoseconds > 0) {
      moment.nanoseconds = kSecond - moment.nanoseconds;
      --rest;
    }
  }
  std::int64_t days = rest / kDay;
  rest %= kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  moment.negative = false;
  moment.hours = static_cast<unsigned>(rest / 3600);
  moment.minutes = static_cast<unsigned>(rest / 60 % 60);
  moment.seconds = static_cast<unsigned>(rest % 60);
  return static_cast<int>(days);
}

constexpr bool leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

}  // namespace

std::optional<Moment> parse_moment(std::string_view text) noexcept {
  Moment moment;
  if (UsualForm(text).read(moment)) return moment;
  moment = {};
  Scanner in(without_escape(trim_blanks(text)));
  Scanner date = in;
  if (take_compact(date, moment)) return date.done() ? std::optional(moment) : std::nullopt;
  if (take_date(date, moment)) {
    in = date;
    if (in.done()) return moment;
    if (!in.take(' ') && !in.take('T')) return std::nullopt;
  } else {
    moment = {};
    moment.negative = in.take('-');
  }
  if (!take_time(in, moment) || !in.done()) return std::nullopt;
  return moment;
}

std::optional<Moment> wire_moment(WireType type, const Cell& cell) noexcept {
  Moment moment;
  const bool with_time = type == WireType::kDateTime || type == WireType::kTimestamp;
  const bool good =
      type == WireType::kTime ? wire_time(cell, moment) : wire_date(cell, with_time, moment);
  if (!good) return std::nullopt;
  return moment;
}

bool valid_date(const Moment& moment) noexcept {
  constexpr std::array<unsigned, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (moment.year < 0 || moment.year > 9999 || moment.month < 1 || moment.month > 12) return false;
  const bool leap_day = moment.month == 2 && leap(moment.year);
  return moment.day >= 1 && moment.day <= kDays[moment.month - 1] + (leap_day ? 1U : 0U);
}

bool valid_time_of_day(const Moment& moment) noexcept {
  return !moment.negative && moment.hours <= 23 && moment.minutes <= 59 && moment.seconds <= 59;
}

void set_today(Moment& moment) noexcept {
  constexpr int kNoon = 12;  // no clock is changed then
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  if (const int days = take_days(moment); days != 0) {
    local.tm_mday += days;
    local.tm_hour = kNoon;
    std::mktime(&local);
  }
  moment.has_date = true;
  moment.year = local.tm_year + 1900;
  moment.month = static_cast<unsigned>(local.tm_mon) + 1;
  moment.day = static_cast<unsigned>(local.tm_mday);
}

std::string_view format_moment(const Moment& moment, unsigned fraction_digits, char* out) noexcept {
  char* end = out;
  if (moment.has_date) {
    put_digits(end, static_cast<unsigned>(moment.year), 4);
    *end++ = '-';
    put_digits(end, moment.month, 2);
    *end++ = '-';
    put_digits(end, moment.day, 2);
    if (moment.has_time) *end++ = ' ';
  }
  if (moment.has_time) {
    if (moment.negative) *end++ = '-';
    std::size_t hour_digits = 2;
    for (unsigned rest = moment.hours / 100; rest != 0; rest /= 10) ++hour_digits;
    put_digits(end, moment.hours, hour_digits);
    *end++ = ':';
    put_digits(end, moment.minutes, 2);
    *end++ = ':';
    put_digits(end, moment.seconds, 2);
    if (fraction_digits != 0) {
      *end++ = '.';
      put_digits(end, moment.nanoseconds / kPowersOfTen[kFractionDigits - fraction_digits],
                 fraction_digits);
    }
  }
  return {out, static_cast<std::size_t>(end - out)};
}

}  // namespace driver::convert
