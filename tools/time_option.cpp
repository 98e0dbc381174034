#include "tools/time_option.h"

#include <algorithm>
#include <chrono>

#include "driver/settings/keyword_values.h"

namespace tools {

fabric::base::Duration time_of(const std::string& name, const std::string& text) {
  driver::settings::KeywordRow row{};
  row.name = name;
  return driver::settings::time_value(row, text);
}

fabric::base::Duration pause_of(const std::string& name, const std::string& text) {
  constexpr std::chrono::milliseconds kLeast{100};
  return std::max<fabric::base::Duration>(kLeast, time_of(name, text));
}

}  // namespace tools
