#include "tools/watch/round.h"

namespace tools::watch {

void Round::change(const std::string& procedure, std::vector<fabric::RpcArgument> arguments) {
  arguments.insert(arguments.begin(), lease.epoch());
  try {
    node.call(procedure, std::move(arguments));
  } catch (const fabric::NodeFailure& failure) {
    if (std::string(failure.what()).find("lease lost") == std::string::npos) throw;
    lease.lose();
    throw LeaseLost();
  }
}

fabric::base::Endpoint Round::current_primary(const fabric::base::Endpoint& source) const {
  for (const WatchedGroup& group : groups) {
    for (const fabric::Server& server : group.servers) {
      if (server.endpoint != source) continue;
      const fabric::Server* primary = group.primary();
      return primary == nullptr ? source : primary->endpoint;
    }
  }
  return source;
}

std::string name_of(const fabric::Server& server) { return server.endpoint.text(); }

}  // namespace tools::watch
