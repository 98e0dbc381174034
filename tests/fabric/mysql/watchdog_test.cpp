#include "fabric/mysql/watchdog.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "fabric/base/net.h"
#include "tests/support/fake_clock.h"

namespace fabric::mysql {
namespace {

using namespace std::chrono_literals;
using base::Deadline;
using base::Socket;
using test_support::FakeClock;
using Verdict = Watchdog::Verdict;

/// Two ends of a link; the far one keeps silent.
struct Link {
  Link() {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    near = Socket(ends[0]);
    far = Socket(ends[1]);
  }
  /// True once somebody has shut the near end down.
  [[nodiscard]] bool ended(int wait_ms = 0) const {
    pollfd state{near.fd(), POLLIN, 0};
    return poll(&state, 1, wait_ms) == 1 && (state.revents & POLLHUP) != 0;
  }
  Socket near, far;
};

struct WatchdogCase {
  FakeClock clock;
  Watchdog watchdog{clock};
  Link link;

  [[nodiscard]] Deadline in(base::Duration time) const { return Deadline::after(clock, time); }
};

TEST(Watchdog, EndsACallAtItsDeadlineAndNotBefore) {
  WatchdogCase test;
  auto call = test.watchdog.arm(test.link.near.fd(), test.in(10s));
  test.clock.advance(10s - 1ns);
  test.watchdog.sweep();
  EXPECT_FALSE(test.link.ended());
  test.clock.advance(1ns);
  test.watchdog.sweep();
  EXPECT_TRUE(test.link.ended());
  EXPECT_EQ(call.finish(), Verdict::kDeadline);
  EXPECT_EQ(call.finish(), Verdict::kInTime) << "said once";
}

TEST(Watchdog, LeavesAFinishedCallAlone) {
  WatchdogCase test;
  auto call = test.watchdog.arm(test.link.near.fd(), test.in(10s));
  EXPECT_EQ(call.finish(), Verdict::kInTime);
  { const auto dropped = test.watchdog.arm(test.link.near.fd(), test.in(10s)); }
  test.clock.advance(11s);
  test.watchdog.sweep();
  EXPECT_FALSE(test.link.ended());
}

TEST(Watchdog, LeavesACallWithoutDeadlineAlone) {
  WatchdogCase test;
  auto call = test.watchdog.arm(test.link.near.fd(), Deadline::never());
  test.clock.advance(1000h);
  EXPECT_EQ(test.watchdog.sweep(), base::SteadyTime::max());
  EXPECT_EQ(call.finish(), Verdict::kInTime);
}

TEST(Watchdog, EndsACallToASilentServerAfterAskingIt) {
  WatchdogCase test;
  int questions = 0;
  const auto liveness = std::make_shared<Liveness>(5s, [&] { ++questions; });
  auto call = test.watchdog.arm(test.link.near.fd(), Deadline::never(), liveness);
  for (int second = 1; second <= 4; ++second) {
    test.clock.advance(1s);
    test.watchdog.sweep();
    EXPECT_EQ(questions, second);
    EXPECT_FALSE(test.link.ended());
  }
  test.clock.advance(1s);
  test.watchdog.sweep();
  EXPECT_TRUE(test.link.ended());
  EXPECT_EQ(call.finish(), Verdict::kSilentServer);
}

TEST(Watchdog, LetsALongCallGoOnWhileTheServerAnswersProbes) {
  WatchdogCase test;
  std::shared_ptr<Liveness> liveness;
  liveness = std::make_shared<Liveness>(5s, [&] { liveness->answered(test.clock.now()); });
  auto call = test.watchdog.arm(test.link.near.fd(), test.in(1h), liveness);
  for (int second = 0; second < 100; ++second) {
    test.clock.advance(1s);
    test.watchdog.sweep();
  }
  EXPECT_FALSE(test.link.ended());
  EXPECT_EQ(call.finish(), Verdict::kInTime);
  liveness = std::make_shared<Liveness>(5s, nullptr);  // ends the cycle of the two
}

TEST(Watchdog, ObeysTheEarlierOfDeadlineAndSilence) {
  WatchdogCase test;
  const auto liveness = std::make_shared<Liveness>(5s, nullptr);
  auto call = test.watchdog.arm(test.link.near.fd(), test.in(500ms), liveness);
  EXPECT_EQ(test.watchdog.sweep(), test.clock.now() + 500ms);
  test.clock.advance(500ms);
  test.watchdog.sweep();
  EXPECT_EQ(call.finish(), Verdict::kDeadline);
}

TEST(Watchdog, EndsOnlyTheLateOnesOfManyCalls) {
  WatchdogCase test;
  const Link other;
  auto late = test.watchdog.arm(test.link.near.fd(), test.in(1s));
  auto early = test.watchdog.arm(other.near.fd(), test.in(2s));
  test.clock.advance(1s);
  EXPECT_EQ(test.watchdog.sweep(), test.clock.now() + 1s);
  EXPECT_EQ(late.finish(), Verdict::kDeadline);
  EXPECT_EQ(early.finish(), Verdict::kInTime);
  EXPECT_FALSE(other.ended());
}

TEST(Watchdog, LetsNoCallOutliveTheEndOfAll) {
  WatchdogCase test;
  const Link other;
  auto armed = test.watchdog.arm(test.link.near.fd(), Deadline::never());
  test.watchdog.end_all_by(test.in(500ms));
  auto late = test.watchdog.arm(other.near.fd(), test.in(1h));
  test.clock.advance(500ms - 1ns);
  test.watchdog.sweep();
  EXPECT_FALSE(test.link.ended());
  EXPECT_FALSE(other.ended());
  test.clock.advance(1ns);
  test.watchdog.sweep();
  EXPECT_EQ(armed.finish(), Verdict::kDeadline);
  EXPECT_EQ(late.finish(), Verdict::kDeadline);
}

TEST(Watchdog, WakesByItselfInRealTime) {
  const base::SystemClock clock;
  Watchdog watchdog(clock);
  const Link link;
  const Link patient;
  auto first = watchdog.arm(patient.near.fd(), Deadline::after(clock, 1h));
  auto call = watchdog.arm(link.near.fd(), Deadline::after(clock, 20ms));
  EXPECT_TRUE(link.ended(10000)) << "an earlier deadline wakes the thread";
  EXPECT_EQ(call.finish(), Verdict::kDeadline);
  EXPECT_EQ(first.finish(), Verdict::kInTime);
}

TEST(Watchdog, ServesManyThreads) {
  const base::SystemClock clock;
  Watchdog watchdog(clock);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const Link link;
      const auto liveness = std::make_shared<Liveness>(1h, nullptr);
      for (int round = 0; round < 500; ++round) {
        const bool late = round % 100 == 0;
        auto call = watchdog.arm(link.near.fd(), Deadline::after(clock, late ? 1us : 1h), liveness);
        if (late) {
          EXPECT_TRUE(link.ended(10000));
        }
        EXPECT_EQ(call.finish(), late ? Verdict::kDeadline : Verdict::kInTime);
        if (late) break;  // the link is shut now
      }
    });
  }
}

}  // namespace
}  // namespace fabric::mysql
