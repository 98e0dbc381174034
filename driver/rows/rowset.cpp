#include "driver/rows/rowset.h"

namespace driver::rows {

using fabric::mysql::Row;

void Rowset::clear() { start(0, false); }

void Rowset::show(SpooledReply& source, std::uint64_t first, std::size_t size) {
  start(first, false);
  source_ = &source;
  size_ = size;
}

void Rowset::add(const Row& row, fabric::mysql::RowLayout layout) {
  ++size_;
  if (several_) {
    kept_.append(row, layout);
  } else {
    seen_ = &row;
  }
}

void Rowset::keep() {
  if (seen_ == nullptr) return;
  kept_.append(*seen_);
  seen_ = nullptr;
  read_ = kNone;
}

const Row* Rowset::stored_row(std::size_t index) {
  if (read_ != index) {
    read_row_ = source_ != nullptr ? source_->row(number_of(index) - 1) : kept_.read(index);
    read_ = index;
  }
  return read_row_;
}

void Rowset::replace(std::size_t index, const Row& row) {
  kept_.replace(index, row);
  read_ = kNone;
}

}  // namespace driver::rows
