#include "tools/farm_option.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <vector>

#include "driver/settings/dsn.h"
#include "fabric/base/error.h"
#include "tools/time_text.h"

namespace tools {
namespace {

void append(std::string& text, const char* keyword, const std::string& value) {
  if (!value.empty())
    text += std::string(keyword) + "=" + driver::settings::quoted_value(value) + ";";
}

/// A name in odbc.ini is a DSN; else it must look like nodes.
std::string place_of(const std::string& where) {
  if (where.find('=') != std::string::npos) return where;
  std::string text;
  if (!driver::settings::dsn_entries(where).empty()) {
    append(text, "DSN", where);
  } else if (where.find(':') != std::string::npos) {
    append(text, "FABRIC_NODES", where);
  } else {
    throw fabric::base::Error(fabric::base::SqlState::kIM002,
                              "'" + where +
                                  "' is not a data source in odbc.ini; a node is written " +
                                  "host:port (32275 for MySQL-RPC, 32274 for XML-RPC)");
  }
  return text;
}

}  // namespace

void add_farm_option(CLI::App& command, FarmOption& into) {
  command
      .add_option("NODE-OR-DSN", into.where,
                  "a DSN of odbc.ini, a connection string, or the farm's nodes: host:port,...")
      ->required();
  command.add_option("--user", into.user, "account at the servers, instead of the DSN's UID");
  command
      .add_option("--password", into.password,
                  "its password; better in the environment, where other users do not see it")
      ->envname("FABRICCTL_PASSWORD");
  command.add_option("--node-user", into.node_user,
                     "account at the nodes, instead of the DSN's FABRIC_USER");
  command.add_option("--node-password", into.node_password, "its password")
      ->envname("FABRICCTL_NODE_PASSWORD");
}

std::string title_line(const FarmOption& farm) {
  const bool may_have_secrets = farm.where.find('=') != std::string::npos;
  return (may_have_secrets ? "connection string" : farm.where) + ", " + local_time() +
         ", Ctrl-C ends\n\n";
}

driver::settings::ConnectionSettings settings_of(const FarmOption& farm) {
  std::vector<driver::settings::Warning> warnings;
  driver::settings::ConnectionSettings settings = settings_of(farm, warnings);
  for (const driver::settings::Warning& warning : warnings) {
    std::cerr << "fabricctl: " << warning.text << '\n';
  }
  return settings;
}

driver::settings::ConnectionSettings settings_of(const FarmOption& farm,
                                                 std::vector<driver::settings::Warning>& warnings) {
  // Of a keyword given twice the first counts.
  std::string text;
  append(text, "UID", farm.user);
  append(text, "PWD", farm.password);
  append(text, "FABRIC_USER", farm.node_user);
  append(text, "FABRIC_PASSWORD", farm.node_password);
  text += place_of(farm.where);
  return driver::settings::settings_from_connection_string(text, warnings);
}

}  // namespace tools
