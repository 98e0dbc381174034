#include "fabric/farm_questions.h"

#include <algorithm>
#include <utility>

#include "fabric/rpc_tables.h"

namespace fabric {

namespace {

RpcCall dump_call(const char* command) { return {std::string("dump.") + command, {0, ""}}; }

/// dump.shard_tables fails as a whole where one table is registered under an odd name.
void ask_for_tables(const NodeClient::Caller& call, std::vector<ShardMap>& maps) {
  std::vector<ShardMap> filled = maps;
  try {
    add_tables(filled, call(dump_call("shard_tables")));
  } catch (const NodeFailure& failure) {
    if (!failure.answered()) throw;
    filled = maps;
    add_tables_by_shard(filled, call(dump_call("sharding_information")));
  }
  maps = std::move(filled);
}

void ask_for_sharding(const NodeClient::Caller& call, Topology::Content& content) {
  try {
    const RpcAnswer answer = call(dump_call("shard_maps"));
    content.ttl = std::min(content.ttl, answer.ttl);
    std::vector<ShardMap> maps = shard_maps_of(answer);
    if (!maps.empty()) {
      add_shards(maps, call(dump_call("shard_index")));
      ask_for_tables(call, maps);
    }
    content.shard_maps = std::move(maps);
  } catch (const NodeFailure& failure) {
    if (!failure.answered()) throw;
    content.shard_maps_known = false;
    content.sharding_problem = failure.what();
  }
}

}  // namespace

Topology::Content ask_for_servers(const NodeClient::Caller& call) {
  const RpcAnswer answer = call(dump_call("servers"));
  Topology::Content content;
  content.servers = servers_of(answer);
  content.ttl = answer.ttl;
  return content;
}

Topology::Content ask_for_all(const NodeClient::Caller& call) {
  Topology::Content content = ask_for_servers(call);
  ask_for_sharding(call, content);
  return content;
}

RpcCall report_call(const FaultReport& report) {
  const bool failure = report.kind == ReportKind::kFailure;
  return {failure ? "threat.report_failure" : "threat.report_error",
          {report.server_uuid, report.reporter, report.error, RpcFlag::kNotGiven,  // update_only
           RpcFlag::kFalse}};                                                      // synchronous
}

}  // namespace fabric
