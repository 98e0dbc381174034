#include "pool/stats.h"

namespace pool {

PoolStats& PoolStats::operator+=(const PoolStats& other) {
  connecting += other.connecting;
  idle += other.idle;
  leased += other.leased;
  resetting += other.resetting;
  waiting += other.waiting;
  borrows += other.borrows;
  waits += other.waits;
  timeouts += other.timeouts;
  connects += other.connects;
  connect_failures += other.connect_failures;
  pings += other.pings;
  keepalives += other.keepalives;
  leaks += other.leaks;
  retries += other.retries;
  prepared_hits += other.prepared_hits;
  prepared_misses += other.prepared_misses;
  for (std::size_t i = 0; i < resets.size(); ++i) resets[i] += other.resets[i];
  for (std::size_t i = 0; i < closed.size(); ++i) closed[i] += other.closed[i];
  for (const auto& [reason, count] : other.pins) pins[reason] += count;
  waited += other.waited;
  return *this;
}

}  // namespace pool
