#include "driver/read_ahead.h"

#include <chrono>

#include "driver/connection.h"

namespace driver {
namespace {

/// A result is read on when it was not fetched from one look to the next: after a second at most,
/// and again each half second. net_write_timeout is 60 s by default and at least 1 s; it starts
/// anew whenever something is read, so it need not be known.
constexpr std::chrono::milliseconds kLookEvery{500};

}  // namespace

void ReadAhead::add(Connection& connection) {
  MutexLock lock(mutex_);
  connections_.insert(&connection);
  ticker_.wake_by(std::chrono::steady_clock::now() + kLookEvery);
}

void ReadAhead::remove(Connection& connection) {
  MutexLock lock(mutex_);
  connections_.erase(&connection);
}

void ReadAhead::lock_for_fork() {
  reading_.lock();
  mutex_.lock();
}

void ReadAhead::unlock_after_fork() {
  mutex_.unlock();
  reading_.unlock();
}

fabric::base::SteadyTime ReadAhead::look_at_all() {
  std::set<Connection*> connections;
  {
    MutexLock lock(mutex_);
    connections = connections_;
  }
  if (connections.empty()) return fabric::base::SteadyTime::max();
  for (Connection* connection : connections) look_at(connection);
  return std::chrono::steady_clock::now() + kLookEvery;
}

void ReadAhead::look_at(Connection* connection) {
  MutexLock reading(reading_);
  {
    // What is listed lives: it leaves the list under its own mutex, before it is freed.
    MutexLock lock(mutex_);
    if (!connections_.contains(connection) || !connection->mutex().try_lock()) return;
  }
  connection->read_ahead();
  connection->mutex().unlock();
}

}  // namespace driver
