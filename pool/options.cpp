#include "pool/options.h"

#include <algorithm>

namespace pool {

PoolOptions validated(PoolOptions options) {
  using fabric::base::Duration;
  options.max_size = std::max<std::size_t>(options.max_size, 1);
  options.min_idle = std::min(options.min_idle, options.max_size);
  for (Duration* time : {&options.idle_timeout, &options.max_lifetime, &options.validate_after,
                         &options.keepalive, &options.leak_warn}) {
    *time = std::max(*time, Duration::zero());
  }
  options.connect_timeout =
      std::max<Duration>(options.connect_timeout, std::chrono::milliseconds(1));
  options.detection_time =
      std::max<Duration>(options.detection_time, std::chrono::milliseconds(100));
  return options;
}

}  // namespace pool
