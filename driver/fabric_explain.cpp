#include "driver/fabric_explain.h"

#include <utility>

#include "driver/connection.h"
#include "driver/rows/memory_reply.h"
#include "fabric/base/error.h"

namespace driver {

using rows::integer_column;
using rows::smallint_column;
using rows::varchar_column;

namespace {

using fabric::RequestMode;

/// The server that a lease would be of, or all that it may be of; empty when none may serve.
std::string servers_for(const StatementRoute& plan, bool reads) {
  const fabric::Group* group =
      plan.topology == nullptr ? nullptr : plan.topology->find_group(plan.group);
  if (group == nullptr) return {};
  std::string secondaries;
  std::string primary;
  for (const fabric::Server& server : group->servers) {
    if (server.readable_secondary()) {
      secondaries += (secondaries.empty() ? "" : ",") + server.endpoint.text();
    }
    if (server.writable()) primary = server.endpoint.text();
  }
  return reads && !secondaries.empty() ? secondaries : primary;
}

std::optional<std::string> or_null(std::string text) {
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace

std::vector<fabric::mysql::Column> explain_columns() {
  constexpr std::uint32_t kName = 64;
  constexpr std::uint32_t kText = 1024;
  return {smallint_column("level"),        varchar_column("group_name", kName),
          varchar_column("mode", kName),   integer_column("mapping_id"),
          varchar_column("server", kText), varchar_column("reason", kText)};
}

/// In the mode of that route, as far as can be told before it is taken.
RequestMode Connection::mode_of(const StatementRoute& route, const sql::StatementFacts& facts) {
  const settings::FabricMode before = std::exchange(route_mode_, route.mode);
  RequestMode mode = RequestMode::kReadWrite;
  try {
    mode = mode_for(need_of(facts));
  } catch (const fabric::base::Error&) {
    // AUTO would refuse it where the session is now: it needs the primary.
  }
  route_mode_ = before;
  return mode;
}

std::unique_ptr<fabric::mysql::Reply> Connection::explain(const ExplainedStatement& explained,
                                                          fabric::base::Deadline deadline) {
  StatementRoute route;
  try {
    RoutedStatement statement{explained.sql, explained.facts, explained.parameters,
                              explained.options, explained.wishes};
    statement.explained = true;
    route = plan(statement, deadline);
    if (route.refusal.empty() && (!route.stays || route.has_mode)) {
      require_may_take({route.stays ? group() : route.group, route.map, route.mode});
    }
  } catch (const fabric::mysql::MysqlError&) {
    throw;
  } catch (const fabric::base::Error& error) {
    const auto is = [&error](SqlState state) { return error.state() == state; };
    if (!is(SqlState::kHY000) && !is(SqlState::k42S02) && !is(SqlState::k25000)) throw;
    route.refusal = error.what();
  }
  const bool refused = !route.refusal.empty();
  if (route.stays && group_pool_ != nullptr) route.group = group_pool_->group();
  const bool reads = !refused && mode_of(route, explained.facts) == RequestMode::kReadOnly;
  std::string server = refused ? "" : servers_for(route, reads);
  const bool here = borrowed_.lease && group_pool_->group() == route.group &&
                    (lease_mode_ == RequestMode::kReadOnly) == reads;
  if (here && !refused) server = borrowed_.server.endpoint.text();
  rows::Record row{
      std::to_string(route.level),
      refused ? std::nullopt : or_null(route.group),
      refused ? std::nullopt : or_null(reads ? "RO" : "RW"),
      route.map == nullptr ? std::nullopt : std::optional(std::to_string(route.map->mapping_id)),
      or_null(std::move(server)),
      refused ? route.refusal : route.reason};
  return std::make_unique<rows::MemoryReply>(explain_columns(),
                                             std::vector<rows::Record>{std::move(row)});
}

}  // namespace driver
