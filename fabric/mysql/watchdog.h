// One thread that holds the deadlines of all calls in flight and ends a late call by shutdown(2) on
// its socket: the C library's own timeouts are whole seconds and per read.
// Owner: the process's Runtime (a test builds its own). Thread-safe.
#pragma once

#include <cstdint>
#include <memory>

#include "fabric/base/clock.h"
#include "fabric/base/deadline.h"
#include "fabric/mysql/liveness.h"

namespace fabric::mysql {

class Watchdog {
 public:
  enum class Verdict : std::uint8_t { kInTime, kDeadline, kSilentServer };

  explicit Watchdog(const base::Clock& clock);
  ~Watchdog();  ///< joins the thread; no call may be armed any more
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// One call in flight. Destruction disarms it; the socket is not touched after that.
  class Call {
   public:
    Call(Call&& other) noexcept;
    Call& operator=(Call&&) = delete;
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call();
    /// Disarms and says whether, and why, the call was ended. A second call says kInTime.
    Verdict finish();

   private:
    friend class Watchdog;
    Call(Watchdog& watchdog, std::uint64_t id) : watchdog_(&watchdog), id_(id) {}
    Watchdog* watchdog_;
    std::uint64_t id_;
  };

  /// Watches a call on `fd`: it ends at `deadline`, or, if `liveness` is given, once the server has
  /// answered neither the call nor a probe for the detection time.
  [[nodiscard]] Call arm(int fd, base::Deadline deadline, std::shared_ptr<Liveness> liveness = {});

  /// From now on no call, armed or still to come, outlives `latest`: the process is ending.
  void end_all_by(base::Deadline latest);

  [[nodiscard]] const base::Clock& clock() const;

  /// Looks at all calls at the clock's time, ends the late ones, and returns when to look again.
  /// The thread does this; it is public for tests whose clock is moved by hand.
  base::SteadyTime sweep();

  /// In a forked child, where the thread does not exist: forgets everything without joining. After
  /// it the object is only fit to be leaked.
  void abandon_after_fork() noexcept;

 private:
  Verdict disarm(std::uint64_t id);
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fabric::mysql
