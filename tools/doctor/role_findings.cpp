// What the farm says a server is, against what the server says; and how well it follows.
#include <algorithm>

#include "fabric/names.h"
#include "tools/doctor/server_findings.h"

namespace tools::doctor {
namespace {

using fabric::ServerStatus;

bool takes_no_writes(const ServerFacts& facts) {
  // MariaDB 11.8 has more words than ON for a server that takes no writes.
  const std::string read_only = facts.variable("read_only");
  return !read_only.empty() && read_only != "OFF" && read_only != "0";
}

std::string cell(const fabric::mysql::NamedValues& row, const char* name, const char* newer) {
  for (const char* one : {name, newer}) {
    const auto found = row.find(one);
    if (found != row.end()) return found->second;
  }
  return {};
}

void judge_member(Examination& examination, const Patient& patient) {
  const ServerFacts& facts = patient.facts;
  const std::string subject = server_subject(examination, patient);
  const std::string state = facts.state("wsrep_local_state_comment");
  if (facts.state("wsrep_cluster_status") != "Primary") {
    examination.report.error(
        subject,
        "has no quorum: its cluster counts it out (wsrep_cluster_status " +
            facts.state("wsrep_cluster_status") + ")",
        {.where = "see why it lost the other members; if they are all gone, on the member with the "
                  "newest data only, in SQL",
         .lines = "SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES';"});
  } else if (facts.state("wsrep_ready") != "ON" || facts.state("wsrep_local_state") != "4") {
    examination.report.error(subject,
                             "is not in step with its cluster: " + state + " (wsrep_ready " +
                                 facts.state("wsrep_ready") + ")",
                             sql_fix(patient.server.endpoint,
                                     "SET GLOBAL wsrep_desync = OFF;\nSHOW STATUS LIKE 'wsrep%';"));
  } else {
    examination.report.ok(
        subject, "is a synced member of a cluster of " + facts.state("wsrep_cluster_size"));
  }
}

void judge_primary(Examination& examination, const Patient& patient) {
  const std::string subject = server_subject(examination, patient);
  const ServerFacts& facts = patient.facts;
  const bool plain = !examination.settings->has_fabric();
  if (takes_no_writes(facts)) {
    const bool reads_only =
        examination.settings->fabric.mode == driver::settings::FabricMode::kReadOnly;
    const std::string text =
        (plain ? std::string("takes no writes: read_only is ")
               : std::string("is the PRIMARY for the farm, but takes no writes: read_only is ")) +
        facts.variable("read_only");
    const Fix fix = sql_fix(patient.server.endpoint, "SET GLOBAL read_only = 0;");
    if (plain || reads_only) return examination.report.warning(subject, text, fix);
    return examination.report.error(subject, text, fix);
  }
  if (!plain) examination.report.ok(subject, "takes writes (read_only is OFF)");
}

void judge_secondary(Examination& examination, const Patient& patient) {
  if (patient.facts.galera()) return;
  const std::string subject = server_subject(examination, patient);
  if (takes_no_writes(patient.facts)) {
    return examination.report.ok(
        subject, "takes no writes (read_only is " + patient.facts.variable("read_only") + ")");
  }
  examination.report.warning(subject, "takes writes: one that strays here is on this server alone",
                             sql_fix(patient.server.endpoint, "SET GLOBAL read_only = 1;"));
}

void judge_uuid(Examination& examination, const Patient& patient) {
  const std::string own = patient.facts.variable("server_uuid");  // MariaDB has none
  const std::string& known = patient.server.uuid;
  if (own.empty() || own == known || !examination.settings->has_fabric() ||
      !examination.settings->fabric.topology_file.empty()) {
    return;
  }
  examination.report.warning(
      server_subject(examination, patient),
      "is another server than the farm thinks: its server_uuid is " + own + ", not " + known,
      examination.node_fix("CALL server.register(" + sql_quoted(own) + ", " +
                               sql_quoted(patient.server.endpoint.text()) + ");",
                           "mysqlfabric group remove " + patient.server.group + " " + known +
                               "\nmysqlfabric group add " + patient.server.group + " " +
                               patient.server.endpoint.text()));
}

/// Of an own kind, since nothing else can be said of a replica that is not asked.
void say_unseen(Examination& examination, const Patient& patient) {
  examination.report.note(
      server_subject(examination, patient),
      patient.facts.account + " may not see whether replication runs",
      {.where = "look with an administrator's account, in a shell",
       .lines = "FABRICCTL_ADMIN_PASSWORD=... fabricctl doctor --admin-user root " +
                shell_quoted(examination.asked_for)});
}

std::string trouble_of(const fabric::mysql::NamedValues& row) {
  for (const char* name : {"Last_SQL_Error", "Last_IO_Error"}) {
    const std::string trouble = cell(row, name, name);
    if (!trouble.empty()) return ": " + trouble;
  }
  return {};
}

/// True when both threads run.
bool judge_threads(Examination& examination, const Patient& patient) {
  const ServerFacts& facts = patient.facts;
  const std::string subject = server_subject(examination, patient);
  if (!facts.replica || facts.replica->empty()) {
    examination.report.error(
        subject, "is a SECONDARY for the farm, but replicates from nobody",
        sql_fix(patient.server.endpoint,
                std::string("CHANGE MASTER TO MASTER_HOST='PRIMARY', MASTER_PORT=3306, "
                            "MASTER_USER='replication', MASTER_PASSWORD='...', ") +
                    (facts.mariadb ? "MASTER_USE_GTID=slave_pos" : "MASTER_AUTO_POSITION=1") +
                    ";\nSTART SLAVE;"));
    return false;
  }
  const std::string receives = cell(*facts.replica, "Slave_IO_Running", "Replica_IO_Running");
  const std::string applies = cell(*facts.replica, "Slave_SQL_Running", "Replica_SQL_Running");
  if (receives == "Yes" && applies == "Yes") return true;
  examination.report.error(subject,
                           "does not replicate (receiving: " + receives + ", applying: " + applies +
                               ")" + trouble_of(*facts.replica),
                           sql_fix(patient.server.endpoint, "START SLAVE;\nSHOW SLAVE STATUS\\G"));
  return false;
}

void judge_lag(Examination& examination, const Patient& patient) {
  const ServerFacts& facts = patient.facts;
  const std::string subject = server_subject(examination, patient);
  const std::string behind =
      facts.replica ? cell(*facts.replica, "Seconds_Behind_Master", "Seconds_Behind_Source") : "";
  if (facts.lags_longer) {
    examination.report.warning(
        subject,
        "is more than 2 s behind its primary" +
            (facts.replication_seen ? std::string() : ", or does not replicate") +
            (behind.empty() ? std::string() : " (" + behind + " s, it says)") +
            ": reads there show old rows",
        {.where = "take reads from it until it has caught up, " +
                  (examination.sql_node ? std::string("on a Fabric node, in SQL")
                                        : std::string("in a shell on a Fabric node")),
         .lines = examination.sql_node
                      ? "CALL server.set_mode(" + sql_quoted(patient.server.uuid) +
                            ", 'OFFLINE', 'true');"
                      : "mysqlfabric server set_mode " + patient.server.uuid + " OFFLINE"});
  } else if (facts.lag) {
    const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(*facts.lag);
    examination.report.ok(subject, "had all of its primary's transactions within " +
                                       std::to_string(time.count()) + " ms");
  } else if (!behind.empty() && behind != "0") {
    examination.report.note(subject, "is " + behind + " s behind its primary, it says");
  }
}

}  // namespace

void judge_role(Examination& examination, const Patient& patient) {
  if (patient.facts.galera()) judge_member(examination, patient);
  if (!examination.roles_known) return;
  if (patient.server.status == ServerStatus::kPrimary) judge_primary(examination, patient);
  if (patient.server.status == ServerStatus::kSecondary) judge_secondary(examination, patient);
  judge_uuid(examination, patient);
}

void judge_replication(Examination& examination, const Patient& patient) {
  if (!examination.roles_known || patient.facts.galera() ||
      patient.server.status != ServerStatus::kSecondary) {
    return;
  }
  if (patient.facts.replication_seen && !judge_threads(examination, patient)) return;
  if (!patient.facts.replication_seen && !patient.facts.lag) say_unseen(examination, patient);
  judge_lag(examination, patient);
}

}  // namespace tools::doctor
