// A named thread of ours inside somebody else's process: every signal is blocked in it, so that the
// application's handlers run on the application's threads only. Joins on destruction like jthread.
#pragma once

#include <pthread.h>
#include <signal.h>

#include <concepts>
#include <functional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

namespace fabric::base {

class Worker {
 public:
  Worker() = default;
  /// Runs `body(stop_token)`, which must not throw. `name` is cut to the kernel's 15 characters.
  template <std::invocable<std::stop_token> Body>
  Worker(const std::string& name, Body body) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);  // the new thread inherits the mask
    try {
      thread_ = std::jthread(std::move(body));
    } catch (...) {
      pthread_sigmask(SIG_SETMASK, &before, nullptr);
      throw;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    pthread_setname_np(thread_.native_handle(), name.substr(0, 15).c_str());
  }

  void request_stop() { thread_.request_stop(); }
  [[nodiscard]] bool joinable() const { return thread_.joinable(); }
  void join() { thread_.join(); }
  /// For a forked child, where the thread no longer exists: nothing is joined.
  void detach() { thread_.detach(); }

 private:
  std::jthread thread_;
};

}  // namespace fabric::base
