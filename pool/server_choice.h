// Which server of a group a borrower should go to now. Pure but for the balancer's counts.
#pragma once

#include <vector>

#include "fabric/types.h"
#include "pool/balancer.h"
#include "pool/suspects.h"

namespace pool {

struct Choice {
  const fabric::Server* server = nullptr;  ///< null: none may be tried now
  /// Without a server: when a suspect may be tried again; never if only the topology can help.
  fabric::base::SteadyTime retry_at = fabric::base::SteadyTime::max();
};

/// RW: the primary. RO: a secondary by weight, the primary when none can serve. Suspects come last,
/// and only once their time to be skipped has passed.
Choice choose(const fabric::Group& group, fabric::RequestMode mode, const Suspects& suspects,
              fabric::base::SteadyTime now, Balancer& balancer);

/// For a plain list of servers: all that fit, in their order, those to be skipped last.
std::vector<const fabric::Server*> in_order(const fabric::Group& group, fabric::RequestMode mode,
                                            const Suspects& suspects);

}  // namespace pool
