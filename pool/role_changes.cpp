#include "pool/role_changes.h"

namespace pool {
namespace {

using fabric::Server;
using fabric::ServerStatus;

bool serves(const Server& server) {
  return server.writable() || server.readable_primary() || server.readable_secondary();
}

bool lost_its_place(const Server& before, const Server* after) {
  if (after == nullptr || after->endpoint != before.endpoint) return true;
  if (after->status == ServerStatus::kFaulty && before.status != ServerStatus::kFaulty) return true;
  const bool demoted =
      before.status == ServerStatus::kPrimary && after->status != ServerStatus::kPrimary;
  return demoted || (serves(before) && !serves(*after));
}

bool same_role(const Server& a, const Server& b) {
  return a.endpoint == b.endpoint && a.status == b.status && a.mode == b.mode;
}

}  // namespace

RoleChanges role_changes(const fabric::Topology& before, const fabric::Topology& after) {
  RoleChanges changes;
  for (const Server& server : before.content().servers) {
    if (lost_its_place(server, after.find_server(server.uuid))) changes.lost.push_back(server);
  }
  for (const Server& server : after.content().servers) {
    const Server* const old = before.find_server(server.uuid);
    if (old == nullptr || !same_role(*old, server)) changes.changed.push_back(server);
  }
  return changes;
}

}  // namespace pool
