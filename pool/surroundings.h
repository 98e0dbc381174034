// What all ServerPools of a process share. Owner: Pools; a ServerPool keeps the shared parts alive,
// since a lease may outlive Pools. The clock, the watchdog and the log must outlive every
// connection.
#pragma once

#include <memory>

#include "fabric/base/clock.h"
#include "fabric/base/log.h"
#include "fabric/mysql/watchdog.h"
#include "pool/connectors.h"
#include "pool/suspects.h"

namespace pool {

struct Surroundings {
  const fabric::base::Clock& clock;
  fabric::mysql::Watchdog& watchdog;
  fabric::base::Log& log;
  std::shared_ptr<Connectors> connectors;
  std::shared_ptr<Suspects> suspects;
};

}  // namespace pool
