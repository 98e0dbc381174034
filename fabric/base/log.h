// What happens inside the process, a line each, in the files that the application names (LOG).
// Callers only queue: one thread, started by the first file, writes. It opens a file for each batch
// of lines, so that a log that was moved away begins anew, and no descriptor is kept that a daemon
// might close and use again. Owner: Runtime. Thread-safe; its lock comes last, and no I/O under it.
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fabric/base/mutex.h"
#include "fabric/base/worker.h"

namespace fabric::base {

enum class LogLevel : std::uint8_t { kOff, kError, kWarning, kInfo, kDebug };

class Log {
 public:
  /// Lines that wait for a disk; what does not fit is dropped, and their number written.
  static constexpr std::size_t kMostWaiting = 10'000;

  Log() = default;
  ~Log() { end(); }
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  /// From now on what is of `level` or graver goes to that file, too; `%p` in it is the process's
  /// number. Of several levels for one file the one with more lines counts. False when it cannot be
  /// written.
  bool add(const std::string& path, LogLevel level);

  [[nodiscard]] bool wants(LogLevel level) const {
    return level <= level_.load(std::memory_order_relaxed);
  }
  /// `text` makes the line, and is not called when nobody wants it. Never waits for a disk.
  template <std::invocable Text>
  void note(LogLevel level, Text&& text) noexcept {
    if (!wants(level)) return;
    try {
      queue(level, text());
    } catch (...) {  // no memory for a line
      lose_one();
    }
  }

  /// Writes what waits and joins the thread. Lines that come later are dropped.
  void end() noexcept;

  // Around fork(). In the child nothing is written any more.
  void lock_for_fork() NO_THREAD_SAFETY_ANALYSIS { mutex_.lock(); }
  void unlock_after_fork() NO_THREAD_SAFETY_ANALYSIS { mutex_.unlock(); }
  void abandon_after_fork() noexcept NO_THREAD_SAFETY_ANALYSIS;

 private:
  struct Line {
    LogLevel level;
    std::string text;
  };
  using Files = std::map<std::string, LogLevel>;  // by absolute path
  /// What a disk had no room for; told once it has.
  struct Unwritten {
    std::size_t lines = 0;
    bool tears = false;  ///< the file ends within the first of them
  };

  void queue(LogLevel level, const std::string& text);
  void lose_one() noexcept;
  void run() noexcept;
  void write(const std::vector<Line>& lines);

  std::map<std::string, Unwritten> unwritten_;   ///< of the worker, by path
  std::atomic<LogLevel> level_{LogLevel::kOff};  ///< the widest of the files'
  Mutex mutex_;
  CondVar changed_;
  Files files_ GUARDED_BY(mutex_);
  std::vector<Line> waiting_ GUARDED_BY(mutex_);
  std::size_t lost_ GUARDED_BY(mutex_) = 0;
  bool stopping_ GUARDED_BY(mutex_) = false;
  Worker worker_ GUARDED_BY(mutex_);
};

}  // namespace fabric::base
