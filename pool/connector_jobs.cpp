// What a ServerPool's connectors do, off its lock: open, clean and close connections.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <string>
#include <utility>

#include "fabric/base/net.h"
#include "fabric/base/random.h"
#include "fabric/mysql/error_traits.h"
#include "fabric/mysql/refusal.h"
#include "pool/server_pool.h"

namespace pool {
namespace {

using fabric::base::Deadline;
using fabric::base::Duration;
using fabric::base::LogLevel;
using fabric::base::MutexLock;
using fabric::base::SteadyTime;
using fabric::mysql::MysqlError;
using fabric::mysql::Refusal;
using fabric::mysql::refusal_of;
using fabric::mysql::ServerConnection;

/// How long a closed connection's place is kept for the server's own end of it.
constexpr int kFarewellMs = 100;
constexpr unsigned kOutOfMemory = 2008;
/// Connections made together must not all expire together.
constexpr double kLifetimeJitter = 0.1;

/// 50 ms, doubled with each failure in a row up to a second.
Duration pause_after(unsigned failures) {
  return std::min<Duration>(std::chrono::milliseconds(50) * (1U << std::min(failures, 5U)),
                            std::chrono::seconds(1));
}

bool refuses_database(unsigned number) {
  const Refusal refusal = refusal_of(number);
  return refusal == Refusal::kUnknownDatabase || refusal == Refusal::kDatabaseDenied;
}

/// Closes, and sees the server close: only then has the connection stopped counting there.
void close_and_see(std::unique_ptr<ServerConnection> connection) {
  const bool broken = connection->broken();
  const fabric::base::Socket end(fcntl(connection->socket(), F_DUPFD_CLOEXEC, 0));
  connection.reset();
  if (!end) return;
  if (broken) shutdown(end.fd(), SHUT_WR);  // no farewell was sent
  std::array<char, 256> rest{};
  pollfd waiting{end.fd(), POLLIN, 0};
  while (poll(&waiting, 1, kFarewellMs) > 0) {
    if (recv(end.fd(), rest.data(), rest.size(), MSG_DONTWAIT) <= 0) return;
  }
}

}  // namespace

MysqlError own_copy(const MysqlError& error) {
  return {error.number(), fabric::base::code_of(error.state()), std::string(error.what()),
          error.loss(), error.ended()};
}

void ServerPool::dispatch(Work work) noexcept {
  for (; work.connects > 0; --work.connects) {
    if (!submit(Lane::kConnect, &ServerPool::connect_one)) static_cast<void>(refuse_one());
  }
  for (; work.cleanings > 0; --work.cleanings) {
    if (!submit(Lane::kClean, &ServerPool::clean_one)) static_cast<void>(drop_one());
  }
}

bool ServerPool::submit(Lane lane, void (ServerPool::*job)() noexcept) noexcept {
  try {
    return surroundings_.connectors->submit(lane, server(),
                                            [self = shared_from_this(), job] { (*self.*job)(); });
  } catch (const std::exception&) {
    return false;
  }
}

void ServerPool::connect_one() noexcept {
  Slot* slot = nullptr;
  Deadline deadline = Deadline::never();
  std::string database;
  {
    Work work;
    MutexLock lock(mutex_);
    slot = claim(SlotState::kConnecting);
    if (slot == nullptr) return;
    deadline = Deadline::after(surroundings_.clock, options_.connect_timeout);
    const bool wanted = current(*slot) && (slot->for_nobody || !waiters_.empty());
    if (!wanted) {
      remove(*slot);
      reserve(work);
      lock.unlock();
      dispatch(work);
      return lock.lock();
    }
    if (!slot->for_nobody) database = waiters_.database();
  }
  try {
    publish(*slot, open(std::move(database), deadline));
  } catch (const std::exception&) {
    abandon(*slot, connect_error());
  }
}

/// Of the exception that is being handled.
MysqlError ServerPool::connect_error() {
  try {
    throw;
  } catch (const MysqlError& error) {
    return error;
  } catch (const std::exception& error) {
    return {kOutOfMemory, "HY001", error.what()};
  }
}

/// Off the lock. Throws MysqlError.
std::unique_ptr<ServerConnection> ServerPool::open(std::string database, Deadline deadline) {
  const SteadyTime began = surroundings_.clock.now();
  auto connection = open_in(std::move(database), deadline);
  learn_wait_timeout(*connection, deadline);
  log(LogLevel::kInfo, [&] {
    return "connected in " + in_seconds(surroundings_.clock.now() - began) + ", server thread " +
           std::to_string(connection->thread_id());
  });
  surroundings_.suspects->reached(server());
  return connection;
}

/// A database that is refused is left to the borrower's USE: another one may get the connection.
std::unique_ptr<ServerConnection> ServerPool::open_in(std::string database, Deadline deadline) {
  fabric::mysql::ConnectOptions options = connect_;
  options.database = std::move(database);
  try {
    return ServerConnection::open(options, surroundings_.watchdog, deadline);
  } catch (const MysqlError& error) {
    if (options.database.empty() || !refuses_database(error.number())) throw;
  }
  return ServerConnection::open(connect_, surroundings_.watchdog, deadline);
}

/// There is no thread to connect on: the process is ending, or has no memory left.
bool ServerPool::refuse_one() noexcept {
  Slot* slot = nullptr;
  {
    MutexLock lock(mutex_);
    slot = claim(SlotState::kConnecting);
  }
  if (slot == nullptr) return false;
  abandon(*slot, MysqlError(kOutOfMemory, "HY001", "No thread could be had to connect on"));
  return true;
}

void ServerPool::publish(Slot& slot, std::unique_ptr<ServerConnection> connection) {
  Work work;
  {
    MutexLock lock(mutex_);
    install(slot, std::move(connection));
    settle(slot, work);
    reserve(work);
  }
  dispatch(work);
}

void ServerPool::install(Slot& slot, std::unique_ptr<ServerConnection> connection) {
  slot.connection = std::move(connection);
  slot.statements = std::make_shared<StatementCache>(options_.statement_cache);
  slot.server_thread = slot.connection->thread_id();
  if (options_.max_lifetime > Duration::zero()) {
    const Duration lifetime = fabric::base::jittered(options_.max_lifetime, kLifetimeJitter);
    slot.expires_at = Deadline::after(surroundings_.clock, lifetime).time();
  }
  ahead_again_at_ = surroundings_.clock.now();
  failures_in_row_ = 0;
  no_room_.reset();
  ++counters_.connects;
}

/// What a connect that failed says of the server. Off the lock.
void ServerPool::judge(const MysqlError& error) noexcept {
  const auto traits = fabric::mysql::traits_of(error.number(), error.what(), {});
  const bool lost = traits.cannot_connect || traits.connection_lost;
  // Our TLS options do not fit, or we have no memory: that says nothing of the server.
  const bool ours = (traits.denied && lost) || error.number() == kOutOfMemory;
  if (lost && !ours) surroundings_.suspects->mark(server(), Doubt::kUnreachable);
  // It answered, if only with a refusal.
  if (!lost && !ours) surroundings_.suspects->reached(server());
  log(LogLevel::kWarning, [&] { return std::string("no connection: ") + error.what(); });
}

/// Frees the place of a connect that failed. When the next one may be tried without need.
SteadyTime ServerPool::give_up(Slot& slot, const MysqlError& error) {
  remove(slot);
  ++counters_.connect_failures;
  const SteadyTime again = surroundings_.clock.now() + pause_after(failures_in_row_++);
  no_room_.reset();
  if (refusal_of(error.number()) == Refusal::kNoRoom) {
    no_room_.emplace(own_copy(error));
    room_asked_again_at_ = again;
    waiters_.wake_all();  // they wait for what is leased, or ask again then
  }
  return again;
}

/// Also tells the waiter who would have got it why.
void ServerPool::abandon(Slot& slot, const MysqlError& error) noexcept {
  judge(error);  // before the waiter hears of it, who may choose another server by what is known
  Work work;
  {
    MutexLock lock(mutex_);
    const bool counts = current(slot);
    const SteadyTime again = give_up(slot, error);
    if (!no_room_) {
      if (counts && !tell_oldest(error)) ahead_again_at_ = again;
      reserve(work);
    }
  }
  dispatch(work);
}

void ServerPool::clean_one() noexcept {
  Slot* slot = nullptr;
  bool closing = false;
  {
    MutexLock lock(mutex_);
    slot = claim(SlotState::kResetting);
    closing = slot == nullptr;
    if (closing) slot = claim(SlotState::kClosing);
  }
  if (slot == nullptr) return;
  if (closing) return finish_close(*slot, Farewell::kSeen);
  clean(*slot);
}

/// clean_one() without a thread to do it on: closes at once, whatever was to be done.
bool ServerPool::drop_one() noexcept {
  std::shared_ptr<StatementCache> statements;  // both die after the unlock, the connection first
  std::unique_ptr<ServerConnection> connection;
  MutexLock lock(mutex_);
  Slot* slot = claim(SlotState::kResetting);
  if (slot == nullptr) slot = claim(SlotState::kClosing);
  if (slot == nullptr) return false;
  connection = std::move(slot->connection);
  statements = std::move(slot->statements);
  remove(*slot);
  waiters_.wake_all();  // the oldest reserves the place
  return true;
}

void ServerPool::end_service() noexcept {
  while (refuse_one() || drop_one()) continue;
}

void ServerPool::clean(Slot& slot) noexcept {
  ServerConnection& connection = *slot.connection;
  std::optional<MysqlError> silence;
  std::optional<ResetKind> done;
  try {
    Deadline deadline = Deadline::never();
    {
      MutexLock lock(mutex_);
      deadline = Deadline::after(surroundings_.clock, options_.connect_timeout);
    }
    done = clean(connection, slot, deadline);
  } catch (const MysqlError& error) {
    if (error.ended() != fabric::mysql::Ended::kNo) silence = error;
    connection.mark_broken();
  } catch (const std::exception&) {
    connection.mark_broken();
  }
  Work work;
  {
    MutexLock lock(mutex_);
    if (done) ++counters_.resets[static_cast<std::size_t>(*done)];
    if (done && *done != ResetKind::kRollback) slot.spotless = true;
    if (slot.cleaning != Cleaning::kKeepAlive) slot.cleaning = Cleaning::kNone;
    slot.residue = Residue::kNothing;
    // The waiter who would have got it must not wait for the next one to be met with silence.
    if (silence && current(slot)) tell_oldest(*silence);
    settle(slot, work);
  }
  if (done) {
    log(LogLevel::kDebug,
        [&] { return std::string("cleaned by ") + kResetKinds[static_cast<std::size_t>(*done)]; });
  }
  dispatch(work);
}

std::optional<ResetKind> ServerPool::clean(ServerConnection& connection, const Slot& slot,
                                           Deadline deadline) {
  const auto reset = [&](bool whole) {
    const bool changed_user = connection.reset(slot.database, whole, deadline);
    slot.statements->forget();  // the server has
    return changed_user ? ResetKind::kChangeUser : ResetKind::kReset;
  };
  switch (slot.cleaning) {
    case Cleaning::kCheck:
    case Cleaning::kKeepAlive:
      check(slot, deadline);
      return std::nullopt;
    case Cleaning::kRollback:
      connection.run("ROLLBACK", deadline);
      return ResetKind::kRollback;
    case Cleaning::kReset:
      return reset(false);
    case Cleaning::kWhole:
      return reset(true);
    case Cleaning::kNone:
    case Cleaning::kClose:
      break;
  }
  return std::nullopt;
}

void ServerPool::finish_close(Slot& slot, Farewell farewell) noexcept {
  log(LogLevel::kInfo, [&] {
    return "closed server thread " + std::to_string(slot.server_thread) + ": " +
           kCloseReasons[static_cast<std::size_t>(slot.closed_for)];
  });
  if (farewell == Farewell::kSeen) close_and_see(std::move(slot.connection));
  slot.connection.reset();
  Work work;
  {
    MutexLock lock(mutex_);
    remove(slot);
    reserve(work);
  }
  dispatch(work);
}

/// What idles here must be gone before the server closes it. Asked once for each generation.
void ServerPool::learn_wait_timeout(ServerConnection& connection, Deadline deadline) {
  {
    MutexLock lock(mutex_);
    if (wait_timeout_ || !options_.pooling) return;
  }
  const auto reply = connection.query("SELECT @@wait_timeout", deadline);
  const fabric::mysql::Row* const row = reply->fetch(deadline);
  if (row == nullptr || row->empty() || row->front().null()) return;
  long seconds = 0;
  const auto* const text = reinterpret_cast<const char*>(row->front().data);
  std::from_chars(text, text + row->front().size, seconds);
  while (reply->fetch(deadline) != nullptr) continue;
  MutexLock lock(mutex_);
  constexpr long kLongest = 31536000;  // a server's own limit: a year
  if (seconds > 0) wait_timeout_ = std::chrono::seconds(std::min(seconds, kLongest));
}

}  // namespace pool
