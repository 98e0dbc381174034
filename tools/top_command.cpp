#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <thread>

#include "driver/runtime.h"
#include "tools/command.h"
#include "tools/farm_option.h"
#include "tools/live_screen.h"
#include "tools/time_option.h"
#include "tools/top/farm_look.h"

namespace tools {
namespace {

constexpr const char* kInterval = "--interval";

struct TopOptions {
  FarmOption farm;
  std::string admin_user, admin_password;
  std::string stats_file;
  std::string interval = "2s";
  unsigned timeout = 2;  // seconds
  bool once = false;
  bool json = false;
};

top::LookOptions look_options(const TopOptions& options,
                              const driver::settings::ConnectionSettings& settings) {
  top::LookOptions look{
      .asking = settings.credentials,
      .user = settings.credentials.user,
      .stats_file = options.stats_file.empty() ? settings.stats_file : options.stats_file,
      .timeout = std::chrono::seconds(options.timeout)};
  if (!options.admin_user.empty()) {
    look.asking.user = options.admin_user;
    look.asking.password = options.admin_password;
  }
  return look;
}

/// Queries a second need two looks.
int show_once(top::FarmLook& look, bool json) {
  constexpr std::chrono::seconds kBetween{1};
  look.look();
  std::this_thread::sleep_for(kBetween);
  const top::Picture picture = look.look();
  std::cout << (json ? top::picture_json(picture) + "\n" : top::picture_text(picture));
  return kDone;
}

void show_live(const TopOptions& options, top::FarmLook& look, LiveScreen& screen) {
  const top::Picture picture = look.look();
  if (options.json) {
    std::cout << top::picture_json(picture) << std::endl;
    return;
  }
  const std::string text = top::picture_text(picture);
  if (!LiveScreen::possible()) {
    std::cout << picture.time << '\n' << text << std::endl;
    return;
  }
  screen.draw(title_line(options.farm) + text);
}

int run_top(const TopOptions& options) {
  if (!options.once) hold_back_signals();
  const auto every = pause_of(kInterval, options.interval);
  const driver::settings::ConnectionSettings settings = settings_of(options.farm);
  top::FarmLook look(settings, look_options(options, settings),
                     driver::Runtime::current().watchdog());
  if (options.once) return show_once(look, options.json);
  LiveScreen screen;
  repeat_until_signal(
      every, [&] { show_live(options, look, screen); }, [&look] { look.cancel(); });
  return kDone;
}

}  // namespace

Command top_command(CLI::App& program) {
  auto options = std::make_shared<TopOptions>();
  CLI::App* command =
      program.add_subcommand("top", "Shows what servers and pools are doing, live until Ctrl-C");
  add_farm_option(*command, options->farm);
  command
      ->add_option("--admin-user", options->admin_user,
                   "account that asks the servers; the DSN's sees its own connections only, and "
                   "not whether replication runs")
      ->envname("FABRICCTL_ADMIN_USER");
  command->add_option("--admin-password", options->admin_password, "its password")
      ->envname("FABRICCTL_ADMIN_PASSWORD");
  command->add_option("--stats-file", options->stats_file,
                      "where the driver's processes write, as in STATS_FILE; by default the DSN's");
  command->add_option(kInterval, options->interval, "time between two looks")
      ->capture_default_str();
  command->add_option("--timeout", options->timeout, "seconds to wait for the servers' answers")
      ->check(CLI::Range(1U, 3600U))
      ->capture_default_str();
  command->add_flag("--once", options->once, "one picture, of two looks within a second");
  command->add_flag("--json", options->json, "a line of JSON for each look");
  command->footer(
      "Examples:\n"
      "  fabricctl top orders\n"
      "  fabricctl top orders --once --json\n"
      "  fabricctl top orders --stats-file '/var/lib/node_exporter/app-%p.prom'");
  return {command, [options] { return run_top(*options); }};
}

}  // namespace tools
