#include "driver/query_timer.h"

#include <chrono>
#include <utility>

#include "fabric/mysql/mysql_error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::MutexLock;

void QueryTimer::Alarm::disarm() {
  timer_->cancel(id_);
  point_->disarm();
}

bool QueryTimer::Alarm::went_off() const { return point_ != nullptr && point_->went_off(); }

QueryTimer::Alarm QueryTimer::set(const std::shared_ptr<CancelPoint>& point, Deadline due) {
  Alarm alarm;
  if (due.is_never()) return alarm;
  MutexLock lock(mutex_);
  if (!ticker_.wake_by(due.time())) return alarm;  // it looks once the entry is there
  const std::uint64_t id = next_id_++;
  by_id_.emplace(id, entries_.emplace(due.time(), Entry{id, point}));
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

fabric::base::SteadyTime QueryTimer::ring_due() {
  for (;;) {
    Entry due;
    {
      MutexLock lock(mutex_);
      const auto first = entries_.begin();
      if (first == entries_.end()) return fabric::base::SteadyTime::max();
      if (first->first > std::chrono::steady_clock::now()) return first->first;
      due = std::move(first->second);
      entries_.erase(first);
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
