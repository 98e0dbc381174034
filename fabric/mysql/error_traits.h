// What an error number of MySQL, MariaDB or their C library means to this driver: the one table.
// It states facts; what to retry, retire or report is decided above it.
// Source: fabric-protocol reference, section 7.1; the servers' error message catalogues.
#pragma once

#include <string_view>

#include "fabric/base/sqlstate.h"

namespace fabric::mysql {

// Numbers that more than one place acts on by name.
inline constexpr int kInterrupted = 1317;      ///< KILL QUERY: canceled, or late
inline constexpr int kLockWaitTimeout = 1205;  ///< innodb_rollback_on_timeout: of the transaction
inline constexpr int kReadOnlyTransaction = 1792;

struct ErrorTraits {
  bool connection_lost = false;   ///< the link is gone or useless
  bool refused_whole = false;     ///< the server surely executed nothing of the single statement
  bool read_only_server = false;  ///< the server no longer takes writes: a stale primary
  bool cannot_connect = false;    ///< no session came about: nobody listens, or no route
  bool denied = false;            ///< credentials: never retried, never reported
  base::SqlState state = base::SqlState::kHY000;  ///< what an application is told by default
};

/// `text` decides 1290, which many options share: only --read-only and --super-read-only count.
/// `server_state` is the five characters the server sent; used where the table has no own state.
ErrorTraits traits_of(unsigned number, std::string_view text, std::string_view server_state);

}  // namespace fabric::mysql
