#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "tools/command.h"
#include "tools/doctor/checks.h"
#include "tools/doctor/examination.h"
#include "tools/doctor/rendering.h"

namespace tools {
namespace {

struct DoctorOptions {
  doctor::Question question;
  unsigned timeout = 5;  // seconds
  bool json = false;
};

int examine_farm(const DoctorOptions& options) {
  doctor::Question question = options.question;
  question.timeout = std::chrono::seconds(options.timeout);
  doctor::Report report([&options](const doctor::Finding& finding) {
    if (!options.json) std::cout << doctor::finding_text(finding) << std::flush;
  });
  doctor::Progress progress(std::cerr);
  doctor::Examination examination(question, report, progress);
  doctor::examine(examination);
  std::cout << (options.json ? doctor::findings_json(examination.asked_for, report.findings())
                             : doctor::summary_text(report.findings()));
  return report.count(doctor::Level::kError) == 0 ? kDone : kFailed;
}

}  // namespace

Command doctor_command(CLI::App& program) {
  auto options = std::make_shared<DoctorOptions>();
  CLI::App* command = program.add_subcommand(
      "doctor", "Finds out why a data source does not work, and says how to mend it");
  add_farm_option(*command, options->question.farm);
  command
      ->add_option("--admin-user", options->question.admin_user,
                   "account at the servers that may see replication, where the DSN's may not")
      ->envname("FABRICCTL_ADMIN_USER");
  command->add_option("--admin-password", options->question.admin_password, "its password")
      ->envname("FABRICCTL_ADMIN_PASSWORD");
  command->add_option("--timeout", options->timeout, "seconds for each node or server")
      ->check(CLI::Range(1U, 3600U))
      ->capture_default_str();
  command->add_flag("--json", options->json, "as one JSON object");
  command->footer("Exit codes: 0 no errors (there may be warnings), 1 errors, 2 wrong usage.");
  return {command, [options] { return examine_farm(*options); }};
}

}  // namespace tools
