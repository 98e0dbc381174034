// A server's limits against the pool's, and servers against each other.
#include <algorithm>
#include <charconv>
#include <map>

#include "tools/doctor/server_findings.h"

namespace tools::doctor {
namespace {

using fabric::ServerStatus;

/// 0 where it is not known, or no limit.
unsigned long number_in(const std::string& text) {
  unsigned long number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

void judge_connections(Examination& examination, const Patient& patient) {
  const pool::PoolOptions& pool = examination.settings->pool;
  const ServerFacts& facts = patient.facts;
  const unsigned long most = number_in(facts.variable("max_connections"));
  const unsigned long now = number_in(facts.state("Threads_connected"));
  const unsigned long of_user = number_in(facts.variable("max_user_connections"));
  const std::string subject = server_subject(examination, patient);
  const std::string wish = "MAX_POOL_SIZE is " + std::to_string(pool.max_size);
  if (of_user != 0 && pool.max_size > of_user) {
    examination.report.warning(subject,
                               wish + ", but the server gives one account " +
                                   std::to_string(of_user) + " connections (max_user_connections)",
                               examination.ini_fix("MAX_POOL_SIZE = " + std::to_string(of_user)));
  } else if (most != 0 && pool.max_size >= most) {
    examination.report.warning(
        subject,
        wish + ", but the server has " + std::to_string(most) +
            " connections for everybody (max_connections)",
        examination.ini_fix("MAX_POOL_SIZE = " + std::to_string(std::max(1UL, most / 2))));
  } else if (most != 0 && now >= most - most / 10) {
    examination.report.warning(
        subject,
        "has " + std::to_string(now) + " of its " + std::to_string(most) + " connections in use",
        sql_fix(patient.server.endpoint,
                "SET GLOBAL max_connections = " + std::to_string(2 * most) + ";"));
  } else if (most != 0) {
    examination.report.ok(subject, "has " + std::to_string(now) + " of its " +
                                       std::to_string(most) + " connections in use; " + wish);
  }
}

/// The pool closes idle connections before the server does; a session that an application holds and
/// leaves idle is the application's.
void judge_idle_time(Examination& examination, const Patient& patient) {
  constexpr unsigned long kShort = 60;
  const bool interactive = examination.settings->credentials.link.interactive;
  const std::string name = interactive ? "interactive_timeout" : "wait_timeout";
  const unsigned long seconds = number_in(patient.facts.variable(name));
  if (seconds == 0 || seconds >= kShort || !patient.facts.asked) return;
  examination.report.warning(
      server_subject(examination, patient),
      name + " is " + std::to_string(seconds) +
          " s: a program that pauses for longer between two statements loses its session (08S01), "
          "and pooled connections seldom live to be used again",
      sql_fix(patient.server.endpoint, "SET GLOBAL " + name + " = 28800;"));
}

unsigned release_of(const ServerFacts& facts) {
  // 101119 and 50624: the last two digits are of one release series.
  return facts.number / 100;
}

}  // namespace

void judge_limits(Examination& examination, const Patient& patient) {
  judge_connections(examination, patient);
  judge_idle_time(examination, patient);
}

void judge_versions(Examination& examination) {
  for (const Patient& replica : examination.patients) {
    if (!replica.facts.asked || replica.server.status != ServerStatus::kSecondary) continue;
    for (const Patient& primary : examination.patients) {
      const bool its_own = primary.server.group == replica.server.group &&
                           primary.server.status == ServerStatus::kPrimary && primary.facts.asked;
      if (!its_own) continue;
      const bool other_kind = primary.facts.mariadb != replica.facts.mariadb;
      if (!other_kind && release_of(replica.facts) >= release_of(primary.facts)) continue;
      examination.report.warning(
          server_subject(examination, replica),
          "runs " + replica.facts.version + ", but its primary " + primary.server.endpoint.text() +
              " runs " + primary.facts.version +
              ": replication is not made for an older or another server behind a newer one",
          {.where = (other_kind ? "put a server of its primary's kind there, " : "upgrade it to ") +
                    primary.facts.version + "; in a shell on " + replica.server.endpoint.host,
           .lines = std::string("sudo apt-get update && sudo apt-get install ") +
                    (primary.facts.mariadb ? "mariadb-server" : "mysql-server")});
    }
  }
}

}  // namespace tools::doctor
