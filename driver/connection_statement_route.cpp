// Where a statement goes, in the order of docs/routing.md. Nothing is changed.
#include <algorithm>
#include <utility>

#include "driver/connection.h"
#include "driver/router.h"
#include "driver/routing/placement.h"
#include "driver/statement.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::Error;
using routing::Analysis;
using routing::Subject;

namespace {

/// `tables` are to be named beside a key, where the statement does not name them.
std::string how_to_state(const std::string& tables = {}) {
  return ". State it: /*fabric: key=..." + (tables.empty() ? "" : " tables=" + tables) +
         " */ before the statement, SQL_ATTR_FABRIC_KEY of the statement or the connection, or "
         "/*fabric: scope=global */ for the global group";
}

std::string refusal_of(const Analysis& analysis, const std::string& why) {
  if (why.starts_with(analysis.uses.front().written)) {
    return "The statement's shard cannot be told: " + why + how_to_state();
  }
  return "The statement names the sharded table " + analysis.uses.front().written + ", but " + why +
         how_to_state();
}

/// Why the rows that the statement writes in its group may belong elsewhere.
std::string key_setting_trigger(const Analysis& analysis, const std::string& group,
                                ServerFacts& facts) {
  const bool updates = analysis.updates || analysis.replaces;
  const bool inserts = analysis.inserts;
  if (!updates && !inserts) return {};
  for (const routing::TableUse& use : analysis.uses) {
    const fabric::ShardTable& table = *use.sharded.table;
    const auto columns = facts.columns(table.schema, table.table);
    const routing::ColumnInfo* column = columns->find(table.column);
    if (column != nullptr && ((updates && column->computed) || (inserts && column->generated))) {
      return use.written + ": the server computes its sharding column " + table.column +
             ", and the row would belong to another shard";
    }
    const std::string events = facts.events_that_set_key(table, group);
    const bool called = (inserts && events.find("INSERT") != std::string::npos) ||
                        (updates && events.find("UPDATE") != std::string::npos);
    if (!called) continue;
    return use.written + ": a trigger may set its sharding column " + table.column +
           ", and the row would belong to another shard";
  }
  return {};
}

const fabric::ShardMap* map_of_tables(const settings::RouteSettings& settings,
                                      const fabric::Topology& topology) {
  if (settings.tables.empty()) return nullptr;
  const std::string& name = settings.tables.front();
  const std::size_t dot = name.find('.');
  return topology.find_shard_map(name.substr(0, dot), name.substr(dot + 1));
}

std::string refusal_of(const routing::HiddenTable& hidden) {
  return "The statement names " + hidden.why +
         ": which shards it needs is not in the statement's text" + how_to_state(hidden.table);
}

}  // namespace

/// A question of the driver's own to a server of one of these groups: to the session's if it is
/// of one. RouteMoved when none can be asked, and the shard maps are not those of `planned_by`.
std::vector<rows::Record> Connection::ask_group(const std::vector<std::string>& groups,
                                                const std::string& sql, Deadline deadline,
                                                const fabric::TopologyPtr& planned_by) {
  std::vector<rows::Record> rows;
  const auto read = [&](fabric::mysql::ServerConnection& server) {
    rows = rows::rows_of(*server.query(sql, deadline), deadline);
  };
  const bool of_them = std::ranges::find(groups, group_pool_->group()) != groups.end();
  if (borrowed_.lease && of_them && !lease_is_useless()) {
    ask_here(read, deadline);
    return rows;
  }
  pool::BorrowRequest request;
  request.mode = settings_.fabric.mode == settings::FabricMode::kReadOnly
                     ? fabric::RequestMode::kReadOnly
                     : fabric::RequestMode::kReadWrite;
  request.pool_deadline = Deadline::after(clock(), settings_.pool_timeout);
  request.deadline = earliest(deadline, Deadline::after(clock(), settings_.failover_timeout));
  request.planned_by = planned_by;
  pool::Borrowed borrowed =
      runtime_->farms().group_pool(settings_, groups.front())->borrow(request);
  if (!borrowed.lease) throw RouteMoved();
  read(borrowed.lease.connection());
  return rows;
}

ServerFacts Connection::server_facts(const RouteQuestion& question) {
  return {{runtime_->facts(), farm_.get(), *question.topology, clock().now()},
          [this, &question](const std::vector<std::string>& groups, const std::string& sql) {
            return ask_group(groups, sql, question.deadline, question.topology);
          }};
}

const Analysis& Connection::analysis_of(const RouteQuestion& question,
                                        std::optional<RememberedAnalysis>& kept) {
  const RoutedStatement& statement = question.statement;
  const fabric::TopologyPtr& topology = question.topology;
  const sql::ScanOptions options = routing_options(statement, question.deadline);
  const auto holds = [&](const std::optional<RememberedAnalysis>& one) {
    return one && one->topology == topology && one->database == session_.database &&
           one->options.ansi_quotes == options.ansi_quotes &&
           one->options.no_backslash_escapes == options.no_backslash_escapes;
  };
  if (holds(kept)) return kept->analysis;
  KnownRoutes* const of_shape = statement.of_shape;
  if (of_shape != nullptr && holds(of_shape->analysis)) {
    routing::renew(of_shape->analysis->analysis, statement.sql, statement.literals);
    return of_shape->analysis->analysis;
  }
  const routing::AnalysedText text{statement.sql, options, statement.facts, session_.database};
  RememberedAnalysis made{topology, session_.database, options,
                          routing::analyse(text, routing::ShardedTables(*topology))};
  const auto other_case = [](const routing::TableUse& use) { return use.sharded.other_case; };
  if (std::ranges::any_of(made.analysis.uses, other_case) &&
      names_have_case(*topology, question.deadline)) {
    made.analysis = routing::analyse(text, routing::ShardedTables(*topology, true));
  }
  const bool of_all =
      of_shape != nullptr && routing::make_renewable(made.analysis, statement.literals);
  if (of_all) {
    known_shapes_.route_with(topology);
    kept.reset();
  }
  std::optional<RememberedAnalysis>& keeper = of_all ? of_shape->analysis : kept;
  keeper = std::move(made);
  return keeper->analysis;
}

/// Locks of GET_LOCK and sequences belong to one server, so to the same for all sessions.
bool Connection::needs_one_server(const sql::StatementFacts& facts) const {
  const bool takes = facts.leaves.has(sql::SessionEffect::kAdvisoryLock) ||
                     facts.leaves.has(sql::SessionEffect::kSequence);
  return takes || (facts.reads_locks && !session_.pinned());
}

/// By the text: levels 3 to 5.
void Connection::plan_by_text(const Analysis& analysis, const RouteQuestion& question,
                              StatementRoute& plan) {
  const RoutedStatement& statement = question.statement;
  const bool loose = analysis.subject == Subject::kNothing || analysis.subject == Subject::kReading;
  plan.subject = loose && needs_one_server(statement.facts) ? Subject::kWriting : analysis.subject;
  switch (plan.subject) {
    case Subject::kNothing:
      plan.stays = borrowed_.lease && !reroute_;
      plan.because("the statement names no table: it runs where the session is");
      if (!plan.stays) plan_by_default(question, plan);
      return;
    case Subject::kSchema:
      plan.level = 3;
      plan.map = analysis.uses.front().sharded.map;
      plan.group = plan.map->global_group;
      plan.because("tables are defined in the global group of their mapping");
      if (plan.group.empty())
        plan.refusal = refusal_of(analysis, "its mapping has no global group");
      if (!analysis.refusal.empty()) plan.refusal = refusal_of(analysis, analysis.refusal);
      return;
    case Subject::kOpaque:
      if (question.settings.group.empty()) {
        plan.refusal =
            "What the statement runs is not in its text, and may belong to a shard: give it a key, "
            "a scope or a group (/*fabric: scope=global */), or set FABRIC_GROUP";
        return;
      }
      break;
    case Subject::kSharded: {
      plan.level = 3;
      plan.map = analysis.uses.front().sharded.map;
      if (question.settings.scope == settings::ShardScope::kGlobal) {
        plan.level = 2;
        plan.group = plan.map->global_group;
        plan.because("the connection's scope is the global group");
        return;
      }
      ServerFacts facts = server_facts(question);
      const routing::Placement placement =
          routing::one_group({analysis, *plan.topology, statement.parameters, facts,
                              session_text(question.deadline), statement.explained});
      plan.group = placement.group;
      plan.because(placement.reason);
      const bool placed = placement.refusal.empty();
      const std::string trigger =
          key_setting_trigger(analysis, placed ? plan.group : group_pool_->group(), facts);
      if (!trigger.empty()) plan.key_trigger = refusal_of(analysis, trigger);
      plan.refusal = placed ? plan.key_trigger : refusal_of(analysis, placement.refusal);
      return;
    }
    case Subject::kReading:
    case Subject::kWriting:
      break;
  }
  plan_by_default(question, plan);
}

/// Levels 4 and 5. Tables that are not sharded are in every shard too: a transaction there may read
/// them.
void Connection::plan_by_default(const RouteQuestion& question, StatementRoute& plan) {
  plan.group = plan.subject == Subject::kNothing ? start_group(question.settings, *plan.topology)
                                                 : route(question.settings, *plan.topology);
  plan.level = question.settings.group.empty() ? 5 : 4;
  plan.because(plan.level == 4 ? "the connection's group"
                               : "no sharded table is named: the global group of all mappings");
  if (plan.level == 4 || plan.subject != Subject::kReading || !must_keep_lease()) return;
  const auto& maps = plan.topology->content().shard_maps;
  const std::string& here = group_pool_->group();
  if (std::ranges::none_of(maps, [&](const auto& map) { return holds(map, here); })) return;
  plan.stays = true;
  plan.because("tables that are not sharded are in every shard: it stays in the transaction's");
}

/// By what servers tell of the names that are no sharded tables'. Functions are as opaque as CALL.
void Connection::refuse_hidden(const Analysis& analysis, const RouteQuestion& question,
                               StatementRoute& plan) {
  const bool stated = question.settings.scope == settings::ShardScope::kGlobal;
  if (analysis.others.empty() || stated || !plan.refusal.empty()) return;
  ServerFacts facts = server_facts(question);
  const std::string& group = plan.stays ? group_pool_->group() : plan.group;
  routing::HiddenTable hidden = facts.hidden_by(analysis.others, false, group);
  if (hidden.why.empty() && question.settings.group.empty()) {
    hidden = facts.hidden_by(analysis.others, true, group);
  }
  if (!hidden.why.empty()) plan.refusal = refusal_of(hidden);
}

StatementRoute Connection::plan(const RoutedStatement& statement, Deadline deadline) {
  for (;;) {
    try {
      return plan_now(statement, deadline);
    } catch (const RouteMoved&) {  // while a server was waited for that knows its tables
    }
  }
}

Connection::OwnWord Connection::own_word(const RoutedStatement& statement) const {
  routing::Wishes wishes = routing::wishes_of(statement.facts.fabric_comment);
  wishes.insert(statement.wishes.begin(), statement.wishes.end());
  return {routing::with_wishes(settings_.fabric.route(), wishes, session_.database),
          routing::decide_group(wishes), wishes.contains(SQL_ATTR_FABRIC_GROUP)};
}

StatementRoute Connection::plan_now(const RoutedStatement& statement, Deadline deadline) {
  require_connected();
  drop_if_forked();
  regroup_after_fork();
  StatementRoute plan;
  plan.explained = statement.explained;
  if (const auto place = known_place(statement, plan.topology)) {
    plan.group = place->group;
    plan.map = place->map;
    plan.mode = place->mode;
    plan.level = 1;
    return plan;
  }
  std::optional<OwnWord> own;
  if (statement.facts.fabric_comment.count != 0 || !statement.wishes.empty()) {
    own.emplace(own_word(statement));
  }
  const settings::RouteSettings& settings = own ? own->settings : settings_.fabric.route();
  plan.mode = settings.mode;
  const bool decides = own && own->decides_group;
  if (!settings_.has_fabric()) {
    if (decides) refuse_route_without_farm();
    plan.stays = plan.has_mode = true;
    plan.because("the connection has no farm");
    return plan;
  }
  if (session_.init_awaited()) ensure_lease(deadline);
  if (statement.facts.kind == sql::StatementKind::kDdl) runtime_->facts().forget();
  plan.topology = topology(deadline);
  const RouteQuestion question{statement, settings, plan.topology, deadline};
  const bool tables_of_text = decides && settings.tables.empty() && !own->names_group;
  const bool by_settings = !settings.tables.empty() || (decides && !tables_of_text) ||
                           settings.group_of_session || settings.key_given;
  if ((by_settings && !tables_of_text) || plan.topology->content().shard_maps.empty()) {
    plan.group = route(settings, *plan.topology);
    plan.level = decides ? 1 : by_settings ? 2 : settings.group.empty() ? 5 : 4;
    plan.because(decides       ? "the statement's own word"
                 : by_settings ? "the connection's settings"
                               : "the connection's group");
    plan.map = map_of_tables(settings, *plan.topology);
    if (decides) remember_hint(question, plan);
    if (!by_settings) refuse_unknown_maps(question, plan);
    return plan;
  }
  std::optional<RememberedAnalysis> not_kept;
  const Analysis& analysis =
      analysis_of(question, statement.remembered != nullptr ? *statement.remembered : not_kept);
  if (tables_of_text) {
    plan_by_key(analysis, own->settings, plan);
  } else {
    plan_by_text(analysis, question, plan);
    refuse_hidden(analysis, question, plan);
    refuse_unreadable(question, plan);
  }
  return plan;
}

/// For statements of the shape whose hint has another key and nothing else of its own.
void Connection::remember_hint(const RouteQuestion& question, const StatementRoute& plan) {
  const RoutedStatement& statement = question.statement;
  if (statement.of_shape == nullptr || plan.map == nullptr || !statement.wishes.empty()) return;
  const auto hint = routing::keyed_hint(statement.facts.fabric_comment.text);
  if (!hint || !hint->plain() || hint->key != question.settings.key) return;
  known_shapes_.route_with(plan.topology);
  statement.of_shape->hint = {plan.topology,
                              session_.database,
                              settings_.fabric.route(),
                              std::string(hint->before),
                              std::string(hint->behind),
                              plan.mode,
                              plan.map};
}

/// Of a statement whose hint was remembered but for its key; nothing: read it.
std::optional<StatementPlace> Connection::known_place(const RoutedStatement& statement,
                                                      fabric::TopologyPtr& now) const {
  const sql::FabricComment& comment = statement.facts.fabric_comment;
  const bool alone = comment.count == 1 && statement.wishes.empty();
  if (!alone || statement.of_shape == nullptr || !statement.of_shape->hint) return {};
  const RememberedHint& known = *statement.of_shape->hint;
  const std::string_view key = routing::key_between(known.before, known.behind, comment.text);
  if (key.empty() || !settings_.has_fabric() || session_.init_awaited()) return {};
  if (session_.database != known.database || settings_.fabric.route() != known.connection) {
    return {};
  }
  now = farm_->at_hand();
  if (now != known.topology) return {};
  const fabric::ShardAnswer shard =
      now->lookup(*known.map).find(fabric::ShardKey(std::string(key)));
  if (!shard.found()) return {};
  return StatementPlace{shard.group, known.map, known.mode};
}

/// The node could not tell which tables are sharded: any table may be.
void Connection::refuse_unknown_maps(const RouteQuestion& question, StatementRoute& plan) {
  const fabric::Topology::Content& content = plan.topology->content();
  if (content.shard_maps_known) return;
  std::optional<RememberedAnalysis> kept;
  plan.subject = analysis_of(question, kept).subject;
  if (plan.subject == Subject::kNothing) return;
  plan.refusal =
      "Whether the statement's tables are sharded is not known: " + content.sharding_problem +
      ". Mend the node, or state the route (/*fabric: group=... */)";
}

/// A key or a scope of the statement's own, for the sharded tables that it names.
void Connection::plan_by_key(const Analysis& analysis, settings::RouteSettings& settings,
                             StatementRoute& plan) {
  plan.subject = analysis.subject;
  plan.level = 1;
  for (const routing::TableUse& use : analysis.uses) {
    const std::string name = use.sharded.table->schema + "." + use.sharded.table->table;
    if (std::ranges::find(settings.tables, name) == settings.tables.end()) {
      settings.tables.push_back(name);
    }
  }
  if (settings.tables.empty()) {
    // With a scope the global group that all mappings share will do; a key needs its mapping.
    if (settings.key_given || settings.scope == settings::ShardScope::kLocal) {
      throw Error(SqlState::kHY000,
                  "The statement gives a key or scope, but neither it nor the connection names a "
                  "sharded table: add tables=database.table");
    }
    settings.group.clear();
  }
  plan.group = route(settings, *plan.topology);
  plan.map = map_of_tables(settings, *plan.topology);
  plan.because("the statement's own word, for the sharded tables that it names");
}

std::string Connection::sharding_column(const std::string& schema, const std::string& table) {
  if (!settings_.has_fabric()) return {};
  const fabric::TopologyPtr now = topology(Deadline::never());
  const routing::ShardedTable found = routing::ShardedTables(*now).find(schema, table);
  return found ? found.table->column : std::string();
}

fabric::TopologyPtr Connection::topology(Deadline deadline) const {
  if (fabric::TopologyPtr known = farm_->at_hand()) return known;
  return farm_->topology(earliest(deadline, Deadline::after(clock(), settings_.failover_timeout)));
}

}  // namespace driver
