// A streaming reply of which a part was read before the application asked for it: first what is
// kept is given, then what the wire still holds. Belongs to the statement that reads it; guarded by
// its connection's mutex.
#pragma once

#include <cstddef>
#include <exception>
#include <memory>

#include "driver/rows/row_store.h"
#include "fabric/mysql/reply.h"

namespace driver::rows {

class ReadAheadReply final : public fabric::mysql::Reply {
 public:
  ReadAheadReply(std::unique_ptr<fabric::mysql::Reply> live, std::size_t memory_limit)
      : live_(std::move(live)), kept_(memory_limit) {}

  /// Keeps one more row of the result at hand and returns its bytes; 0 at its end. What goes wrong
  /// is thrown later, to who reads that far.
  std::size_t step(fabric::base::Deadline deadline) noexcept;
  /// Throws what went wrong, if anything did, at once.
  void tell_failure() const;
  /// Rows of the result at hand that are kept, and whether no others follow.
  [[nodiscard]] std::uint64_t rows_kept() const { return kept_.size() - next_; }
  [[nodiscard]] bool at_end() const { return at_end_; }
  /// All is kept: another command may be sent.
  [[nodiscard]] bool wire_free() const { return live_->finished() && error_ == nullptr; }

  [[nodiscard]] const std::vector<fabric::mysql::Column>& columns() const override {
    return live_->columns();
  }
  [[nodiscard]] fabric::mysql::RowFormat format() const override { return live_->format(); }
  [[nodiscard]] bool out_parameters() const override { return live_->out_parameters(); }
  [[nodiscard]] const fabric::mysql::Counts& counts() const override { return live_->counts(); }
  const fabric::mysql::Row* fetch(fabric::base::Deadline deadline) override;
  bool next_result(fabric::base::Deadline deadline) override;
  [[nodiscard]] bool finished() const override { return next_ == kept_.size() && wire_free(); }

 private:
  std::unique_ptr<fabric::mysql::Reply> live_;
  RowStore kept_;
  std::uint64_t next_ = 0;  ///< of kept_
  bool at_end_ = false;
  std::exception_ptr error_;
};

}  // namespace driver::rows
