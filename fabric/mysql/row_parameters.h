// Values of several rows as the library's binds of one bulk command: an array for each parameter.
// Internal to this folder; made for one command.
#pragma once

#include <span>
#include <vector>

#include "fabric/mysql/client_library.h"
#include "fabric/mysql/parameter.h"

namespace fabric::mysql {

class RowParameters {
 public:
  /// `values` lie row behind row. Those of one parameter are of one kind, or NULL.
  RowParameters(std::span<const Parameter> values, std::size_t rows);
  /// They point into this object and at the texts of the values.
  MYSQL_BIND* binds() { return binds_.data(); }

 private:
  struct Column {
    std::vector<char> indicators;
    std::vector<std::int64_t> numbers;  ///< or the bits of doubles
    std::vector<MYSQL_TIME> times;
    std::vector<const void*> pointers;  ///< of what has no fixed size, and of times
    std::vector<unsigned long> lengths;
  };
  template <class Given>
  void fill(std::span<const Parameter> values, std::size_t index);
  template <class Given>
  void put(Column& column, std::size_t row, const Given& given);

  std::size_t rows_;
  std::vector<Column> columns_;
  std::vector<MYSQL_BIND> binds_;
};

}  // namespace fabric::mysql
