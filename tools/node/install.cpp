#include "tools/node/install.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "driver/settings/keyword_values.h"
#include "fabric/base/error.h"
#include "fabric/mysql/server_connection.h"
#include "tools/file_text.h"
#include "tools/node/script.h"

namespace tools::node {
namespace {

namespace fs = std::filesystem;

using fabric::base::Deadline;
using fabric::base::Error;
using fabric::base::SqlState;
using fabric::mysql::ServerConnection;

constexpr std::chrono::seconds kLogin{10};
constexpr std::chrono::seconds kStatement{60};  // a cluster replicates each

std::vector<fs::path> files_of(const std::string& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (entry.path().extension() == ".sql") files.push_back(entry.path());
  }
  if (files.empty()) {
    throw Error(SqlState::kHY000, "The node's *.sql are not in " + folder +
                                      ": install the package, or name their folder by --files");
  }
  std::ranges::sort(files);
  return files;
}

std::string script_in(const fs::path& path) {
  const auto text = text_of(path);
  if (!text) throw Error(SqlState::kHY000, path.string() + " cannot be read");
  return *text;
}

void require_mariadb(const ServerConnection& connection) {
  if (connection.is_mariadb()) return;
  throw Error(SqlState::kHY000,
              "Nothing was installed: the node in SQL needs a MariaDB 10.11 "
              "server, and this is MySQL " +
                  connection.server_version());
}

std::string first_line(const std::string& statement) {
  return statement.substr(0, statement.find('\n'));
}

}  // namespace

fabric::base::Endpoint server_named(const std::string& text) {
  if (text.starts_with('/')) return {.host = "localhost", .socket = text};
  constexpr std::uint16_t kUsualPort = 3306;
  driver::settings::KeywordRow row{};
  row.name = "SERVER";
  const auto endpoints = driver::settings::endpoints_value(row, text, kUsualPort);
  if (endpoints.size() != 1) {
    throw Error(SqlState::kHY024, "The node is installed on one server (of a cluster any)");
  }
  return endpoints.front();
}

Installed install(const Installation& wanted, fabric::mysql::Watchdog& watchdog) {
  const std::vector<fs::path> files = files_of(wanted.folder);
  fabric::mysql::ConnectOptions options;
  options.server = wanted.server;
  options.credentials = wanted.administrator;
  const auto connection =
      ServerConnection::open(options, watchdog, Deadline::after(watchdog.clock(), kLogin));
  require_mariadb(*connection);
  Installed done;
  for (const fs::path& file : files) {
    for (const std::string& statement : statements_of(script_in(file))) {
      try {
        connection->run(statement, Deadline::after(watchdog.clock(), kStatement));
      } catch (const fabric::mysql::MysqlError& error) {
        throw Error(error.state(),
                    std::string(error.what()) + " (" + file.filename().string() +
                        ", at: " + first_line(statement) + ")",
                    error.native());
      }
      ++done.statements;
    }
    ++done.files;
  }
  return done;
}

}  // namespace tools::node
