// Keeps one ServerPool in order: idle timeout, lifetime, minimum idle, and a look whether a suspect
// server answers again. The loop and its thread are elsewhere (Pools). Not owned; no state.
#pragma once

#include "fabric/base/clock.h"
#include "pool/server_pool.h"
#include "pool/suspects.h"

namespace pool {

class Housekeeper {
 public:
  Housekeeper(ServerPool& pool, const Suspects& suspects, const fabric::base::Clock& clock)
      : pool_(pool), suspects_(suspects), clock_(clock) {}

  void sweep();

 private:
  ServerPool& pool_;
  const Suspects& suspects_;
  const fabric::base::Clock& clock_;
};

}  // namespace pool
