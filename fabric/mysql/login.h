// From ConnectOptions to a session that is logged in: names to addresses, the five TLS modes, and
// what is said when it fails.
#pragma once

#include <memory>

#include "fabric/base/deadline.h"
#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/session.h"
#include "fabric/mysql/watchdog.h"

namespace fabric::mysql {

/// Throws MysqlError; one address after the other is tried, each with its share of the time.
std::shared_ptr<Session> log_in(const ConnectOptions& options, Watchdog& watchdog,
                                base::Deadline deadline);

}  // namespace fabric::mysql
