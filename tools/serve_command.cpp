#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <thread>

#include "driver/runtime.h"
#include "fabric/base/error.h"
#include "tools/command.h"
#include "tools/end_signals.h"
#include "tools/farm_option.h"
#include "tools/serve/observer.h"
#include "tools/serve/page_server.h"
#include "tools/serve/view_json.h"

namespace tools {
namespace {

using fabric::base::Deadline;

constexpr std::chrono::milliseconds kLookPause{20};
constexpr std::uint16_t kDefaultPort = 8306;

struct ServeOptions {
  FarmOption farm;
  std::string admin_user, admin_password;
  serve::PageServerOptions page{.port = kDefaultPort};
  unsigned timeout = 2;  // seconds
  bool json = false;
};

/// A connection string is not shown: it may hold passwords.
std::string farm_name(const ServeOptions& options,
                      const driver::settings::ConnectionSettings& settings) {
  if (options.farm.where.find('=') == std::string::npos) return options.farm.where;
  return settings.has_fabric() ? settings.fabric.nodes_text() : "a plain data source";
}

serve::Watching watching_of(const ServeOptions& options) {
  serve::Watching watching;
  watching.settings = settings_of(options.farm);
  watching.asked_for = farm_name(options, watching.settings);
  watching.timeout = std::chrono::seconds(options.timeout);
  if (!options.admin_user.empty()) {
    watching.administrator = watching.settings.credentials;
    watching.administrator->user = options.admin_user;
    watching.administrator->password = options.admin_password;
  }
  return watching;
}

/// Every server has been asked, or there was time for it.
serve::FarmView first_view(const serve::Board& board, Deadline deadline) {
  const auto asked = [](const serve::ServerView& one) { return one.diagnosis.has_value(); };
  while (true) {
    serve::FarmView view = board.view();
    const bool complete = std::ranges::all_of(view.groups, [&asked](const auto& group) {
      return std::ranges::all_of(group.servers, asked);
    });
    if ((view.topology != nullptr && complete) || deadline.passed(view.now.steady)) return view;
    std::this_thread::sleep_for(kLookPause);
  }
}

int print_view(const serve::Board& board, const serve::Watching& watching) {
  const fabric::base::SystemClock clock;
  const serve::FarmView view = first_view(board, Deadline::after(clock, 3 * watching.timeout));
  if (view.topology == nullptr) {
    throw fabric::base::Error(fabric::base::SqlState::k08001, view.problem);
  }
  std::cout << serve::view_json(view);
  return kDone;
}

int serve_farm(const ServeOptions& options) {
  const EndSignals ends;
  signal(SIGPIPE, SIG_IGN);
  const serve::Watching watching = watching_of(options);
  driver::Runtime& runtime = driver::Runtime::current();
  const auto farm = runtime.farms().farm(watching.settings);
  serve::Board board(watching.asked_for);
  const serve::Observer observer(watching, *farm, runtime.watchdog(), board);
  if (options.json) return print_view(board, watching);
  const serve::PageServer server(options.page, [&board] { return serve::view_json(board.view()); });
  std::cout << server.url() << " shows the farm; Ctrl-C ends it" << std::endl;
  ends.wait();
  return kDone;
}

void add_page_options(CLI::App& command, serve::PageServerOptions& page) {
  command.add_option("--port", page.port, "where it listens; 0: any port that is free")
      ->capture_default_str();
  command.add_option("--listen", page.address, "the address where it listens")
      ->check(CLI::ValidIPV4 | CLI::IsMember({"::1", "::"}))
      ->capture_default_str();
  command.add_flag("--allow-remote", page.guard.remote,
                   "may listen on an address that others reach: they see the farm, and nothing "
                   "asks for a password");
  command.add_option("--host-name", page.guard.names,
                     "a name of this machine by which browsers ask; may be repeated");
}

}  // namespace

Command serve_command(CLI::App& program) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command = program.add_subcommand(
      "serve", "Shows the farm as a picture in a browser on this machine, kept up to date");
  add_farm_option(*command, options->farm);
  add_page_options(*command, options->page);
  command
      ->add_option("--admin-user", options->admin_user,
                   "account at the servers that may see replication, where the DSN's may not")
      ->envname("FABRICCTL_ADMIN_USER");
  command->add_option("--admin-password", options->admin_password, "its password")
      ->envname("FABRICCTL_ADMIN_PASSWORD");
  command->add_option("--timeout", options->timeout, "seconds for each look at a node or server")
      ->check(CLI::Range(1U, 60U))
      ->capture_default_str();
  command->add_flag("--json", options->json, "prints what the page would show once, and ends");
  command->callback([options] {
    if (serve::loopback_address(options->page.address) || options->page.guard.remote) return;
    throw CLI::ValidationError("--listen", options->page.address +
                                               " can be reached from other machines, and nothing "
                                               "asks for a password: add --allow-remote if that is "
                                               "meant");
  });
  return {command, [options] { return serve_farm(*options); }};
}

}  // namespace tools
