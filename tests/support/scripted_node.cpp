#include "tests/support/scripted_node.h"

namespace test_support {

namespace {

const std::map<std::string, std::vector<std::string>> kColumns{
    {"dump.servers", {"server_uuid", "group_id", "host", "port", "mode", "status", "weight"}},
    {"dump.shard_maps", {"mapping_id", "type_name", "global_group_id"}},
    {"dump.shard_tables", {"schema_name", "table_name", "column_name", "mapping_id"}},
    {"dump.shard_index", {"lower_bound", "mapping_id", "shard_id", "group_id"}},
    {"dump.sharding_information",
     {"schema_name", "table_name", "column_name", "lower_bound", "shard_id", "type_name",
      "group_id", "global_group"}},
};

constexpr const char* kFabricUuid = "5ca1ab1e-a007-feed-f00d-cab3fe13249e";

/// The last packet of the tables is the EOF whose flags say whether more follows.
void say_that_more_follows(FakeAnswer& answer) { answer.payloads.back()[3] |= 8; }

}  // namespace

ScriptedNode::ScriptedNode() {
  rows("dump.servers", {{"u1", "g1", "127.0.0.1", "3306", "3", "3", "1.0"},
                        {"u2", "g1", "127.0.0.1", "3307", "1", "2", "0.5"}});
  rows("dump.shard_maps", {{"1", "RANGE", "global"}});
  rows("dump.shard_tables", {{"shop", "orders", "id", "1"}});
  rows("dump.shard_index", {{"1", "1", "1", "s1"}, {"100", "1", "2", "s2"}});
  rows("dump.sharding_information",
       {{"shop", "orders", "id", "1", "1", "RANGE", "s1", "global"},
        {"shop", "orders", "id", "100", "2", "RANGE", "s2", "global"}});
  for (const char* report : {"threat.report_error", "threat.report_failure"}) {
    answer(report, with_info("3", std::nullopt, FakeServer::rows({"uuid"}, {{"job"}})));
  }
}

void ScriptedNode::rows(const std::string& command, const std::vector<Cells>& rows) {
  answer(command, with_info("3", std::nullopt, FakeServer::rows(kColumns.at(command), rows)));
}

void ScriptedNode::command_error(const std::string& command, const std::string& message) {
  answer(command, with_info("3", message, {}));
}

FakeAnswer ScriptedNode::with_info(const FakeServer::Cell& ttl, const FakeServer::Cell& message,
                                   const FakeAnswer& tables) {
  FakeAnswer answer = FakeServer::rows({"fabric_uuid", "ttl", "message"},
                                       {{kFabricUuid, ttl, message}}, !tables.payloads.empty());
  answer.payloads.insert(answer.payloads.end(), tables.payloads.begin(), tables.payloads.end());
  answer.then = tables.then;
  return answer;
}

FakeAnswer ScriptedNode::operator()(std::string_view sql) const {
  std::string command(sql.substr(0, sql.find('(')));
  const auto found =
      command.starts_with("CALL ") ? answers_.find(command.substr(5)) : answers_.end();
  if (found == answers_.end()) {
    return FakeServer::error(1305, "42000", "PROCEDURE " + command + " does not exist");
  }
  FakeAnswer answer = found->second;
  if (closing_ok_) {
    say_that_more_follows(answer);
    const FakeAnswer ok = FakeServer::ok();
    answer.payloads.insert(answer.payloads.end(), ok.payloads.begin(), ok.payloads.end());
  }
  return answer;
}

}  // namespace test_support
