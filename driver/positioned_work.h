// What one call of SQLSetPos or SQLBulkOperations asks for: kept while data is given at execution.
// Belongs to its statement; guarded by the connection's mutex.
#pragma once

#include <compare>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "driver/long_data.h"

namespace driver {

/// "Places" are rows of the application's buffers, from 0.
struct PositionedWork {
  enum class Change : std::uint8_t { kRefresh, kUpdate, kDelete, kAdd, kFetch };

  Change change = Change::kRefresh;
  bool single = false;       ///< one row of SQLSetPos: its error is the call's
  bool by_bookmark = false;  ///< rows are named by the buffers' column 0
  std::vector<std::size_t> places;
  SQLUSMALLINT* status = nullptr;

  struct Wanted {
    std::size_t place;
    SQLSMALLINT column;
    friend auto operator<=>(const Wanted&, const Wanted&) = default;
  };
  std::deque<Wanted> wanted;  ///< data still to be given at execution
  std::optional<Wanted> current;
  std::map<Wanted, LongData> given;

  SQLLEN affected = 0;
};

}  // namespace driver
