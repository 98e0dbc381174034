// What is left of a reply, kept on this side: so that the connection is free for another statement,
// or so that a scrollable cursor finds any of its rows. Belongs to the statement that reads it;
// guarded by its connection's mutex.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "driver/rows/row_store.h"
#include "fabric/mysql/mysql_error.h"
#include "fabric/mysql/reply.h"

namespace driver::rows {

class SpooledReply final : public fabric::mysql::Reply {
 public:
  explicit SpooledReply(std::size_t memory_limit) : rows_(memory_limit) {}

  /// Reads everything that is left of `live`. May throw what `live` throws; what was read until
  /// then stays.
  void take(fabric::mysql::Reply& live, fabric::base::Deadline deadline);
  /// The same of the current result of `live` alone.
  void take_result(fabric::mysql::Reply& live, fabric::base::Deadline deadline);
  /// The same, its rows behind those of the result before if both have the same columns.
  void take_behind(fabric::mysql::Reply& live, fabric::base::Deadline deadline);
  /// After a failed take(): reading past what is kept throws this.
  void end_with(const fabric::mysql::MysqlError& error) { error_ = error; }

  /// The rows of the result at hand, fetched or not.
  [[nodiscard]] std::uint64_t row_count() const { return results_.front().rows; }
  /// Of them, those that fetch() has still to give.
  [[nodiscard]] std::uint64_t rows_left() const { return row_count() - next_; }
  /// The result at hand ends with an error.
  [[nodiscard]] bool cut_off() const { return error_.has_value() && results_.size() == 1; }
  /// Row `index` from 0; valid until the next row is asked for.
  const fabric::mysql::Row* row(std::uint64_t index);
  /// Puts a row in the place of number `index`.
  void replace(std::uint64_t index, const fabric::mysql::Row& row);
  /// Puts these, as many, in the place of the columns of the result at hand.
  void describe(std::vector<fabric::mysql::Column> columns) {
    results_.front().columns = std::move(columns);
  }

  [[nodiscard]] const std::vector<fabric::mysql::Column>& columns() const override;
  [[nodiscard]] fabric::mysql::RowFormat format() const override;
  [[nodiscard]] bool out_parameters() const override { return results_.front().out_parameters; }
  [[nodiscard]] const fabric::mysql::Counts& counts() const override;
  const fabric::mysql::Row* fetch(fabric::base::Deadline deadline) override;
  bool next_result(fabric::base::Deadline deadline) override;
  [[nodiscard]] bool finished() const override;

 private:
  void take_rows(fabric::mysql::Reply& live, fabric::base::Deadline deadline);

  struct Result {
    std::vector<fabric::mysql::Column> columns;
    fabric::mysql::RowFormat format;
    fabric::mysql::Counts counts;
    bool out_parameters = false;
    std::uint64_t rows = 0;
  };

  std::deque<Result> results_;
  RowStore rows_;
  std::uint64_t first_ = 0;  ///< of rows_: the result at hand
  std::uint64_t next_ = 0;   ///< of the result at hand, to be fetched
  std::optional<fabric::mysql::MysqlError> error_;
};

}  // namespace driver::rows
