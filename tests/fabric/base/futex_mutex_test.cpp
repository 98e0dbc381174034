#include "fabric/base/futex_mutex.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/fabric/base/other_library.h"

namespace fabric::base {
namespace {

TEST(FutexMutex, IsHeldByOneAtATime) {
  FutexMutex mutex;
  mutex.lock();
  EXPECT_FALSE(mutex.try_lock());
  mutex.unlock();
  EXPECT_TRUE(mutex.try_lock());
  mutex.unlock();
}

TEST(FutexMutex, GuardsWhatManyThreadsChange) {
  constexpr int kThreads = 8;
  constexpr int kTimes = 20'000;
  FutexMutex mutex;
  long counted = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < kTimes; ++n) {
          const std::lock_guard lock(mutex);
          ++counted;
        }
      });
    }
  }
  EXPECT_EQ(counted, long{kThreads} * kTimes);
}

TEST(FutexMutex, WakesEachOfThoseThatWait) {
  FutexMutex mutex;
  std::atomic<int> came = 0;
  int passed = 0;
  {
    std::vector<std::jthread> threads;
    const std::lock_guard held(mutex);
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        ++came;
        const std::lock_guard lock(mutex);
        ++passed;
      });
    }
    while (came < 4) std::this_thread::yield();
    EXPECT_EQ(passed, 0);
  }
  EXPECT_EQ(passed, 4);
}

TEST(FutexMutex, IsWantedInOneLibraryAndUnlockedInAnother) {
  FutexMutex mutex;
  long counted = 0;
  {
    std::jthread other;
    const std::lock_guard held(mutex);
    other = std::jthread([&] { count_in_other_library(mutex, counted); });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_EQ(counted, 1);
}

TEST(FutexMutex, IsUnlockedInAChildForkedWhileItWasHeldAndWantedHere) {
  FutexMutex mutex;
  std::atomic<bool> came = false;
  std::jthread waiter;
  mutex.lock();
  waiter = std::jthread([&] {
    came = true;
    const std::lock_guard lock(mutex);
  });
  while (!came) std::this_thread::yield();
  const pid_t child = fork();
  if (child == 0) {
    mutex.unlock();
    _exit(mutex.try_lock() ? 0 : 1);
  }
  mutex.unlock();
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace fabric::base
