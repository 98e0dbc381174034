// STATS_FILE: writes the pools' counters to files for Prometheus' textfile collector, every few
// seconds and at the end of the process. A file is replaced as a whole, so that no reader sees half
// of one. One thread, started by the first file. Owner: Runtime. Thread-safe.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "fabric/base/mutex.h"
#include "fabric/base/worker.h"

namespace driver {

class StatsFile {
 public:
  explicit StatsFile(std::function<std::string()> text) : text_(std::move(text)) {}
  ~StatsFile() { end(); }
  StatsFile(const StatsFile&) = delete;
  StatsFile& operator=(const StatsFile&) = delete;

  /// Writes `path` now, and from now on; `%p` in it is the process's number. False when it cannot
  /// be written.
  bool add(const std::string& path);
  /// Writes all once more and joins the thread.
  void end();

  // Around fork().
  void lock_for_fork() NO_THREAD_SAFETY_ANALYSIS { mutex_.lock(); }
  void unlock_after_fork() NO_THREAD_SAFETY_ANALYSIS { mutex_.unlock(); }

 private:
  void run();

  const std::function<std::string()> text_;
  fabric::base::Mutex mutex_;
  fabric::base::CondVar changed_;
  std::set<std::string> paths_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  fabric::base::Worker worker_ GUARDED_BY(mutex_);
};

}  // namespace driver
