#include "driver/rows/read_ahead_reply.h"

namespace driver::rows {

using fabric::base::Deadline;
using fabric::mysql::Cell;
using fabric::mysql::Row;

std::size_t ReadAheadReply::step(Deadline deadline) noexcept {
  if (error_ != nullptr || at_end_) return 0;
  try {
    const Row* row = live_->fetch(deadline);
    at_end_ = row == nullptr;
    if (at_end_) return 0;
    kept_.append(*row);
    std::size_t bytes = sizeof(Cell);
    for (const Cell& cell : *row) bytes += cell.size;
    return bytes;
  } catch (...) {
    error_ = std::current_exception();
    return 0;
  }
}

void ReadAheadReply::tell_failure() const {
  if (error_ != nullptr) std::rethrow_exception(error_);
}

const Row* ReadAheadReply::fetch(Deadline deadline) {
  if (next_ < kept_.size()) return kept_.read(next_++);
  tell_failure();
  if (next_ > 0) {
    kept_.clear();
    next_ = 0;
  }
  return live_->fetch(deadline);
}

bool ReadAheadReply::next_result(Deadline deadline) {
  kept_.clear();
  next_ = 0;
  tell_failure();
  at_end_ = false;
  return live_->next_result(deadline);
}

}  // namespace driver::rows
