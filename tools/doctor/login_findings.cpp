// Logging in to a server, TLS, and what the account may do there.
#include <algorithm>
#include <functional>

#include "driver/settings/connect_remedy.h"
#include "driver/sql/literals.h"
#include "driver/sql/scan.h"
#include "fabric/mysql/refusal.h"
#include "fabric/names.h"
#include "tools/doctor/server_findings.h"

namespace tools::doctor {
namespace {

using fabric::mysql::Ended;
using fabric::mysql::MysqlError;
using fabric::mysql::Refusal;
using fabric::mysql::TlsMode;

/// `app@10.0.%` as CURRENT_USER() has it, for SQL.
std::string account_of(const std::string& current_user) {
  const std::size_t at = current_user.rfind('@');
  return sql_quoted(current_user.substr(0, at)) + "@" + sql_quoted(current_user.substr(at + 1));
}

/// That the servers take the login of; at 'HOST' where none of them told its host.
std::string account_of(const Examination& examination, const Patient& patient) {
  if (patient.facts.asked) return account_of(patient.facts.account);
  if (patient.facts.refused) {
    const std::string named = driver::settings::account_in(patient.facts.refused->number(),
                                                           examination.settings->credentials.user,
                                                           patient.facts.refused->what());
    if (!named.empty()) return named;
  }
  for (const Patient& other : examination.patients) {
    if (other.facts.asked) return account_of(other.facts.account);
  }
  return driver::settings::account_anywhere(examination.settings->credentials.user);
}

/// Only the server's administrator knows which of its accounts was meant.
Fix account_fix(const Examination& examination, const Patient& patient,
                const std::function<std::string(const std::string&)>& statements) {
  const std::string& user = examination.settings->credentials.user;
  const std::string account = account_of(examination, patient);
  Fix fix = sql_fix(patient.server.endpoint, statements(account));
  if (account == driver::settings::account_anywhere(user)) {
    fix.lines.insert(0, host_lines(user));
  }
  return fix;
}

/// Another server took the same login: then it is this one that lacks the account.
bool works_elsewhere(const Examination& examination) {
  return std::ranges::any_of(examination.patients,
                             [](const Patient& one) { return one.facts.asked; });
}

std::string account_statements(const Examination& examination, const Patient& patient) {
  return "CREATE USER " + account_of(examination, patient) + " IDENTIFIED BY '...';\n" +
         rights_statement(examination, patient, examination.settings->database);
}

Fix denied_fix(const Examination& examination, const Patient& patient) {
  const driver::settings::ConnectionSettings& settings = *examination.settings;
  if (works_elsewhere(examination)) {
    return sql_fix(patient.server.endpoint, account_statements(examination, patient));
  }
  if (settings.credentials.user.empty()) return examination.ini_fix("UID = user\nPWD = ...");
  if (settings.credentials.password.empty()) return examination.ini_fix("PWD = ...");
  if (settings.credentials.tls.mode == TlsMode::kDisabled) {
    return examination.ini_fix("PWD = ...\nSSLMODE = PREFERRED");  // it may have REQUIRE SSL
  }
  return examination.ini_fix("UID = " + settings.credentials.user + "\nPWD = ...");
}

Fix tls_fix(const Examination& examination, const fabric::base::Endpoint& server,
            const std::string& text) {
  const auto says = [&text](const char* part) { return text.find(part) != text.npos; };
  if (says("offers no TLS")) return certificate_fix("SSLMODE=PREFERRED");
  if (says("key values mismatch")) {
    return examination.ini_fix("SSLKEY = /path/of/its/key.pem");
  }
  if (says("Validation of SSL server certificate failed") || says("mismatch")) {
    return names_fix(server);
  }
  if (says("has expired")) return {.where = "as it says"};
  if (says("SSLMODE=VERIFY_CA needs") || says("verify failed") || says("self-signed") ||
      says("self signed") || says("unable to get")) {
    return examination.ini_fix("SSLCA = /path/of/the/authority.pem");
  }
  if (says("cannot be read")) return {.where = "as it says"};
  if (says("version") || says("protocol")) {
    return examination.ini_fix("TLS_VERSIONS = TLSv1.2,TLSv1.3");
  }
  return {.where = "as it says"};
}

/// Something else listens on that port.
Fix stranger_fix(const Examination& examination, const Patient& patient) {
  if (!examination.settings->has_fabric()) return examination.ini_fix("SERVER = host\nPORT = 3306");
  if (!examination.settings->fabric.topology_file.empty()) {
    return {.where = "in " + examination.settings->fabric.topology_file,
            .lines = "server = host:3306"};
  }
  return examination.node_fix(
      "CALL server.register(" + sql_quoted(patient.server.uuid) + ", 'host:3306');",
      "mysqlfabric group remove " + patient.server.group + " " + patient.server.uuid +
          "\nmysqlfabric group add " + patient.server.group + " host:3306");
}

Fix room_fix(const Examination& examination, const Patient& patient, unsigned number) {
  constexpr unsigned kServerFull = 1040;
  constexpr unsigned kUserFull = 1203;
  const fabric::base::Endpoint& server = patient.server.endpoint;
  if (number == kServerFull) {
    return sql_fix(server, "SET GLOBAL max_connections = 2 * @@max_connections;");
  }
  if (number == kUserFull) {
    return sql_fix(server, "SET GLOBAL max_user_connections = 2 * @@max_user_connections;");
  }
  return account_fix(examination, patient, [](const std::string& account) {
    return "GRANT USAGE ON *.* TO " + account + " WITH MAX_USER_CONNECTIONS 0;";
  });
}

Fix refusal_fix(const Examination& examination, const Patient& patient, const MysqlError& error) {
  const fabric::base::Endpoint& server = patient.server.endpoint;
  switch (fabric::mysql::refusal_of(error.number())) {
    case Refusal::kDatabaseDenied:
      return sql_fix(server,
                     rights_statement(examination, patient, examination.settings->database));
    case Refusal::kDenied:
      return denied_fix(examination, patient);
    case Refusal::kUnknownDatabase: {
      const std::string name = driver::sql::sql_name(examination.settings->database);
      Fix fix = sql_fix(server, "CREATE DATABASE " + name + ";");
      fix.where = "correct DATABASE; or " + fix.where;
      return fix;
    }
    case Refusal::kHostDenied:
      return sql_fix(server, account_statements(examination, patient));
    case Refusal::kPasswordExpired:
    case Refusal::kAccountLocked:
      return account_fix(examination, patient, [&error](const std::string& account) {
        return *account_statement(static_cast<int>(error.number()), account);
      });
    case Refusal::kNoRoom:
      return room_fix(examination, patient, error.number());
    case Refusal::kHostBlocked:
      return sql_fix(server, "FLUSH HOSTS;");
    case Refusal::kNone:
      break;
  }
  switch (error.number()) {
    case 2026:
      return tls_fix(examination, server, error.what());
    case 2007:
    case 2012:
    case 2013:
    case 2027:
      return stranger_fix(examination, patient);
    default:
      break;
  }
  if (error.ended() != Ended::kNo) return stranger_fix(examination, patient);
  return {.where = "as it says", .lines = {}};
}

bool local(const fabric::base::Endpoint& server) {
  return !server.socket.empty() || server.host == "localhost" || server.host == "::1" ||
         server.host.starts_with("127.");
}

std::string refusal_text(const MysqlError& error) {
  constexpr unsigned kMustRenew = 1820;
  if (error.number() == kMustRenew) {
    return std::string("takes the login, but the password has expired: ") + error.what();
  }
  if (error.ended() == Ended::kNo) return error.what();
  return "takes connections, but says nothing, as a server that hangs does, or a program that is "
         "no MySQL server (an HTTP server waits for its client to speak)";
}

}  // namespace

std::string rights_statement(const Examination& examination, const Patient& patient,
                             const std::string& database) {
  return "GRANT SELECT, INSERT, UPDATE, DELETE ON " +
         (database.empty() ? std::string("*") : driver::sql::sql_name(database)) + ".* TO " +
         account_of(examination, patient) + ";";
}

std::string server_subject(const Examination& examination, const Patient& patient) {
  const fabric::Server& server = patient.server;
  if (!examination.settings->has_fabric()) return "server " + server.endpoint.text();
  const std::string status =
      examination.roles_known ? fabric::status_name(server.status) + " of " : "of ";
  return "server " + server.endpoint.text() + " (" + status + server.group + ")";
}

void judge_login(Examination& examination, const Patient& patient) {
  const ServerFacts& facts = patient.facts;
  const std::string subject = server_subject(examination, patient);
  Report& report = examination.report;
  if (facts.asked) {
    report.ok(subject, (facts.version.find("MariaDB") == std::string::npos ? "MySQL " : "") +
                           facts.version + " takes the login of " + facts.account + ", " +
                           (facts.encrypted ? facts.state("Ssl_version") : "without TLS"));
    if (facts.refused) {
      report.warning(
          subject, "refuses the administrator: " + std::string(facts.refused->what()),
          {.where = "give --admin-user and FABRICCTL_ADMIN_PASSWORD of an account there"});
    }
    return;
  }
  const bool spare =
      examination.roles_known && patient.server.status == fabric::ServerStatus::kSpare;
  // Of the servers of a plain DSN the first that can be reached is taken.
  const bool another = !examination.settings->has_fabric() && works_elsewhere(examination);
  const Level level = spare || another ? Level::kWarning : Level::kError;
  if (!facts.reach.connected()) {
    const Unreached why = unreached(patient.server.endpoint, facts.reach, "the server");
    return report.add({.level = level, .subject = subject, .text = why.text, .fix = why.fix});
  }
  if (!facts.refused) return;
  report.add({.level = level,
              .subject = subject,
              .text = refusal_text(*facts.refused),
              .fix = refusal_fix(examination, patient, *facts.refused)});
}

void judge_tls(Examination& examination, const Patient& patient) {
  const ServerFacts& facts = patient.facts;
  const TlsMode mode = examination.settings->credentials.tls.mode;
  if (facts.encrypted || local(patient.server.endpoint)) return;
  const std::string subject = server_subject(examination, patient);
  if (mode == TlsMode::kDisabled) {
    examination.report.warning(subject,
                               "passwords and data cross the network readable: SSLMODE=DISABLED",
                               examination.ini_fix("SSLMODE = PREFERRED"));
    return;
  }
  examination.report.warning(
      subject,
      "passwords and data cross the network readable: the server and this machine agree on "
      "no TLS",
      certificate_fix());
}

namespace {

/// SQL's LIKE with `_`, `%` and a backslash before them.
bool is_like(std::string_view pattern, std::string_view name) {
  std::size_t in_pattern = 0;
  std::size_t in_name = 0;
  std::size_t behind_percent = std::string_view::npos;
  std::size_t skipped_to = 0;
  while (in_name < name.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '%') {
      behind_percent = ++in_pattern;
      skipped_to = in_name;
      continue;
    }
    const bool escaped = in_pattern + 1 < pattern.size() && pattern[in_pattern] == '\\';
    const std::size_t at = in_pattern + (escaped ? 1 : 0);
    if (at < pattern.size() && ((pattern[at] == '_' && !escaped) || pattern[at] == name[in_name])) {
      in_pattern = at + 1;
      ++in_name;
    } else if (behind_percent != std::string_view::npos) {
      in_pattern = behind_percent;
      in_name = ++skipped_to;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('%', in_pattern) == std::string_view::npos;
}

/// `where`: "`shop\_%`.*" or "`shop`.`table`" of SHOW GRANTS, the first of which is a pattern.
bool is_pattern_of(const std::string& where, const std::string& database) {
  driver::sql::SqlScanner scanner(where);
  const driver::sql::Token named = scanner.next();
  const bool whole = scanner.next().is('.') && scanner.next().is('*');
  const std::string name = driver::sql::unquoted_name(named);
  return whole ? is_like(name, database) : name == database;
}

}  // namespace

Rights rights_of(const std::vector<std::string>& grants, const std::string& database) {
  Rights rights;
  for (const std::string& line : grants) {
    const std::size_t on = line.find(" ON ");
    constexpr std::string_view kGrant = "GRANT ";
    if (on == std::string::npos || !line.starts_with(kGrant)) continue;  // of a role: it follows
    const std::string what = line.substr(kGrant.size(), on - kGrant.size());
    const std::string where = line.substr(on + 4);
    const bool everywhere = where.starts_with("*.*");
    const bool there = everywhere || database.empty() || is_pattern_of(where, database);
    if (what == "USAGE" || !there) continue;
    const auto has = [&what](const char* word) { return what.find(word) != std::string::npos; };
    rights.anything = rights.anything || has("ALL PRIVILEGES") || has("SELECT") || has("INSERT") ||
                      has("UPDATE") || has("DELETE") || (has("EXECUTE") && !everywhere);
    rights.writing =
        rights.writing || has("ALL PRIVILEGES") || has("INSERT") || has("UPDATE") || has("DELETE");
  }
  return rights;
}

void judge_rights(Examination& examination, const Patient& patient) {
  const driver::settings::ConnectionSettings& settings = *examination.settings;
  const Rights rights = rights_of(patient.facts.grants, settings.database);
  const std::string subject = server_subject(examination, patient);
  const std::string where = settings.database.empty() ? "" : " in " + settings.database;
  // With a database the login to it was allowed, by a role's rights maybe.
  if (!rights.anything && settings.database.empty()) {
    examination.report.warning(
        subject, patient.facts.account + " may log in, but neither read nor write any table",
        sql_fix(patient.server.endpoint,
                rights_statement(examination, patient, examination.settings->database)));
  } else if (rights.anything && !rights.writing && settings.has_fabric() &&
             settings.fabric.mode == driver::settings::FabricMode::kReadWrite &&
             patient.server.writable()) {
    examination.report.note(subject,
                            patient.facts.account + " may only read" + where +
                                "; with FABRIC_MODE=RO the secondaries would share the work",
                            examination.ini_fix("FABRIC_MODE = RO"));
  }
}

}  // namespace tools::doctor
