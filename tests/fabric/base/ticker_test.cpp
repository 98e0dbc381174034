#include "fabric/base/ticker.h"

#include <gtest/gtest.h>

#include <latch>
#include <semaphore>

namespace fabric::base {
namespace {

using namespace std::chrono_literals;

SteadyTime now() { return std::chrono::steady_clock::now(); }

TEST(Ticker, CallsItsWorkWhenTheWorkSays) {
  int calls = 0;
  std::latch third(1);
  Ticker ticker("ticker", [&] {
    if (++calls < 3) return now() + 1ms;
    third.count_down();
    return SteadyTime::max();
  });
  EXPECT_TRUE(ticker.wake_by(now()));
  third.wait();
  ticker.end();
  EXPECT_EQ(calls, 3);
}

TEST(Ticker, IsWokenEarlierThanItMeant) {
  std::binary_semaphore called(0);
  Ticker ticker("ticker", [&] {
    called.release();
    return now() + 1h;
  });
  EXPECT_TRUE(ticker.wake_by(now()));
  called.acquire();
  EXPECT_TRUE(ticker.wake_by(now() + 2h)) << "it is due before";
  EXPECT_TRUE(ticker.wake_by(now()));
  called.acquire();
}

TEST(Ticker, HearsWhoAsksWhileItWorks) {
  std::binary_semaphore began(0);
  std::binary_semaphore go_on(0);
  Ticker ticker("ticker", [&] {
    began.release();
    go_on.acquire();
    return SteadyTime::max();
  });
  EXPECT_TRUE(ticker.wake_by(now()));
  began.acquire();
  EXPECT_TRUE(ticker.wake_by(now()));
  go_on.release();
  began.acquire();
  go_on.release();
}

TEST(Ticker, DoesNothingAfterItsEnd) {
  Ticker never("ticker", [] { return SteadyTime::max(); });
  never.end();
  EXPECT_FALSE(never.wake_by(now()));
}

}  // namespace
}  // namespace fabric::base
