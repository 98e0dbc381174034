// Where a scrollable cursor goes: the tables of SQLFetchScroll (ODBC 3.8, "Cursor positioning
// rules") as one pure function. Rows are numbered from 1. Any thread.
#pragma once

#include <cstdint>

#include "driver/odbc.h"

namespace driver::rows {

struct CursorPosition {
  enum class At : std::uint8_t { kBeforeStart, kOnRows, kAfterEnd };
  At at = At::kBeforeStart;
  std::uint64_t start = 0;        ///< kOnRows: the rowset's first row
  std::uint64_t rowset_size = 1;  ///< that the rowset was fetched with

  friend bool operator==(const CursorPosition&, const CursorPosition&) = default;
};

struct ScrollRequest {
  SQLSMALLINT orientation = SQL_FETCH_NEXT;
  SQLLEN offset = 0;
  std::uint64_t rowset_size = 1;
  std::uint64_t bookmark = 0;  ///< SQL_FETCH_BOOKMARK: the row it stands for
};

struct Scrolled {
  CursorPosition to;
  bool cut = false;  ///< 01S06: the rowset would have started before the first row
};

/// `last`: the number of rows of the result. `request.orientation` is one of the seven.
Scrolled scroll(const CursorPosition& from, std::uint64_t last, const ScrollRequest& request);

}  // namespace driver::rows
