// Asks one server how it is, over a connection that is kept. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "fabric/base/deadline.h"
#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/named_values.h"
#include "fabric/mysql/server_connection.h"
#include "fabric/mysql/watchdog.h"
#include "tools/top/server_sample.h"

namespace tools::top {

class ServerProbe {
 public:
  /// `user`: whose connections are counted as ours. `watchdog` must outlive the probe.
  ServerProbe(const fabric::base::Endpoint& server, const fabric::mysql::Credentials& credentials,
              const std::string& user, fabric::mysql::Watchdog& watchdog);

  /// Never throws: what went wrong is in the sample.
  ServerSample look(fabric::base::Deadline deadline) noexcept;
  [[nodiscard]] const fabric::base::Endpoint& endpoint() const { return options_.server; }

 private:
  fabric::mysql::NamedValues row(const std::string& sql, fabric::base::Deadline deadline);
  ServerSample ask(fabric::base::Deadline deadline);
  void ask_status(ServerSample& sample, fabric::base::Deadline deadline);
  void ask_session(ServerSample& sample, fabric::base::Deadline deadline);
  void ask_replication(ServerSample& sample, fabric::base::Deadline deadline);

  fabric::mysql::ConnectOptions options_;
  const std::string session_question_;
  fabric::mysql::Watchdog& watchdog_;
  std::unique_ptr<fabric::mysql::ServerConnection> connection_;
  std::uint64_t asked_ = 0;          // statements of ours since it was reached first
  bool may_see_replication_ = true;  // until it is refused
};

}  // namespace tools::top
