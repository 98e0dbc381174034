// The rows of a result that the application stands on (ODBC 3.8, "Block cursors"): those of a
// static cursor lie in its SpooledReply; streamed ones are copied here when there are several, or
// when the wire is needed for something else. Guarded by the connection's mutex.
#pragma once

#include <cstddef>
#include <cstdint>

#include "driver/odbc.h"
#include "driver/rows/row_store.h"
#include "driver/rows/spooled_reply.h"

namespace driver::rows {

class Rowset {
 public:
  explicit Rowset(std::size_t memory_limit) : kept_(memory_limit) {}

  /// No rows: before the first fetch, past an end, or closed.
  void clear();
  /// Rows of `source`, which lives as long as they are shown. `first` counts from 1.
  void show(SpooledReply& source, std::uint64_t first, std::size_t size);
  /// Rows that follow by add(), one or `several`.
  void start(std::uint64_t first, bool several) {
    source_ = nullptr;
    seen_ = nullptr;
    if (!kept_.empty()) kept_.clear();
    several_ = several;
    first_ = first;
    size_ = 0;
    current_ = 0;
    read_ = kNone;
  }
  /// A single row is only looked at, until keep().
  void add(const fabric::mysql::Row& row, fabric::mysql::RowLayout layout);
  /// A single one.
  void show(const fabric::mysql::Row& row) {
    size_ = 1;
    seen_ = &row;
  }
  /// What the current row points at goes: it is copied.
  void keep();

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  /// The number of row `index` (from 0) in the whole result, from 1.
  [[nodiscard]] std::uint64_t number_of(std::size_t index) const { return first_ + index; }
  /// Row `index` from 0; valid until another one is asked for.
  const fabric::mysql::Row* row(std::size_t index) {
    return seen_ != nullptr ? seen_ : stored_row(index);
  }
  /// The same where it takes no reading; else null.
  [[nodiscard]] const fabric::mysql::Row* row_at_hand() const {
    if (seen_ != nullptr) return seen_;
    return read_ == current_ && !empty() ? read_row_ : nullptr;
  }
  [[nodiscard]] bool stored() const { return source_ != nullptr; }

  /// The row that SQLGetData reads and positioned statements change; null without rows.
  const fabric::mysql::Row* current_row() { return empty() ? nullptr : row(current_); }
  [[nodiscard]] std::size_t current() const { return current_; }
  void position(std::size_t index) { current_ = index; }
  /// Puts a row that was streamed, and kept, in the place of another.
  void replace(std::size_t index, const fabric::mysql::Row& row);
  /// A row of the source was replaced.
  void source_changed() { read_ = kNone; }

 private:
  const fabric::mysql::Row* stored_row(std::size_t index);

  SpooledReply* source_ = nullptr;
  const fabric::mysql::Row* seen_ = nullptr;  ///< a single streamed row
  RowStore kept_;
  bool several_ = false;
  std::uint64_t first_ = 0;
  std::size_t size_ = 0;
  std::size_t current_ = 0;
  static constexpr std::size_t kNone = ~std::size_t{0};
  std::size_t read_ = kNone;  ///< the row that `read_row_` shows
  const fabric::mysql::Row* read_row_ = nullptr;
};

}  // namespace driver::rows
