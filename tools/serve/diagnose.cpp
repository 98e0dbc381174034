#include "tools/serve/diagnose.h"

#include <sstream>

#include "tools/doctor/server_findings.h"

namespace tools::serve {

doctor::Look Asking::look_of(const fabric::Server& server) const {
  doctor::Look look;
  look.application.server = server.endpoint;
  look.application.credentials = watching_.settings.credentials;
  look.administrator = watching_.administrator;
  return look;
}

Diagnosis Asking::look(const fabric::Server& server, const Board& board) noexcept {
  if (kept_to_ != server.endpoint) kept_ = {};
  kept_to_ = server.endpoint;
  const doctor::Look look = look_of(server);
  Diagnosis found;
  found.facts = doctor::look_at(
      look, kept_, watchdog_, fabric::base::Deadline::after(watchdog_.clock(), watching_.timeout));
  const bool follows =
      server.status == fabric::ServerStatus::kSecondary && found.answers() && !found.facts.galera();
  if (follows) {
    const std::string position = board.primary_position(server.group, found.facts.mariadb);
    if (!position.empty()) doctor::measure_lag(found.facts, look, kept_, position, watchdog_);
  }
  found.findings = judged(watching_, server, found.facts);
  found.at = now();
  return found;
}

std::vector<doctor::Finding> judged(const Watching& watching, const fabric::Server& server,
                                    const doctor::ServerFacts& facts) {
  const doctor::Question question;
  doctor::Report report([](const doctor::Finding&) {});
  std::ostringstream nowhere;
  doctor::Progress progress(nowhere);
  doctor::Examination examination(question, report, progress);
  examination.settings = watching.settings;
  examination.asked_for = watching.asked_for;
  examination.patients.push_back({server, facts});
  const doctor::Patient& patient = examination.patients.front();
  judge_login(examination, patient);
  if (facts.asked) {
    judge_role(examination, patient);
    judge_replication(examination, patient);
    judge_limits(examination, patient);
  }
  std::vector<doctor::Finding> findings;
  for (const doctor::Finding& one : report.findings()) {
    if (one.level != doctor::Level::kOk) findings.push_back(one);
  }
  return findings;
}

}  // namespace tools::serve
