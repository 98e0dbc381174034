// What is known of one server's answering, shared by all connections to it: a long query on a
// server that answers probes goes on; on one that is silent for the detection time it is ended.
// Thread-safe; never blocks.
#pragma once

#include <atomic>
#include <functional>
#include <optional>

#include "fabric/base/clock.h"
#include "fabric/base/mutex.h"

namespace fabric::mysql {

class Liveness {
 public:
  /// `ask` starts a probe of the server somewhere else and returns at once; the probe calls
  /// answered() when the server answers. It is called without any lock of ours held, at most once
  /// per fifth of `detection_time`.
  Liveness(base::Duration detection_time, std::function<void()> ask);

  /// From now on so short a silence is enough; a longer one changes nothing.
  void shorten(base::Duration detection_time);

  /// The server has completed an answer (to a call or to a probe) at `when`.
  void answered(base::SteadyTime when);

  /// Looks at a call in flight since `started`: when it starts, and then when we said. Returns when
  /// to look again, or nothing when the server has been silent since max(started, last answer) for
  /// the detection time, in which this process was not stopped.
  std::optional<base::SteadyTime> review(base::SteadyTime started, base::SteadyTime now);

 private:
  const std::function<void()> ask_;
  base::Mutex mutex_;
  base::Duration detection_time_ GUARDED_BY(mutex_);
  std::atomic<base::SteadyTime> last_answer_{};  ///< noted for every statement: without the mutex
  base::SteadyTime last_asked_ GUARDED_BY(mutex_){};
  base::SteadyTime last_review_ GUARDED_BY(mutex_){};
  base::SteadyTime resumed_ GUARDED_BY(mutex_){};
};

}  // namespace fabric::mysql
