#include "pool/connectors.h"

#include <algorithm>

namespace pool {
namespace {

constexpr std::size_t index_of(Lane lane) { return static_cast<std::size_t>(lane); }

}  // namespace

Connectors::~Connectors() { stop(); }

bool Connectors::submit(Lane lane, const fabric::base::Endpoint& server,
                        std::function<void()> job) {
  {
    fabric::base::MutexLock lock(mutex_);
    if (stopping_) return false;
    jobs_.push_back({lane, server, std::move(job)});
    // The lanes' totals bound the threads: a job that may run and finds none idle gets a new one.
    if (may_run(jobs_.back()) && runnable() > idle_) {
      try {
        threads_.emplace_back("fabric-connect", [this](const std::stop_token&) { run(); });
      } catch (const std::exception&) {  // no more threads in this process: those there must do
        if (threads_.empty()) {
          jobs_.pop_back();
          return false;
        }
      }
    }
  }
  changed_.notify_one();  // off the lock, which whoever wakes takes first
  return true;
}

void Connectors::stop() {
  std::vector<fabric::base::Worker> ending;
  std::deque<Job> dropped;
  {
    fabric::base::MutexLock lock(mutex_);
    stopping_ = true;
    ending.swap(threads_);
    dropped.swap(jobs_);
    changed_.notify_all();
  }
}

void Connectors::run() {
  fabric::base::MutexLock lock(mutex_);
  while (!stopping_) {
    Job job;
    if (!take(job)) {
      ++idle_;
      changed_.wait(mutex_);
      --idle_;
      continue;
    }
    lock.unlock();
    job.work();
    job.work = nullptr;  // what it holds dies here, off the lock
    lock.lock();
    release(job);
  }
}

bool Connectors::may_run(const Job& job) const {
  const Limit limit = kLimits[index_of(job.lane)];
  const std::size_t in_lane = running_in_lane_[index_of(job.lane)];
  const auto found = running_.find({job.lane, job.server});
  if (found == running_.end()) return in_lane < limit.with_first;
  return in_lane < limit.total && found->second < limit.per_server;
}

std::size_t Connectors::runnable() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      jobs_, [this](const Job& job) REQUIRES(mutex_) { return may_run(job); }));
}

bool Connectors::take(Job& job) {
  const auto found = std::ranges::find_if(
      jobs_, [this](const Job& waiting) REQUIRES(mutex_) { return may_run(waiting); });
  if (found == jobs_.end()) return false;
  job = std::move(*found);
  jobs_.erase(found);
  ++running_[{job.lane, job.server}];
  ++running_in_lane_[index_of(job.lane)];
  return true;
}

void Connectors::release(const Job& job) {
  const auto found = running_.find({job.lane, job.server});
  if (--found->second == 0) running_.erase(found);
  --running_in_lane_[index_of(job.lane)];
  // Its place may be what a job of this lane waited for; this thread looks again itself.
}

}  // namespace pool
