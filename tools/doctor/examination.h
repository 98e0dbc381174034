// One run of the doctor: what was asked for, and what the checks have learned so far, each from
// those before it. A check does nothing where what it needs is missing: what is wrong has been said
// then. Used by one thread at a time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "driver/settings/connection_settings.h"
#include "driver/sql/literals.h"
#include "fabric/base/clock.h"
#include "fabric/base/deadline.h"
#include "fabric/mysql/watchdog.h"
#include "fabric/topology.h"
#include "tools/doctor/finding.h"
#include "tools/doctor/ini_file.h"
#include "tools/doctor/progress.h"
#include "tools/doctor/report.h"
#include "tools/doctor/server_facts.h"
#include "tools/farm_option.h"

namespace tools::doctor {

struct Question {
  FarmOption farm;
  fabric::base::Duration timeout = std::chrono::seconds(5);  ///< of one node or server
  std::string admin_user, admin_password;  ///< for what the application's account may not see
};

/// A server that the DSN may reach, and what the farm says of it.
struct Patient {
  fabric::Server server;
  ServerFacts facts;
};

struct Examination {
  Examination(const Question& asked, Report& into, Progress& shown)
      : question(asked), report(into), progress(shown) {}

  const Question& question;
  Report& report;
  Progress& progress;
  const fabric::base::SystemClock clock{};
  fabric::mysql::Watchdog watchdog{clock};

  // data source
  std::string asked_for{};  ///< what was given, without its secrets
  IniPlaces places{};
  std::string dsn{};       ///< empty: a connection string or nodes were given
  std::string ini_path{};  ///< the file that counts
  IniSection section{};    ///< in it
  bool unusable = false;   ///< nothing more can be looked at
  // driver
  std::string driver_path{};  ///< empty: not this driver, or unusable
  // keywords
  std::optional<driver::settings::ConnectionSettings> settings{};
  // nodes
  fabric::TopologyPtr topology{};  ///< null: not known
  bool roles_known = true;         ///< false: no server of a topology file told what it is
  bool sql_node = false;           ///< a node that is a MySQL server
  // groups
  std::vector<std::string> groups{};  ///< that the DSN may reach
  std::string start_group{};          ///< where a connection begins
  // servers
  std::vector<Patient> patients{};

  [[nodiscard]] fabric::base::Deadline deadline() const {
    return fabric::base::Deadline::after(clock, question.timeout);
  }
  /// Lines for the DSN, or for the connection string that was given instead.
  [[nodiscard]] Fix ini_fix(const std::string& lines) const;
  /// Statements on the node: on any of them.
  [[nodiscard]] Fix node_fix(const std::string& sql, const std::string& mysqlfabric) const;
};

inline Fix shell_fix(const std::string& lines) { return {.where = "in a shell", .lines = lines}; }
/// Numbers of other lines stay as they are, for other fixes.
Fix comment_out(const std::string& path, std::size_t line);
Fix sql_fix(const fabric::base::Endpoint& server, const std::string& lines);
/// Before lines that name driver::settings::account_anywhere().
std::string host_lines(const std::string& user);
/// Of an account whose password has expired (1820, 1862) or that is locked (3118, 4151): what lets
/// it in again. Nothing of other errors.
std::optional<std::string> account_statement(int native, const std::string& account);
/// What a server needs to offer TLS; `without` is the keyword that gives it up.
Fix certificate_fix(const std::string& without = {});
/// A MySQL server's certificate has other names. SSLMODE=VERIFY_CA would take that of any of the
/// authority's servers, so it is not told.
Fix names_fix(const fabric::base::Endpoint& server);
/// 'text' as a shell or as SQL wants it.
std::string shell_quoted(const std::string& text);
using driver::sql::sql_quoted;
/// Where the server is, for `mariadb` and its kin.
std::string client_options(const fabric::base::Endpoint& server);
/// The one of `names` that is most like `wanted`; empty when none is.
std::string nearest_name(const std::string& wanted, const std::vector<std::string>& names);
/// What an installation leaves in share/fabric-odbc.
std::string installed_file(const std::string& name);
std::string joined(const std::vector<std::string>& names);

}  // namespace tools::doctor
