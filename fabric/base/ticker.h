// A thread that works by the clock: it calls its work when that is due, and the work says when to
// be called next. Starts when first asked for; joins at end(). Thread-safe.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "fabric/base/clock.h"
#include "fabric/base/mutex.h"
#include "fabric/base/worker.h"

namespace fabric::base {

class Ticker {
 public:
  /// `work` returns when it is due again (the end of time: not before wake_by()), and must not
  /// throw. It runs under no lock.
  Ticker(std::string name, std::function<SteadyTime()> work)
      : name_(std::move(name)), work_(std::move(work)) {}
  ~Ticker() { end(); }
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

  /// The work is due at `when`, if not earlier. False after end(). Throws when no thread can be
  /// had.
  bool wake_by(SteadyTime when) {
    MutexLock lock(mutex_);
    if (stopping_) return false;
    if (when < due_) {
      due_ = when;
      changed_.notify_all();
    }
    if (!worker_.joinable()) {
      worker_ = Worker(name_, [this](const std::stop_token&) { run(); });
    }
    return true;
  }

  /// Waits for the work that runs, and never calls it again.
  void end() {
    Worker worker;  // joined after the unlock
    MutexLock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    std::swap(worker, worker_);
  }

 private:
  void run() {
    MutexLock lock(mutex_);
    while (!stopping_) {
      if (due_ == SteadyTime::max()) {
        changed_.wait(mutex_);
      } else if (const SteadyTime due = due_; due > std::chrono::steady_clock::now()) {
        changed_.wait_until(mutex_, due);
      } else {
        due_ = SteadyTime::max();  // who asks while the work runs is heard
        lock.unlock();
        const SteadyTime next = work_();
        lock.lock();
        due_ = std::min(due_, next);
      }
    }
  }

  const std::string name_;
  const std::function<SteadyTime()> work_;
  Mutex mutex_;
  CondVar changed_;
  SteadyTime due_ GUARDED_BY(mutex_) = SteadyTime::max();
  bool stopping_ GUARDED_BY(mutex_) = false;
  Worker worker_ GUARDED_BY(mutex_);
};

}  // namespace fabric::base
