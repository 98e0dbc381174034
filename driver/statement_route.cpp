// Where this statement goes, before it runs, is prepared or changes rows through its cursor.
#include "driver/statement.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Error;

void Statement::set_route(const RouteAttribute& attribute, SQLPOINTER value, SQLINTEGER length) {
  std::string text = route_value(attribute, value, length);
  const bool local = attribute.id == SQL_ATTR_FABRIC_SCOPE && text == "0";
  if (text.empty() || local) {
    wishes_.erase(attribute.id);
  } else {
    wishes_.insert_or_assign(attribute.id, std::move(text));
  }
}

std::string Statement::route_text(const RouteAttribute& attribute) const {
  if (!attribute.settable) return connection_.route_text(attribute);
  const auto found = wishes_.find(attribute.id);
  return found == wishes_.end() ? std::string() : found->second;
}

SQLUINTEGER Statement::route_number(const RouteAttribute& attribute) const {
  const auto found = wishes_.find(attribute.id);
  if (found == wishes_.end()) return connection_.route_number(attribute);
  return static_cast<SQLUINTEGER>(found->second.front() - '0');
}

RoutedStatement Statement::routed() {
  return {sql_,
          facts_,
          parameters_,
          scan_options_,
          wishes_,
          &remembered_,
          shape_ == nullptr ? nullptr : &shape_->routes,
          taken_out_.literals};
}

StatementRoute Statement::plan() { return connection_.plan(routed(), deadline()); }

/// As it was analysed last.
bool Statement::has_key_markers() const {
  const auto& known = remembered_ || shape_ == nullptr ? remembered_ : shape_->routes.analysis;
  return known && known->analysis.has_markers;
}

void Statement::take_route() {
  facts_.opens_no_transaction = false;
  planned_by_.reset();
  connection_.begin_planning();
  const RoutedStatement statement = routed();
  if (!connection_.take_without_plan(statement, planned_by_)) {
    StatementRoute route = connection_.plan(statement, deadline());
    facts_.opens_no_transaction = route.subject == routing::Subject::kNothing &&
                                  (facts_.pure_read || facts_.server_read || facts_.session_read);
    connection_.take(route);
    planned_by_ = std::move(route.topology);
  }
  ran_in_ = connection_.group();
}

void Statement::require_route() {
  if (planned_by_ && connection_.plan_is_old(planned_by_->version(), deadline())) {
    throw RouteMoved();
  }
}

void Statement::take_route_to_prepare() {
  parameters_.clear();
  connection_.take_to_prepare(plan());
}

/// Of several parameter sets, before the first is run: all have to go to the same place.
void Statement::require_one_route() {
  if (current_of_ || facts_.parameter_count == 0) return;
  const ParameterSets sets = parameter_sets();
  std::optional<std::string> group;
  for (std::size_t set = 0; set < sets.count(); ++set) {
    if (sets.ignored(set)) continue;
    try {
      convert_parameters(set);
    } catch (const Error&) {
      continue;  // it will fail when its turn comes
    }
    const StatementRoute route = plan();
    const std::string row = "Row " + std::to_string(set + 1) + " of the parameters: ";
    if (!route.refusal.empty()) throw Error(SqlState::kHY000, row + route.refusal);
    if (!has_key_markers()) return;
    if (group && *group != route.group) {
      throw Error(SqlState::kHY000, row + "it belongs to group " + route.group +
                                        ", those before it to " + *group +
                                        ". Run the rows of each shard by themselves");
    }
    group = route.group;
  }
}

void Statement::require_row_stays(const std::string& sql, const sql::StatementFacts& facts,
                                  std::span<const fabric::mysql::Parameter> values) const {
  std::optional<RememberedAnalysis> remembered;
  const StatementRoute route =
      connection_.plan({sql, facts, values, scan_options_, wishes_, &remembered}, deadline());
  if (route.subject != routing::Subject::kSharded) return;
  if (!route.key_trigger.empty()) throw Error(SqlState::kHY000, route.key_trigger);
  const bool adds = facts.kind == sql::StatementKind::kInsert;
  // What else is changed or deleted is found by its row, wherever that is.
  const bool keyed = adds || !remembered->analysis.assigned.empty();
  if (keyed ? !route.refusal.empty() : !remembered->analysis.refusal.empty()) {
    throw Error(SqlState::kHY000, route.refusal);
  }
  if (adds && route.group != ran_in_) {
    throw Error(SqlState::kHY000, "The row belongs to group " + route.group +
                                      ", the cursor's rows to " + ran_in_ + ": INSERT it");
  }
}

/// Another statement may have led the connection elsewhere since.
void Statement::return_to_rows() {
  if (!ran_in_.empty()) connection_.go_to(ran_in_);
}

}  // namespace driver
