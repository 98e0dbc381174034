// How a statement reaches a server and what happens when the link to it is lost.
#include <algorithm>
#include <utility>

#include "driver/auto_mode.h"
#include "driver/connection.h"
#include "driver/statement.h"
#include "fabric/base/error.h"
#include "fabric/mysql/error_traits.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::Error;
using fabric::mysql::kInterrupted;
using fabric::mysql::kReadOnlyTransaction;
using fabric::mysql::MysqlError;
using fabric::mysql::Reply;
using fabric::mysql::ServerConnection;

namespace {

constexpr unsigned kNothingToDrop = 1091;  // no column, key or index of that name

}  // namespace

void Connection::make_way() {
  if (streaming_ == nullptr) return;
  Statement* statement = streaming_;
  streaming_ = nullptr;
  statement->spool();
}

FailureContext Connection::failure_context(const Attempt& attempt) const {
  FailureContext context;
  context.in_transaction = transaction_.open;
  context.transaction_doubtful = transaction_.doubtful;
  context.autocommit = session_.autocommit;
  context.pinned = session_.pinned();
  context.rows_given = attempt.rows_given;
  context.retry_allowed = settings_.failover_retry == settings::FailoverRetry::kSafe &&
                          !attempt.failover.passed(clock().now());
  context.farm = settings_.has_fabric();
  context.read_write = lease_mode_ == fabric::RequestMode::kReadWrite;
  context.auto_read =
      route_mode_ == settings::FabricMode::kAuto && !context.read_write && !must_keep_lease();
  context.read_only_session = session_.read_only_wanted();
  context.reruns = attempt.reruns;
  return context;
}

void Connection::fail(const MysqlError& error, const FailureVerdict& verdict,
                      const std::string& lost_names) {
  std::string text = error.what() + advice_for(verdict);
  if (!lost_names.empty()) text += " (lost with the connection: " + lost_names + ")";
  runtime_->log().note(fabric::base::LogLevel::kError, [&] {
    return *name_ + ": a statement failed with its connection (" +
           fabric::base::code_of(verdict.state) + "): " + error.what();
  });
  throw Error(verdict.state, text, error.native());
}

bool Connection::run_again_after(const MysqlError& error, const sql::StatementFacts& facts,
                                 const Attempt& attempt) {
  const std::optional<MysqlError> lost_read = std::exchange(lost_read_, std::nullopt);
  if (lost_read && guarded_ && error.number() == kReadOnlyTransaction) {
    note_refused(error, facts);
    fail(*lost_read, {FailureAction::kTellLost, SqlState::k08007}, {});
  }
  const FailureVerdict verdict = judge(error, facts, failure_context(attempt));
  if (verdict.action == FailureAction::kTell) {
    note_refused(error, facts);
    if (error.number() == kInterrupted && cancel_point_->went_off()) throw late_statement(facts);
    const bool no_index = error.number() == kNothingToDrop && facts.drops_index;
    throw Error(no_index ? SqlState::k42S12 : verdict.state, error.what(), error.native());
  }
  if (verdict.action == FailureAction::kRolledBack) {
    transaction_.open = transaction_.doubtful = false;
    return false;
  }
  if (verdict.action == FailureAction::kRunOnPrimary || verdict.action == FailureAction::kRetry) {
    borrowed_.lease.note_retry();
    runtime_->log().note(fabric::base::LogLevel::kInfo, [&] {
      return *name_ + ": a statement is run again unseen: " + error.what();
    });
  }
  if (verdict.action == FailureAction::kRunOnPrimary) {
    // It has run up to what the server refused: a function behind a view may have left something.
    borrowed_.lease.left_behind(pool::Residue::kSession);
    leave_lease(attempt.failover);
    needs_primary_ = true;
    lost_read_ = lost_read;
    return true;
  }
  group_pool_->failed(borrowed_.server, error);
  write_refused_ |= fabric::mysql::traits_of(error.number(), error.what(), {}).read_only_server;
  const std::string lost_names = session_.pin_names();
  if (!borrowed_.lease.connection().broken()) borrowed_.lease.connection().mark_broken();
  lose_lease();
  link_lost_ = verdict.action == FailureAction::kTellLost;
  transaction_.lost |= verdict.transaction_lost;  // once lost, it stays so until it is ended
  if (verdict.action == FailureAction::kTellLost) fail(error, verdict, lost_names);
  const bool sent = error.loss() == fabric::mysql::LinkLoss::kAfterSend;
  lost_read_ = sent && facts.kind == sql::StatementKind::kSelect ? error : lost_read;
  return verdict.action == FailureAction::kRetry;
}

void Connection::note_refused(const MysqlError& error, const sql::StatementFacts& facts) {
  if (facts.kind == sql::StatementKind::kEmpty) return;
  borrowed_.lease.left_behind(pool::Residue::kSession);  // the error itself
  leftovers_.refused();
  session_.failed(facts);
  forget_reading(facts);
  transaction_.refused(facts, error.number(), borrowed_.lease.connection().in_transaction(),
                       session_.autocommit);
}

void Connection::refuse_in_lost_transaction(const sql::StatementFacts& facts) {
  if (!untold_ && !transaction_.lost) return;
  const std::optional<Error> untold = std::exchange(untold_, std::nullopt);
  if (transaction_.lost) transaction_.lost = facts.kind != sql::StatementKind::kCommit;
  if (untold) throw Error(*untold);
  throw Error(SqlState::k25S03,
              "The transaction ended when its link was lost, as the error before says: end it here "
              "too with ROLLBACK (SQLEndTran); if it was rolled back, run it again from its start");
}

/// A server that forgot its read_only would take it, and nobody would ever read it. Temporary
/// tables are the session's own.
void Connection::refuse_write_on_secondary(const sql::StatementFacts& facts) const {
  if (lease_mode_ != fabric::RequestMode::kReadOnly || borrowed_.server.writable()) return;
  if (!facts.writes || session_.pinned()) return;
  throw Error(SqlState::k25000,
              "The session is on a secondary (FABRIC_MODE=RO), where nothing is written: use "
              "FABRIC_MODE=RW or AUTO, or say /*fabric: mode=rw */");
}

void Connection::refuse_lost_values(const sql::StatementFacts& facts) const {
  if (facts.reads_sequence && session_.sequences_lost()) {
    throw Error(SqlState::k08S01,
                "LASTVAL() and PREVIOUS VALUE were left on the connection that NEXTVAL ran on, as "
                "the session went to another group or lost it: keep what NEXTVAL answers");
  }
  if (!facts.reads_insert_id || !session_.insert_id_lost()) return;
  throw Error(SqlState::k08S01,
              "LAST_INSERT_ID() was lost with the connection that inserted: read the row back by "
              "another key");
}

void Connection::note_executed(const sql::StatementFacts& facts, const Reply* reply) {
  session_.executed(facts, borrowed_.lease.connection(), reply);
  forget_reading(facts);
  note_answered(facts, reply);
}

void Connection::note_answered(const sql::StatementFacts& facts, const Reply* reply) {
  leftovers_.answered(facts, reply, session_.auto_is_null);
  transaction_.answered(facts, borrowed_.lease.connection().in_transaction(), session_.autocommit);
  if (!leftovers_.for_the_next().empty()) borrowed_.lease.left_behind(pool::Residue::kSession);
}

/// Before it runs: what fails half-way has left its half.
void Connection::note_residue(const sql::StatementFacts& facts) {
  if (settings_.lease_per_transaction) {
    for (const sql::CalledFunction& function : facts.called) {
      if (std::ranges::find(called_, function) == called_.end()) called_.push_back(function);
    }
    if (facts.kind == sql::StatementKind::kDdl) runtime_->facts().forget();
  }
  if (sql::may_change_reading(facts)) borrowed_.lease.forget_statements();
  if (facts.outlives_reset || facts.leaves.has(sql::SessionEffect::kRole)) {
    borrowed_.lease.left_behind(pool::Residue::kLasting);
  } else if (!facts.pure_read) {
    borrowed_.lease.left_behind(pool::Residue::kSession);
  }
}

/// For READ_AFTER_WRITE; whatever came of the statement.
void Connection::note_write(const sql::StatementFacts& facts) {
  const bool wrote =
      lease_mode_ == fabric::RequestMode::kReadWrite && may_write(facts, transaction_.wrote());
  if (wrote) note_written();
  transaction_.note_write(facts, wrote);
}

void Connection::note_written() {
  wrote_at_ = clock().now();
  writes_.note(borrowed_.server, borrowed_.lease.connection());
}

/// Of what was taken for a read.
void Connection::note_hidden_write() {
  note_written();
  borrowed_.lease.left_behind(pool::Residue::kSession);
}

void Connection::run(const Plan& plan, Action action, Deadline deadline) {
  /// What was lost concerns this statement alone, however it ends.
  struct Forgetting {
    std::optional<MysqlError>& lost_read;
    ~Forgetting() { lost_read.reset(); }
  } const forgetting{lost_read_};
  Attempt attempt{.failover = Deadline::after(clock(), settings_.failover_timeout)};
  for (bool on_primary = false;; ++attempt.reruns) {
    on_primary |= std::exchange(needs_primary_, false);
    Need need = fabric::RequestMode::kReadWrite;
    if (!on_primary) need = plan.where == Where::kHere ? Need() : need_of(plan.target);
    ensure_lease(deadline, attempt.failover, need);
    refuse_write_on_secondary(plan.facts);
    refuse_lost_values(plan.facts);
    leftovers_.require(plan.facts, settings_.lease_per_transaction);
    try {
      clean_if_it_shows(plan.facts, deadline);
      ready_session(plan.facts, deadline);
      action(borrowed_.lease.connection());
      note_write(plan.facts);
      if (on_primary) note_hidden_write();
      return;
    } catch (const MysqlError& error) {
      note_write(plan.facts);
      if (!run_again_after(error, plan.facts, attempt)) return;
    }
  }
}

std::unique_ptr<Reply> Connection::execute(const sql::StatementFacts& facts, Command command,
                                           Deadline deadline, Where where) {
  require_connected();
  if (transaction_.lost && facts.kind == sql::StatementKind::kRollback) {
    transaction_.lost = false;
    untold_.reset();
    return nullptr;
  }
  refuse_in_lost_transaction(facts);
  make_way();
  std::unique_ptr<Reply> reply;
  const auto action = [&](ServerConnection& connection) {
    leftovers_.ran();
    note_residue(facts);
    reply = command(connection);
    note_executed(facts, reply.get());
  };
  run({facts, facts, where}, action, deadline);
  return reply;
}

void Connection::without_effect(const sql::StatementFacts& facts, Action action,
                                Deadline deadline) {
  require_connected();
  make_way();
  sql::StatementFacts nothing;
  nothing.pure_read = true;
  run({nothing, facts}, action, deadline);
}

void Connection::ask_here(Action action, Deadline deadline) {
  make_way();
  // A read that is run again now is guarded all the same.
  struct PutBack {
    std::optional<MysqlError>& place;
    std::optional<MysqlError> kept = std::exchange(place, std::nullopt);
    ~PutBack() { place = std::move(kept); }
  } const put_back{lost_read_};
  sql::StatementFacts nothing;
  nothing.pure_read = true;
  run({nothing, nothing, Where::kHere}, action, deadline);
}

void Connection::tell_with_next(const Error& error) {
  if (error.state() == SqlState::k40001 || error.state() == SqlState::k08S01) untold_ = error;
}

void Connection::reading_failed(const MysqlError& error, const sql::StatementFacts& facts,
                                bool rows_given) {
  if (!borrowed_.lease) throw Error(error.state(), error.what(), error.native());
  run_again_after(error, facts, {.rows_given = rows_given});
}

void Connection::finished_reading(const sql::StatementFacts& facts, const Reply& reply) {
  if (!borrowed_.lease) return;
  // Of a pure read nothing is known by its end that was not known at its beginning.
  facts.pure_read ? note_answered(facts, &reply) : note_executed(facts, &reply);
  note_write(facts);
}

ServerConnection& Connection::ready_connection(Deadline deadline) {
  make_way();
  ensure_lease(deadline);
  return borrowed_.lease.connection();
}

}  // namespace driver
