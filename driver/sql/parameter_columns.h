// Which columns of a table the markers of an INSERT, REPLACE or UPDATE give values to, as far as
// the text shows it: what is left out is not known. Pure function; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "driver/sql/scan.h"

namespace driver::sql {

struct ParameterColumns {
  struct Place {
    std::string column;        ///< by its name; else
    std::size_t position = 0;  ///< of the table's columns from 1; 0: not known
  };
  std::string table;           ///< in backquotes, with its database where that is named
  std::vector<Place> markers;  ///< every marker of the text, in their order
};

ParameterColumns parameter_columns(std::string_view sql, ScanOptions options = {});

}  // namespace driver::sql
