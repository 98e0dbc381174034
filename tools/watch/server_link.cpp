#include "tools/watch/server_link.h"

#include <utility>
#include <vector>

#include "fabric/base/error.h"
#include "fabric/failover_monitor.h"
#include "fabric/mysql/named_values.h"

namespace tools::watch {
namespace {

using fabric::ProbeOutcome;
using fabric::base::Deadline;
using fabric::mysql::MysqlError;
using fabric::mysql::NamedValues;
using fabric::mysql::ServerConnection;

constexpr const char* kVariables =
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only','super_read_only','log_bin',"
    "'log_slave_updates','gtid_mode','rpl_semi_sync_master_enabled','rpl_semi_sync_slave_enabled')";
constexpr const char* kMariaDbGtids =
    "SELECT @@global.gtid_binlog_pos AS logged, @@global.gtid_slave_pos AS replicated,"
    " @@global.gtid_binlog_state AS state";
constexpr const char* kMySqlGtids = "SELECT @@global.gtid_executed AS executed";
constexpr const char* kHeartbeats = "SHOW GLOBAL STATUS LIKE 'Slave_received_heartbeats'";
/// Neither the server's own threads nor those that send to replicas.
constexpr const char* kApplications =
    "SELECT id, 1 FROM information_schema.processlist WHERE id <> CONNECTION_ID()"
    " AND user NOT IN ('system user', 'event_scheduler') AND command NOT LIKE 'Binlog Dump%'"
    " AND command <> 'Daemon'";
constexpr const char* kOpenTransactions =
    "SELECT 'open', COUNT(*) FROM information_schema.innodb_trx AS t"
    " JOIN information_schema.processlist AS p ON p.id = t.trx_mysql_thread_id"
    " WHERE t.trx_rows_modified > 0 AND p.user <> 'system user' AND p.id <> CONNECTION_ID()";
constexpr unsigned kLockTimeout = 1205;
constexpr unsigned kNoSuchThread = 1094;
constexpr unsigned kNoSource = 1200;  // "The server is not configured as slave"

bool on(const NamedValues& values, const std::string& name) {
  const auto found = values.find(name);
  return found != values.end() && (found->second == "ON" || found->second == "1");
}

std::string value(const NamedValues& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? std::string() : found->second;
}

std::string quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

Source source_of(const NamedValues& status, const NamedValues& heartbeats) {
  Source source;
  source.endpoint = {value(status, "Master_Host"),
                     static_cast<std::uint16_t>(std::stoi("0" + value(status, "Master_Port"))),
                     {}};
  source.receiving = value(status, "Slave_IO_Running") == "Yes";
  source.applying = value(status, "Slave_SQL_Running") == "Yes";
  source.trouble = value(status, "Last_SQL_Error");
  if (source.trouble.empty()) source.trouble = value(status, "Last_IO_Error");
  source.progress = value(status, "Master_Log_File") + ":" + value(status, "Read_Master_Log_Pos") +
                    ":" + value(heartbeats, "Slave_received_heartbeats");
  return source;
}

/// What all servers say of themselves with GTIDs, after `source` was read.
void read_gtids(ServerConnection& connection, const NamedValues& replica, ServerState& state,
                Deadline deadline) {
  if (state.mariadb) {
    const NamedValues gtids =
        fabric::mysql::first_row(connection, kMariaDbGtids, deadline).value_or(NamedValues());
    state.applied = GtidSet::of_mariadb_position(value(gtids, "logged"));
    state.applied.add(GtidSet::of_mariadb_position(value(gtids, "replicated")));
    state.history = GtidSet::of_mariadb_state(value(gtids, "state"));
    state.history.add(GtidSet::of_mariadb_state(value(gtids, "replicated")));
    state.received = GtidSet::of_mariadb_position(value(replica, "Gtid_IO_Pos"));
  } else {
    const NamedValues gtids =
        fabric::mysql::first_row(connection, kMySqlGtids, deadline).value_or(NamedValues());
    state.applied = GtidSet::of_mysql(value(gtids, "executed"));
    state.history = state.applied;
    state.received = GtidSet::of_mysql(value(replica, "Retrieved_Gtid_Set"));
  }
  state.received.add(state.applied);
}

}  // namespace

ServerLink::ServerLink(fabric::base::Endpoint server, fabric::mysql::Credentials credentials,
                       fabric::mysql::Watchdog& watchdog)
    : server_(std::move(server)), credentials_(std::move(credentials)), watchdog_(watchdog) {}

ServerConnection& ServerLink::connection(Deadline deadline) {
  if (connection_ && (connection_->broken() || !connection_->looks_alive())) connection_.reset();
  if (!connection_) {
    fabric::mysql::ConnectOptions options;
    options.server = server_;
    options.credentials = credentials_;
    connection_ = ServerConnection::open(options, watchdog_, deadline);
  }
  return *connection_;
}

void ServerLink::run(const std::string& sql, Deadline deadline) {
  connection(deadline).run(sql, deadline);
}

ServerState ServerLink::look(Deadline deadline) noexcept {
  ServerState state;
  try {
    state = ask(deadline);
  } catch (const std::exception& error) {
    connection_.reset();
    state.why = error.what();
    // A server that refuses this login, or has no room, lives.
    const auto* answer = dynamic_cast<const MysqlError*>(&error);
    const bool spoke = answer != nullptr && answer->loss() == fabric::mysql::LinkLoss::kNone;
    // After silence the time is over, and this says so too.
    state.outcome = spoke ? ProbeOutcome::kAnswers : fabric::probe_server(server_, deadline);
  }
  state_ = state;
  return state;
}

ServerState ServerLink::ask(Deadline deadline) {
  ServerConnection& link = connection(deadline);
  const NamedValues variables = fabric::mysql::pairs(link, kVariables, deadline);
  const auto replica = fabric::mysql::first_row(link, "SHOW SLAVE STATUS", deadline);
  ServerState state;
  state.mariadb = link.is_mariadb();
  // MariaDB 11.8 has more words than ON for a server that takes no writes.
  state.read_only = value(variables, "read_only") != "OFF";
  state.usable = on(variables, "log_bin") && on(variables, "log_slave_updates") &&
                 (state.mariadb || on(variables, "gtid_mode"));
  state.semi_sync_source = on(variables, "rpl_semi_sync_master_enabled");
  state.semi_sync_replica = on(variables, "rpl_semi_sync_slave_enabled");
  if (replica && !value(*replica, "Master_Host").empty()) {
    state.source = source_of(*replica, fabric::mysql::pairs(link, kHeartbeats, deadline));
  }
  if (state.mariadb || state.usable) {
    read_gtids(link, replica.value_or(NamedValues()), state, deadline);
  }
  state.outcome = ProbeOutcome::kAnswers;
  state.known = true;
  return state;
}

int ServerLink::kill_applications(Deadline deadline) {
  int killed = 0;
  for (const auto& [id, one] :
       fabric::mysql::pairs(connection(deadline), kApplications, deadline)) {
    try {
      run("KILL " + id, deadline);
      ++killed;
    } catch (const MysqlError& error) {
      if (error.number() != kNoSuchThread) throw;
    }
  }
  return killed;
}

int ServerLink::fence(Deadline deadline) {
  // Statements and commits in flight end first, so that nobody is left not knowing; what holds
  // them up for long is killed.
  int killed = 0;
  run("SET SESSION lock_wait_timeout = 1", deadline);
  try {
    run("SET GLOBAL read_only = 1", deadline);
  } catch (const MysqlError& error) {
    if (error.number() != kLockTimeout) throw;
    killed += kill_applications(deadline);
    run("SET GLOBAL read_only = 1", deadline);
  }
  if (!fabric::mysql::pairs(connection(deadline), "SHOW GLOBAL VARIABLES LIKE 'super_read_only'",
                            deadline)
           .empty()) {
    run("SET GLOBAL super_read_only = 1", deadline);
  }
  killed += kill_applications(deadline);
  return killed;
}

void ServerLink::accept_writes(Deadline deadline) {
  // Also clears super_read_only where there is one.
  run("SET GLOBAL read_only = 0", deadline);
}

int ServerLink::open_transactions(Deadline deadline) {
  const NamedValues counted =
      fabric::mysql::pairs(connection(deadline), kOpenTransactions, deadline);
  return std::stoi("0" + value(counted, "open"));
}

void ServerLink::stop_receiving(Deadline deadline) { run("STOP SLAVE IO_THREAD", deadline); }

void ServerLink::start_applying(Deadline deadline) { run("START SLAVE SQL_THREAD", deadline); }

void ServerLink::stop_replication(Deadline deadline) {
  try {
    run("STOP SLAVE", deadline);
  } catch (const MysqlError& error) {
    if (error.number() != kNoSource) throw;
  }
}

void ServerLink::follow(const fabric::base::Endpoint& source, const Account& account,
                        Deadline deadline) {
  stop_replication(deadline);
  if (state_.mariadb) {
    // What the server wrote as a primary itself belongs to its position, too.
    run("SET GLOBAL gtid_slave_pos = @@global.gtid_current_pos", deadline);
  }
  run("CHANGE MASTER TO MASTER_HOST = " + quoted(source.host) + ", MASTER_PORT = " +
          std::to_string(source.port) + ", MASTER_USER = " + quoted(account.user) +
          ", MASTER_PASSWORD = " + quoted(account.password) + ", " +
          (state_.mariadb ? "MASTER_USE_GTID = slave_pos" : "MASTER_AUTO_POSITION = 1") +
          ", MASTER_CONNECT_RETRY = 1, MASTER_HEARTBEAT_PERIOD = 1",
      deadline);
  run("START SLAVE", deadline);
}

void ServerLink::follow_nobody(Deadline deadline) {
  stop_replication(deadline);
  run("RESET SLAVE ALL", deadline);
}

void ServerLink::set_semi_sync(SemiSync role, Deadline deadline) {
  const bool source = role == SemiSync::kSource;
  run(std::string("SET GLOBAL rpl_semi_sync_slave_enabled = ") + (source ? "0" : "1"), deadline);
  run(std::string("SET GLOBAL rpl_semi_sync_master_enabled = ") + (source ? "1" : "0"), deadline);
}

}  // namespace tools::watch
