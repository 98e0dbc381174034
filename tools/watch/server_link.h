// One server of a replicated group: a connection that is kept, looks at it, and the statements that
// change its role. Each of them may be run again. Used by one thread at a time.
#pragma once

#include <memory>
#include <string>

#include "fabric/base/deadline.h"
#include "fabric/mysql/server_connection.h"
#include "fabric/mysql/watchdog.h"
#include "tools/watch/server_state.h"

namespace tools::watch {

struct Account {
  std::string user, password;
};

class ServerLink {
 public:
  ServerLink(fabric::base::Endpoint server, fabric::mysql::Credentials credentials,
             fabric::mysql::Watchdog& watchdog);

  /// Never throws: what went wrong is in the state.
  ServerState look(fabric::base::Deadline deadline) noexcept;
  /// As of the last look.
  [[nodiscard]] const ServerState& state() const { return state_; }
  [[nodiscard]] const fabric::base::Endpoint& endpoint() const { return server_; }

  // Each throws MysqlError.
  /// Nobody but administrators writes here any more: read_only, and the connections of applications
  /// ended. Returns how many these were.
  int fence(fabric::base::Deadline deadline);
  void accept_writes(fabric::base::Deadline deadline);
  /// Transactions of applications that have changed something.
  int open_transactions(fabric::base::Deadline deadline);
  void stop_receiving(fabric::base::Deadline deadline);
  void start_applying(fabric::base::Deadline deadline);
  void stop_replication(fabric::base::Deadline deadline);
  void follow(const fabric::base::Endpoint& source, const Account& account,
              fabric::base::Deadline deadline);
  /// Replicates from nobody, after a restart too.
  void follow_nobody(fabric::base::Deadline deadline);
  enum class SemiSync : std::uint8_t { kSource, kReplica };
  void set_semi_sync(SemiSync role, fabric::base::Deadline deadline);

 private:
  fabric::mysql::ServerConnection& connection(fabric::base::Deadline deadline);
  void run(const std::string& sql, fabric::base::Deadline deadline);
  int kill_applications(fabric::base::Deadline deadline);
  ServerState ask(fabric::base::Deadline deadline);

  const fabric::base::Endpoint server_;
  const fabric::mysql::Credentials credentials_;
  fabric::mysql::Watchdog& watchdog_;
  std::unique_ptr<fabric::mysql::ServerConnection> connection_;
  ServerState state_;
};

}  // namespace tools::watch
