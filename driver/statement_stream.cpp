// A result that is read before the application asks for it: so that the server need not wait, or
// because its rows are to be counted.
#include <algorithm>

#include "driver/rows/read_ahead_reply.h"
#include "driver/statement.h"
#include "fabric/mysql/server_connection.h"

namespace driver {

using fabric::base::Deadline;
using fabric::mysql::MysqlError;

namespace {

/// So much of a result is read on to count its rows (docs/adr/0002-row-counts.md).
constexpr std::size_t kCountedBytes = std::size_t{8} << 20U;

}  // namespace

rows::ReadAheadReply& Statement::ahead() {
  rowset_.keep();
  if (auto* ahead = dynamic_cast<rows::ReadAheadReply*>(reply_.get())) return *ahead;
  auto fresh = std::make_unique<rows::ReadAheadReply>(std::move(reply_),
                                                      connection_.settings().spool_memory);
  rows::ReadAheadReply& ahead = *fresh;
  reply_ = std::move(fresh);
  get_plan_.forget();
  return ahead;
}

void Statement::note_kept(const rows::ReadAheadReply& ahead) {
  if (!ahead.wire_free()) return;
  live_ = false;
  if (connection_.streaming() == this) connection_.set_streaming(nullptr);
  connection_.finished_reading(facts_, ahead);
}

void Statement::read_ahead(fabric::mysql::ServerConnection& wire, std::size_t most) {
  const auto waits = [&wire] { return wire.answer_waits(fabric::base::Duration::zero()); };
  if (!live_ || reply_ == nullptr || reply_->columns().empty() || !waits()) return;
  rows::ReadAheadReply& reply = ahead();
  for (std::size_t read = 0; read < most && waits();) {
    const std::size_t bytes = reply.step(Deadline::never());
    if (bytes == 0) break;
    read += bytes;
  }
  note_kept(reply);
}

SQLLEN Statement::row_count() {
  if (state_ == StatementState::kAllocated || state_ == StatementState::kPrepared) {
    throw fabric::base::Error(SqlState::kHY010, "No statement was executed");
  }
  const bool unknown = row_count_ < 0 && state_ == StatementState::kCursorOpen;
  if (!unknown || reply_ == nullptr || counting_given_up_) return row_count_;
  if (const auto* spooled = dynamic_cast<const rows::SpooledReply*>(reply_.get())) {
    if (!spooled->cut_off()) set_row_count(counted(spooled->rows_left()));
  } else if (live_ && !connection_.settings().options.no_cache) {
    count_rows();
  } else if (const auto* kept = dynamic_cast<const rows::ReadAheadReply*>(reply_.get())) {
    if (kept->at_end()) set_row_count(counted(kept->rows_kept()));
  }
  return row_count_;
}

/// Of the whole result, when `left` rows of it are to be fetched.
SQLLEN Statement::counted(std::uint64_t left) const {
  const SQLULEN most = cursor_options_.max_rows();
  const std::uint64_t all = rows_read_ + left;
  return static_cast<SQLLEN>(most == 0 ? all : std::min<std::uint64_t>(all, most));
}

/// Reads the result at hand on to its end, or until enough is kept: then its rows stay uncounted,
/// and the rest streams as before.
void Statement::count_rows() {
  const CancelPoint::Running running(connection_.cancel_point(), *this);
  for (bool again = false;; again = true) {
    rows::ReadAheadReply& reply = ahead();
    const std::size_t most = std::min(kCountedBytes, connection_.settings().spool_memory);
    const SQLULEN enough = cursor_options_.max_rows();
    std::size_t kept = 0;
    while (kept < most && (enough == 0 || rows_read_ + reply.rows_kept() < enough)) {
      const std::size_t bytes = reply.step(answer_deadline());
      if (bytes == 0) break;
      kept += bytes;
    }
    try {
      if (!rows_given_) reply.tell_failure();
    } catch (const MysqlError& error) {
      connection_.reading_failed(error, facts_, again);
      run_again();
      continue;
    }
    counting_given_up_ = kept >= most && !reply.at_end();
    const bool all = enough != 0 && rows_read_ + reply.rows_kept() >= enough;
    if (reply.at_end() || all) set_row_count(counted(reply.rows_kept()));
    return note_kept(reply);
  }
}

}  // namespace driver
