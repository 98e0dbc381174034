// A parameter of a prepared statement, as the binary protocol takes it.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

namespace fabric::mysql {

struct DateValue {
  int year = 0;
  unsigned month = 0, day = 0;
};
struct TimeValue {
  bool negative = false;
  unsigned hours = 0, minutes = 0, seconds = 0, microseconds = 0;  ///< hours may exceed 23
};
struct DateTimeValue {
  DateValue date;
  TimeValue time;
};
struct TextValue {
  std::string_view utf8;
};
struct BytesValue {
  std::string_view bytes;
};

/// The server has it already: Prepared::send_piece().
struct SentValue {
  bool text = false;
};

/// Views must outlive the execute() they are given to. monostate is SQL NULL.
using Parameter = std::variant<std::monostate, std::int64_t, std::uint64_t, double, TextValue,
                               BytesValue, DateValue, TimeValue, DateTimeValue, SentValue>;

}  // namespace fabric::mysql
