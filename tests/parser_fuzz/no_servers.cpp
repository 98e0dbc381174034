// Settings name the probe that a farm would use; the fuzzers have no farm and link none.
#include <cstdlib>

#include "fabric/failover_monitor.h"

namespace fabric {

ProbeOutcome probe_server(const base::Endpoint& /*server*/, base::Deadline /*deadline*/) {
  std::abort();
}

}  // namespace fabric
