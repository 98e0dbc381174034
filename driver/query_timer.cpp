#include "driver/query_timer.h"

#include <chrono>
#include <utility>

#include "fabric/mysql/mysql_error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::MutexLock;

QueryTimer::Alarm::~Alarm() {
  if (point_ == nullptr) return;
  timer_->cancel(id_);
  point_->disarm();
}

bool QueryTimer::Alarm::went_off() const { return point_ != nullptr && point_->went_off(); }

QueryTimer::Alarm QueryTimer::set(const std::shared_ptr<CancelPoint>& point, Deadline due) {
  Alarm alarm;
  if (due.is_never()) return alarm;
  MutexLock lock(mutex_);
  if (stopping_) return alarm;
  const std::uint64_t id = next_id_++;
  if (!worker_.joinable()) {
    worker_ = fabric::base::Worker("fabric-timer", [this](const std::stop_token&) { run(); });
  }
  by_id_.emplace(id, entries_.emplace(due.time(), Entry{id, point}));
  if (due.time() < wake_at_) {
    wake_at_ = due.time();
    changed_.notify_all();
  }
  alarm.timer_ = this;
  alarm.point_ = point;
  alarm.id_ = id;
  point->arm(id);
  return alarm;
}

void QueryTimer::cancel(std::uint64_t id) {
  MutexLock lock(mutex_);
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  entries_.erase(found->second);
  by_id_.erase(found);
}

void QueryTimer::end() {
  fabric::base::Worker worker;  // joined after the unlock
  MutexLock lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
  std::swap(worker, worker_);
}

bool QueryTimer::due_now() const {
  return !entries_.empty() && entries_.begin()->first <= std::chrono::steady_clock::now();
}

void QueryTimer::sleep() {
  wake_at_ = entries_.empty() ? fabric::base::SteadyTime::max() : entries_.begin()->first;
  if (entries_.empty()) return changed_.wait(mutex_);
  const fabric::base::SteadyTime until = wake_at_;
  changed_.wait_until(mutex_, until);
}

void QueryTimer::run() {
  for (;;) {
    Entry due;
    {
      MutexLock lock(mutex_);
      while (!stopping_ && !due_now()) sleep();
      if (stopping_) return;
      due = std::move(entries_.begin()->second);
      entries_.erase(entries_.begin());
      by_id_.erase(due.id);
    }
    ring(due);
  }
}

/// Where no thread can be had the link's own deadline ends the statement.
void QueryTimer::ring(const Entry& entry) {
  try {
    const auto server = entry.point->aimed_at();
    if (!server) return;
    static_cast<void>(connectors_.submit(pool::Lane::kKill, *server,
                                         [entry] { entry.point->cancel_if_armed(entry.id); }));
  } catch (const std::exception&) {
  }
}

}  // namespace driver
