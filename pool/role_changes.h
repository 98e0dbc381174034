// What a newer topology means for connections made under an older one. Pure.
#pragma once

#include <vector>

#include "fabric/topology.h"

namespace pool {

struct RoleChanges {
  /// As they were before: gone, FAULTY, at another address, no longer primary, or no longer serving
  /// anybody. Connections to them must not be lent any more.
  std::vector<fabric::Server> lost;
  /// As they are now: new, or with another status, mode or address. Old suspicions do not count.
  std::vector<fabric::Server> changed;
};

RoleChanges role_changes(const fabric::Topology& before, const fabric::Topology& after);

}  // namespace pool
