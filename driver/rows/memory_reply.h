// A Reply over rows made in memory: what catalog functions, SQLGetTypeInfo and the statements the
// driver answers itself give out. Text format, so that it converts and describes like an answer
// of the server. Belongs to the statement that shows it; not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fabric/mysql/reply.h"

namespace driver::rows {

/// One row as text; nullopt is SQL NULL.
using Record = std::vector<std::optional<std::string>>;

Record record_of(const fabric::mysql::Row& row);
/// All that is left of the result at hand.
std::vector<Record> rows_of(fabric::mysql::Reply& reply, fabric::base::Deadline deadline);

/// Columns as a server would announce them, described as SMALLINT, INTEGER, BIGINT and
/// VARCHAR(`characters`).
fabric::mysql::Column smallint_column(std::string name);
fabric::mysql::Column integer_column(std::string name);
fabric::mysql::Column bigint_column(std::string name);
fabric::mysql::Column varchar_column(std::string name, std::uint32_t characters);
fabric::mysql::Column not_null(fabric::mysql::Column column);

class MemoryReply final : public fabric::mysql::Reply {
 public:
  /// Every record has one value per column.
  MemoryReply(std::vector<fabric::mysql::Column> columns, std::vector<Record> rows);

  [[nodiscard]] const std::vector<fabric::mysql::Column>& columns() const override;
  [[nodiscard]] fabric::mysql::RowFormat format() const override;
  [[nodiscard]] const fabric::mysql::Counts& counts() const override;
  const fabric::mysql::Row* fetch(fabric::base::Deadline deadline) override;
  bool next_result(fabric::base::Deadline deadline) override;
  [[nodiscard]] bool finished() const override;

 private:
  const std::vector<fabric::mysql::Column> columns_;
  const std::vector<Record> rows_;
  const fabric::mysql::Counts counts_;
  std::size_t next_ = 0;
  bool finished_ = false;
  std::vector<fabric::mysql::Cell> cells_;
  fabric::mysql::Row row_;
};

}  // namespace driver::rows
