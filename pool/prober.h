// Asks a server whether it lives, over an authenticated connection of its own that MAX_POOL_SIZE
// does not count: opened when a call in flight raises the question, kept while questions come,
// closed after being idle. Owner: a ServerPool. Thread-safe; at most one probe runs at a time.
#pragma once

#include <memory>

#include "fabric/base/clock.h"
#include "fabric/base/mutex.h"
#include "fabric/mysql/server_connection.h"
#include "pool/surroundings.h"

namespace pool {

class Prober : public std::enable_shared_from_this<Prober> {
  struct Key {};  // only make() constructs

 public:
  static std::shared_ptr<Prober> make(const fabric::mysql::ConnectOptions& server,
                                      fabric::base::Duration detection_time,
                                      const Surroundings& surroundings);

  Prober(Key, const fabric::mysql::ConnectOptions& server, fabric::base::Duration detection_time,
         const Surroundings& surroundings);

  /// What the connections of the pool give to the watchdog.
  [[nodiscard]] const std::shared_ptr<fabric::mysql::Liveness>& liveness() const {
    return liveness_;
  }

  /// Of two detection times the shorter counts.
  void shorten(fabric::base::Duration detection_time);

  /// Starts a probe on a connector unless one runs. Returns at once.
  void ask();
  /// Closes the probe's connection when it has not been needed for a while.
  void sweep(fabric::base::SteadyTime now);
  [[nodiscard]] bool connected() const;

  // Around fork(): the lock is held across it, so that the child may look at the connection.
  void lock_for_fork() NO_THREAD_SAFETY_ANALYSIS { mutex_.lock(); }
  void unlock_after_fork() NO_THREAD_SAFETY_ANALYSIS { mutex_.unlock(); }
  void abandon_after_fork() noexcept NO_THREAD_SAFETY_ANALYSIS;

 private:
  void probe() noexcept;
  /// Before it is freed, lest a forked child finds it.
  void forget_in_use();
  static bool pings(fabric::mysql::ServerConnection& connection,
                    fabric::base::Deadline deadline) noexcept;
  bool opens(std::unique_ptr<fabric::mysql::ServerConnection>& connection,
             fabric::base::Deadline deadline) noexcept;

  const fabric::mysql::ConnectOptions server_;
  const Surroundings surroundings_;
  std::shared_ptr<fabric::mysql::Liveness> liveness_;

  mutable fabric::base::Mutex mutex_;
  fabric::base::Duration detection_time_ GUARDED_BY(mutex_);
  bool probing_ GUARDED_BY(mutex_) = false;
  fabric::base::SteadyTime used_ GUARDED_BY(mutex_){};
  std::unique_ptr<fabric::mysql::ServerConnection> connection_ GUARDED_BY(mutex_);
  /// The one the running probe has taken; only a forked child looks at it.
  fabric::mysql::ServerConnection* in_use_ GUARDED_BY(mutex_) = nullptr;
};

}  // namespace pool
