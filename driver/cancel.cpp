#include "driver/cancel.h"

#include <chrono>
#include <string>

#include "fabric/mysql/server_connection.h"

namespace driver {
namespace {

using fabric::base::Deadline;
using fabric::base::MutexLock;
using fabric::mysql::ServerConnection;

constexpr std::chrono::seconds kKillLimit{5};

void kill_query(const CancelTarget& target) {
  const auto deadline = Deadline::after(target.watchdog->clock(), kKillLimit);
  const auto side = ServerConnection::open(target.server, *target.watchdog, deadline);
  side->run("KILL QUERY " + std::to_string(target.thread_id), deadline);
}

}  // namespace

CancelPoint::Running::Running(CancelPoint& point, const Statement& statement) : point_(point) {
  MutexLock lock(point_.mutex_);
  point_.running_ = &statement;
}

CancelPoint::Running::~Running() {
  MutexLock lock(point_.mutex_);
  point_.running_ = nullptr;
  point_.wait_for_answer();
}

void CancelPoint::wait_for_answer() {
  while (killing_) answered_.wait(mutex_);
}

void CancelPoint::aim(std::optional<CancelTarget> target) {
  MutexLock lock(mutex_);
  wait_for_answer();
  target_ = std::move(target);
}

void CancelPoint::abandon_after_fork() {
  MutexLock lock(mutex_);
  killing_ = false;
  running_ = nullptr;
  target_.reset();
}

bool CancelPoint::cancel(const Statement* statement) {
  CancelTarget target;
  {
    MutexLock lock(mutex_);
    if (running_ == nullptr || (statement != nullptr && running_ != statement)) return false;
    if (!target_) return false;
    if (killing_) return true;  // another thread's KILL does it
    killing_ = true;
    target = *target_;
  }
  struct Answered {
    CancelPoint& point;
    ~Answered() {
      point.stray_kill_ = true;
      MutexLock lock(point.mutex_);
      point.killing_ = false;
      point.answered_.notify_all();
    }
  } answered{*this};
  kill_query(target);
  return true;
}

}  // namespace driver
