// How a statement reaches a server and what happens when the link to it is lost.
#include "driver/connection.h"
#include "driver/statement.h"
#include "fabric/base/error.h"
#include "fabric/mysql/error_traits.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::Error;
using fabric::mysql::MysqlError;
using fabric::mysql::Reply;
using fabric::mysql::ServerConnection;

void Connection::borrow(Deadline deadline) {
  pool::BorrowRequest request;
  request.mode = settings_.fabric.mode;
  request.database = session_.database;
  request.pool_deadline = Deadline::after(clock(), settings_.pool_timeout);
  request.deadline = deadline;
  borrowed_ = group_pool_->borrow(request);
  lease_generation_ = Runtime::generation();
  transaction_open_ = false;
  link_lost_ = false;
  const std::string group = borrowed_.server.group.empty() ? "" : borrowed_.server.group + "/";
  const std::string origin = group + borrowed_.server.endpoint.text();
  diagnostics.set_origin(origin);
  for (Statement* statement : statements_) statement->diagnostics.set_origin(origin);
}

void Connection::ensure_lease(Deadline deadline) {
  require_connected();
  drop_if_forked();
  give_back_if_retired();
  while (!borrowed_.lease) {
    borrow(deadline);
    try {
      if (session_.restore(borrowed_.lease.connection(), deadline)) {
        borrowed_.lease.left_behind(pool::Residue::kSession);
      }
    } catch (const MysqlError& error) {
      const bool lost = borrowed_.lease.connection().broken();
      if (lost) group_pool_->failed(borrowed_.server, error);
      lose_lease();
      if (!lost || deadline.passed(clock().now())) throw;
    }
  }
}

void Connection::drop_if_forked() {
  if (!borrowed_.lease || lease_generation_ == Runtime::generation()) return;
  for (Statement* statement : statements_) statement->abandon_after_fork();
  streaming_ = nullptr;
  borrowed_.lease.abandon();
  if (transaction_open_) transaction_lost_ = true;
  transaction_open_ = false;
  session_.forget_lost();
  runtime_ = &Runtime::current();
  find_group(Deadline::after(clock(), settings_.failover_timeout));
}

void Connection::give_back_if_retired() {
  if (!borrowed_.lease || borrowed_.lease.current() || must_keep_lease() || streaming_ != nullptr) {
    return;
  }
  lose_lease();
}

void Connection::make_way() {
  if (streaming_ == nullptr) return;
  Statement* statement = streaming_;
  streaming_ = nullptr;
  statement->spool();
}

void Connection::lose_lease() {
  for (Statement* statement : statements_) statement->forget_prepared();
  streaming_ = nullptr;
  borrowed_ = {};
  transaction_open_ = false;
}

FailureContext Connection::failure_context(bool rows_given) const {
  FailureContext context;
  context.in_transaction = transaction_open_;
  context.autocommit = session_.autocommit;
  context.pinned = session_.pinned();
  context.rows_given = rows_given;
  context.retry_allowed = settings_.failover_retry == FailoverRetry::kSafe;
  context.other_server_possible =
      settings_.has_fabric() && settings_.fabric.mode == fabric::RequestMode::kReadWrite;
  return context;
}

void Connection::fail(const MysqlError& error, const FailureVerdict& verdict,
                      const std::string& lost_names) {
  std::string text = error.what() + advice_for(verdict);
  if (!lost_names.empty()) text += " (lost with the connection: " + lost_names + ")";
  throw Error(verdict.state, text, error.native());
}

void Connection::handle(const MysqlError& error, const StatementFacts& facts, bool rows_given,
                        bool* counted_as_success) {
  *counted_as_success = false;
  const FailureVerdict verdict = judge(error, facts, failure_context(rows_given));
  if (verdict.action == FailureAction::kTell) {
    transaction_open_ = borrowed_.lease.connection().in_transaction();
    throw Error(verdict.state, error.what(), error.native());
  }
  group_pool_->failed(borrowed_.server, error);
  const std::string lost_names = session_.pin_names();
  if (!borrowed_.lease.connection().broken()) borrowed_.lease.connection().mark_broken();
  lose_lease();
  session_.forget_lost();
  link_lost_ = verdict.action == FailureAction::kTellLost;
  transaction_lost_ = verdict.transaction_lost;
  if (verdict.action == FailureAction::kRetry) return;
  if (verdict.action == FailureAction::kCountAsSuccess) {
    *counted_as_success = true;
    return;
  }
  fail(error, verdict, lost_names);
}

void Connection::refuse_lost_state(const StatementFacts& facts) const {
  if (transaction_lost_) {
    throw Error(SqlState::k25S03,
                "The transaction was rolled back when its link was lost: end it with ROLLBACK "
                "(SQLEndTran), then run it again from its start");
  }
  if (facts.reads_insert_id && session_.insert_id_lost()) {
    throw Error(SqlState::k08S01,
                "LAST_INSERT_ID() was lost with the connection that inserted: read the row back by "
                "another key");
  }
}

void Connection::note_executed(const StatementFacts& facts) {
  const ServerConnection& connection = borrowed_.lease.connection();
  transaction_open_ = connection.in_transaction() ||
                      (!session_.autocommit && facts.kind != StatementKind::kCommit &&
                       facts.kind != StatementKind::kRollback);
  session_.executed(facts, connection);
  if (facts.leaves.has(SessionEffect::kRole)) {
    borrowed_.lease.left_behind(pool::Residue::kWhole);
  } else if (!facts.pure_read) {
    borrowed_.lease.left_behind(pool::Residue::kSession);
  }
}

std::unique_ptr<Reply> Connection::execute(const StatementFacts& facts, const Command& command,
                                           Deadline deadline) {
  require_connected();
  if (transaction_lost_ && facts.kind == StatementKind::kRollback) {
    transaction_lost_ = false;
    return nullptr;
  }
  refuse_lost_state(facts);
  make_way();
  const Deadline failover = Deadline::after(clock(), settings_.failover_timeout);
  for (;;) {
    ensure_lease(earliest(deadline, failover));
    try {
      auto reply = command(borrowed_.lease.connection());
      note_executed(facts);
      return reply;
    } catch (const MysqlError& error) {
      bool counted_as_success = false;
      handle(error, facts, false, &counted_as_success);
      if (counted_as_success) return nullptr;
    }
  }
}

void Connection::reading_failed(const MysqlError& error, const StatementFacts& facts,
                                bool rows_given) {
  bool counted_as_success = false;
  if (!borrowed_.lease) throw Error(error.state(), error.what(), error.native());
  handle(error, facts, rows_given, &counted_as_success);
}

void Connection::finished_reading(const StatementFacts& facts) {
  if (borrowed_.lease) note_executed(facts);
}

ServerConnection& Connection::ready_connection(Deadline deadline) {
  make_way();
  ensure_lease(earliest(deadline, Deadline::after(clock(), settings_.failover_timeout)));
  return borrowed_.lease.connection();
}

}  // namespace driver
