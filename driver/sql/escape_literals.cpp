#include "driver/sql/escape_literals.h"

#include <algorithm>
#include <array>
#include <optional>

#include "driver/text/character.h"
#include "fabric/base/error.h"

namespace driver::sql {
namespace {

using fabric::base::Error;
using fabric::base::SqlState;

/// Reads numbers and separators from the front of a text.
class FieldReader {
 public:
  explicit FieldReader(std::string_view text) : text_(text) {}

  bool take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  /// A number of 1 to `digits` digits, at most `limit`.
  std::optional<int> number(std::size_t digits, int limit) {
    int value = 0;
    std::size_t count = 0;
    for (; count < digits && count < text_.size() && is_digit(text_[count]); ++count) {
      value = value * 10 + (text_[count] - '0');
    }
    if (count == 0 || value > limit) return std::nullopt;
    text_.remove_prefix(count);
    return value;
  }
  void skip_blanks() {
    while (take(' ')) {
    }
  }
  [[nodiscard]] bool at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
};

int days_in(int year, int month) {
  constexpr std::array kDays{31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && !leap ? 28 : kDays[static_cast<std::size_t>(month)];
}

/// yyyy-mm-dd; month and day may be zero, as MySQL has such dates.
bool read_date(FieldReader& reader) {
  const auto year = reader.number(4, 9999);
  if (!year || !reader.take('-')) return false;
  const auto month = reader.number(2, 12);
  if (!month || !reader.take('-')) return false;
  return reader.number(2, days_in(*year, *month)).has_value();
}

/// hh:mm[:ss[.f...]]
bool read_time(FieldReader& reader, std::size_t hour_digits, int hours) {
  if (!reader.number(hour_digits, hours) || !reader.take(':') || !reader.number(2, 59)) {
    return false;
  }
  if (!reader.take(':')) return true;
  if (!reader.number(2, 59)) return false;
  if (!reader.take('.')) return true;
  while (reader.number(1, 9)) {
  }
  return true;
}

[[noreturn]] void refuse_moment(MomentKind kind, std::string_view value) {
  constexpr std::array<std::string_view, 3> kForms{
      "{d '...'} wants yyyy-mm-dd", "{t '...'} wants hh:mm:ss",
      "{ts '...'} wants yyyy-mm-dd hh:mm:ss with up to six decimals"};
  throw Error(SqlState::k22007, "'" + std::string(value.substr(0, 64)) + "' is no such value: " +
                                    std::string(kForms[static_cast<std::size_t>(kind)]));
}

struct IntervalUnit {
  std::string_view first, last, mysql, with_fraction;
};

constexpr std::array kUnits{
    IntervalUnit{"YEAR", "", "YEAR", ""},
    IntervalUnit{"YEAR", "MONTH", "YEAR_MONTH", ""},
    IntervalUnit{"MONTH", "", "MONTH", ""},
    IntervalUnit{"DAY", "", "DAY", ""},
    IntervalUnit{"DAY", "HOUR", "DAY_HOUR", ""},
    IntervalUnit{"DAY", "MINUTE", "DAY_MINUTE", ""},
    IntervalUnit{"DAY", "SECOND", "DAY_SECOND", "DAY_MICROSECOND"},
    IntervalUnit{"HOUR", "", "HOUR", ""},
    IntervalUnit{"HOUR", "MINUTE", "HOUR_MINUTE", ""},
    IntervalUnit{"HOUR", "SECOND", "HOUR_SECOND", "HOUR_MICROSECOND"},
    IntervalUnit{"MINUTE", "", "MINUTE", ""},
    IntervalUnit{"MINUTE", "SECOND", "MINUTE_SECOND", "MINUTE_MICROSECOND"},
    IntervalUnit{"SECOND", "", "SECOND", "SECOND_MICROSECOND"},
};

}  // namespace

std::string moment_literal(MomentKind kind, std::string_view value) {
  FieldReader reader(value);
  reader.skip_blanks();
  std::string_view type = "DATE'";
  std::string_view rest;
  bool valid = false;
  switch (kind) {
    case MomentKind::kDate:
      valid = read_date(reader);
      break;
    case MomentKind::kTime:
      type = "TIME'";
      reader.take('-');
      valid = read_time(reader, 3, 838);
      break;
    case MomentKind::kTimestamp:
      type = "TIMESTAMP'";
      valid = read_date(reader);
      const bool t = reader.take('T');
      reader.skip_blanks();
      if (valid && reader.at_end() && !t) {
        rest = " 00:00:00";
      } else {
        valid = valid && read_time(reader, 2, 23);
      }
      break;
  }
  reader.skip_blanks();
  if (!valid || !reader.at_end()) refuse_moment(kind, value);
  return std::string(type).append(value).append(rest) + "'";
}

std::string interval_literal(const IntervalLiteral& interval) {
  const auto* const unit = std::ranges::find_if(kUnits, [&](const IntervalUnit& row) {
    return row.first == interval.first && row.last == interval.last;
  });
  if (unit == kUnits.end()) {
    throw Error(SqlState::k42000,
                "An interval is YEAR, MONTH, DAY, HOUR, MINUTE, SECOND or one of these TO a "
                "smaller one of its kind");
  }
  std::string_view value = interval.value;
  if (value == "?") {
    return std::string("INTERVAL ") + (interval.negative ? "-? " : "? ") + std::string(unit->mysql);
  }
  bool negative = interval.negative;
  if (value.starts_with('-') || value.starts_with('+')) {
    negative = negative != value.starts_with('-');
    value.remove_prefix(1);
  }
  if (value.empty() || value.find_first_not_of("0123456789 :.-") != value.npos) {
    throw Error(SqlState::k22007, "'" + std::string(interval.value.substr(0, 64)) +
                                      "' is no interval: numbers are expected");
  }
  const bool fraction = value.find('.') != value.npos && !unit->with_fraction.empty();
  return "INTERVAL '" + std::string(negative ? "-" : "") + std::string(value) + "' " +
         std::string(fraction ? unit->with_fraction : unit->mysql);
}

}  // namespace driver::sql
