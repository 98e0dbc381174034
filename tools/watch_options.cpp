#include "tools/watch_options.h"

#include <CLI/CLI.hpp>

#include "tools/time_option.h"

namespace tools {
namespace {

using fabric::base::Duration;

struct TimeRow {
  const char* name;
  Duration watch::Options::*field;
  const char* standard;
  const char* help;
};

constexpr TimeRow kTimes[] = {
    {"--interval", &watch::Options::interval, "500ms", "between two looks at all servers"},
    {"--probe-timeout", &watch::Options::probe_timeout, "1s", "of one look"},
    {"--step-timeout", &watch::Options::step_timeout, "5s",
     "of one statement that changes a server"},
    {"--apply-timeout", &watch::Options::apply_timeout, "30s",
     "for a successor to apply what it received, before the attempt is made again"},
    {"--drain", &watch::Options::drain, "1s",
     "for open transactions to end by themselves in a planned switch-over"},
    {"--lease", &watch::Options::lease, "10s",
     "after which another instance takes over from one that vanished"}};
constexpr const char* kDeadAfter = "--dead-after";

}  // namespace

void add_watch_options(CLI::App& command, WatchOptions& into) {
  for (const TimeRow& row : kTimes) {
    into.times[row.name] = row.standard;
    command.add_option(row.name, into.times[row.name], row.help)->capture_default_str();
  }
  into.times[kDeadAfter] = "5s";
  command
      .add_option(kDeadAfter, into.times[kDeadAfter],
                  "how long a server must have been refused or silent to be dead: longer than "
                  "its restart takes")
      ->capture_default_str();
  command
      .add_option("--probes", into.options.thresholds.probes,
                  "and how many looks in a row must have failed")
      ->capture_default_str();
  command
      .add_option("--rejoin", into.rejoin,
                  "what a returned server becomes once it follows the primary and has caught up: "
                  "secondary, spare, off")
      ->capture_default_str()
      ->check(CLI::IsMember({"secondary", "spare", "off"}));
  command.add_option("--fence-command", into.options.fence_command,
                     "shell command that keeps a primary which cannot be reached from taking "
                     "writes; nothing is promoted unless it exits with 0");
  command.add_option("--replication-user", into.options.replication_user,
                     "account of the replicas at their sources, instead of --user");
  command.add_option("--replication-password", into.options.replication_password, "its password")
      ->envname("FABRICCTL_REPLICATION_PASSWORD");
  command.add_flag("--json", into.json, "log lines as JSON objects");
}

watch::Options WatchOptions::complete(const driver::settings::ConnectionSettings& settings) const {
  watch::Options complete = options;
  for (const TimeRow& row : kTimes) complete.*row.field = time_of(row.name, times.at(row.name));
  complete.thresholds.dead_after = time_of(kDeadAfter, times.at(kDeadAfter));
  complete.rejoin = rejoin == "off"     ? watch::Rejoin::kOff
                    : rejoin == "spare" ? watch::Rejoin::kSpare
                                        : watch::Rejoin::kSecondary;
  if (complete.replication_user.empty()) {
    complete.replication_user = settings.credentials.user;
    complete.replication_password = settings.credentials.password;
  }
  return complete;
}

}  // namespace tools
