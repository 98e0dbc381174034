#include "tools/doctor/examination.h"

#include <algorithm>
#include <filesystem>

#include "driver/settings/connect_remedy.h"
#include "driver/settings/keywords.h"
#include "driver/sql/scan.h"
#include "fabric/mysql/refusal.h"

namespace tools::doctor {

using fabric::mysql::Refusal;
using fabric::mysql::refusal_of;

Fix Examination::ini_fix(const std::string& lines) const {
  if (ini_path.empty()) return {.where = "in the connection string", .lines = lines};
  return {.where = "in the section [" + section.name + "] of " + ini_path, .lines = lines};
}

Fix Examination::node_fix(const std::string& sql, const std::string& mysqlfabric) const {
  if (sql_node) {
    return {.where = "as an administrator on a Fabric node, in SQL", .lines = sql};
  }
  return {.where = "in a shell on a Fabric node", .lines = mysqlfabric};
}

Fix comment_out(const std::string& path, std::size_t line) {
  return shell_fix("sed -i " + shell_quoted(std::to_string(line) + "s/^/# /") + " " +
                   shell_quoted(path));
}

Fix sql_fix(const fabric::base::Endpoint& server, const std::string& lines) {
  return {.where = "as an administrator on " + server.text() + ", in SQL", .lines = lines};
}

std::string host_lines(const std::string& user) {
  return driver::settings::hosts_query(user) + ";\n-- what it tells for HOST:\n";
}

std::optional<std::string> account_statement(int native, const std::string& account) {
  switch (refusal_of(static_cast<unsigned>(native))) {
    case Refusal::kPasswordExpired:
      return "ALTER USER " + account +
             " IDENTIFIED BY '...';\n-- before MySQL 5.7: SET PASSWORD FOR " + account +
             " = PASSWORD('...');";
    case Refusal::kAccountLocked:
      return "ALTER USER " + account + " ACCOUNT UNLOCK;";
    default:
      return {};
  }
}

Fix certificate_fix(const std::string& without) {
  const std::string weaker =
      without.empty() ? "" : "; " + without + " instead lets whoever listens read it all";
  return {.where = "in the server's configuration, section [mysqld], then restart it" + weaker,
          .lines = "ssl_cert = /etc/mysql/server-cert.pem\nssl_key = /etc/mysql/server-key.pem"};
}

Fix names_fix(const fabric::base::Endpoint& server) {
  return {.where = "reach the server by a name that its certificate has, or give it one for '" +
                   server.host + "'; the names that it has, in a shell",
          .lines = "openssl s_client -starttls mysql -connect " + server.text() +
                   " </dev/null 2>/dev/null | openssl x509 -noout -subject -ext subjectAltName"};
}

std::string shell_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

std::string client_options(const fabric::base::Endpoint& server) {
  if (!server.socket.empty()) return "-S " + shell_quoted(server.socket);
  return "-h " + shell_quoted(server.host) + " -P " + std::to_string(server.port);
}

std::string nearest_name(const std::string& wanted, const std::vector<std::string>& names) {
  constexpr std::size_t kShort = 3;
  std::size_t best =
      (wanted.size() <= kShort ? 1 : std::max<std::size_t>(2, wanted.size() / 3)) + 1;
  std::string nearest;
  for (const std::string& name : names) {
    if (driver::sql::equals_ignoring_case(wanted, name)) return name;
    const std::size_t far = driver::settings::edit_distance(wanted, name);
    if (far >= best) continue;
    best = far;
    nearest = name;
  }
  return nearest;
}

std::string installed_file(const std::string& name) {
  std::error_code ignored;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const auto beside = self.parent_path().parent_path() / "share/fabric-odbc" / name;
  return std::filesystem::exists(beside, ignored) ? beside.string()
                                                  : "/usr/share/fabric-odbc/" + name;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace tools::doctor
