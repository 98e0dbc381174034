#include "pool/stats.h"

#include <algorithm>

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
  for (std::size_t i = 0; i < waited.size(); ++i) waited[i] += other.waited[i];
  waited_in_all += other.waited_in_all;
  return *this;
}

void PoolStats::note_wait(fabric::base::Duration time) {
  const auto* const bound = std::ranges::lower_bound(kWaitBounds, time);
  ++waited[static_cast<std::size_t>(bound - kWaitBounds.begin())];
  waited_in_all += time;
}

}  // namespace pool
