#include "tools/serve/view_json.h"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/JSON/Array.h>
#include <Poco/Timestamp.h>

#include <charconv>
#include <sstream>

#include "driver/text/utf.h"
#include "tools/doctor/rendering.h"
#include "tools/serve/key_ranges.h"
#include "tools/topology_json.h"

namespace tools::serve {
namespace {

using doctor::ServerFacts;
using Poco::Dynamic::Var;
using Poco::JSON::Array;
using Poco::JSON::Object;

/// Null where there is none.
Var time_of(const std::optional<Moment>& moment) {
  if (!moment) return {};
  const auto since = moment->wall.time_since_epoch();
  const Poco::Timestamp stamp(std::chrono::duration_cast<std::chrono::microseconds>(since).count());
  return Poco::DateTimeFormatter::format(stamp, "%Y-%m-%dT%H:%M:%S.%iZ");
}

Var milliseconds(const std::optional<fabric::base::Duration>& time) {
  if (!time) return {};
  return static_cast<Poco::Int64>(
      std::chrono::duration_cast<std::chrono::milliseconds>(*time).count());
}

Var number(const std::string& text) {
  Poco::Int64 value = 0;
  const auto end = text.data() + text.size();
  return !text.empty() && std::from_chars(text.data(), end, value).ptr == end ? Var(value) : Var();
}

Var text_or_null(const std::string& text) { return text.empty() ? Var() : Var(text); }

Object finding_json(const doctor::Finding& finding) {
  Object object = json_object();
  object.set("level", doctor::level_name(finding.level));
  object.set("text", finding.text);
  object.set("where", text_or_null(finding.fix.where));
  object.set("lines", text_or_null(finding.fix.lines));
  return object;
}

/// One of its columns, by the old or the new name.
std::string replica_cell(const ServerFacts& facts, const char* name, const char* newer) {
  if (!facts.replica) return {};
  for (const char* one : {name, newer}) {
    const auto found = facts.replica->find(one);
    if (found != facts.replica->end()) return found->second;
  }
  return {};
}

Var galera_json(const ServerFacts& facts) {
  if (!facts.galera()) return {};
  Object object = json_object();
  object.set("state", facts.state("wsrep_local_state_comment"));
  object.set("cluster", facts.state("wsrep_cluster_status"));
  object.set("size", number(facts.state("wsrep_cluster_size")));
  return object;
}

Var replication_json(const ServerFacts& facts) {
  if (!facts.replica || facts.replica->empty()) return {};
  Object object = json_object();
  object.set("receiving", replica_cell(facts, "Slave_IO_Running", "Replica_IO_Running"));
  object.set("applying", replica_cell(facts, "Slave_SQL_Running", "Replica_SQL_Running"));
  object.set("seconds_behind",
             number(replica_cell(facts, "Seconds_Behind_Master", "Seconds_Behind_Source")));
  return object;
}

void set_facts(Object& object, const ServerFacts& facts) {
  object.set("version", facts.version);
  object.set("read_only", text_or_null(facts.variable("read_only")));
  object.set("galera", galera_json(facts));
  object.set("replication", replication_json(facts));
  object.set("lag_ms", milliseconds(facts.lag));
  object.set("lags_longer", facts.lags_longer);
  object.set("connections", number(facts.state("Threads_connected")));
  object.set("max_connections", number(facts.variable("max_connections")));
}

Object view_object(const ServerView& view) {
  Object object = server_json(view.server);
  object.set("unlisted_since", time_of(view.unlisted));
  object.set("health", view.health());
  Array findings;
  if (view.diagnosis) {
    object.set("answers", view.diagnosis->answers());
    object.set("since", time_of(view.since));
    object.set("asked_at", time_of(view.diagnosis->at));
    if (view.diagnosis->answers()) set_facts(object, view.diagnosis->facts);
    for (const doctor::Finding& one : view.diagnosis->findings) findings.add(finding_json(one));
  }
  object.set("findings", findings);
  return object;
}

Object group_object(const GroupView& group) {
  Object object = json_object();
  object.set("group", group.name);
  object.set("without_primary_since", time_of(group.lost_since));
  Array servers;
  for (const ServerView& one : group.servers) servers.add(view_object(one));
  object.set("servers", servers);
  return object;
}

Object failover_object(const Failover& failover) {
  Object object = json_object();
  object.set("at", time_of(failover.at));
  object.set("group", failover.group);
  object.set("from", failover.from);
  object.set("to", failover.to);
  object.set("took_ms", milliseconds(failover.took));
  return object;
}

Object node_object(const FarmView& view) {
  Object object = json_object();
  const bool known = view.topology != nullptr;
  object.set("known", known);
  object.set("version", known ? Var(view.topology->version()) : Var());
  object.set("answered_at", known ? time_of(view.topology_at) : Var());
  object.set("problem", text_or_null(view.problem));
  object.set("sharding_problem",
             known ? text_or_null(view.topology->content().sharding_problem) : Var());
  return object;
}

}  // namespace

std::string view_json(const FarmView& view) {
  Object whole = json_object();
  whole.set("farm", view.name);
  whole.set("at", time_of(view.now));
  whole.set("began_at", time_of(view.began));
  whole.set("topology", node_object(view));
  Array groups;
  for (const GroupView& group : view.groups) groups.add(group_object(group));
  whole.set("groups", groups);
  Array maps;
  if (view.topology != nullptr) {
    for (const fabric::ShardMap& map : view.topology->content().shard_maps) {
      maps.add(shard_map_json(in_key_order(map)));
    }
  }
  whole.set("shard_maps", maps);
  Array failovers;
  for (const Failover& one : view.failovers) failovers.add(failover_object(one));
  whole.set("failovers", failovers);
  std::ostringstream text;
  whole.stringify(text, 0);
  return driver::text::to_utf8(driver::text::to_utf16(text.str())) + "\n";
}

}  // namespace tools::serve
