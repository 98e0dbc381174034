// The words TODAY, TODAY+1 and TODAY-1 of a case file.
#pragma once

#include <array>
#include <chrono>
#include <string>

#include "driver/convert/moment.h"

namespace driver::convert::testing {

/// A time has the current date in a timestamp.
inline std::string with_today(std::string shown) {
  constexpr std::string_view kWord = "TODAY";
  const std::size_t at = shown.find(kWord);
  if (at == std::string::npos) return shown;
  Moment today;
  set_today(today);
  std::size_t end = at + kWord.size();
  int days = 0;
  if (end < shown.size() && shown[end] != ' ') {
    days = std::stoi(shown.substr(end));
    end = shown.find(' ', end);
  }
  const std::chrono::year_month_day first{
      std::chrono::year(today.year), std::chrono::month(today.month), std::chrono::day(today.day)};
  const std::chrono::year_month_day date{std::chrono::sys_days(first) + std::chrono::days(days)};
  today.year = static_cast<int>(date.year());
  today.month = static_cast<unsigned>(date.month());
  today.day = static_cast<unsigned>(date.day());
  std::array<char, kMomentText> text;
  return shown.replace(at, end - at, format_moment(today, 0, text.data()));
}

}  // namespace driver::convert::testing
