#include "tools/node/admin.h"

#include "fabric/base/error.h"
#include "fabric/node_failure.h"
#include "tools/sql_text.h"

namespace tools::node {
namespace {

using fabric::NodeFailure;
using fabric::RpcTable;
using fabric::base::Deadline;
using fabric::base::Error;
using fabric::base::SqlState;
using fabric::mysql::MysqlError;
using fabric::mysql::ServerConnection;

constexpr unsigned kMayNotCall = 1370;

void require_sql_node(const driver::settings::ConnectionSettings& settings) {
  if (!settings.fabric.nodes.empty() && settings.fabric.protocol != fabric::RpcProtocol::kXmlRpc) {
    return;
  }
  throw Error(SqlState::kHY000,
              "This is for a Fabric node in SQL: name its servers by FABRIC_NODES, with "
              "FABRIC_PROTOCOL=mysql; a node of MySQL Fabric has its own mysqlfabric command");
}

RpcTable table_of(fabric::mysql::Reply& reply, Deadline deadline) {
  RpcTable table;
  for (const auto& column : reply.columns()) table.names.push_back(column.name);
  while (const fabric::mysql::Row* row = reply.fetch(deadline)) {
    auto& cells = table.rows.emplace_back();
    for (const fabric::mysql::Cell& cell : *row) {
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes of the wire as
      // characters
      const auto* text = reinterpret_cast<const char*>(cell.data);
      cells.push_back(cell.null() ? RpcTable::Cell()
                                  : RpcTable::Cell(std::in_place, text, cell.size));
    }
  }
  return table;
}

/// Without the head of a node's answer.
std::vector<RpcTable> checked(std::vector<RpcTable> tables, const std::string& procedure) {
  if (tables.empty() || tables.front().rows.size() != 1) {
    throw fabric::malformed_answer(procedure + " did not answer as a Fabric node's does");
  }
  const RpcTable& head = tables.front();
  const RpcTable::Cell& message = head.rows.front()[head.column("message")];
  if (message && !message->empty()) throw fabric::failed_command(procedure, *message);
  tables.erase(tables.begin());
  return tables;
}

}  // namespace

Admin::Admin(const driver::settings::ConnectionSettings& settings,
             fabric::mysql::Watchdog& watchdog)
    : user_(settings.fabric.credentials.user),
      timeout_(settings.fabric.farm.node_timeout),
      watchdog_(watchdog) {
  require_sql_node(settings);
  std::string failures;
  for (const auto& node : settings.fabric.nodes) {
    fabric::mysql::ConnectOptions options;
    options.server = node;
    options.credentials = settings.fabric.credentials;
    try {
      connection_ =
          ServerConnection::open(options, watchdog, Deadline::after(watchdog.clock(), timeout_));
      return;
    } catch (const MysqlError& error) {
      failures += " node " + node.text() + ": " + error.what();
    }
  }
  throw Error(SqlState::k08001, "No node can be reached:" + failures);
}

std::vector<RpcTable> Admin::call(const std::string& procedure,
                                  const std::vector<std::string>& arguments) {
  constexpr int kAttempts = 8;  // a lost certification ends the CALL without effect
  std::string sql = "CALL " + procedure + "(";
  for (const std::string& argument : arguments) sql += text_literal(argument) + ",";
  if (!arguments.empty()) sql.pop_back();
  sql += ")";
  for (int attempt = 1;; ++attempt) {
    try {
      return call_once(procedure, sql);
    } catch (const NodeFailure& failure) {
      if (failure.kind() != NodeFailure::Kind::kConflict || attempt == kAttempts) throw;
    }
  }
}

std::vector<RpcTable> Admin::call_once(const std::string& procedure, const std::string& sql) {
  const Deadline deadline = Deadline::after(watchdog_.clock(), timeout_);
  std::vector<RpcTable> tables;
  try {
    const auto reply = connection_->query(sql, deadline);
    do {
      if (!reply->columns().empty()) tables.push_back(table_of(*reply, deadline));
    } while (reply->next_result(deadline));
  } catch (const MysqlError& error) {
    if (error.number() == kMayNotCall) {
      throw NodeFailure(NodeFailure::Kind::kRefused,
                        "user '" + user_ + "' may not call " + procedure +
                            ": name an account with the role fabric_admin by --node-user (its "
                            "password in FABRICCTL_NODE_PASSWORD)",
                        static_cast<int>(error.number()));
    }
    throw fabric::node_failure(error, {.user = user_, .procedure = procedure});
  }
  return checked(std::move(tables), procedure);
}

}  // namespace tools::node
