// Every server of the groups that the DSN may reach. All are asked at once.
#include <algorithm>
#include <future>

#include "tools/doctor/checks.h"
#include "tools/doctor/server_findings.h"

namespace tools::doctor {
namespace {

Look look_of(const Examination& examination, const fabric::Server& server) {
  const driver::settings::ConnectionSettings& settings = *examination.settings;
  Look look;
  look.application.server = server.endpoint;
  look.application.credentials = settings.credentials;
  look.application.database = settings.database;
  const Question& asked = examination.question;
  if (asked.admin_user.empty()) return look;
  look.administrator = settings.credentials;
  look.administrator->user = asked.admin_user;
  look.administrator->password = asked.admin_password;
  return look;
}

/// Runs `work` for all patients at once.
template <class Work>
void for_all_at_once(Examination& examination, const std::string& what, const Work& work) {
  std::vector<std::future<void>> works;
  for (Patient& patient : examination.patients) {
    works.push_back(std::async(std::launch::async, [&, what] {
      const Progress::Step step(examination.progress, what + patient.server.endpoint.text());
      work(patient);
    }));
  }
  for (auto& one : works) one.get();
}

const Patient* primary_of(const Examination& examination, const std::string& group) {
  const auto found = std::ranges::find_if(examination.patients, [&group](const Patient& one) {
    return one.server.group == group && one.server.status == fabric::ServerStatus::kPrimary;
  });
  return found == examination.patients.end() ? nullptr : &*found;
}

void measure_lags(Examination& examination) {
  for_all_at_once(examination, "waiting for the replica ", [&examination](Patient& patient) {
    const Patient* primary = primary_of(examination, patient.server.group);
    const bool follows = patient.server.status == fabric::ServerStatus::kSecondary &&
                         patient.facts.asked && !patient.facts.galera();
    if (!follows || primary == nullptr || primary->facts.position.empty() ||
        primary->facts.mariadb != patient.facts.mariadb) {
      return;
    }
    measure_lag(patient.facts, look_of(examination, patient.server), primary->facts.position,
                examination.watchdog);
  });
}

}  // namespace

void check_servers(Examination& examination) {
  for (const std::string& name : examination.groups) {
    const fabric::Group* group = examination.topology->find_group(name);
    if (group == nullptr) continue;
    for (const fabric::Server& server : group->servers)
      examination.patients.push_back({server, {}});
  }
  for_all_at_once(examination, "asking the server ", [&examination](Patient& patient) {
    patient.facts =
        look_at(look_of(examination, patient.server), examination.watchdog, examination.deadline());
  });
  measure_lags(examination);
  for (const Patient& patient : examination.patients) {
    judge_login(examination, patient);
    if (!patient.facts.asked) continue;
    judge_tls(examination, patient);
    judge_rights(examination, patient);
    judge_role(examination, patient);
    judge_replication(examination, patient);
    judge_limits(examination, patient);
  }
  judge_versions(examination);
}

}  // namespace tools::doctor
