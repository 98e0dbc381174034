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
  resets += other.resets;
  pings += other.pings;
  closed_idle += other.closed_idle;
  closed_lifetime += other.closed_lifetime;
  closed_broken += other.closed_broken;
  closed_retired += other.closed_retired;
  for (const auto& [reason, count] : other.pins) pins[reason] += count;
  return *this;
}

}  // namespace pool
