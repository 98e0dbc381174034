#include "tools/doctor/server_facts.h"

#include <chrono>
#include <memory>

namespace tools::doctor {
namespace {

using fabric::base::Deadline;
using fabric::mysql::MysqlError;
using fabric::mysql::NamedValues;
using fabric::mysql::ServerConnection;
using fabric::mysql::Watchdog;

constexpr const char* kVariables =
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only','super_read_only','wsrep_on',"
    "'wait_timeout','interactive_timeout','max_connections','max_user_connections','server_uuid',"
    "'have_ssl','log_bin','gtid_mode','lower_case_table_names')";
constexpr const char* kStatus =
    "SHOW STATUS WHERE Variable_name IN ('Threads_connected','Ssl_version','wsrep_ready',"
    "'wsrep_cluster_status','wsrep_local_state','wsrep_local_state_comment','wsrep_cluster_size',"
    "'wsrep_connected')";
constexpr std::chrono::seconds kLagPatience{2};

std::string cell_text(const fabric::mysql::Cell& cell) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes of the wire as characters
  return cell.null() ? std::string()
                     : std::string(reinterpret_cast<const char*>(cell.data), cell.size);
}

std::vector<std::string> first_column(ServerConnection& connection, const std::string& sql,
                                      Deadline deadline) {
  std::vector<std::string> texts;
  const auto reply = connection.query(sql, deadline);
  while (const fabric::mysql::Row* row = reply->fetch(deadline))
    texts.push_back(cell_text(row->front()));
  return texts;
}

std::string one_value(ServerConnection& connection, const std::string& sql, Deadline deadline) {
  const std::vector<std::string> column = first_column(connection, sql, deadline);
  return column.empty() ? std::string() : column.front();
}

/// False: the account may not ask.
bool ask_replication(ServerConnection& connection, ServerFacts& facts, Deadline deadline) {
  constexpr unsigned kNoSuchStatement = 1064;  // MySQL 8.4 has the other name only
  constexpr unsigned kNoRight = 1227;
  for (const char* question : {"SHOW SLAVE STATUS", "SHOW REPLICA STATUS"}) {
    try {
      facts.replica = fabric::mysql::first_row(connection, question, deadline);
      facts.replication_seen = true;
      return true;
    } catch (const MysqlError& error) {
      if (error.number() == kNoRight) return false;
      if (error.number() != kNoSuchStatement) throw;
    }
  }
  return false;
}

void ask(ServerConnection& connection, ServerFacts& facts, Deadline deadline) {
  facts.version = connection.server_version();
  facts.mariadb = connection.is_mariadb();
  facts.number = connection.version_number();
  facts.encrypted = connection.encrypted();
  facts.variables = fabric::mysql::pairs(connection, kVariables, deadline);
  facts.status = fabric::mysql::pairs(connection, kStatus, deadline);
  facts.account = one_value(connection, "SELECT CURRENT_USER()", deadline);
  facts.grants = first_column(connection, "SHOW GRANTS", deadline);
  ask_replication(connection, facts, deadline);
  if (facts.is_on("log_bin") && (facts.mariadb || facts.is_on("gtid_mode"))) {
    facts.position = one_value(
        connection,
        facts.mariadb ? "SELECT @@global.gtid_binlog_pos" : "SELECT @@global.gtid_executed",
        deadline);
  }
  facts.asked = true;
}

/// The kept one while it works, else a new one.
ServerConnection& connected(std::unique_ptr<ServerConnection>& kept,
                            const fabric::mysql::ConnectOptions& options, Watchdog& watchdog,
                            Deadline deadline) {
  if (kept && (kept->broken() || !kept->looks_alive())) kept.reset();
  if (!kept) kept = ServerConnection::open(options, watchdog, deadline);
  return *kept;
}

void ask_as_administrator(const Look& look, KeptLinks& kept, ServerFacts& facts, Watchdog& watchdog,
                          Deadline deadline) {
  if (facts.replication_seen || !look.administrator) return;
  fabric::mysql::ConnectOptions options;
  options.server = look.application.server;
  options.credentials = *look.administrator;
  ask_replication(connected(kept.administrator, options, watchdog, deadline), facts, deadline);
}

/// Comes back with 0 or more once the replica has it, with -1 or 1 when that took too long.
std::string wait_statement(const ServerFacts& replica, const std::string& position) {
  const std::string end = "('" + position + "', " + std::to_string(kLagPatience.count()) + ")";
  if (replica.mariadb) return "SELECT MASTER_GTID_WAIT" + end;
  constexpr unsigned kFirstWithTheOther = 50705;
  return (replica.number >= kFirstWithTheOther ? "SELECT WAIT_FOR_EXECUTED_GTID_SET"
                                               : "SELECT WAIT_UNTIL_SQL_THREAD_AFTER_GTIDS") +
         end;
}

}  // namespace

std::string ServerFacts::variable(const std::string& name) const {
  const auto found = variables.find(name);
  return found == variables.end() ? std::string() : found->second;
}

std::string ServerFacts::state(const std::string& name) const {
  const auto found = status.find(name);
  return found == status.end() ? std::string() : found->second;
}

bool ServerFacts::is_on(const std::string& variable_name) const {
  const std::string value = variable(variable_name);
  return value == "ON" || value == "1" || value == "YES";
}

ServerFacts look_at(const Look& look, Watchdog& watchdog, Deadline deadline) noexcept {
  KeptLinks none;
  return look_at(look, none, watchdog, deadline);
}

ServerFacts look_at(const Look& look, KeptLinks& kept, Watchdog& watchdog,
                    Deadline deadline) noexcept {
  ServerFacts facts;
  try {
    const bool works = kept.application && kept.application->looks_alive();
    facts.reach = works ? Reach{.outcome = fabric::base::ConnectOutcome::kConnected}
                        : reach(look.application.server, deadline);
    if (!facts.reach.connected()) {
      kept = {};
      return facts;
    }
    ask(connected(kept.application, look.application, watchdog, deadline), facts, deadline);
    ask_as_administrator(look, kept, facts, watchdog, deadline);
    return facts;
  } catch (const MysqlError& error) {
    facts.refused = error;
  } catch (const std::exception& error) {
    facts.refused = MysqlError(0, "HY000", error.what());
  }
  kept = {};
  return facts;
}

void measure_lag(ServerFacts& replica, const Look& look, const std::string& position,
                 Watchdog& watchdog) noexcept {
  KeptLinks none;
  measure_lag(replica, look, none, position, watchdog);
}

void measure_lag(ServerFacts& replica, const Look& look, KeptLinks& kept,
                 const std::string& position, Watchdog& watchdog) noexcept {
  if (position.find_first_of("'\\") != std::string::npos) return;  // no server's position has these
  try {
    const Deadline deadline = Deadline::after(watchdog.clock(), 2 * kLagPatience);
    ServerConnection& connection =
        connected(kept.application, look.application, watchdog, deadline);
    const auto began = std::chrono::steady_clock::now();
    const std::string answer = one_value(connection, wait_statement(replica, position), deadline);
    const auto took = std::chrono::steady_clock::now() - began;
    if (answer.empty()) return;  // nothing is applied there: that is another finding
    const bool late = answer == "-1" || (took >= kLagPatience && answer == "1");
    replica.lags_longer = late;
    if (!late) replica.lag = took;
  } catch (const std::exception&) {  // not measured
  }
}

}  // namespace tools::doctor
