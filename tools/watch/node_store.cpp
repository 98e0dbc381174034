#include "tools/watch/node_store.h"

#include <algorithm>

#include "fabric/base/error.h"

namespace tools::watch {
namespace {

using fabric::NodeFailure;
using fabric::RpcTable;

/// One row, its cells by name; NULL is empty.
class Cells {
 public:
  Cells(const RpcTable& table, const std::vector<RpcTable::Cell>& row) : table_(table), row_(row) {}
  [[nodiscard]] std::string text(const char* name) const {
    return row_[table_.column(name)].value_or("");
  }
  [[nodiscard]] int number(const char* name) const { return std::stoi("0" + text(name)); }

 private:
  const RpcTable& table_;
  const std::vector<RpcTable::Cell>& row_;
};

fabric::Server server_of(const Cells& row) {
  fabric::Server server;
  server.uuid = row.text("server_uuid");
  server.group = row.text("group_id");
  server.endpoint = {row.text("host"), static_cast<std::uint16_t>(row.number("port")), {}};
  server.status = static_cast<fabric::ServerStatus>(row.number("status"));
  server.mode = static_cast<fabric::ServerMode>(row.number("mode"));
  return server;
}

WatchedGroup& group_named(std::vector<WatchedGroup>& groups, const std::string& name) {
  const auto found = std::find_if(groups.begin(), groups.end(),
                                  [&name](const WatchedGroup& one) { return one.name == name; });
  if (found != groups.end()) return *found;
  groups.emplace_back().name = name;
  return groups.back();
}

template <class Use>
void for_each_row(const RpcTable& table, const Use& use) {
  for (const auto& row : table.rows) use(Cells(table, row));
}

int milliseconds(fabric::base::Duration time) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

}  // namespace

const fabric::Server* WatchedGroup::primary() const {
  const auto found = std::find_if(servers.begin(), servers.end(), [](const fabric::Server& one) {
    return one.status == fabric::ServerStatus::kPrimary;
  });
  return found == servers.end() ? nullptr : &*found;
}

const fabric::Server* WatchedGroup::find(const std::string& uuid) const {
  const auto found = std::find_if(servers.begin(), servers.end(),
                                  [&uuid](const fabric::Server& one) { return one.uuid == uuid; });
  return found == servers.end() ? nullptr : &*found;
}

NodeStore::NodeStore(const driver::settings::ConnectionSettings& settings,
                     fabric::mysql::Watchdog& watchdog)
    : clock_(watchdog.clock()), timeout_(settings.fabric.farm.node_timeout) {
  if (settings.fabric.nodes.empty() || settings.fabric.protocol == fabric::RpcProtocol::kXmlRpc) {
    throw fabric::base::Error(
        fabric::base::SqlState::kHY000,
        "The watch needs a Fabric node in SQL: name its nodes by FABRIC_NODES, "
        "with FABRIC_PROTOCOL=mysql");
  }
  for (const auto& node : settings.fabric.nodes) {
    nodes_.push_back(
        std::make_unique<fabric::MysqlRpcLink>(node, settings.fabric.credentials, watchdog));
  }
}

fabric::RpcAnswer NodeStore::call(const std::string& procedure,
                                  std::vector<fabric::RpcArgument> arguments) {
  const fabric::RpcCall call{procedure, std::move(arguments)};
  // Of each node its share of the time, so that one that is silent leaves some for the next.
  const auto share = timeout_ / static_cast<fabric::base::Duration::rep>(nodes_.size());
  for (std::size_t tried = 1;; ++tried) {
    try {
      return nodes_[first_]->call(call, fabric::base::Deadline::after(clock_, share));
    } catch (const NodeFailure& failure) {
      if (failure.kind() == NodeFailure::Kind::kCommand || tried == nodes_.size()) throw;
      first_ = (first_ + 1) % nodes_.size();
    }
  }
}

std::vector<WatchedGroup> NodeStore::look() {
  const fabric::RpcAnswer answer = call("watch.look", {});
  if (answer.tables.size() < 3) throw fabric::malformed_answer("watch.look answered too little");
  std::vector<WatchedGroup> groups;
  for_each_row(answer.tables[0], [&groups](const Cells& row) {
    group_named(groups, row.text("group_id")).servers.push_back(server_of(row));
  });
  for_each_row(answer.tables[1], [&groups](const Cells& row) {
    group_named(groups, row.text("group_id")).promotion = Promotion{
        row.text("leaving"), row.text("wanted"), row.number("planned") != 0, row.text("problem")};
  });
  for_each_row(answer.tables[2], [&groups](const Cells& row) {
    group_named(groups, row.text("group_id")).upstream = fabric::base::Endpoint{
        row.text("host"), static_cast<std::uint16_t>(row.number("port")), {}};
  });
  std::erase_if(groups, [](const WatchedGroup& one) { return one.servers.empty(); });
  return groups;
}

std::optional<int> NodeStore::take(const std::string& who, fabric::base::Duration time,
                                   std::string& holder) {
  try {
    const fabric::RpcAnswer answer = call("watch.take", {who, milliseconds(time)});
    if (answer.tables.size() != 1 || answer.tables[0].rows.size() != 1) {
      throw fabric::malformed_answer("watch.take gave no epoch");
    }
    return Cells(answer.tables[0], answer.tables[0].rows[0]).number("epoch");
  } catch (const NodeFailure& failure) {
    const std::string text = failure.what();
    const std::size_t held = text.find("held by ");
    if (failure.kind() != NodeFailure::Kind::kCommand || held == std::string::npos) throw;
    holder = text.substr(held + std::string_view("held by ").size());
    return std::nullopt;
  }
}

}  // namespace tools::watch
