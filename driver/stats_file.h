// STATS_FILE: writes the pools' counters to files for Prometheus' textfile collector, every few
// seconds and at the end of the process. A file is replaced as a whole, so that no reader sees half
// of one. One thread, started by the first file. Owner: Runtime. Thread-safe.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "fabric/base/mutex.h"
#include "fabric/base/ticker.h"

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

 private:
  bool write(const std::string& path, const std::string& text);
  fabric::base::SteadyTime write_all();

  const std::function<std::string()> text_;
  fabric::base::Mutex writing_;  ///< of the files; nobody else waits for it
  fabric::base::Mutex mutex_;
  std::set<std::string> paths_ GUARDED_BY(mutex_);
  fabric::base::Ticker ticker_{"fabric-stats", [this] { return write_all(); }};
};

}  // namespace driver
