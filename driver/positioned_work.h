// What one call of SQLSetPos or SQLBulkOperations asks for: kept while data is given at execution.
// Belongs to its statement; guarded by the connection's mutex.
#pragma once

#include <vector>

#include "driver/execution_data.h"
#include "fabric/base/error.h"

namespace driver {

/// "Places" are rows of the application's buffers, from 0.
struct PositionedWork {
  enum class Change : std::uint8_t { kRefresh, kUpdate, kDelete, kAdd, kFetch };

  Change change = Change::kRefresh;
  bool single = false;       ///< one row of SQLSetPos: its error is the call's
  bool by_bookmark = false;  ///< rows are named by the buffers' column 0
  std::vector<std::size_t> places;
  SQLUSMALLINT* status = nullptr;

  ExecutionData data;  ///< its sets are places, its numbers columns
  SQLLEN affected = 0;
};

inline fabric::base::Error row_gone() {
  return {SqlState::kHY109, "The row was deleted or could not be fetched"};
}

}  // namespace driver
