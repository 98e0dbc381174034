#include "fabric/rpc_call.h"

#include <algorithm>
#include <charconv>

namespace fabric {

namespace {

using Kind = NodeFailure::Kind;

/// Far more than any farm has; a peer that sends without end is stopped here.
constexpr std::size_t kMostRows = 100000;
constexpr std::size_t kMostTables = 16;
constexpr std::chrono::hours kLongestTtl{24 * 365};

std::optional<std::string> text_of(const mysql::Cell& cell) {
  if (cell.null()) return {};
  const std::string_view text(reinterpret_cast<const char*>(cell.data), cell.size);
  if (text == "None") return {};
  return std::string(text);
}

NodeFailure malformed(const std::string& text) { return {Kind::kMalformed, text}; }

RpcTable read_table(mysql::Reply& reply, CallProgress& progress, base::Deadline deadline) {
  RpcTable table;
  progress.rows = 0;
  for (const mysql::Column& column : reply.columns()) table.names.push_back(column.name);
  while (const mysql::Row* row = reply.fetch(deadline)) {
    if (++progress.rows > kMostRows) {
      throw malformed("its answer to " + progress.procedure + " has more than " +
                      std::to_string(kMostRows) + " rows");
    }
    auto& cells = table.rows.emplace_back();
    cells.reserve(row->size());
    for (const mysql::Cell& cell : *row) cells.push_back(text_of(cell));
  }
  return table;
}

std::vector<RpcTable> read_tables(mysql::Reply& reply, CallProgress& progress,
                                  base::Deadline deadline) {
  std::vector<RpcTable> tables;
  progress.answering = true;
  do {
    if (reply.columns().empty()) continue;  // an OK packet
    if (tables.size() == kMostTables) throw malformed("its answer has no end");
    tables.push_back(read_table(reply, progress, deadline));
  } while (reply.next_result(deadline));
  return tables;
}

base::Duration ttl_of(const RpcTable::Cell& cell) {
  const std::string text = cell.value_or("NULL");
  std::int64_t seconds = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || seconds < 0) {
    throw malformed("it gave '" + text.substr(0, 40) + "' as the TTL of its answer");
  }
  return std::min<std::chrono::seconds>(std::chrono::seconds(seconds), kLongestTtl);
}

/// Every answer opens with one row: fabric_uuid, ttl, message.
RpcAnswer checked(std::vector<RpcTable> tables, const RpcCall& call) {
  if (tables.empty() || tables.front().rows.size() != 1) {
    throw malformed("it answered " + call.procedure +
                    " without the info result set of a Fabric node; what listens there is "
                    "something else");
  }
  const RpcTable& info = tables.front();
  static_cast<void>(info.column("fabric_uuid"));  // the same constant everywhere: only its presence
  const std::vector<RpcTable::Cell>& row = info.rows.front();
  const RpcTable::Cell& message = row[info.column("message")];
  if (message && !message->empty()) {
    throw NodeFailure(Kind::kCommand, call.procedure + " failed at the node: " + *message);
  }
  RpcAnswer answer{.ttl = ttl_of(row[info.column("ttl")]), .tables = {}};
  tables.erase(tables.begin());
  answer.tables = std::move(tables);
  return answer;
}

}  // namespace

std::size_t RpcTable::column(std::string_view name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw malformed("its answer has no column '" + std::string(name) + "'");
  }
  return static_cast<std::size_t>(found - names.begin());
}

RpcAnswer call_node(mysql::ServerConnection& connection, const RpcCall& call,
                    const std::string& user, base::Deadline deadline) {
  CallProgress progress{.user = user, .procedure = call.procedure};
  std::vector<RpcTable> tables;
  try {
    const auto reply =
        connection.query("CALL " + call.procedure + "(" + call.arguments + ")", deadline);
    tables = read_tables(*reply, progress, deadline);
  } catch (const mysql::MysqlError& error) {
    throw node_failure(error, progress);
  }
  return checked(std::move(tables), call);
}

}  // namespace fabric
