// INSERT ... VALUES of one row, of which an array of parameter sets may be sent as one command:
// only where that leaves the same rows and the same row count as set by set. Pure functions; any
// thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "driver/rows/memory_reply.h"
#include "driver/sql/scan.h"
#include "fabric/mysql/parameter.h"

namespace driver {

struct RowInsert {
  std::string schema;      ///< unquoted; empty: the session's database
  std::string table;       ///< unquoted
  std::size_t row = 0;     ///< where the parenthesis of the row opens in the text
  std::size_t behind = 0;  ///< it
  bool has_null = false;   ///< beside what markers stand for
};
/// Nullopt unless it is INSERT [INTO] table [(columns)] VALUES (...) with nothing in the row but
/// markers and constants, and nothing behind it.
std::optional<RowInsert> row_insert(std::string_view sql, sql::ScanOptions options = {});

/// The statement with several rows of literals; `values` lie row behind row.
std::string with_rows(std::string_view sql, const RowInsert& insert,
                      std::span<const fabric::mysql::Parameter> values, std::size_t rows,
                      sql::ScanOptions options);

/// What a server says of the table, of itself and of the session.
struct InsertTarget {
  bool undone_whole = false;  ///< an INSERT that fails leaves nothing of its rows
  bool strict = false;        ///< NULL is an error where it may not be, also in the second row
  std::size_t largest_packet = 0;
};
/// The query whose rows target_from() reads.
std::string target_query(const RowInsert& insert);
InsertTarget target_from(const std::vector<rows::Record>& rows);

}  // namespace driver
