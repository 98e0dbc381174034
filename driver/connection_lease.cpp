// How a session comes by a physical connection, and leaves it.
#include "driver/connection.h"
#include "driver/statement.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::Error;
using fabric::mysql::MysqlError;
using fabric::mysql::ServerConnection;

void Connection::borrow(fabric::RequestMode mode, Deadline caller, Deadline failover) {
  set_origin({});  // until it is known who answers
  rested_ = false;
  waited_ = true;
  pool::BorrowRequest request;
  request.mode = mode;
  request.database = session_.database;
  request.pool_deadline = Deadline::after(clock(), settings_.pool_timeout);
  request.deadline = earliest(caller, failover);
  request.holder = name_;
  if (planned_by_ != nullptr) request.planned_by = *planned_by_;
  try {
    borrowed_ = group_pool_->borrow(request);
  } catch (const Error& error) {
    throw_timeout_if_passed(caller, error);
    throw;
  }
  if (!borrowed_.lease) throw RouteMoved();
  generation_ = Runtime::generation();
  lease_mode_ = mode;
  transaction_.open = false;
  link_lost_ = false;
  noted_pins_.clear();
  CancelTarget target;
  target.server.server = borrowed_.server.endpoint;
  target.server.credentials = settings_.credentials;
  target.thread_id = borrowed_.lease.connection().thread_id();
  target.watchdog = &runtime_->watchdog();
  target.log = &runtime_->log();
  cancel_point_->aim(std::move(target));
  const std::string group = borrowed_.server.group.empty() ? "" : borrowed_.server.group + "/";
  set_origin(group + borrowed_.server.endpoint.text());
}

void Connection::set_origin(const std::string& origin) {
  diagnostics.set_origin(origin);
  for (Statement* statement : statements_) statement->diagnostics.set_origin(origin);
}

void Connection::throw_timeout_if_passed(Deadline caller, const Error& error) const {
  const bool waited = error.state() == SqlState::k08001 || error.state() == SqlState::kHYT01;
  if (!waited || !caller.passed(clock().now())) return;
  throw Error(SqlState::kHYT00,
              std::string("The login or statement timeout passed first: ") + error.what(),
              error.native());
}

void Connection::ensure_lease(Deadline caller, Deadline failover, Need need) {
  require_connected();
  drop_if_forked();
  regroup_after_fork();
  const fabric::RequestMode mode = follow_route(earliest(caller, failover), need);
  drop_if_kill_is_under_way();
  give_back_if_useless(earliest(caller, failover));
  while (!borrowed_.lease) {
    borrow(mode, caller, failover);
    try {
      if (session_.restore(borrowed_.lease.connection(), earliest(caller, failover))) {
        borrowed_.lease.forget_statements();
        borrowed_.lease.left_behind(pool::Residue::kSession);
      }
      if (mode == fabric::RequestMode::kReadWrite &&
          writes_.catch_up(borrowed_.server, borrowed_.lease.connection(),
                           earliest(caller, failover))) {
        borrowed_.lease.left_behind(pool::Residue::kSession);
      }
    } catch (const MysqlError& error) {
      const bool lost = borrowed_.lease.connection().broken();
      if (lost) group_pool_->failed(borrowed_.server, error);
      lose_lease();
      if (!lost || caller.passed(clock().now())) throw;
      if (failover.passed(clock().now())) throw Error(SqlState::k08001, error.what());
    }
  }
  absorb_stray_kill(earliest(caller, failover));
}

void Connection::ensure_lease(Deadline caller) {
  ensure_lease(caller, Deadline::after(clock(), settings_.failover_timeout));
}

void Connection::drop_what_is_inherited() {
  if (!connected()) return;
  const CancelLater cancel_later;
  generation_ = Runtime::generation();
  regroup_ = true;
  watched_ = false;
  for (Statement* statement : statements_) statement->abandon_after_fork();
  streaming_ = nullptr;
  cancel_point_->abandon_after_fork();
  leftovers_.leave();
  if (borrowed_.lease) borrowed_.lease.abandon();
  transaction_.lose();
  session_.forget_lost();
}

void Connection::regroup_after_fork() {
  if (!regroup_) return;
  runtime_ = &Runtime::current();
  open_log();
  open_stats_file();
  if (farm_ != nullptr) farm_ = runtime_->farms().farm(settings_);
  group_pool_ = runtime_->farms().group_pool(settings_, group_pool_->group());
  regroup_ = false;
}

/// Retired by its pool, or given up by us when a long result was closed early.
bool Connection::lease_is_useless() const {
  if (!borrowed_.lease || must_keep_lease() || streaming_ != nullptr) return false;
  return !borrowed_.lease.current() || borrowed_.lease.connection().broken();
}

void Connection::give_back_if_useless(Deadline deadline) {
  if (lease_is_useless()) leave_lease(deadline);
}

/// Of the session's own will: what it can take along goes with it.
void Connection::leave_lease(Deadline deadline) {
  drop_if_kill_is_under_way();
  ServerConnection& connection = borrowed_.lease.connection();
  try {
    if (session_.has_insert_id() && connection.looks_alive()) {
      absorb_stray_kill(deadline);
      session_.keep_insert_id(connection, deadline);
    }
  } catch (const MysqlError&) {
    // Then it is lost, as with any link.
  }
  lose_lease();
}

void Connection::lose_lease() {
  leftovers_.leave();
  for (Statement* statement : statements_) statement->forget_prepared();
  streaming_ = nullptr;
  cancel_point_->aim(std::nullopt);
  drop_if_kill_is_under_way();
  const bool killed = cancel_point_->take_stray_kill() != CancelPoint::StrayKill::kNone;
  if (killed && borrowed_.lease) borrowed_.lease.left_behind(pool::Residue::kSession);
  borrowed_ = {};
  rested_ = false;
  asked_ = {};
  guarded_ = false;
  called_.clear();
  transaction_.leave();
  session_.forget_lost();
}

}  // namespace driver
