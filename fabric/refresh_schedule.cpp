#include "fabric/refresh_schedule.h"

#include <algorithm>

namespace fabric {

using std::chrono::milliseconds;
using std::chrono::seconds;

bool in_use(const RefreshState& state, base::SteadyTime now) {
  constexpr int kIdleTtls = 5;
  return now - state.last_use <= std::max<base::Duration>(kIdleTtls * state.ttl, seconds(30));
}

base::Duration poll_interval(base::Duration age) {
  if (age < seconds(2)) return milliseconds(50);
  if (age < seconds(30)) return milliseconds(100);
  return seconds(1);
}

RefreshPlan plan_refresh(const RefreshState& state, base::SteadyTime now) {
  if (state.all_wanted) return {.ask = Ask::kAll};
  if (!state.loaded) return {};
  RefreshPlan plan;
  if (in_use(state, now)) plan.wake = state.due;
  if (plan.wake <= now) return {.ask = Ask::kAll};
  if (state.servers_wanted) return {.ask = Ask::kServers};
  if (!state.polling_since) return plan;
  const base::SteadyTime poll = state.last_asked + poll_interval(now - *state.polling_since);
  if (poll <= now) return {.ask = Ask::kServers};
  plan.wake = std::min(plan.wake, poll);
  return plan;
}

}  // namespace fabric
