// What SQLCancel may touch while another thread holds its connection's mutex: which statement runs
// on which physical connection, and the KILL QUERY under way against it. Owned by the connection,
// and by the KILLs that QueryTimer has ordered; thread-safe, its own mutex is never held over I/O.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "fabric/base/log.h"
#include "fabric/base/mutex.h"
#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/watchdog.h"

namespace driver {

class Statement;

/// A server session that a KILL can be aimed at.
struct CancelTarget {
  fabric::mysql::ConnectOptions server;
  std::uint32_t thread_id = 0;
  fabric::mysql::Watchdog* watchdog = nullptr;
  fabric::base::Log* log = nullptr;
};

class CancelPoint {
 public:
  /// While it lives, the calling thread waits for a server on behalf of `statement`.
  /// Its end waits for the answer of a KILL sent meanwhile, so that none can arrive any later.
  class Running {
   public:
    Running(CancelPoint& point, const Statement& statement) : point_(point) {
      point_.running_ = &statement;
    }
    ~Running() {
      point_.running_ = nullptr;
      if (point_.killing_) point_.wait_for_answer();
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

   private:
    CancelPoint& point_;
  };

  /// The session's physical connection has changed (none: it was given back). Waits as ~Running.
  void aim(std::optional<CancelTarget> target);
  /// In a forked child, where no KILL of the parent's will ever be answered.
  void abandon_after_fork();

  /// Ends what `statement` (null: any of this connection) has running, by KILL QUERY over a
  /// connection of its own, within 5 seconds. False when nothing of it runs on a server.
  /// Throws MysqlError when the server cannot be told.
  bool cancel(const Statement* statement);

  // For QueryTimer, whose KILL may begin late: it counts only for the wait that it was set for.
  void arm(std::uint64_t alarm);
  /// Waits as ~Running.
  void disarm();
  /// cancel(), if `alarm` is the armed one still. A server that cannot be told is left alone.
  void cancel_if_armed(std::uint64_t alarm) noexcept;
  /// The last alarm began its KILL.
  [[nodiscard]] bool went_off() const { return went_off_; }
  [[nodiscard]] std::optional<fabric::base::Endpoint> aimed_at();

  /// A KILL may come after its statement's end.
  enum class StrayKill : std::uint8_t {
    kNone,
    kArrived,   ///< it may wait in the server for whatever command is next
    kUnderWay,  ///< sent, and never answered: it may arrive at any time
  };
  /// Of the KILLs since the last call, the worst.
  StrayKill take_stray_kill() { return stray_kill_.exchange(StrayKill::kNone); }
  [[nodiscard]] bool kill_under_way() const { return stray_kill_ == StrayKill::kUnderWay; }

 private:
  void wait_for_answer();
  void await_answer() REQUIRES(mutex_);
  void kill(const CancelTarget& target);

  fabric::base::Mutex mutex_;
  fabric::base::CondVar answered_;
  /// Begins and ends without the mutex, once for a fetch. So a KILL is announced by killing_ before
  /// it looks who runs, and who has run looks at killing_ afterwards: one of them sees the other.
  std::atomic<const Statement*> running_{nullptr};
  std::optional<CancelTarget> target_ GUARDED_BY(mutex_);
  std::atomic<bool> killing_{false};            ///< changed under mutex_ only
  std::uint64_t alarm_ GUARDED_BY(mutex_) = 0;  ///< zero: none
  std::atomic<bool> went_off_{false};
  std::atomic<StrayKill> stray_kill_{StrayKill::kNone};
};

}  // namespace driver
