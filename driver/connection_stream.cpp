// Results that nobody reads: reading on before the server loses its patience, and closing early.
#include <utility>

#include "driver/connection.h"
#include "driver/statement.h"
#include "fabric/mysql/mysql_error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::mysql::MysqlError;
using fabric::mysql::Reply;
using fabric::mysql::Row;

namespace {

/// One look's worth: enough for the server to go on, little enough for a caller to wait.
constexpr std::size_t kAheadBytes = std::size_t{4} << 20U;

// What is read of a result that is closed early, before its query is killed.
constexpr std::size_t kDrainBytes = std::size_t{1} << 20U;
constexpr std::size_t kDrainRows = 10'000;
constexpr std::chrono::milliseconds kDrainWait{10};
constexpr std::chrono::seconds kAfterKill{5};

/// Ending these early takes back nothing that they were to do.
bool only_reads(sql::StatementKind kind) {
  return kind == sql::StatementKind::kSelect || kind == sql::StatementKind::kValues ||
         kind == sql::StatementKind::kShow || kind == sql::StatementKind::kExplain ||
         kind == sql::StatementKind::kHandler;
}

}  // namespace

void Connection::note_streaming() {
  ++fetches_;
  if (watched_) return;
  runtime_->read_ahead().add(*this);
  watched_ = true;
}

void Connection::read_ahead() noexcept {
  if (streaming_ == nullptr || !borrowed_.lease || generation_ != Runtime::generation()) return;
  if (std::exchange(fetches_seen_, fetches_) != fetches_) return;
  try {
    streaming_->read_ahead(borrowed_.lease.connection(), kAheadBytes);
  } catch (...) {
    // No room for the row that the application stands on: nothing was read.
  }
}

/// True when all was read.
bool Connection::drained(Reply& reply) {
  std::size_t bytes = 0;
  for (std::size_t rows = 0; rows < kDrainRows && bytes < kDrainBytes; ++rows) {
    if (reply.finished()) return true;
    if (!borrowed_.lease.connection().answer_waits(kDrainWait)) return false;
    const Row* row = reply.fetch(Deadline::never());
    if (row == nullptr && !reply.next_result(Deadline::never())) return true;
    if (row == nullptr) continue;
    for (const fabric::mysql::Cell& cell : *row) bytes += cell.size;
  }
  return false;
}

void Connection::end_reading(const Statement& statement, Reply& reply,
                             const sql::StatementFacts& facts) noexcept {
  Deadline deadline = Deadline::never();
  try {
    if (!borrowed_.lease) return;
    if (only_reads(facts.kind) && (facts.pure_read || !must_keep_lease())) {
      if (drained(reply)) return finished_reading(facts, reply);
      if (kill(statement)) {
        deadline = Deadline::after(clock(), kAfterKill);
      } else if (!must_keep_lease()) {
        return;  // closing the reply drops the connection
      }
    }
    while (reply.next_result(deadline)) {
    }
    finished_reading(facts, reply);
  } catch (...) {
    // Killed, or the link is lost: the next statement will find it so and say what that means.
  }
}

bool Connection::kill(const Statement& statement) {
  const CancelPoint::Running running(*cancel_point_, statement);
  try {
    return cancel_point_->cancel(&statement);
  } catch (const MysqlError&) {
    return false;
  }
}

/// Its server session is the KILL's target: no other statement may be there when it arrives.
void Connection::drop_if_kill_is_under_way() {
  if (!borrowed_.lease || !cancel_point_->kill_under_way()) return;
  borrowed_.lease.connection().mark_broken();
}

void Connection::absorb_stray_kill(Deadline deadline) {
  if (streaming_ != nullptr) return;
  if (cancel_point_->take_stray_kill() == CancelPoint::StrayKill::kNone) return;
  try {
    borrowed_.lease.connection().run("DO 0", deadline);
  } catch (const MysqlError&) {
    // The KILL is spent now. A lost link shows in the command that follows, not yet sent.
  }
}

}  // namespace driver
