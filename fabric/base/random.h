// Jitter, so that what was made together does not expire or retry together. Not for secrets.
// Thread-safe: each thread has its own generator.
#pragma once

#include <random>

#include "fabric/base/clock.h"

namespace fabric::base {

inline std::minstd_rand& random_engine() {
  thread_local std::minstd_rand engine{std::random_device{}()};
  return engine;
}

/// Uniform in [low, high].
inline double random_between(double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random_engine());
}

/// `duration` shortened by a random part of at most `fraction` (0..1), never lengthened: limits
/// stay limits.
inline Duration jittered(Duration duration, double fraction) {
  const double kept = random_between(1.0 - fraction, 1.0);
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(duration) * kept);
}

}  // namespace fabric::base
