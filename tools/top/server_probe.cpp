#include "tools/top/server_probe.h"

#include <string>

#include "fabric/base/error.h"
#include "tools/sql_text.h"

namespace tools::top {
namespace {

using fabric::base::Deadline;
using fabric::mysql::MysqlError;
using fabric::mysql::NamedValues;
using fabric::mysql::ServerConnection;

constexpr const char* kStatus =
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions','Threads_connected',"
    "'wsrep_local_state_comment','wsrep_cluster_status','wsrep_cluster_size','wsrep_ready')";
constexpr const char* kMariaDbGtids =
    "@@global.gtid_binlog_pos AS logged, @@global.gtid_slave_pos AS replicated";
constexpr const char* kMySqlGtids = "@@global.gtid_executed AS executed";
constexpr unsigned kNoRight = 1227;
constexpr unsigned kFirstWithReplica = 80400;  // MySQL 8.4 has no SHOW SLAVE STATUS

std::string value_of(const NamedValues& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? std::string() : found->second;
}

std::uint64_t number_of(const NamedValues& values, const std::string& name) {
  const std::string text = value_of(values, name);
  return text.empty() ? 0 : std::stoull(text);
}

std::string session_question(const std::string& user) {
  return "SELECT @@global.max_connections AS most, (SELECT COUNT(*) FROM "
         "information_schema.processlist WHERE user = " +
         text_literal(user) + " AND id <> CONNECTION_ID()) AS ours, ";
}

std::string either(const NamedValues& values, const std::string& one, const std::string& other) {
  return values.contains(one) ? value_of(values, one) : value_of(values, other);
}

}  // namespace

ServerProbe::ServerProbe(const fabric::base::Endpoint& server,
                         const fabric::mysql::Credentials& credentials, const std::string& user,
                         fabric::mysql::Watchdog& watchdog)
    : session_question_(session_question(user)), watchdog_(watchdog) {
  options_.server = server;
  options_.credentials = credentials;
}

ServerSample ServerProbe::look(Deadline deadline) noexcept {
  ServerSample sample;
  try {
    sample = ask(deadline);
  } catch (const std::exception& error) {
    connection_.reset();
    sample.problem = error.what();
  }
  sample.taken = watchdog_.clock().now();
  return sample;
}

NamedValues ServerProbe::row(const std::string& sql, Deadline deadline) {
  ++asked_;
  return fabric::mysql::first_row(*connection_, sql, deadline).value_or(NamedValues());
}

ServerSample ServerProbe::ask(Deadline deadline) {
  if (connection_ && (connection_->broken() || !connection_->looks_alive())) connection_.reset();
  if (!connection_) connection_ = ServerConnection::open(options_, watchdog_, deadline);
  ServerSample sample;
  ask_session(sample, deadline);
  if (may_see_replication_) ask_replication(sample, deadline);
  ask_status(sample, deadline);
  return sample;
}

void ServerProbe::ask_status(ServerSample& sample, Deadline deadline) {
  ++asked_;
  const NamedValues status = fabric::mysql::pairs(*connection_, kStatus, deadline);
  const std::uint64_t questions = number_of(status, "Questions");
  sample.questions = questions > asked_ ? questions - asked_ : 0;
  const std::uint64_t connected = number_of(status, "Threads_connected");
  sample.connections = connected > 0 ? connected - 1 : 0;
  sample.galera_state = value_of(status, "wsrep_local_state_comment");
  sample.galera_cluster = value_of(status, "wsrep_cluster_status");
  sample.galera_size = value_of(status, "wsrep_cluster_size");
  sample.galera = number_of(status, "wsrep_cluster_size") > 0;
}

void ServerProbe::ask_session(ServerSample& sample, Deadline deadline) {
  const bool mariadb = connection_->is_mariadb();
  const NamedValues session =
      row(session_question_ + (mariadb ? kMariaDbGtids : kMySqlGtids), deadline);
  sample.max_connections = number_of(session, "most");
  sample.ours = number_of(session, "ours");
  if (mariadb) {
    sample.has = watch::GtidSet::of_mariadb_position(value_of(session, "logged"));
    sample.has.add(watch::GtidSet::of_mariadb_position(value_of(session, "replicated")));
  } else {
    sample.has = watch::GtidSet::of_mysql(value_of(session, "executed"));
  }
}

void ServerProbe::ask_replication(ServerSample& sample, Deadline deadline) {
  const bool renamed =
      !connection_->is_mariadb() && connection_->version_number() >= kFirstWithReplica;
  NamedValues replica;
  try {
    replica = row(renamed ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS", deadline);
  } catch (const MysqlError& error) {
    if (error.number() != kNoRight) throw;
    may_see_replication_ = false;
    return;
  }
  sample.replicates = !replica.empty();
  if (!sample.replicates) return;
  const std::string seconds = either(replica, "Seconds_Behind_Master", "Seconds_Behind_Source");
  if (!seconds.empty()) sample.seconds_behind = std::stoull(seconds);
  if (sample.seconds_behind) return;
  sample.replication_problem = value_of(replica, "Last_SQL_Error");
  if (sample.replication_problem.empty()) {
    sample.replication_problem = value_of(replica, "Last_IO_Error");
  }
  if (sample.replication_problem.empty()) sample.replication_problem = "replication is stopped";
}

}  // namespace tools::top
