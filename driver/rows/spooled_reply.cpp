#include "driver/rows/spooled_reply.h"

#include <algorithm>

namespace driver::rows {

using fabric::base::Deadline;
using fabric::mysql::Column;
using fabric::mysql::Reply;
using fabric::mysql::Row;

void SpooledReply::take(Reply& live, Deadline deadline) {
  do {
    take_result(live, deadline);
  } while (live.next_result(deadline));
}

void SpooledReply::take_result(Reply& live, Deadline deadline) {
  results_.push_back({live.columns(), live.format(), live.counts(), live.out_parameters()});
  take_rows(live, deadline);
}

void SpooledReply::take_behind(Reply& live, Deadline deadline) {
  if (results_.empty()) return take_result(live, deadline);
  // A value that is selected may be longer than that of the set before, or NULL.
  constexpr unsigned kNotNull = 1;
  std::vector<Column> columns = live.columns();
  std::vector<Column>& before = results_.back().columns;
  for (std::size_t i = 0; i < std::min(columns.size(), before.size()); ++i) {
    before[i].length = columns[i].length = std::max(before[i].length, columns[i].length);
    if ((before[i].flags & columns[i].flags & kNotNull) != 0) continue;
    before[i].flags = static_cast<std::uint16_t>(before[i].flags & ~kNotNull);
    columns[i].flags = static_cast<std::uint16_t>(columns[i].flags & ~kNotNull);
  }
  if (columns != before || live.format() != results_.back().format) {
    return take_result(live, deadline);
  }
  take_rows(live, deadline);
}

void SpooledReply::take_rows(Reply& live, Deadline deadline) {
  Result& result = results_.back();
  while (!result.columns.empty()) {
    const Row* row = live.fetch(deadline);
    if (row == nullptr) break;
    rows_.append(*row, live.layout());
    ++result.rows;
  }
  result.counts = live.counts();
}

const std::vector<fabric::mysql::Column>& SpooledReply::columns() const {
  return results_.front().columns;
}

fabric::mysql::RowFormat SpooledReply::format() const { return results_.front().format; }

const fabric::mysql::Counts& SpooledReply::counts() const { return results_.front().counts; }

const Row* SpooledReply::row(std::uint64_t index) { return rows_.read(first_ + index); }

void SpooledReply::replace(std::uint64_t index, const Row& row) {
  rows_.replace(first_ + index, row);
}

const Row* SpooledReply::fetch(Deadline /*deadline*/) {
  if (next_ < row_count()) return row(next_++);
  if (cut_off()) throw fabric::mysql::MysqlError(*error_);
  return nullptr;
}

bool SpooledReply::next_result(Deadline /*deadline*/) {
  if (results_.size() == 1) {
    next_ = row_count();
    if (error_) throw fabric::mysql::MysqlError(*error_);
    return false;
  }
  first_ += row_count();
  next_ = 0;
  results_.pop_front();
  return true;
}

bool SpooledReply::finished() const {
  return results_.size() == 1 && next_ == row_count() && !error_;
}

}  // namespace driver::rows
