// Where a session goes: its group by the settings and the attributes of fabric_odbc.h, and the move
// to another one between two statements.
#include "driver/connection.h"
#include "driver/router.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::Error;

namespace {

[[noreturn]] void refuse_route_without_farm() {
  throw Error(SqlState::kHY000,
              "The connection has no farm to be steered through: give FABRIC_NODES");
}

}  // namespace

void Connection::find_group(Deadline deadline) {
  std::string group;
  if (settings_.has_fabric()) {
    group = route(settings_.fabric, *runtime_->farm(settings_)->topology(deadline));
  }
  group_pool_ = runtime_->group_pool(settings_, group);
}

void Connection::apply_route_values() {
  if (!refused_routes_.empty()) throw Error(refused_routes_.begin()->second);
  settings_.fabric = dsn_route_;
  for (const auto& value : route_values_) {
    if (needs_farm(value.first) && !settings_.has_fabric()) refuse_route_without_farm();
    settings_.fabric = with_route_value(std::move(settings_.fabric), value, settings_.database);
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
  FabricSettings wanted = settings_.fabric;
  for (const auto& [id, text] : changes) {
    if (needs_farm(id) && !settings_.has_fabric()) refuse_route_without_farm();
    wanted = text ? with_route_value(std::move(wanted), {id, *text}, session_.database)
                  : with_route_of(std::move(wanted), dsn_route_, id);
  }
  if (same_route(wanted, settings_.fabric)) return;
  require_may_move();
  settings_.fabric = std::move(wanted);
  reroute_ = true;
}

void Connection::require_may_move() const {
  if (transaction_open_ || transaction_lost_) {
    throw Error(SqlState::k25000,
                "A transaction is open, and belongs to the route of its first statement: commit or "
                "roll back before changing the route");
  }
  if (!session_.pinned()) return;
  throw Error(SqlState::k25000,
              "The session cannot move to another server, where it would lose " +
                  session_.pin_names() +
                  ": end that, or disconnect and connect again, before changing the route");
}

/// Before the statement that is about to run. An open result keeps its connection until it is
/// spooled.
void Connection::follow_route(Deadline deadline) {
  if (!reroute_ || streaming_ != nullptr) return;
  const std::shared_ptr<pool::GroupPool> left = group_pool_;
  find_group(deadline);
  reroute_ = false;
  if (group_pool_ != left || lease_mode_ != settings_.fabric.mode) lose_lease();
}

FabricSettings Connection::route_now() const {
  FabricSettings fabric = settings_.fabric;
  if (connected()) return fabric;
  fabric = {};
  for (const auto& value : route_values_) fabric = with_route_value(fabric, value, "?");
  return fabric;
}

std::string Connection::route_text(const RouteAttribute& attribute) const {
  const auto& [lease, server, limit_differs] = borrowed_;
  switch (attribute.id) {
    case SQL_ATTR_FABRIC_CURRENT_SERVER:
      return lease ? server.endpoint.text() : std::string();
    case SQL_ATTR_FABRIC_CURRENT_GROUP:
      return lease ? server.group : std::string();
    default:
      return driver::route_text(route_now(), attribute.id);
  }
}

SQLUINTEGER Connection::route_number(const RouteAttribute& attribute) const {
  return driver::route_number(route_now(), attribute.id);
}

}  // namespace driver
