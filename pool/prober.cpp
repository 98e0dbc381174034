#include "pool/prober.h"

#include <algorithm>
#include <utility>

#include "fabric/mysql/error_traits.h"

namespace pool {
namespace {

using fabric::base::Deadline;
using fabric::base::MutexLock;
using fabric::mysql::ConnectOptions;
using fabric::mysql::ServerConnection;

constexpr fabric::base::Duration kKeptIdle = std::chrono::seconds(30);

}  // namespace

std::shared_ptr<Prober> Prober::make(const ConnectOptions& server,
                                     fabric::base::Duration detection_time,
                                     const Surroundings& surroundings) {
  auto prober = std::make_shared<Prober>(Key{}, server, detection_time, surroundings);
  prober->liveness_ =
      std::make_shared<fabric::mysql::Liveness>(detection_time, [weak = std::weak_ptr(prober)] {
        if (const auto alive = weak.lock()) alive->ask();
      });
  return prober;
}

Prober::Prober(Key, const ConnectOptions& server, fabric::base::Duration detection_time,
               const Surroundings& surroundings)
    : server_(server), surroundings_(surroundings), detection_time_(detection_time) {}

void Prober::shorten(fabric::base::Duration detection_time) {
  liveness_->shorten(detection_time);
  MutexLock lock(mutex_);
  detection_time_ = std::min(detection_time_, detection_time);
}

void Prober::ask() {
  {
    MutexLock lock(mutex_);
    if (probing_) return;
    probing_ = true;
  }
  bool taken = false;
  try {
    taken = surroundings_.connectors->submit(Lane::kProbe, server_.server,
                                             [self = shared_from_this()] { self->probe(); });
  } catch (const std::exception&) {  // no memory for a probe: the next question comes soon
  }
  if (taken) return;
  MutexLock lock(mutex_);
  probing_ = false;
}

void Prober::probe() noexcept {
  std::unique_ptr<ServerConnection> connection;
  Deadline deadline = Deadline::never();
  {
    MutexLock lock(mutex_);
    in_use_ = connection_.get();
    connection = std::move(connection_);
    deadline = Deadline::after(surroundings_.clock, detection_time_);
  }
  if (connection != nullptr && !pings(*connection, deadline)) {
    forget_in_use();
    connection.reset();
  }
  bool answered = connection != nullptr;
  if (!answered && !deadline.passed(surroundings_.clock.now()))
    answered = opens(connection, deadline);
  const auto now = surroundings_.clock.now();
  if (answered) liveness_->answered(now);
  MutexLock lock(mutex_);
  connection_ = std::move(connection);
  in_use_ = nullptr;
  used_ = now;
  probing_ = false;
}

void Prober::forget_in_use() {
  MutexLock lock(mutex_);
  in_use_ = nullptr;
}

bool Prober::pings(ServerConnection& connection, Deadline deadline) noexcept {
  try {
    connection.ping(deadline);
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

/// True when the server answered, be it with a refusal: one that has no room or no such user lives.
bool Prober::opens(std::unique_ptr<ServerConnection>& connection, Deadline deadline) noexcept {
  try {
    connection = ServerConnection::open(server_, surroundings_.watchdog, deadline);
    return true;
  } catch (const fabric::mysql::MysqlError& error) {
    const auto traits = fabric::mysql::traits_of(error.number(), error.what(), {});
    return !traits.connection_lost && !traits.cannot_connect;
  } catch (const std::exception&) {
    return false;
  }
}

void Prober::sweep(fabric::base::SteadyTime now) {
  std::unique_ptr<ServerConnection> closing;  // dies after the unlock
  MutexLock lock(mutex_);
  if (!probing_ && now - used_ >= kKeptIdle) closing = std::move(connection_);
}

bool Prober::connected() const {
  MutexLock lock(mutex_);
  return connection_ != nullptr;
}

void Prober::abandon_after_fork() noexcept {
  if (connection_ != nullptr) connection_->abandon();
  if (in_use_ != nullptr) in_use_->abandon();
}

}  // namespace pool
