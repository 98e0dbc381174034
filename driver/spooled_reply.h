// What is left of a reply, kept on this side so that the connection is free for another statement:
// in memory up to a limit, behind it in an unlinked temporary file. Belongs to the statement that
// reads it; guarded by its connection's mutex.
#pragma once

#include <cstdint>
#include <cstdio>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "fabric/mysql/mysql_error.h"
#include "fabric/mysql/reply.h"

namespace driver {

/// Bytes appended at one end and read at the other.
class SpoolBuffer {
 public:
  explicit SpoolBuffer(std::size_t memory_limit) : memory_limit_(memory_limit) {}
  ~SpoolBuffer();
  SpoolBuffer(const SpoolBuffer&) = delete;
  SpoolBuffer& operator=(const SpoolBuffer&) = delete;

  /// Throws base::Error HY014 when the temporary file cannot be written.
  void append(const void* data, std::size_t size);
  /// `size` bytes must have been appended and not yet read.
  void read(void* target, std::size_t size);

 private:
  std::vector<std::uint8_t> memory_;
  const std::size_t memory_limit_;
  std::size_t read_ = 0;  ///< of memory first, then of the file
  std::FILE* file_ = nullptr;
};

class SpooledReply final : public fabric::mysql::Reply {
 public:
  explicit SpooledReply(std::size_t memory_limit) : rows_(memory_limit) {}

  /// Reads everything that is left of `live`. `current` is the row the application stands on, or
  /// null; current() gives it again. May throw what `live` throws; what was read until then stays.
  void take(fabric::mysql::Reply& live, const fabric::mysql::Row* current);
  /// After a failed take(): reading past what is kept throws this.
  void end_with(const fabric::mysql::MysqlError& error) { error_ = error; }
  [[nodiscard]] const fabric::mysql::Row* current() const {
    return has_current_ ? &current_row_ : nullptr;
  }

  [[nodiscard]] const std::vector<fabric::mysql::Column>& columns() const override;
  [[nodiscard]] fabric::mysql::RowFormat format() const override;
  [[nodiscard]] const fabric::mysql::Counts& counts() const override;
  const fabric::mysql::Row* fetch(fabric::base::Deadline deadline) override;
  bool next_result(fabric::base::Deadline deadline) override;
  [[nodiscard]] bool finished() const override;

 private:
  struct Result {
    std::vector<fabric::mysql::Column> columns;
    fabric::mysql::RowFormat format;
    fabric::mysql::Counts counts;
    std::uint64_t rows = 0;  ///< not yet fetched
  };
  /// One row's memory: cells that point into one buffer.
  struct RowCopy {
    std::vector<std::uint8_t> bytes;
    std::vector<fabric::mysql::Cell> cells;
  };
  void append_row(const fabric::mysql::Row& row);
  void read_row(std::size_t width);

  std::deque<Result> results_;
  SpoolBuffer rows_;
  RowCopy copy_;
  fabric::mysql::Row row_;
  fabric::mysql::Row current_row_;
  RowCopy current_copy_;
  bool has_current_ = false;
  std::optional<fabric::mysql::MysqlError> error_;
};

}  // namespace driver
