// A reply read to its end as text, for comparing whole result sets.
#pragma once

#include <string>
#include <vector>

#include "fabric/mysql/reply.h"

namespace driver {

/// Values of each row joined by '|'; SQL NULL is "~".
inline std::vector<std::string> lines(fabric::mysql::Reply& reply) {
  std::vector<std::string> all;
  while (const auto* row = reply.fetch(fabric::base::Deadline::never())) {
    std::string line;
    for (const auto& cell : *row) {
      if (&cell != &row->front()) line += '|';
      line += cell.null() ? "~" : std::string(reinterpret_cast<const char*>(cell.data), cell.size);
    }
    all.push_back(std::move(line));
  }
  return all;
}

inline std::string column_names(const fabric::mysql::Reply& reply) {
  std::string names;
  for (const auto& column : reply.columns()) names += (names.empty() ? "" : " ") + column.name;
  return names;
}

}  // namespace driver
