// What text and binary replies have in common: the stream of row packets, which are read below the
// library's own result sets and cut where they lie, and the bounded draining of what nobody read.
// Internal to this folder; belongs to the thread that uses the connection.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "fabric/mysql/reply.h"
#include "fabric/mysql/session.h"

namespace fabric::mysql {

/// What is known of a result's columns. Results of one statement look alike as a rule, and share
/// it.
struct ResultHead {
  std::vector<Column> columns;
  std::vector<std::uint8_t> widths;  ///< bytes of binary values; 0: each says its own
};
using SharedHead = std::shared_ptr<const ResultHead>;

class WireReply : public Reply {
 public:
  [[nodiscard]] const std::vector<Column>& columns() const override {
    return head_ == nullptr ? none_ : head_->columns;
  }
  [[nodiscard]] std::shared_ptr<const std::vector<Column>> shared_columns() const override {
    return head_ == nullptr ? nullptr
                            : std::shared_ptr<const std::vector<Column>>(head_, &head_->columns);
  }
  [[nodiscard]] RowLayout layout() const final { return RowLayout::kPacket; }
  [[nodiscard]] const Counts& counts() const override { return counts_; }
  [[nodiscard]] bool out_parameters() const override { return out_parameters_; }
  const Row* fetch(base::Deadline deadline) override;
  const Row* fetch_at_hand() override;
  bool next_result(base::Deadline deadline) override;
  [[nodiscard]] bool finished() const override { return !in_rows_ && !more_results_; }

 protected:
  explicit WireReply(std::shared_ptr<Session> session) : session_(std::move(session)) {}

  /// Reads the command's first answer: a result's head and first row, or its counts when it has no
  /// rows.
  void begin();
  /// To be called by the destructors of derived classes: reads a little, else breaks the link.
  void leave() noexcept;
  [[nodiscard]] Session& session() { return *session_; }
  /// A row's; their addresses stay.
  [[nodiscard]] std::span<Cell> cells() const { return cells_; }
  [[nodiscard]] const ResultHead& head() const { return *head_; }

  /// Points cells() into a row's packet; false where it holds fewer.
  virtual bool cut(std::span<const std::uint8_t> packet) = 0;
  /// Of the result before this one: of the same statement, if that is known.
  virtual SharedHead& latest_head() = 0;

 private:
  bool take_known_head();
  void take_answer();
  SharedHead described(const MYSQL_FIELD* fields, unsigned count);
  void begin_rows(SharedHead head);
  const Row* read_row();
  const Row* row_of(std::span<const std::uint8_t> packet);
  void note_end(std::span<const std::uint8_t> packet);
  void leave_rows();
  void end_result();
  [[noreturn]] void fail(const MysqlError& error);

  std::shared_ptr<Session> session_;
  SharedHead head_;  ///< null: no columns
  const std::vector<Column> none_;
  static constexpr std::size_t kFew = 8;
  std::array<Cell, kFew> few_cells_;
  std::vector<Cell> many_cells_;
  std::span<Cell> cells_;
  Row row_;
  const Row* first_ = nullptr;  ///< read already, not given out yet
  Counts counts_;
  bool out_parameters_ = false;
  bool in_rows_ = false;
  bool more_results_ = false;
};

/// Copies the library's description of columns.
SharedHead head_of(const MYSQL_FIELD* fields, unsigned count);

}  // namespace fabric::mysql
