#include <Poco/JSON/Object.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>
#include <map>
#include <memory>

#include "driver/runtime.h"
#include "tools/command.h"
#include "tools/doctor/examination.h"
#include "tools/farm_option.h"
#include "tools/node/admin.h"
#include "tools/node/answer_text.h"
#include "tools/node/install.h"
#include "tools/node/listing.h"
#include "tools/node/verbs.h"

namespace tools {
namespace {

/// What the words of the command line chose.
using Chosen = std::shared_ptr<std::function<int()>>;

struct VerbOptions {
  FarmOption farm;
  std::vector<std::string> values;  ///< by parameter
  bool json = false;
};

struct InstallOptions {
  std::string server;
  std::string user = "root";
  std::string password;
  std::string files;
  bool json = false;
};

int run_verb(const node::Verb& verb, const VerbOptions& options) {
  const driver::settings::ConnectionSettings settings = settings_of(options.farm);
  node::Admin admin(settings, driver::Runtime::current().watchdog());
  const auto tables = admin.call(node::procedure_of(verb), options.values);
  std::cout << (options.json ? node::answer_json(tables, verb.result)
                             : node::answer_text(tables, verb.result));
  return kDone;
}

int install_node(const InstallOptions& options) {
  node::Installation wanted;
  wanted.server = node::server_named(options.server);
  wanted.administrator.user = options.user;
  wanted.administrator.password = options.password;
  wanted.folder = options.files.empty() ? doctor::installed_file("node") : options.files;
  const node::Installed done = node::install(wanted, driver::Runtime::current().watchdog());
  if (options.json) {
    Poco::JSON::Object object(Poco::JSON_PRESERVE_KEY_ORDER);
    object.set("server", wanted.server.text());
    object.set("files", done.files);
    object.set("statements", done.statements);
    object.stringify(std::cout, 2);
    std::cout << '\n';
    return kDone;
  }
  std::cout
      << "the node in SQL is on " << wanted.server.text() << ": " << done.files << " files, "
      << done.statements
      << " statements\n"
         "next, there, for each application's account and for an administrator of the farm:\n"
         "    GRANT fabric_client TO 'app'@'%'; SET DEFAULT ROLE fabric_client FOR 'app'@'%';\n"
         "    GRANT fabric_admin TO 'farmer'@'%'; SET DEFAULT ROLE fabric_admin FOR "
         "'farmer'@'%';\n"
         "then: fabricctl node group create --help\n";
  return kDone;
}

int list_node(const VerbOptions& options) {
  node::Admin admin(settings_of(options.farm), driver::Runtime::current().watchdog());
  const node::Listing listing = node::read_listing(admin);
  std::cout << (options.json ? node::listing_json(listing) : node::listing_text(listing));
  return kDone;
}

void add_common(CLI::App& command, VerbOptions& options) {
  add_farm_option(command, options.farm);
  command.add_flag("--json", options.json, "as JSON");
}

void add_verb(CLI::App& family, const node::Verb& verb, const Chosen& chosen) {
  auto options = std::make_shared<VerbOptions>();
  CLI::App* command = family.add_subcommand(verb.name, verb.help);
  add_common(*command, *options);
  options->values.resize(verb.parameters.size());
  for (std::size_t i = 0; i < verb.parameters.size(); ++i) {
    const node::Parameter& parameter = verb.parameters[i];
    if (parameter.name == nullptr) {
      options->values[i] = parameter.text;
      continue;
    }
    command->add_option(parameter.name, options->values[i], parameter.text)
        ->required(!parameter.optional);
  }
  command->footer(std::string("Example:\n  fabricctl node ") + verb.family + " " + verb.name +
                  " farm " + verb.example);
  command->callback([options, &verb, chosen] {
    *chosen = [options, &verb] { return run_verb(verb, *options); };
  });
}

void add_install(CLI::App& program, const Chosen& chosen) {
  auto options = std::make_shared<InstallOptions>();
  CLI::App* command = program.add_subcommand(
      "install", "Puts the node in SQL on a MariaDB server, or brings it up to date there");
  command
      ->add_option("SERVER", options->server,
                   "host:port, or the path of its socket; of a Galera cluster any member")
      ->required();
  command->add_option("--user", options->user, "an administrator of the server")
      ->capture_default_str();
  command
      ->add_option("--password", options->password,
                   "its password; better in the environment, where other users do not see it")
      ->envname("FABRICCTL_PASSWORD");
  command->add_option("--files", options->files,
                      "folder of the node's *.sql; by default where the package has them");
  command->add_flag("--json", options->json, "as JSON");
  command->footer(
      "Installing again replaces the procedures and keeps what the node knows.\n\n"
      "Example:\n  sudo fabricctl node install /run/mysqld/mysqld.sock");
  command->callback([options, chosen] { *chosen = [options] { return install_node(*options); }; });
}

void add_list(CLI::App& program, const Chosen& chosen) {
  auto options = std::make_shared<VerbOptions>();
  CLI::App* command = program.add_subcommand(
      "list", "Shows what the node knows: groups, all their servers, mappings");
  add_common(*command, *options);
  command->callback([options, chosen] { *chosen = [options] { return list_node(*options); }; });
}

}  // namespace

Command node_command(CLI::App& program) {
  const Chosen chosen = std::make_shared<std::function<int()>>();
  CLI::App* command = program.add_subcommand(
      "node", "Installs a Fabric node in SQL, and administers it (docs/node.md)");
  command->require_subcommand(1);
  add_install(*command, chosen);
  add_list(*command, chosen);
  std::map<std::string, CLI::App*> families;
  for (const node::Verb& verb : node::verbs()) {
    CLI::App*& family = families[verb.family];
    if (family == nullptr) {
      family = command->add_subcommand(verb.family, node::family_help(verb.family));
      family->require_subcommand(1);
    }
    add_verb(*family, verb, chosen);
  }
  command->footer(
      "The words behind node are the node's procedures: group add is `group`.`add`.\n"
      "The account at the node (--node-user, or the DSN's) needs the role fabric_admin.");
  return {command, [chosen] { return (*chosen)(); }};
}

}  // namespace tools
