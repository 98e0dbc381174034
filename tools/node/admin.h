// A node in SQL as its administrator calls it: any procedure with any text. Of several nodes the
// first that can be reached. Used by one thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "driver/settings/connection_settings.h"
#include "fabric/mysql/server_connection.h"
#include "fabric/mysql/watchdog.h"
#include "fabric/rpc_call.h"

namespace tools::node {

class Admin {
 public:
  /// Throws base::Error where the settings name no node in SQL, or none can be reached. `watchdog`
  /// must outlive it.
  Admin(const driver::settings::ConnectionSettings& settings, fabric::mysql::Watchdog& watchdog);

  /// The result sets behind the answer's head. Throws fabric::NodeFailure with the node's sentence.
  std::vector<fabric::RpcTable> call(const std::string& procedure,
                                     const std::vector<std::string>& arguments);

 private:
  std::vector<fabric::RpcTable> call_once(const std::string& procedure, const std::string& sql);

  const std::string user_;
  const fabric::base::Duration timeout_;
  fabric::mysql::Watchdog& watchdog_;
  std::unique_ptr<fabric::mysql::ServerConnection> connection_;
};

}  // namespace tools::node
