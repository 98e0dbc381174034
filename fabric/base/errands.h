// A thread that works for somebody who must not wait: it runs one errand after the other; one may
// wait, and a newer one takes its place. The thread starts with the first errand. Thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "fabric/base/mutex.h"
#include "fabric/base/worker.h"

namespace fabric::base {

class Errands {
 public:
  explicit Errands(std::string name) : name_(std::move(name)) {}
  ~Errands() {  // joins after the unlock
    stop();
    Worker thread;
    MutexLock lock(mutex_);
    thread = std::move(thread_);
  }
  Errands(const Errands&) = delete;
  Errands& operator=(const Errands&) = delete;

  /// `errand` must not throw.
  void run(std::function<void()> errand) {
    MutexLock lock(mutex_);
    waiting_ = std::move(errand);
    if (!thread_.joinable()) {
      thread_ = Worker(name_, [this](const std::stop_token&) { work(); });
    }
    wake_.notify_all();
  }

  /// The errand that runs, and the one that waits, are still brought to their end.
  void stop() noexcept {
    MutexLock lock(mutex_);
    stop_ = true;
    wake_.notify_all();
  }

 private:
  void work() {
    for (;;) {
      std::optional<std::function<void()>> errand;
      {
        MutexLock lock(mutex_);
        while (!stop_ && !waiting_) wake_.wait(mutex_);
        errand.swap(waiting_);
      }
      if (!errand) return;
      (*errand)();
    }
  }

  const std::string name_;
  Mutex mutex_;
  CondVar wake_;
  bool stop_ GUARDED_BY(mutex_) = false;
  std::optional<std::function<void()>> waiting_ GUARDED_BY(mutex_);
  Worker thread_ GUARDED_BY(mutex_);
};

}  // namespace fabric::base
