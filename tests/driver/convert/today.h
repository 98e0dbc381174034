// The word TODAY of a case file.
#pragma once

#include <array>
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
  std::array<char, kMomentText> text;
  return shown.replace(at, kWord.size(), format_moment(today, 0, text.data()));
}

}  // namespace driver::convert::testing
