#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <memory>

#include "fabric/base/error.h"
#include "tools/command.h"
#include "tools/doctor/checks.h"
#include "tools/doctor/examination.h"
#include "tools/doctor/rendering.h"
#include "tools/init/ini_target.h"
#include "tools/init/questions.h"

namespace tools {
namespace {

struct InitOptions {
  init::Answers answers;
  std::string ini;
  bool system = false;
  bool replace = false;
  bool no_questions = false;
  bool no_test = false;
  bool json = false;
  std::vector<CLI::Option*> asked{};  ///< what questions stand for
};

[[noreturn]] void stop(const std::string& why) {
  throw fabric::base::Error(fabric::base::SqlState::kHY000, "Nothing was written: " + why);
}

std::set<std::string> given_of(const InitOptions& options) {
  std::set<std::string> given;
  for (const CLI::Option* option : options.asked) {
    if (option->count() > 0) given.insert(option->get_name());
  }
  return given;
}

void confirm(const InitOptions& options, const init::IniTarget& target, const std::string& section,
             const init::Prompt& prompt) {
  const std::string& dsn = options.answers.dsn;
  const bool there = target.has(dsn);
  if (there && !options.replace && !prompt.possible()) {
    stop("'" + dsn + "' is in " + target.path() +
         " already; --replace replaces it, or choose another name");
  }
  if (!prompt.possible()) return;
  prompt.say("\n" + section);
  const bool replaces = there && !options.replace;
  const std::string question =
      replaces ? "'" + dsn + "' is there already. Replace it in " : "Write this to ";
  if (!prompt.ask_yes(question + target.path(), !replaces)) stop("as you say");
}

/// As `fabricctl doctor` does; what is well is not shown.
int test_data_source(const InitOptions& options, const init::IniTarget& target) {
  doctor::Question question;
  question.farm.where = options.answers.dsn;
  doctor::Report report([&options](const doctor::Finding& finding) {
    if (options.json || finding.level == doctor::Level::kOk) return;
    std::cout << doctor::finding_text(finding) << std::flush;
  });
  doctor::Progress progress(std::cerr);
  doctor::Examination examination(question, report, progress);
  doctor::examine(examination);
  const bool well = report.count(doctor::Level::kError) == 0;
  if (options.json) {
    auto whole = Poco::JSON::Parser()
                     .parse(doctor::findings_json(options.answers.dsn, report.findings()))
                     .extract<Poco::JSON::Object::Ptr>();
    whole->set("file", target.path());
    whole->stringify(std::cout, 2);
    std::cout << '\n';
  } else {
    std::cout << (well ? "it works: fabricctl topology, isql and your programs can use it\n"
                       : "it does not work yet: mend what is said above, then: fabricctl doctor " +
                             options.answers.dsn + "\n");
  }
  return well ? kDone : kFailed;
}

int make_data_source(InitOptions& options) {
  const init::IniTarget target(options.system ? init::Scope::kSystem : init::Scope::kUser,
                               options.ini);
  const init::Prompt prompt(!options.no_questions);
  init::complete(options.answers, given_of(options), prompt);
  const auto entries = init::entries_of(options.answers);
  confirm(options, target, init::section_text(options.answers, entries), prompt);
  target.write(options.answers.driver, entries);
  std::ostream& words = options.json ? std::cerr : std::cout;
  words << "wrote [" << options.answers.dsn << "] to " << target.path() << '\n';
  const std::string hidden = target.hidden_by(options.answers.dsn);
  if (!hidden.empty()) std::cerr << "fabricctl: " << hidden << '\n';
  return options.no_test ? kDone : test_data_source(options, target);
}

void add_answers(CLI::App& command, InitOptions& options) {
  init::Answers& answers = options.answers;
  const auto add = [&](const char* name, std::string& into, const char* help) {
    options.asked.push_back(command.add_option(name, into, help));
    return options.asked.back();
  };
  add("DSN", answers.dsn, "its name in odbc.ini");
  add("--nodes", answers.nodes, "the farm's nodes: host:port,... (FABRIC_NODES)");
  add("--node-user", answers.node_user, "account at the nodes (FABRIC_USER), if it is another");
  add("--node-password", answers.node_password, "its password; better in the environment")
      ->envname("FABRICCTL_NODE_PASSWORD");
  add("--server", answers.server, "without a farm: host[:port],... (SERVER)");
  add("--user", answers.user, "account at the servers (UID)");
  add("--password", answers.password,
      "its password; better in the environment, where other users do not see it")
      ->envname("FABRICCTL_PASSWORD");
  add("--group", answers.group, "the farm's group (FABRIC_GROUP)");
  add("--mode", answers.mode, "RW, RO or AUTO (FABRIC_MODE)");
  add("--database", answers.database, "the database to begin in (DATABASE)");
  command.add_option("--set", answers.more, "KEYWORD=value: any other; may be repeated")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--driver", answers.driver, "the driver's name in odbcinst.ini, or its path")
      ->capture_default_str();
}

}  // namespace

Command init_command(CLI::App& program) {
  auto options = std::make_shared<InitOptions>();
  CLI::App* command = program.add_subcommand(
      "init", "Asks for a data source, writes it into odbc.ini and tests it");
  add_answers(*command, *options);
  CLI::Option* system =
      command->add_flag("--system", options->system, "everybody's odbc.ini instead of yours");
  command->add_option("--ini", options->ini, "another file instead of yours")->excludes(system);
  command->add_flag("--replace", options->replace, "one of that name is replaced");
  command->add_flag("--no-questions", options->no_questions,
                    "ask nothing, as where standard input is no terminal");
  command->add_flag("--no-test", options->no_test, "do not connect");
  command->add_flag("--json", options->json, "what the test found as one JSON object");
  command->footer(
      "Whatever an option answers is not asked. Passwords that no option or variable\n"
      "gives are asked without showing them.\n\n"
      "Examples:\n"
      "  fabricctl init\n"
      "  FABRICCTL_PASSWORD=... fabricctl init orders --nodes node1:3306,node2:3306 \\\n"
      "      --user app --group g1 --database shop --no-questions\n\n"
      "Exit codes: 0 written and it works, 1 not written, or it does not work (what is said\n"
      "tells which), 2 wrong usage.");
  return {command, [options] { return make_data_source(*options); }};
}

}  // namespace tools
