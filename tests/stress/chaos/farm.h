// The farm that a chaos run breaks: its servers as packaging/farm made them, a proxy in front of
// each data server, and a topology file that names the proxies. Thread-safe.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fabric/base/mutex.h"
#include "fabric/mysql/server_connection.h"
#include "tests/support/fault_proxy.h"

namespace chaos {

class Farm {
 public:
  /// A farm that is up. `scratch`: a folder for the topology file and logs.
  Farm(std::filesystem::path directory, std::filesystem::path scratch);

  static const std::vector<std::string>& cluster();  ///< the servers of g1
  [[nodiscard]] std::string uuid(const std::string& server) const;
  [[nodiscard]] pid_t pid(const std::string& server) const;
  [[nodiscard]] const std::map<std::string, std::unique_ptr<test_support::FaultProxy>>& networks()
      const {
    return networks_;
  }
  [[nodiscard]] test_support::FaultProxy& network(const std::string& server) const {
    return *networks_.at(server);
  }

  /// "FABRIC_NODES=...;" of the node on the cluster, and of the topology file.
  [[nodiscard]] std::string through_nodes() const;
  [[nodiscard]] std::string through_proxies() const;

  /// `farm start DIR g1a`, again when it fails; throws with its words in the end. One at a time.
  void command(const std::vector<std::string>& words);
  /// As administrator, through the server's socket.
  [[nodiscard]] std::unique_ptr<fabric::mysql::ServerConnection> admin(const std::string& server);
  /// Every row as texts; on a member of the cluster, with all that is committed anywhere.
  std::vector<std::vector<std::string>> ask(const std::string& server, const std::string& sql);
  void run(const std::string& server, const std::string& sql);
  /// Of g1, as the node says; empty while it has none.
  std::string primary();

 private:
  void write_topology() const;

  const std::filesystem::path directory_, scratch_;
  std::map<std::string, std::uint16_t> ports_;
  std::map<std::string, std::string> uuids_;
  std::string admin_, run_folder_;
  std::map<std::string, std::unique_ptr<test_support::FaultProxy>> networks_;
  fabric::base::SystemClock clock_;
  fabric::mysql::Watchdog watchdog_{clock_};
  fabric::base::Mutex commands_;
};

}  // namespace chaos
