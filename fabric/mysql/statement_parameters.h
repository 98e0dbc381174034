// Parameters as the library's binds. Internal to this folder.
#pragma once

#include <span>
#include <vector>

#include "fabric/mysql/client_library.h"
#include "fabric/mysql/parameter.h"

namespace fabric::mysql {

/// Keeps the bound values' memory; one per prepared statement.
class StatementParameters {
 public:
  explicit StatementParameters(std::size_t count) : binds_(count), values_(count) {}
  /// The binds point into this object and at the texts of `parameters`.
  MYSQL_BIND* bind(std::span<const Parameter> parameters);

 private:
  union Value {
    std::int64_t integer;
    double real;
    MYSQL_TIME time;
  };
  std::vector<MYSQL_BIND> binds_;
  std::vector<Value> values_;
};

// Dates and times as the library takes them.
MYSQL_TIME wire_time(const DateValue& date);
MYSQL_TIME wire_time(const TimeValue& time);
MYSQL_TIME wire_time(const DateTimeValue& moment);

}  // namespace fabric::mysql
