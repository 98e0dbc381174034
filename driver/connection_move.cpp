// The session goes where a statement belongs, before it runs.
#include <utility>

#include "driver/connection.h"
#include "driver/router.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::Error;

bool Connection::take_without_plan(const RoutedStatement& statement,
                                   fabric::TopologyPtr& planned_by) {
  require_connected();
  drop_if_forked();
  regroup_after_fork();
  if (statement.facts.fabric_comment.count != 0 || !statement.wishes.empty()) {
    const auto place = known_place(statement, planned_by);
    if (place) take_place(*place);
    return place.has_value();
  }
  if (settings_.has_fabric()) {
    if (statement.facts.kind == sql::StatementKind::kDdl || !in_group_of_settings()) return false;
    planned_by = farm_->at_hand();
    if (planned_by == nullptr || planned_by->may_be_sharded()) return false;
    mapping_.reset();
  }
  take_mode(settings_.fabric.mode);
  return true;
}

/// That of FABRIC_GROUP, and nothing else is set.
bool Connection::in_group_of_settings() const {
  const settings::RouteSettings& route = settings_.fabric.route();
  return !reroute_ && !session_.init_awaited() && route.tables.empty() && !route.key_given &&
         !route.group.empty() && route.group == group_pool_->group();
}

void Connection::take_mode(settings::FabricMode mode) {
  if (transaction_.lost) return;
  if (mode != route_mode_ && borrowed_.lease) require_may_move();
  route_mode_ = mode;
}

void Connection::take_place(const StatementPlace& place) {
  if (transaction_.lost) return;
  require_may_take(place);
  go_to(place.group);
  reroute_ = false;
  mapping_.reset();
  if (place.map != nullptr) mapping_ = place.map->mapping_id;
  route_mode_ = place.mode;
}

/// 25000 where the session would have to move, and cannot.
void Connection::require_may_take(const StatementPlace& place) const {
  if (!borrowed_.lease) return;
  const bool begun = transaction_.only_begun() && !session_.pinned();
  const bool moves = place.group != group_pool_->group() && !begun;
  if (moves || place.mode != route_mode_) require_may_move();
}

void Connection::take(const StatementRoute& plan) {
  if (!plan.refusal.empty()) throw Error(SqlState::kHY000, plan.refusal);
  if (!plan.stays) {
    take_place({plan.group, plan.map, plan.mode});
  } else if (plan.has_mode) {
    take_mode(plan.mode);
  }
}

bool Connection::plan_is_old(std::uint64_t version, Deadline deadline) {
  constexpr std::chrono::seconds kPatience{1};
  const bool waited = std::exchange(waited_, false);
  const bool refused = std::exchange(write_refused_, false);
  if (!waited || (transaction_.open && !transaction_.only_begun())) return false;
  const Deadline soon = earliest(deadline, Deadline::after(clock(), kPatience));
  // Who moves a shard lets its old server refuse writes first, and takes them again afterwards.
  return (refused ? farm_->refresh(soon) : topology(soon))->version() != version;
}

/// A transaction in which nothing was done yet moves along, its savepoints too. What is unread of a
/// result is kept first.
void Connection::go_to(std::string_view group) {
  if (group_pool_->group() == group) return;
  std::vector<std::string> begins;
  if (!session_.pinned()) begins = transaction_.take_begin_texts();
  if (borrowed_.lease && begins.empty()) require_may_move();
  make_way();
  group_pool_ = runtime_->farms().group_pool(settings_, std::string(group));
  reroute_ = false;
  try {
    if (borrowed_.lease) leave_lease(Deadline::after(clock(), settings_.failover_timeout));
    for (const std::string& text : begins) run_command(sql::facts_of(text), text);
  } catch (...) {
    transaction_.lost = !begins.empty();
    throw;
  }
}

void Connection::go_home(Deadline deadline) {
  if (!settings_.has_fabric() || must_keep_lease() || transaction_.lost) return;
  regroup_after_fork();
  const fabric::TopologyPtr now = topology(deadline);
  if (now->content().shard_maps.empty()) return;
  std::string home;
  try {
    home = route(settings_.fabric, *now);
  } catch (const Error&) {
    return;  // there is none: any place will do
  }
  go_to(home);
}

/// To prepare a statement whose values are not there yet: any shard can tell about its columns.
void Connection::take_to_prepare(const StatementRoute& plan) {
  if (plan.stays || (plan.map == nullptr && !plan.refusal.empty())) return;
  if (must_keep_lease()) return;
  if (plan.refusal.empty()) return take(plan);
  if (holds(*plan.map, group_pool_->group()) || groups_of(*plan.map).empty()) return;
  go_to(groups_of(*plan.map).front());
}

}  // namespace driver
