#include <CLI/CLI.hpp>
#include <iostream>
#include <iterator>
#include <memory>

#include "driver/connection.h"
#include "driver/statement.h"
#include "fabric/base/error.h"
#include "tools/command.h"
#include "tools/farm_option.h"
#include "tools/file_text.h"
#include "tools/route_text.h"

namespace tools {
namespace {

using fabric::base::Error;
using fabric::base::SqlState;

struct RouteOptions {
  FarmOption farm;
  std::string sql;
  std::string file;
  std::vector<std::string> parameters;
  unsigned timeout = 10;  // seconds
  bool json = false;
};

std::string statement_of(const RouteOptions& options) {
  if (options.file.empty()) return options.sql;
  if (options.file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  const auto text = text_of(options.file);
  if (!text) throw Error(SqlState::kHY000, "'" + options.file + "' cannot be read");
  return *text;
}

driver::settings::ConnectionSettings settings_for_route(const RouteOptions& options) {
  driver::settings::ConnectionSettings settings = settings_of(options.farm);
  if (!settings.has_fabric()) {
    throw Error(SqlState::kHY000,
                "'" + options.farm.where +
                    "' is not a farm's: it has no FABRIC_NODES, so every statement goes to "
                    "its SERVER, " +
                    settings.servers.front().text());
  }
  settings.log_file.clear();  // these are the applications'
  settings.stats_file.clear();
  settings.failover_timeout = std::chrono::seconds(options.timeout);
  return settings;
}

void bind_text(driver::Statement& statement, std::size_t number, std::string& value,
               SQLLEN& length) {
  length = static_cast<SQLLEN>(value.size());
  statement.bind_parameter({.number = static_cast<SQLUSMALLINT>(number),
                            .input_output = SQL_PARAM_INPUT,
                            .c_type = SQL_C_CHAR,
                            .sql_type = SQL_VARCHAR,
                            .column_size = value.size(),
                            .decimal_digits = 0,
                            .value = value.data(),
                            .buffer_length = length,
                            .length_or_indicator = &length});
}

std::string column_text(driver::Statement& statement, SQLUSMALLINT number) {
  constexpr std::size_t kLongest = 16384;
  std::string text(kLongest, '\0');
  SQLLEN length = 0;
  statement.get_data({.number = number,
                      .c_type = SQL_C_CHAR,
                      .data = text.data(),
                      .capacity = static_cast<SQLLEN>(text.size()),
                      .length_or_indicator = &length});
  return length == SQL_NULL_DATA ? std::string() : std::string(text.c_str());
}

/// As an application would ask: an ODBC connection of this process, without a driver manager.
RouteAnswer ask_driver(const driver::settings::ConnectionSettings& settings, const std::string& sql,
                       std::vector<std::string> parameters) {
  driver::Environment environment;
  environment.odbc_version = SQL_OV_ODBC3_80;
  driver::Connection connection(environment);
  const driver::MutexLock lock(connection.mutex());
  connection.connect(settings);
  RouteAnswer answer;
  {
    driver::Statement statement(connection);
    std::vector<SQLLEN> lengths(parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      bind_text(statement, i + 1, parameters[i], lengths[i]);
    }
    statement.execute_direct("EXPLAIN FABRIC " + sql);
    statement.fetch();
    SQLUSMALLINT column = 0;
    answer.level = std::stoi("0" + column_text(statement, ++column));
    for (std::string* text :
         {&answer.group, &answer.mode, &answer.mapping, &answer.server, &answer.reason}) {
      *text = column_text(statement, ++column);
    }
  }
  connection.disconnect();
  return answer;
}

RouteAnswer answer_for(const RouteOptions& options, const std::string& sql) {
  try {
    return ask_driver(settings_for_route(options), sql, options.parameters);
  } catch (const Error& error) {
    if (error.state() != SqlState::k07002) throw;
    throw Error(error.state(), "The statement has more ? than values: give each by --param VALUE");
  }
}

int show_route(const RouteOptions& options) {
  const std::string sql = statement_of(options);
  const RouteAnswer answer = answer_for(options, sql);
  std::cout << (options.json ? route_json(sql, answer) : route_text(answer));
  return answer.refused() ? kFailed : kDone;
}

}  // namespace

Command route_command(CLI::App& program) {
  auto options = std::make_shared<RouteOptions>();
  CLI::App* command = program.add_subcommand(
      "route", "Tells to which server the driver would send a statement, and why; runs nothing");
  add_farm_option(*command, options->farm);
  CLI::Option* sql = command->add_option("SQL", options->sql, "the statement, in quotes");
  CLI::Option* file =
      command->add_option("--file", options->file, "read the statement from here; - is stdin");
  sql->excludes(file);
  command
      ->add_option("--param", options->parameters,
                   "the value of a ? in the statement; once for each, in their order")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--timeout", options->timeout, "seconds to wait for a server to connect to")
      ->check(CLI::Range(1U, 3600U))
      ->capture_default_str();
  command->add_flag("--json", options->json, "as one JSON object");
  command->callback([options] {
    if (options->sql.empty() && options->file.empty()) {
      throw CLI::RequiredError("the statement (SQL, or --file)");
    }
  });
  command->footer(
      "Examples:\n"
      "  fabricctl route orders \"SELECT * FROM shop.orders WHERE order_id = 42\"\n"
      "  fabricctl route orders \"DELETE FROM shop.orders WHERE order_id = ?\" --param 42\n\n"
      "Exit codes: 0 it has a place, 1 it is refused (the reason is shown) or nobody could be\n"
      "asked (stderr says why), 2 wrong usage.");
  return {command, [options] { return show_route(*options); }};
}

}  // namespace tools
