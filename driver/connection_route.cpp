// Where a session goes: its group by the settings and the attributes of fabric_odbc.h, and the move
// to another one between two statements.
#include "driver/auto_mode.h"
#include "driver/connection.h"
#include "driver/router.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::Error;

void Connection::find_group(Deadline deadline) {
  std::string group;
  std::optional<int> mapping;
  if (settings_.has_fabric()) {
    farm_ = runtime_->farms().farm(settings_);
    const fabric::TopologyPtr topology = farm_->topology(deadline);
    group = start_group(settings_.fabric, *topology);
    mapping = mapping_of(settings_.fabric, *topology);
  }
  mapping_ = mapping;
  group_pool_ = runtime_->farms().group_pool(settings_, group);
  route_mode_ = settings_.fabric.mode;
}

void Connection::apply_route_values() {
  if (!refused_routes_.empty()) throw Error(refused_routes_.begin()->second);
  settings_.fabric.route() = dsn_route_;
  for (const auto& value : route_values_) {
    if (needs_farm(value.first) && !settings_.has_fabric()) refuse_route_without_farm();
    settings_.fabric.route() =
        with_route_value(std::move(settings_.fabric.route()), value, settings_.database);
  }
}

void Connection::set_route(const RouteAttribute& attribute, SQLPOINTER value, SQLINTEGER length) {
  try {
    const std::string text = route_value(attribute, value, length);
    change_route({{attribute.id, text}});
    route_values_.insert_or_assign(attribute.id, text);
    refused_routes_.erase(attribute.id);
  } catch (const Error& error) {
    // unixODBC passes what was set before connecting on at the connect, and ignores our answer.
    if (!connected()) refused_routes_.insert_or_assign(attribute.id, error);
    throw;
  }
}

void Connection::change_route(const RouteChanges& changes) {
  if (!connected()) return;
  settings::RouteSettings wanted = settings_.fabric.route();
  for (const auto& [id, text] : changes) {
    if (needs_farm(id) && !settings_.has_fabric()) refuse_route_without_farm();
    wanted = text ? with_route_value(std::move(wanted), {id, *text}, session_.database)
                  : with_route_of(std::move(wanted), dsn_route_, id);
  }
  if (same_route(wanted, settings_.fabric)) {
    settings_.fabric.group_of_session = wanted.group_of_session;
    return;
  }
  require_may_move();
  const bool begins = settings_.fabric.mode == settings::FabricMode::kReadWrite;
  settings_.fabric.route() = std::move(wanted);
  if (begins) keep_read_only_if_asked();
  reroute_ = true;
}

void Connection::require_may_move() const {
  if (transaction_.open || transaction_.lost) {
    throw Error(SqlState::k25000,
                "A transaction is open, and belongs to the route of its first statement: commit or "
                "roll back before changing the route");
  }
  if (session_.may_move()) return;
  throw Error(SqlState::k25000,
              "The session cannot move to another server, where it would lose " +
                  session_.pin_names() +
                  ": end that, or disconnect and connect again, before changing the route");
}

/// Before the statement that is about to run. An open result keeps its connection until it is
/// spooled.
fabric::RequestMode Connection::follow_route(Deadline deadline, Need need) {
  const fabric::RequestMode mode = mode_for(need);
  if (streaming_ != nullptr) return mode;
  const std::shared_ptr<pool::GroupPool> left = group_pool_;
  if (reroute_) {
    find_group(deadline);
    reroute_ = false;
  }
  if (!borrowed_.lease) return mode;
  if (group_pool_ != left || !lease_serves(mode)) {
    leave_lease(deadline);
  } else if (borrowed_.server.writable()) {
    lease_mode_ = mode;
  }
  return mode;
}

/// By FABRIC_MODE; 25000 where AUTO cannot.
Connection::Need Connection::need_of(const sql::StatementFacts& facts) const {
  if (route_mode_ != settings::FabricMode::kAuto) return std::nullopt;
  AutoContext now;
  now.in_transaction = transaction_.open;
  now.pinned = session_.pinned() || (session_.auto_is_null && session_.has_insert_id());
  now.on_secondary = borrowed_.lease && lease_mode_ == fabric::RequestMode::kReadOnly &&
                     !borrowed_.server.writable();
  now.autocommit = session_.autocommit;
  now.read_only = session_.read_only;
  now.next_read_only = session_.next_read_only();
  now.wrote_lately = wrote_lately();
  switch (auto_choice(facts, now)) {
    case AutoChoice::kStay:
      return std::nullopt;
    case AutoChoice::kPrimary:
      return fabric::RequestMode::kReadWrite;
    case AutoChoice::kSecondary:
      return fabric::RequestMode::kReadOnly;
    case AutoChoice::kRefuse:
      break;
  }
  const std::string names = session_.pin_names();
  throw Error(SqlState::k25000,
              "The statement needs the primary, but the session is on a secondary, where it would "
              "lose " +
                  (names.empty() ? "the row counts of the statement before" : names) +
                  ": end that, or use FABRIC_MODE=RW");
}

/// Without a need of its own, in AUTO: where the session is; a new one starts where its first
/// statement probably goes.
fabric::RequestMode Connection::mode_for(Need need) const {
  using fabric::RequestMode;
  if (route_mode_ == settings::FabricMode::kReadWrite) return RequestMode::kReadWrite;
  if (route_mode_ == settings::FabricMode::kReadOnly) return RequestMode::kReadOnly;
  if (need) return *need;
  if (borrowed_.lease) return lease_mode_;
  const bool reads = session_.autocommit ? !wrote_lately() : session_.read_only_wanted();
  return reads ? RequestMode::kReadOnly : RequestMode::kReadWrite;
}

bool Connection::lease_serves(fabric::RequestMode mode) const {
  if (lease_mode_ == mode) return true;
  if (!borrowed_.server.writable()) return false;
  return mode == fabric::RequestMode::kReadWrite || !group_pool_->has_secondary();
}

bool Connection::wrote_lately() const {
  return wrote_at_ && clock().now() - *wrote_at_ < settings_.read_after_write;
}

settings::RouteSettings Connection::route_now() const {
  settings::RouteSettings fabric = settings_.fabric.route();
  if (connected()) return fabric;
  fabric = {};
  for (const auto& value : route_values_) fabric = with_route_value(fabric, value, "?");
  return fabric;
}

std::string Connection::route_text(const RouteAttribute& attribute) const {
  const bool placed = borrowed_.lease || rested_;
  const fabric::Server& server = borrowed_.server;
  switch (attribute.id) {
    case SQL_ATTR_FABRIC_CURRENT_SERVER:
      return placed ? server.endpoint.text() : std::string();
    case SQL_ATTR_FABRIC_CURRENT_GROUP:
      return placed ? server.group : std::string();
    case SQL_ATTR_FABRIC_CURRENT_MAPPING:
      return placed && mapping_ ? std::to_string(*mapping_) : std::string();
    default:
      return driver::route_text(route_now(), attribute.id);
  }
}

SQLUINTEGER Connection::route_number(const RouteAttribute& attribute) const {
  return driver::route_number(route_now(), attribute.id);
}

}  // namespace driver
