#include "fabric/mysqlrpc_link.h"

#include <utility>

#include "fabric/fault_report.h"

namespace fabric {

namespace {

using Kind = NodeFailure::Kind;

/// A certification conflict ends the CALL without effect; who meets more of them is out of luck.
constexpr int kConflictRetries = 8;
constexpr std::size_t kArgumentLimit = 200;

struct Rendered {
  std::string operator()(int number) const { return std::to_string(number); }
  std::string operator()(const std::string& text) const {
    return "'" + plain_text(text, kArgumentLimit) + "'";
  }
  std::string operator()(RpcFlag flag) const {
    return flag == RpcFlag::kNotGiven ? "NULL" : "'false'";
  }
};

std::string statement_of(const RpcCall& call) {
  std::string text = "CALL " + call.procedure + "(";
  for (const RpcArgument& argument : call.arguments) {
    text += std::visit(Rendered(), argument) + ",";
  }
  if (!call.arguments.empty()) text.pop_back();
  return text + ")";
}

RpcTable::Cell text_of(const mysql::Cell& cell) {
  if (cell.null()) return {};
  return rpc_cell({reinterpret_cast<const char*>(cell.data), cell.size});
}

RpcTable read_table(mysql::Reply& reply, CallProgress& progress, base::Deadline deadline) {
  RpcTable table;
  progress.rows = 0;
  for (const mysql::Column& column : reply.columns()) table.names.push_back(column.name);
  while (const mysql::Row* row = reply.fetch(deadline)) {
    if (++progress.rows > kMostRpcRows) throw too_many_rows(progress.procedure);
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
    if (tables.size() == kMostRpcTables) throw malformed_answer("its answer has no end");
    tables.push_back(read_table(reply, progress, deadline));
  } while (reply.next_result(deadline));
  return tables;
}

/// Every answer opens with one row: fabric_uuid, ttl, message.
RpcAnswer checked(std::vector<RpcTable> tables, const RpcCall& call) {
  if (tables.empty() || tables.front().rows.size() != 1) {
    throw malformed_answer("it answered " + call.procedure +
                           " without the info result set of a Fabric node; what listens there is "
                           "something else");
  }
  const RpcTable& info = tables.front();
  static_cast<void>(info.column("fabric_uuid"));  // the same constant everywhere: only its presence
  const std::vector<RpcTable::Cell>& row = info.rows.front();
  const RpcTable::Cell& message = row[info.column("message")];
  if (message && !message->empty()) throw failed_command(call.procedure, *message);
  RpcAnswer answer{.ttl = rpc_ttl(row[info.column("ttl")].value_or("NULL")), .tables = {}};
  tables.erase(tables.begin());
  answer.tables = std::move(tables);
  return answer;
}

RpcAnswer call_on(mysql::ServerConnection& connection, const RpcCall& call, const std::string& user,
                  base::Deadline deadline) {
  CallProgress progress{.user = user, .procedure = call.procedure};
  std::vector<RpcTable> tables;
  try {
    const auto reply = connection.query(statement_of(call), deadline);
    tables = read_tables(*reply, progress, deadline);
  } catch (const mysql::MysqlError& error) {
    throw node_failure(error, progress);
  }
  return checked(std::move(tables), call);
}

}  // namespace

MysqlRpcLink::MysqlRpcLink(base::Endpoint node, mysql::Credentials credentials,
                           mysql::Watchdog& watchdog)
    : node_(std::move(node)), credentials_(std::move(credentials)), watchdog_(watchdog) {}

MysqlRpcLink::~MysqlRpcLink() { drop_connection(); }

RpcAnswer MysqlRpcLink::call(const RpcCall& call, base::Deadline deadline) {
  for (int conflicts = 0;; ++conflicts) {
    const bool reused = connection_ != nullptr;
    try {
      return call_once(call, deadline);
    } catch (const NodeFailure& failure) {
      const bool conflict = failure.kind() == Kind::kConflict && conflicts < kConflictRetries;
      // A node closes what was idle for a while: connect again, once, and say nothing.
      const bool closed = failure.kind() == Kind::kLinkLost && reused && conflicts == 0;
      if ((!conflict && !closed) || socket_.cancelled()) throw;
    }
  }
}

RpcAnswer MysqlRpcLink::call_once(const RpcCall& call, base::Deadline deadline) {
  throw_if_cancelled();
  if (connection_ && !connection_->looks_alive()) drop_connection();
  if (!connection_) connect(deadline);
  throw_if_cancelled();
  try {
    return call_on(*connection_, call, credentials_.user, deadline);
  } catch (const NodeFailure& failure) {
    const bool sound = failure.kind() == Kind::kCommand || failure.kind() == Kind::kConflict ||
                       failure.kind() == Kind::kRefused;
    if (!sound || connection_->broken()) drop_connection();
    throw;
  }
}

void MysqlRpcLink::connect(base::Deadline deadline) {
  mysql::ConnectOptions options;
  options.server = node_;
  options.credentials = credentials_;
  options.fabric_node = true;
  try {
    connection_ = mysql::ServerConnection::open(options, watchdog_, deadline);
  } catch (const mysql::MysqlError& error) {
    throw node_failure(error, {.user = credentials_.user, .procedure = {}});
  }
  socket_.set(connection_->socket());
}

void MysqlRpcLink::drop_connection() {
  socket_.set(-1);
  connection_.reset();
}

}  // namespace fabric
