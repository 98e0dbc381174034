#include "tools/init/questions.h"

#include "driver/runtime.h"
#include "driver/settings/connection_settings.h"
#include "fabric/base/error.h"
#include "tools/topology/farm_reader.h"

namespace tools::init {
namespace {

constexpr const char* kUsualServer = "localhost";

class Questions {
 public:
  Questions(Answers& answers, const std::set<std::string>& given, const Prompt& prompt)
      : answers_(answers), given_(given), prompt_(prompt) {}

  void ask_all() {
    need(answers_.dsn, "DSN", "Name of the data source");
    ask_place();
    need(answers_.user, "--user", "Account at the servers");
    if (asked_for("--password")) answers_.password = prompt_.ask_secret("Its password");
    if (!answers_.nodes.empty()) ask_farm();
    ask(answers_.database, "--database", "Database, if one is to be chosen at once", {});
  }

 private:
  [[nodiscard]] bool asked_for(const std::string& option) const {
    return prompt_.possible() && !given_.contains(option);
  }

  void ask(std::string& answer, const std::string& option, const std::string& question,
           const std::string& standard) const {
    if (given_.contains(option)) return;
    answer = prompt_.possible() ? prompt_.ask(question, standard) : standard;
  }

  void need(std::string& answer, const std::string& option, const std::string& question) const {
    while (answer.empty()) {
      if (!prompt_.possible()) {
        throw fabric::base::Error(fabric::base::SqlState::kHY000,
                                  "Nothing was written: " + option + " is missing, and nobody " +
                                      "can be asked (standard input is no terminal)");
      }
      answer = prompt_.ask(question, {});
    }
  }

  void ask_place() {
    if (given_.contains("--nodes")) return;
    if (asked_for("--server")) {
      answers_.nodes = prompt_.ask(
          "Fabric nodes, host:port,... (a node in SQL: its server's port; MySQL-RPC: 32275;\n"
          "XML-RPC: 32274), or nothing for servers without a farm",
          {});
    }
    if (answers_.nodes.empty())
      ask(answers_.server, "--server", "Server, host[:port]", kUsualServer);
  }

  void ask_farm() {
    ask(answers_.node_user, "--node-user", "Account at the nodes, if it is another", {});
    if (!answers_.node_user.empty() && asked_for("--node-password")) {
      answers_.node_password = prompt_.ask_secret("Its password");
    }
    if (asked_for("--group")) {
      say_groups();
      ask(answers_.group, "--group", "Group, or nothing to go by the sharded tables", {});
    }
    ask(answers_.mode, "--mode", "RW (the primary), RO (secondaries) or AUTO", "RW");
  }

  /// What can be answered. That the nodes do not answer is told, and no reason to stop.
  void say_groups() const {
    try {
      std::vector<driver::settings::Warning> ignored;
      std::string text;
      for (const driver::settings::GivenPair& pair : entries_of(answers_)) {
        if (pair.keyword != "DSN")
          text += pair.keyword + "=" + driver::settings::quoted_value(pair.value) + ";";
      }
      topology::FarmReader reader(driver::settings::settings_from_connection_string(text, ignored),
                                  driver::Runtime::current().watchdog());
      const topology::FarmReading reading = reader.read();
      topology::require_topology(reading);
      std::string groups;
      for (const auto& [name, group] : reading.topology->groups()) {
        groups += (groups.empty() ? "" : ", ") + name;
      }
      prompt_.say("The farm has the groups " + groups);
    } catch (const fabric::base::Error& error) {
      prompt_.say(error.what());
    }
  }

  Answers& answers_;
  const std::set<std::string>& given_;
  const Prompt& prompt_;
};

}  // namespace

void complete(Answers& answers, const std::set<std::string>& given, const Prompt& prompt) {
  Questions(answers, given, prompt).ask_all();
}

}  // namespace tools::init
