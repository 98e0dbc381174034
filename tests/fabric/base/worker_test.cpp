#include "fabric/base/worker.h"

#include <gtest/gtest.h>

#include <array>
#include <latch>

namespace fabric::base {
namespace {

TEST(Worker, HasItsNameAndNoSignals) {
  std::latch named(1);
  std::latch looked(1);
  std::array<char, 16> name{};
  sigset_t mask;
  sigemptyset(&mask);
  Worker worker("a-name-longer-than-the-kernel-takes", [&](const std::stop_token&) {
    named.wait();
    pthread_getname_np(pthread_self(), name.data(), name.size());
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    looked.count_down();
  });
  named.count_down();
  looked.wait();
  EXPECT_STREQ(name.data(), "a-name-longer-t");
  for (const int signal : {SIGINT, SIGTERM, SIGCHLD, SIGALRM, SIGPIPE, SIGUSR1}) {
    EXPECT_EQ(sigismember(&mask, signal), 1) << signal;
  }
  sigset_t ours;
  pthread_sigmask(SIG_SETMASK, nullptr, &ours);
  EXPECT_EQ(sigismember(&ours, SIGINT), 0) << "the caller's mask is as it was";
}

TEST(Worker, IsAskedToStopAndJoinedByItsDestructor) {
  bool stopped = false;
  {
    const Worker worker("worker", [&](const std::stop_token& stop) {
      while (!stop.stop_requested()) std::this_thread::yield();
      stopped = true;
    });
    EXPECT_TRUE(worker.joinable());
  }
  EXPECT_TRUE(stopped);
}

}  // namespace
}  // namespace fabric::base
