#include "driver/transaction.h"

#include "fabric/mysql/error_traits.h"

namespace driver {

using sql::StatementKind;

namespace {

constexpr unsigned kDeadlock = 1213;
/// One of more savepoints than that, and nothing else, stays where it is.
constexpr std::size_t kMostBegins = 16;

bool begins(const sql::StatementFacts& facts) {
  return facts.kind == StatementKind::kBegin || facts.kind == StatementKind::kSavepoint;
}

}  // namespace

void Transaction::answered(const sql::StatementFacts& facts, bool at_server, bool autocommit) {
  const bool ends = facts.kind == StatementKind::kCommit || facts.kind == StatementKind::kRollback;
  const bool idle = facts.settings_only || (facts.opens_no_transaction && !announced_);
  const bool touches = idle ? open : !ends;
  const bool was_open = std::exchange(open, at_server || (!autocommit && touches));
  is_new_ = open && !was_open;
  if (!begins(facts)) begin_texts_.clear();
  doubtful = rollback_refused = false;
}

void Transaction::refused(const sql::StatementFacts& facts, unsigned error, bool at_server,
                          bool autocommit) {
  open = !autocommit || (at_server && error != kDeadlock);  // it may have taken locks all the same
  if (!autocommit) return;
  doubtful = doubtful || facts.implicit_commit || facts.ends_transaction ||
             error == fabric::mysql::kLockWaitTimeout || facts.kind == StatementKind::kCall ||
             facts.kind == StatementKind::kMulti;
}

void Transaction::note_write(const sql::StatementFacts& facts, bool wrote) {
  const bool ends = facts.ends_transaction || facts.kind == StatementKind::kCommit ||
                    facts.kind == StatementKind::kBegin;
  wrote_ = open && !ends && (wrote_ || wrote);
}

void Transaction::note_run(const std::string& sql, const sql::StatementFacts& facts) {
  const bool one = facts.statement_count == 1 && !announced_ && open;
  const bool saves =
      one && facts.kind == StatementKind::kSavepoint && begin_texts_.size() < kMostBegins;
  if (one && facts.kind == StatementKind::kBegin) {
    begin_texts_ = {sql};
  } else if (saves && (!begin_texts_.empty() || is_new_)) {
    begin_texts_.push_back(sql);
  } else {
    begin_texts_.clear();
  }
  announced_ = facts.next_isolation || facts.next_read_only;
}

void Transaction::leave() {
  begin_texts_.clear();
  announced_ = open = doubtful = false;
}

}  // namespace driver
