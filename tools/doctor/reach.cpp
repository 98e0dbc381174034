#include "tools/doctor/reach.h"

#include <chrono>
#include <cstring>

#include "fabric/base/name_lookup.h"

namespace tools::doctor {

using fabric::base::ConnectOutcome;
using fabric::base::Deadline;
using fabric::base::Endpoint;

Reach reach(const Endpoint& endpoint, Deadline deadline) {
  Reach found;
  if (endpoint.socket.empty()) {
    fabric::base::NameLookup lookup(endpoint.host);
    if (lookup.wait(deadline).empty()) {
      found.name_known = false;
      found.name_late = deadline.passed(std::chrono::steady_clock::now());
      return found;
    }
  }
  const auto result = fabric::base::connect_to(endpoint, deadline);
  found.outcome = result.outcome;
  found.error = result.error;
  return found;
}

Unreached unreached(const Endpoint& endpoint, const Reach& reach, const std::string& what) {
  if (!reach.name_known) {
    return {reach.name_late ? "the name service did not answer for '" + endpoint.host + "' in time"
                            : "the host name '" + endpoint.host + "' is not known here",
            {.where = "correct the name, or teach it to this machine (its address goes first); in "
                      "a shell",
             .lines = "echo 'ADDRESS " + endpoint.host + "' | sudo tee -a /etc/hosts"}};
  }
  const std::string reason =
      reach.error != 0 ? std::string(" (") + std::strerror(reach.error) + ")" : "";
  if (!endpoint.socket.empty()) {
    return {"nobody listens on this socket" + reason,
            {.where = "start the server, or name its socket in SOCKET; in a shell",
             .lines = "sudo systemctl start mariadb; ss -lx | grep -i mysql"}};
  }
  const std::string port = std::to_string(endpoint.port);
  switch (reach.outcome) {
    case ConnectOutcome::kRefused:
      return {"the host answers, but nobody listens on port " + port,
              {.where = "in a shell on " + endpoint.host + ": start " + what +
                        ", or see which port and address (bind-address) it listens on",
               .lines = "sudo systemctl start mariadb; sudo ss -ltnp"}};
    case ConnectOutcome::kTimedOut:
      return {"does not answer at all",
              {.where = "is the host up, and does a firewall let port " + port +
                        " through? In a shell on " + endpoint.host,
               .lines = "sudo ss -ltnp 'sport = :" + port + "'; sudo nft list ruleset"}};
    case ConnectOutcome::kUnreachable:
    case ConnectOutcome::kConnected:
      break;
  }
  return {"there is no way to it from here" + reason,
          {.where = "correct the address, or see about the network; in a shell",
           .lines = "ip route get \"$(getent hosts " + endpoint.host + " | cut -d' ' -f1)\""}};
}

}  // namespace tools::doctor
