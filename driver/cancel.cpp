#include "driver/cancel.h"

#include <chrono>
#include <string>

#include "fabric/mysql/server_connection.h"

namespace driver {
namespace {

using fabric::base::Deadline;
using fabric::base::LogLevel;
using fabric::base::MutexLock;
using fabric::mysql::LinkLoss;
using fabric::mysql::MysqlError;
using fabric::mysql::ServerConnection;

constexpr std::chrono::seconds kKillLimit{5};

void kill_query(const CancelTarget& target) {
  const auto deadline = Deadline::after(target.watchdog->clock(), kKillLimit);
  const auto tell = [&](LogLevel level, const std::string& outcome) {
    target.log->note(level, [&] {
      return "KILL QUERY " + std::to_string(target.thread_id) + " at " +
             target.server.server.text() + outcome;
    });
  };
  try {
    const auto side = ServerConnection::open(target.server, *target.watchdog, deadline);
    side->run("KILL QUERY " + std::to_string(target.thread_id), deadline);
    tell(LogLevel::kInfo, "");
  } catch (const MysqlError& error) {
    tell(LogLevel::kWarning, std::string(" failed: ") + error.what());
    throw;
  }
}

}  // namespace

void CancelPoint::wait_for_answer() {
  MutexLock lock(mutex_);
  await_answer();
}

void CancelPoint::await_answer() {
  while (killing_) answered_.wait(mutex_);
}

void CancelPoint::aim(std::optional<CancelTarget> target) {
  MutexLock lock(mutex_);
  await_answer();
  target_ = std::move(target);
}

void CancelPoint::abandon_after_fork() {
  MutexLock lock(mutex_);
  killing_ = false;
  running_ = nullptr;
  alarm_ = 0;
  target_.reset();
  stray_kill_ = StrayKill::kNone;
}

bool CancelPoint::cancel(const Statement* statement) {
  CancelTarget target;
  {
    MutexLock lock(mutex_);
    const bool under_way = killing_.exchange(true);
    const Statement* running = running_;
    const bool runs = running != nullptr && (statement == nullptr || running == statement);
    if (!runs || !target_) {
      killing_ = under_way;
      return false;
    }
    if (under_way) return true;  // another thread's KILL does it
    target = *target_;
  }
  kill(target);
  return true;
}

/// killing_ is set.
void CancelPoint::kill(const CancelTarget& target) {
  struct Ended {
    CancelPoint& point;
    StrayKill left = StrayKill::kArrived;
    ~Ended() {
      if (!point.kill_under_way()) point.stray_kill_ = left;
      MutexLock lock(point.mutex_);
      point.killing_ = false;
      point.answered_.notify_all();
    }
  } ended{*this};
  try {
    kill_query(target);
  } catch (const MysqlError& error) {
    if (error.loss() == LinkLoss::kAfterSend) ended.left = StrayKill::kUnderWay;
    throw;
  }
}

void CancelPoint::arm(std::uint64_t alarm) {
  MutexLock lock(mutex_);
  alarm_ = alarm;
  went_off_ = false;
}

void CancelPoint::disarm() {
  MutexLock lock(mutex_);
  alarm_ = 0;
  await_answer();
}

void CancelPoint::cancel_if_armed(std::uint64_t alarm) noexcept {
  try {
    CancelTarget target;
    {
      MutexLock lock(mutex_);
      if (alarm_ != alarm || !target_ || killing_) return;
      killing_ = true;
      went_off_ = true;
      target = *target_;
    }
    kill(target);
  } catch (const std::exception&) {
    // The deadline of the link ends the statement.
  }
}

std::optional<fabric::base::Endpoint> CancelPoint::aimed_at() {
  MutexLock lock(mutex_);
  if (!target_) return std::nullopt;
  return target_->server.server;
}

}  // namespace driver
