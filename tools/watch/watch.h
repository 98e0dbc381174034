// `fabricctl watch`: rounds of looking and acting while this instance holds the lease, else
// standing by. Runs on the caller's thread until it is told to stop.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "driver/settings/connection_settings.h"
#include "fabric/base/clock.h"
#include "fabric/mysql/watchdog.h"
#include "tools/watch/lease.h"
#include "tools/watch/log.h"
#include "tools/watch/options.h"
#include "tools/watch/round.h"

namespace tools::watch {

/// How the problem of a request begins that is not acted upon.
inline constexpr std::string_view kRefused = "refused: ";

class Watch {
 public:
  /// Throws base::Error when the settings name no node in SQL. `log` must outlive the object.
  Watch(const driver::settings::ConnectionSettings& settings, Options options, Log& log);

  /// Until `stop`.
  void run(const std::stop_token& stop);
  /// One round, if the lease is or can be taken. What goes wrong in it is said, not thrown.
  /// True when something was changed and the next round should follow at once.
  bool round();
  /// Asks the node for a switch-over of `group` to `server` (empty: the best). Throws NodeFailure.
  void ask(const std::string& group, const std::string& server);
  void take_back(const std::string& group);
  /// The group as the node tells it now. Throws NodeFailure, or base::Error when it has none.
  WatchedGroup group(const std::string& name);

 private:
  bool active();
  bool act();
  bool tend(const WatchedGroup& group);
  bool promote(const WatchedGroup& group);
  bool hopeless_request(const WatchedGroup& group);
  void tell(const WatchedGroup& group, const std::string& problem);
  [[nodiscard]] bool watched(const WatchedGroup& group) const;

  const Options options_;
  const fabric::base::SystemClock clock_;
  fabric::mysql::Watchdog watchdog_{clock_};
  NodeStore node_;
  Lease lease_;
  Servers servers_;
  Log& log_;
  Round round_;
};

}  // namespace tools::watch
