// Looks at one server again and again with the doctor's eyes. Of one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "driver/settings/connection_settings.h"
#include "fabric/mysql/watchdog.h"
#include "tools/serve/board.h"

namespace tools::serve {

/// Which farm, and how it is looked at.
struct Watching {
  driver::settings::ConnectionSettings settings;
  std::string asked_for;  ///< without secrets, for advice
  std::optional<fabric::mysql::Credentials> administrator;
  fabric::base::Duration timeout = std::chrono::seconds(2);  ///< of one server or node
};

class Asking {
 public:
  Asking(const Watching& watching, fabric::mysql::Watchdog& watchdog)
      : watching_(watching), watchdog_(watchdog) {}

  /// Never throws: what went wrong is in it. A replica is held to where its primary was a moment
  /// ago, as the board knows.
  Diagnosis look(const fabric::Server& server, const Board& board) noexcept;

 private:
  [[nodiscard]] doctor::Look look_of(const fabric::Server& server) const;

  const Watching& watching_;
  fabric::mysql::Watchdog& watchdog_;
  doctor::KeptLinks kept_;
  fabric::base::Endpoint kept_to_;
};

/// What the doctor finds not to be in order. Pure.
std::vector<doctor::Finding> judged(const Watching& watching, const fabric::Server& server,
                                    const doctor::ServerFacts& facts);

}  // namespace tools::serve
