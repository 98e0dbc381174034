// The answers to statements that no server sees: SET FABRIC, SHOW FABRIC.
#include "driver/connection.h"
#include "driver/fabric_answers.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::Error;
using fabric::mysql::Reply;

FabricPlace Connection::place() const {
  FabricPlace place;
  if (borrowed_.lease || rested_) {
    place.server = borrowed_.server.endpoint.text();
    place.group = borrowed_.server.group;
    if (mapping_) place.mapping = std::to_string(*mapping_);
  }
  place.pinned = transaction_.open ? "a transaction" : "";
  if (session_.pinned()) place.pinned += (place.pinned.empty() ? "" : ", ") + session_.pin_names();
  return place;
}

/// SHOW FABRIC STATUS tells also what is left when no node answers.
std::vector<rows::Record> Connection::fabric_rows(FabricView view, Deadline deadline) {
  if (view == FabricView::kPools) return pool_rows(runtime_->pools().reports());
  const std::shared_ptr<fabric::Farm> farm = runtime_->farms().farm(settings_);
  fabric::TopologyPtr topology;
  try {
    topology =
        farm->topology(earliest(deadline, Deadline::after(clock(), settings_.failover_timeout)));
  } catch (const Error&) {
    if (view != FabricView::kStatus) throw;
  }
  switch (view) {
    case FabricView::kGroups:
      return group_rows(*topology);
    case FabricView::kServers:
      return server_rows(*topology, place());
    case FabricView::kShards:
      return shard_rows(*topology);
    case FabricView::kStatus:
    case FabricView::kPools:
      break;
  }
  return status_rows(settings_, place(), topology.get(), farm->stats());
}

std::unique_ptr<Reply> Connection::answer(const FabricStatement& statement, Deadline deadline) {
  require_connected();
  drop_if_forked();
  regroup_after_fork();
  std::vector<rows::Record> rows;
  if (statement.verb == FabricVerb::kSet) {
    change_route(statement.changes);
  } else {
    rows = fabric_rows(statement.view, deadline);
  }
  return std::make_unique<rows::MemoryReply>(fabric_columns(statement), std::move(rows));
}

}  // namespace driver
