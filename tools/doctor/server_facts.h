// What one server says of itself to the application's account, and to the administrator's where
// one was given. Read without judging; a plain value afterwards.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fabric/base/deadline.h"
#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/named_values.h"
#include "fabric/mysql/server_connection.h"
#include "fabric/mysql/watchdog.h"
#include "tools/doctor/reach.h"

namespace tools::doctor {

struct ServerFacts {
  Reach reach;
  std::optional<fabric::mysql::MysqlError> refused;  ///< the login, or the first question after it
  bool asked = false;                                ///< all below was read

  std::string version;
  bool mariadb = false;
  unsigned number = 0;  ///< 101119
  bool encrypted = false;
  std::string account;  ///< CURRENT_USER()
  std::vector<std::string> grants;
  fabric::mysql::NamedValues variables, status;
  bool replication_seen = false;  ///< false: the accounts may not see it
  std::optional<fabric::mysql::NamedValues> replica;
  std::string position;  ///< of its own log: GTIDs; empty: none
  /// Of a secondary: how long it took to have all that the primary had; nothing: not measured.
  std::optional<fabric::base::Duration> lag;
  bool lags_longer = false;  ///< than was waited for

  /// A variable's or status's value; empty when the server does not know it.
  [[nodiscard]] std::string variable(const std::string& name) const;
  [[nodiscard]] std::string state(const std::string& name) const;
  [[nodiscard]] bool is_on(const std::string& variable_name) const;
  [[nodiscard]] bool galera() const { return is_on("wsrep_on"); }
};

struct Look {
  fabric::mysql::ConnectOptions application;
  std::optional<fabric::mysql::Credentials> administrator{};
};

/// What is kept between two looks at one server: may be empty.
struct KeptLinks {
  std::unique_ptr<fabric::mysql::ServerConnection> application, administrator;
};

/// Never throws. Ends by the deadline.
ServerFacts look_at(const Look& look, fabric::mysql::Watchdog& watchdog,
                    fabric::base::Deadline deadline) noexcept;
/// The same over connections that are kept, while they work.
ServerFacts look_at(const Look& look, KeptLinks& kept, fabric::mysql::Watchdog& watchdog,
                    fabric::base::Deadline deadline) noexcept;

/// Waits until the replica has all of `position`, which its primary had a moment ago: by no clock
/// but ours. Fills in `lag` or `lags_longer`; neither where it cannot be told.
void measure_lag(ServerFacts& replica, const Look& look, const std::string& position,
                 fabric::mysql::Watchdog& watchdog) noexcept;
/// The same over connections that are kept, while they work.
void measure_lag(ServerFacts& replica, const Look& look, KeptLinks& kept,
                 const std::string& position, fabric::mysql::Watchdog& watchdog) noexcept;

}  // namespace tools::doctor
