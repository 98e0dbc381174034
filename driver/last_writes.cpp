#include "driver/last_writes.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "driver/rows/memory_reply.h"
#include "fabric/base/error.h"

namespace driver {
namespace {

using fabric::base::Deadline;
using fabric::mysql::MysqlError;
using fabric::mysql::ServerConnection;

/// 1064, 1193, 1227: no such statement, no such variable, not allowed. Then it is no Galera server.
bool does_not_know(unsigned number) {
  constexpr std::array kNumbers{1064U, 1193U, 1227U};
  return std::find(kNumbers.begin(), kNumbers.end(), number) != kNumbers.end();
}

std::string first_cell(ServerConnection& connection, const std::string& sql, Deadline deadline) {
  const auto reply = connection.query(sql, deadline);
  std::string cell;
  while (const fabric::mysql::Row* row = reply->fetch(deadline)) {
    cell = rows::record_of(*row).at(0).value_or("");
  }
  return cell;
}

/// A member of a cluster waits here for its applier. False: the server is no member of one.
bool waited_for_cluster(ServerConnection& connection, Deadline deadline) {
  try {
    return first_cell(connection, "SET STATEMENT wsrep_sync_wait = 1 FOR SELECT @@wsrep_on",
                      deadline) == "1";
  } catch (const MysqlError& error) {
    if (connection.broken() || !does_not_know(static_cast<unsigned>(error.native()))) {
      connection.mark_broken();  // not ready, or too far behind: another may be better
      throw;
    }
    return false;
  }
}

/// Half of the time that is left, so that the server's own answer comes first.
std::string patience(Deadline deadline) {
  const auto left = deadline.time() - std::chrono::steady_clock::now();
  const auto half = std::chrono::duration_cast<std::chrono::milliseconds>(left / 2);
  const auto count = std::clamp<std::int64_t>(half.count(), 1, 3'600'000);
  return std::to_string(static_cast<double>(count) / 1000);
}

}  // namespace

void LastWrites::note(const fabric::Server& server, const ServerConnection& connection) {
  Position& position = groups_[server.group];
  if (position.gtid != connection.last_gtid()) position.gtid = connection.last_gtid();
  if (position.has.size() == 1 && position.has.contains(server.uuid)) return;
  position.has = {server.uuid};
}

bool LastWrites::catch_up(const fabric::Server& server, ServerConnection& connection,
                          Deadline deadline) {
  const auto written = groups_.find(server.group);
  if (written == groups_.end() || !connection.is_mariadb()) return false;
  Position& position = written->second;
  if (position.has.contains(server.uuid)) return false;
  if (!waited_for_cluster(connection, deadline) && !position.gtid.empty()) {
    const std::string waited = first_cell(
        connection, "SELECT MASTER_GTID_WAIT('" + position.gtid + "', " + patience(deadline) + ")",
        deadline);
    if (waited != "0") {
      const std::string gtid = position.gtid;
      groups_.erase(written);
      throw fabric::base::Error(
          fabric::base::SqlState::k08001,
          "The server " + server.endpoint.text() + " has not applied what this session wrote (" +
              gtid + ") on the server before: look what is there; the next statement runs");
    }
  }
  position.has.insert(server.uuid);
  return true;
}

}  // namespace driver
