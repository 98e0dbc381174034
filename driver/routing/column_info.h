// What a server says of a table's columns, as far as keys are concerned. Plain values, which may be
// shared; pure functions.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/rows/memory_reply.h"

namespace driver::routing {

enum class ColumnFamily : std::uint8_t { kInteger, kText, kDate, kDateTime, kOther };

struct ColumnInfo {
  std::string name = {};
  std::string type = {};  ///< DATA_TYPE of information_schema: "bigint"
  ColumnFamily family = ColumnFamily::kOther;
  std::string charset = {}, collation = {};  ///< of text; empty: bytes
  std::uint64_t length = 0;                  ///< of text: characters, or bytes
  unsigned fraction_digits = 0;              ///< of a date and time
  bool is_unsigned = false;
  bool zerofill = false;
  bool auto_increment = false;
  bool generated = false;  ///< whatever is written, the server computes it
  bool computed = false;   ///< generated, or changed by each UPDATE
  bool invisible = false;  ///< not meant by an INSERT without a list of columns
};

struct TableColumns {
  std::vector<ColumnInfo> columns;  ///< in the table's order; empty: no such table, or no right
  [[nodiscard]] const ColumnInfo* find(std::string_view name) const;
};

/// The query whose rows columns_from() reads.
std::string columns_query(std::string_view schema_literal, std::string_view table_literal);
TableColumns columns_from(const std::vector<rows::Record>& rows);

/// Where columns come from: a cache before a server, or a test's table.
class ColumnSource {
 public:
  ColumnSource() = default;
  ColumnSource(const ColumnSource&) = delete;
  ColumnSource& operator=(const ColumnSource&) = delete;
  virtual ~ColumnSource() = default;
  /// Never null. Throws base::Error when no server can be asked.
  virtual std::shared_ptr<const TableColumns> columns(const std::string& schema,
                                                      const std::string& table) = 0;
};

}  // namespace driver::routing
