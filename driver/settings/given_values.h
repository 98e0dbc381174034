// Typed reading of what was given: by the table's kinds, OPTION's bits included. A field whose
// keyword was not given, or given empty, keeps its default. Lives while settings are read.
#pragma once

#include <string>

#include "driver/settings/connection_string.h"
#include "driver/settings/keyword_values.h"
#include "fabric/base/error.h"

namespace driver::settings {

class GivenValues {
 public:
  explicit GivenValues(const GivenAttributes& given) : given_(given) {
    read_count(Keyword::kOption, option_);
  }

  [[nodiscard]] const std::string* find(Keyword keyword) const { return given_.find(keyword); }
  /// Null when not given or given empty.
  [[nodiscard]] const std::string* find_filled(Keyword keyword) const {
    const std::string* value = find(keyword);
    return value != nullptr && value->empty() ? nullptr : value;
  }
  [[nodiscard]] std::string text(Keyword keyword) const {
    const std::string* value = find(keyword);
    return value == nullptr ? std::string() : *value;
  }
  void read_time(Keyword keyword, fabric::base::Duration& into) const {
    if (const auto* value = find_filled(keyword)) into = time_value(row_of(keyword), *value);
  }
  /// The keyword itself, else its bit in OPTION, which can only switch it on.
  void read_bool(Keyword keyword, bool& into) const {
    const KeywordRow& row = row_of(keyword);
    if ((option_ & row.option_bit) != 0) into = true;
    if (const auto* value = find_filled(keyword)) into = bool_value(row, *value);
  }
  [[nodiscard]] bool flag(Keyword keyword) const {
    bool on = false;
    read_bool(keyword, on);
    return on;
  }
  template <class Number>
  void read_count(Keyword keyword, Number& into) const {
    if (const auto* value = find_filled(keyword)) {
      into = static_cast<Number>(count_value(row_of(keyword), *value));
    }
  }
  /// The enumeration's order is that of the row's choices. True when given.
  template <class Choice>
  bool read_choice(Keyword keyword, Choice& into) const {
    const auto* value = find_filled(keyword);
    if (value != nullptr) into = static_cast<Choice>(choice_value(row_of(keyword), *value));
    return value != nullptr;
  }
  [[nodiscard]] std::uint32_t option() const { return option_; }

  [[noreturn]] static void refuse(const std::string& text,
                                  fabric::base::SqlState state = fabric::base::SqlState::kHY000) {
    throw fabric::base::Error(state, text);
  }

 private:
  const GivenAttributes& given_;
  std::uint32_t option_ = 0;
};

}  // namespace driver::settings
