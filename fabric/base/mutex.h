// Mutex, lock and condition variable that clang's thread-safety analysis understands.
// gcc ignores the annotations. Every member that a lock guards says so with GUARDED_BY.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "fabric/base/futex_mutex.h"

#if defined(__clang__)
#define FABRIC_ANNOTATION(x) __attribute__((x))
#else
#define FABRIC_ANNOTATION(x)
#endif

#define CAPABILITY(x) FABRIC_ANNOTATION(capability(x))
#define SCOPED_CAPABILITY FABRIC_ANNOTATION(scoped_lockable)
#define GUARDED_BY(x) FABRIC_ANNOTATION(guarded_by(x))
#define REQUIRES(...) FABRIC_ANNOTATION(requires_capability(__VA_ARGS__))
#define ACQUIRE(...) FABRIC_ANNOTATION(acquire_capability(__VA_ARGS__))
#define RELEASE(...) FABRIC_ANNOTATION(release_capability(__VA_ARGS__))
#define TRY_ACQUIRE(...) FABRIC_ANNOTATION(try_acquire_capability(__VA_ARGS__))
#define EXCLUDES(...) FABRIC_ANNOTATION(locks_excluded(__VA_ARGS__))
#define NO_THREAD_SAFETY_ANALYSIS FABRIC_ANNOTATION(no_thread_safety_analysis)

namespace fabric::base {

class CAPABILITY("mutex") Mutex {
 public:
  void lock() ACQUIRE() { mutex_.lock(); }
  bool try_lock() TRY_ACQUIRE(true) { return mutex_.try_lock(); }
  void unlock() RELEASE() { mutex_.unlock(); }

 private:
#if defined(__SANITIZE_THREAD__)
  std::mutex mutex_;  // whose order it checks
#else
  FutexMutex mutex_;
#endif
};

/// Holds a Mutex for its scope; unlock() and lock() may be used in pairs in between.
class SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() RELEASE() {
    if (held_) mutex_.unlock();
  }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

  void lock() ACQUIRE() {
    mutex_.lock();
    held_ = true;
  }
  void unlock() RELEASE() {
    held_ = false;
    mutex_.unlock();
  }

 private:
  Mutex& mutex_;
  bool held_ = true;
};

/// Waits release the mutex and take it again; spurious wake-ups happen, so callers loop.
class CondVar {
 public:
  void wait(Mutex& mutex) REQUIRES(mutex) { condition_.wait(mutex); }
  void wait_until(Mutex& mutex, std::chrono::steady_clock::time_point until) REQUIRES(mutex) {
    condition_.wait_until(mutex, until);
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable_any condition_;
};

}  // namespace fabric::base
