#include "driver/runtime.h"

#include <pthread.h>

#include <atomic>
#include <utility>

#include "driver/stats_text.h"
#include "fabric/base/process_end.h"
#include "fabric/mysql/library.h"

namespace driver {
namespace {

using fabric::base::Mutex;
using fabric::base::MutexLock;

/// What the end of a process grants the calls in flight: a reset or a login on its way.
constexpr std::chrono::milliseconds kFarewell{500};

struct Process {
  Mutex mutex;
  Runtime* current GUARDED_BY(mutex) = nullptr;
  /// Kept: handles that are freed after the end still refer to its clock and watchdog.
  Runtime* ended GUARDED_BY(mutex) = nullptr;
};

/// Never destroyed: entry points may run while the process ends.
Process& process() {
  static Process* const instance = new Process;
  return *instance;
}

void before_fork() NO_THREAD_SAFETY_ANALYSIS {
  process().mutex.lock();
  if (process().current != nullptr) process().current->lock_for_fork();
}

void after_fork_in_parent() NO_THREAD_SAFETY_ANALYSIS {
  if (process().current != nullptr) process().current->unlock_after_fork();
  process().mutex.unlock();
}

void after_fork_in_child() NO_THREAD_SAFETY_ANALYSIS {
  Runtime* inherited = process().current;
  // The parent's threads do not exist here, so its runtime is only fit to be leaked.
  process().current = nullptr;
  Runtime::end_generation();
  if (inherited != nullptr) inherited->abandon_after_fork();
  process().mutex.unlock();
}

void end_of_process() {
  Runtime* last = nullptr;
  {
    MutexLock lock(process().mutex);
    last = std::exchange(process().current, nullptr);
    Runtime::end_generation();
  }
  if (last == nullptr) return;
  last->end();
  MutexLock lock(process().mutex);
  process().ended = last;
}

void install_handlers() {
  static const bool installed = [] {
    fabric::mysql::start_client_library();
    static_cast<void>(pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child));
    // After the C library's initialisation, so that it runs before that library's own end.
    fabric::base::at_exit(end_of_process);
    return true;
  }();
  static_cast<void>(installed);
}

}  // namespace

Runtime::Runtime()
    : watchdog_(clock_),
      pools_(std::make_unique<pool::Pools>(clock_, watchdog_, log_)),
      farms_({clock_, log_, watchdog_, *pools_, facts_}),
      query_timer_(pools_->connectors()),
      stats_file_([this] { return stats(); }) {}

std::string Runtime::stats() { return stats_text(pools_->reports(), farms_.reports()); }

void Runtime::end() {
  watchdog_.end_all_by(fabric::base::Deadline::after(clock_, kFarewell));
  read_ahead_.end();
  query_timer_.end();
  stats_file_.end();
  farms_.end();
  pools_->end();
  log_.end();
}

void Runtime::lock_for_fork() NO_THREAD_SAFETY_ANALYSIS {
  farms_.lock_for_fork();
  read_ahead_.lock_for_fork();
  pools_->lock_for_fork();
  log_.lock_for_fork();
}

void Runtime::unlock_after_fork() NO_THREAD_SAFETY_ANALYSIS {
  log_.unlock_after_fork();
  pools_->unlock_after_fork();
  read_ahead_.unlock_after_fork();
  farms_.unlock_after_fork();
}

void Runtime::abandon_after_fork() noexcept NO_THREAD_SAFETY_ANALYSIS {
  log_.abandon_after_fork();
  pools_->abandon_after_fork();
  farms_.abandon_after_fork();
  read_ahead_.unlock_after_fork();
}

Runtime& Runtime::current() {
  install_handlers();
  Process& shared = process();
  MutexLock lock(shared.mutex);
  if (shared.current == nullptr) shared.current = new Runtime;
  return *shared.current;
}

}  // namespace driver
