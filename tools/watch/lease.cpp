#include "tools/watch/lease.h"

#include <exception>
#include <utility>

namespace tools::watch {

using fabric::base::Duration;
using fabric::base::MutexLock;

Lease::Lease(std::unique_ptr<NodeStore> store, std::string who, Duration time,
             const fabric::base::Clock& clock)
    : store_(std::move(store)), who_(std::move(who)), time_(time), clock_(clock) {}

Lease::~Lease() {
  int epoch = 0;
  {
    MutexLock lock(mutex_);
    epoch = std::exchange(epoch_, 0);
    stop_ = true;
  }
  stopped_.notify_all();
  if (keeper_.joinable()) keeper_.join();
  if (epoch != 0) renew(epoch, Duration::zero());
}

bool Lease::take(std::string& holder) {
  lose();
  if (keeper_.joinable()) keeper_.join();
  const auto sent = clock_.now();
  const std::optional<int> epoch = store_->take(who_, time_, holder);
  if (!epoch) return false;
  {
    MutexLock lock(mutex_);
    epoch_ = *epoch;
    until_ = sent + time_ * 3 / 4;
  }
  keeper_ =
      fabric::base::Worker("fabric-lease", [this](const std::stop_token& stop) { keep(stop); });
  return true;
}

bool Lease::held() const {
  MutexLock lock(mutex_);
  return epoch_ != 0 && clock_.now() < until_;
}

int Lease::epoch() const {
  MutexLock lock(mutex_);
  if (epoch_ == 0 || clock_.now() >= until_) throw LeaseLost();
  return epoch_;
}

fabric::base::Deadline Lease::within(Duration wanted) const {
  MutexLock lock(mutex_);
  if (epoch_ == 0 || clock_.now() >= until_) throw LeaseLost();
  return earliest(fabric::base::Deadline::after(clock_, wanted),
                  fabric::base::Deadline::at(until_));
}

void Lease::lose() {
  MutexLock lock(mutex_);
  epoch_ = 0;
  stopped_.notify_all();
}

/// Until the lease is given up or lost. A node that fails is asked again until the time is over.
void Lease::keep(const std::stop_token&) {
  const Duration pause = time_ / 5;
  MutexLock lock(mutex_);
  while (!stop_ && epoch_ != 0) {
    stopped_.wait_until(mutex_, clock_.now() + pause);
    if (stop_ || epoch_ == 0) return;
    const int epoch = epoch_;
    lock.unlock();
    const auto sent = clock_.now();
    const bool renewed = renew(epoch, time_);
    lock.lock();
    if (epoch_ != epoch) return;
    if (renewed) until_ = sent + time_ * 3 / 4;
    if (clock_.now() >= until_) epoch_ = 0;
  }
}

bool Lease::renew(int epoch, Duration time) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  try {
    store_->call("watch.renew", {epoch, static_cast<int>(milliseconds)});
    return true;
  } catch (const fabric::NodeFailure& failure) {
    if (failure.kind() == fabric::NodeFailure::Kind::kCommand) lose();
    return false;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace tools::watch
