// What a pool costs: taking a connection and giving it back when nobody else wants one, and how
// long 64 threads wait for 8 connections that each holds for 50 us. Beside it what it is compared
// with: a mutex around a list, and the same with waiters served in order, each woken by itself.
//   pool_bench [ROUNDS]
#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/pool/pool_world.h"

namespace {

using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

constexpr std::size_t kConnections = 8;
constexpr int kThreads = 64;
constexpr int kLoans = 1000;  // of each thread
constexpr std::chrono::microseconds kHeld(50);

/// Whoever comes by takes what is free.
class Barging {
 public:
  void take() {
    std::unique_lock lock(mutex_);
    free_again_.wait(lock, [this] { return free_ > 0; });
    --free_;
  }
  void give_back() {
    {
      const std::scoped_lock lock(mutex_);
      ++free_;
    }
    free_again_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable free_again_;
  std::size_t free_ = kConnections;
};

/// What is given back is handed to who waits longest.
class InOrder {
 public:
  void take() {
    std::unique_lock lock(mutex_);
    if (free_ > 0) {
      --free_;
      return;
    }
    Waiter self;
    waiters_.push_back(&self);
    self.served_now.wait(lock, [&self] { return self.served; });
  }
  void give_back() {
    const std::scoped_lock lock(mutex_);
    if (waiters_.empty()) {
      ++free_;
      return;
    }
    Waiter& oldest = *waiters_.front();
    waiters_.pop_front();
    oldest.served = true;
    oldest.served_now.notify_one();
  }

 private:
  struct Waiter {
    std::condition_variable served_now;
    bool served = false;
  };
  std::mutex mutex_;
  std::deque<Waiter*> waiters_;
  std::size_t free_ = kConnections;
};

/// A loan: takes, calls `held`, gives back.
using Loan = std::function<void(const std::function<void()>& held)>;

template <class Queue>
Loan loan_of(Queue& queue) {
  return [&queue](const std::function<void()>& held) {
    queue.take();
    held();
    queue.give_back();
  };
}

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double nanoseconds_alone(const Loan& loan) {
  constexpr int kTimes = 20000;
  const double begun = processor_seconds();
  for (int i = 0; i < kTimes; ++i) loan([] {});
  return (processor_seconds() - begun) * 1e9 / kTimes;
}

struct Waits {
  double half = 0, most = 0, longest = 0;  // us: median, 99.9 of 100, the longest
};

Waits waits_of(const Loan& loan) {
  std::vector<std::vector<double>> taken(kThreads);
  {
    std::vector<std::jthread> threads;
    for (std::vector<double>& own : taken) {
      threads.emplace_back([&own, &loan] {
        own.reserve(kLoans);
        for (int i = 0; i < kLoans; ++i) {
          const auto asked = Clock::now();
          loan([&] {
            own.push_back(Microseconds(Clock::now() - asked).count());
            std::this_thread::sleep_for(kHeld);
          });
        }
      });
    }
  }
  std::vector<double> all;
  for (const auto& own : taken) all.insert(all.end(), own.begin(), own.end());
  std::ranges::sort(all);
  return {all[all.size() / 2], all[all.size() - all.size() / 1000 - 1], all.back()};
}

struct Figures {
  std::vector<double> alone, half, most, longest;
};

void measure(int rounds) {
  test_support::FakeServer server;
  test_support::answer_settings(server);
  test_support::World<fabric::base::SystemClock> world;
  const auto pool = world.pool(server.endpoint(), {.max_size = kConnections});
  Barging barging;
  InOrder in_order;
  const std::map<std::string, Loan> loans{{"a mutex, waiters barge", loan_of(barging)},
                                          {"a mutex, waiters in order", loan_of(in_order)},
                                          {"ServerPool", [&](const std::function<void()>& held) {
                                             const pool::Lease lease = pool->borrow(world.loan());
                                             held();
                                           }}};
  std::map<std::string, Figures> figures;
  for (int round = 0; round < rounds; ++round) {
    for (const auto& [name, loan] : loans) {
      Figures& own = figures[name];
      own.alone.push_back(nanoseconds_alone(loan));
      const Waits waits = waits_of(loan);
      own.half.push_back(waits.half);
      own.most.push_back(waits.most);
      own.longest.push_back(waits.longest);
    }
  }
  std::printf(
      "| pool | take and give back alone, ns | 64 threads on 8: median wait, us | "
      "p99.9, us | longest, us |\n|---|---|---|---|---|\n");
  for (const auto& [name, own] : figures) {
    std::printf("| %s | %.0f | %.0f | %.0f | %.0f |\n", name.c_str(), median(own.alone),
                median(own.half), median(own.most), median(own.longest));
  }
}

}  // namespace

int main(int argc, char** argv) {
  measure(argc > 1 ? std::atoi(argv[1]) : 5);
  return 0;
}
