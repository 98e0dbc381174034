#include "pool/server_pool.h"

#include <algorithm>
#include <cstdio>

#include "fabric/mysql/error_traits.h"

namespace pool {
namespace {

/// What an idle connection may hold of the process's memory: a row of one packet fits.
constexpr std::size_t kLargestBuffer = std::size_t{16} << 20U;

using fabric::base::Deadline;
using fabric::base::Duration;
using fabric::base::Error;
using fabric::base::MutexLock;
using fabric::base::SqlState;
using fabric::mysql::Ended;
using fabric::mysql::MysqlError;
using fabric::mysql::ServerConnection;

fabric::mysql::ConnectOptions connect_options(const fabric::base::Endpoint& server,
                                              const fabric::mysql::Credentials& credentials) {
  fabric::mysql::ConnectOptions options;
  options.server = server;
  options.credentials = credentials;
  return options;
}

fabric::mysql::ConnectOptions with_liveness(fabric::mysql::ConnectOptions options,
                                            const Prober& prober) {
  options.liveness = prober.liveness();
  return options;
}

}  // namespace

std::string in_seconds(Duration duration) {
  std::array<char, 32> text{};
  static_cast<void>(std::snprintf(
      text.data(), text.size(), "%.3g s",
      std::chrono::duration<double>(std::chrono::round<std::chrono::milliseconds>(duration))
          .count()));
  return text.data();
}

std::string holder_name(const std::shared_ptr<const std::string>& holder) {
  return holder == nullptr ? "somebody" : *holder;
}

ServerPool::ServerPool(const fabric::base::Endpoint& server,
                       const fabric::mysql::Credentials& credentials, const PoolOptions& options,
                       const Surroundings& surroundings)
    : surroundings_(surroundings),
      prober_(
          Prober::make(connect_options(server, credentials), options.detection_time, surroundings)),
      connect_(with_liveness(connect_options(server, credentials), *prober_)),
      options_(validated(options)),
      last_borrow_(surroundings.clock.now()) {}

ServerPool::~ServerPool() = default;

Lease ServerPool::borrow(const LoanRequest& request) {
  const Deadline deadline = earliest(request.pool_deadline, request.deadline);
  for (;;) {
    Slot* const slot = take(request, deadline);
    if (slot == nullptr) return {};
    Lease lease(std::unique_ptr<Slot, Lease::GiveBack>(slot, {shared_from_this()}));
    slot->residue = Residue::kNothing;
    slot->reset = request.reset;
    slot->database = request.database;
    if (make_ready(*slot, deadline)) return lease;
    if (request.met_dead != nullptr) *request.met_dead = true;
  }  // a lease that is not ready gives back a broken connection
}

/// An idle connection or one to come; null when recalled.
Slot* ServerPool::take(const LoanRequest& request, Deadline deadline) {
  MutexLock lock(mutex_);
  ++counters_.borrows;
  last_borrow_ = surroundings_.clock.now();
  in_service_ = true;
  Slot* slot = pick_idle(request.database);
  if (slot != nullptr) {
    const bool doubtful = last_borrow_ - slot->heard_at >= options_.validate_after;
    slot->cleaning = doubtful ? Cleaning::kCheck : Cleaning::kNone;
    move(*slot, SlotState::kLeased);
  } else {
    ++counters_.waits;
    const bool alone = !options_.pooling && request.stays;
    slot = alone ? open_own(request, deadline) : wait_for_slot(request, deadline);
    if (slot == nullptr) return nullptr;
  }
  slot->holder = request.holder;
  slot->lent_at = surroundings_.clock.now();
  slot->leak_at = request.leak_warn > Duration::zero()
                      ? Deadline::after(surroundings_.clock, request.leak_warn).time()
                      : fabric::base::SteadyTime::max();
  return slot;
}

/// Under the lock that found none idle: what becomes idle from now on finds the waiter.
Slot* ServerPool::wait_for_slot(const LoanRequest& request, Deadline deadline) {
  const auto since = surroundings_.clock.now();
  Waiter waiter;
  waiter.database = &request.database;
  waiters_.push_back(waiter);
  while (waiter.outcome == Waiter::Outcome::kWaiting) {
    Work work;
    reserve(work);
    if (work.connects > 0) {
      mutex_.unlock();
      dispatch(work);
      mutex_.lock();
      continue;
    }
    const auto now = surroundings_.clock.now();
    if (deadline.passed(now)) {
      waiters_.remove(waiter);
      throw timeout_error(now - since);
    }
    const bool asks_again = no_room_ && room_asked_again_at_ > now;
    if (asks_again && request.may_go_elsewhere) {
      waiters_.remove(waiter);
      counters_.waited.note(now - since);
      throw MysqlError(own_copy(*no_room_));
    }
    waiter.wake.wait_until(
        mutex_, asks_again ? std::min(deadline.time(), room_asked_again_at_) : deadline.time());
  }
  counters_.waited.note(surroundings_.clock.now() - since);
  if (waiter.outcome == Waiter::Outcome::kFailed) throw MysqlError(*waiter.error);
  return waiter.outcome == Waiter::Outcome::kServed ? waiter.slot : nullptr;
}

/// On the caller's thread: nothing that comes meanwhile could serve it better, and to be woken by a
/// connector takes its time.
Slot* ServerPool::open_own(const LoanRequest& request, Deadline deadline) {
  const auto since = surroundings_.clock.now();
  const auto until =
      earliest(deadline, Deadline::after(surroundings_.clock, options_.connect_timeout));
  Slot& slot = add_slot();
  slot.claimed = true;
  slot.for_its_opener = true;
  std::unique_ptr<ServerConnection> connection;
  std::optional<MysqlError> error;
  bool late = false;  // for this caller: that says nothing about the server
  mutex_.unlock();
  try {
    connection = open(request.database, until);
  } catch (const std::exception&) {
    error = connect_error();
    late = error->ended() == Ended::kDeadline && deadline.passed(surroundings_.clock.now());
    if (!late) judge(*error);
  }
  mutex_.lock();
  const Duration waited = surroundings_.clock.now() - since;
  if (late) {
    const Error timeout = timeout_error(waited);
    remove(slot);
    throw timeout;
  }
  if (error) {
    give_up(slot, *error);
    if (no_room_) return wait_for_slot(request, deadline);
    counters_.waited.note(waited);
    throw MysqlError(*error);
  }
  counters_.waited.note(waited);
  install(slot, std::move(connection));
  slot.claimed = false;
  slot.generation = generation_;  // whatever role a farm took from the server
  move(slot, SlotState::kLeased);
  return &slot;
}

/// Counts it, too.
Error ServerPool::timeout_error(Duration waited) {
  ++counters_.timeouts;
  counters_.waited.note(waited);
  const std::size_t leased = count(SlotState::kLeased);
  const std::size_t connecting = count(SlotState::kConnecting);
  const std::size_t resetting = count(SlotState::kResetting);
  const std::string name = server().text();
  const std::string after = " within " + in_seconds(waited);
  const bool for_none = leased == 0 || !options_.pooling;
  if (for_none && no_room_) {
    return {no_room_->state(),
            name + " had no room for another connection" + after + ": " + no_room_->what() +
                "; raise the server's limit or lower MAX_POOL_SIZE of its clients",
            no_room_->native()};
  }
  if (for_none && connecting > 0) {
    return {SqlState::k08001,
            name + " did not let a connection in" + after +
                (options_.pooling ? "; the attempt goes on, for whoever asks next" : "")};
  }
  std::string text = "No connection to " + name + " became free" + after + ": of " +
                     std::to_string(options_.max_size) + " (MAX_POOL_SIZE) " +
                     std::to_string(leased) + " are in use";
  if (resetting > 0) text += ", " + std::to_string(resetting) + " are being reset";
  if (connecting > 0) text += " and " + std::to_string(connecting) + " are being opened";
  if (no_room_) text += "; the server itself takes no more (" + std::string(no_room_->what()) + ")";
  return {SqlState::kHYT01,
          text + "; raise MAX_POOL_SIZE or POOL_TIMEOUT, or disconnect sooner what is not used"};
}

/// False when the connection is dead and another may be tried.
bool ServerPool::make_ready(Slot& slot, Deadline deadline) {
  ServerConnection& connection = *slot.connection;
  const bool fresh = std::exchange(slot.fresh, false);
  try {
    if (std::exchange(slot.cleaning, Cleaning::kNone) == Cleaning::kCheck) check(slot, deadline);
    if (!connection.broken() && connection.database() != slot.database) {
      if (slot.database.empty()) {  // nothing less than this loses a database
        note_reset(connection.reset({}, true, deadline));
        slot.statements->forget();
      } else {
        connection.use(slot.database, deadline);
      }
    }
  } catch (const MysqlError& error) {
    const auto traits = fabric::mysql::traits_of(error.number(), error.what(), {});
    if (!traits.connection_lost && !connection.broken()) throw;
    connection.mark_broken();
    // After a silence, the next connection would only be met with another.
    if (fresh || error.ended() != Ended::kNo) throw;
  }
  return !connection.broken();
}

void ServerPool::check(const Slot& slot, Deadline deadline) {
  if (!slot.connection->looks_alive()) return slot.connection->mark_broken();
  slot.connection->ping(deadline);
  MutexLock lock(mutex_);
  ++(slot.cleaning == Cleaning::kKeepAlive ? counters_.keepalives : counters_.pings);
}

void ServerPool::note_pin(const std::string& reason) {
  MutexLock lock(mutex_);
  ++counters_.pins[reason];
}

void ServerPool::note_retry() {
  MutexLock lock(mutex_);
  ++counters_.retries;
}

void ServerPool::note_reset(bool whole) {
  MutexLock lock(mutex_);
  const ResetKind kind = whole ? ResetKind::kChangeUser : ResetKind::kReset;
  ++counters_.resets[static_cast<std::size_t>(kind)];
}

void ServerPool::give_back(Slot& slot) noexcept {
  const ServerConnection& connection = *slot.connection;
  const SessionFacts facts{
      .in_transaction = connection.in_transaction(),
      .autocommit = connection.autocommit(),
      .database_to_lose = slot.database.empty() && !connection.database().empty()};
  const Cleaning cleaning = cleaning_after(slot.residue, slot.reset, facts);
  Work work;
  Leak leak;
  bool closes_here = false;
  {
    MutexLock lock(mutex_);
    slot.cleaning = cleaning;
    slot.spotless = false;
    leak.holder = std::move(slot.holder);
    slot.leak_at = fabric::base::SteadyTime::max();
    if (std::exchange(slot.leaking, false)) leak.held = surroundings_.clock.now() - slot.lent_at;
    if (!options_.pooling) {
      close(slot, work, CloseReason::kUnpooled);
      // Nobody waits for its place, and to say farewell takes no time but behind TLS.
      closes_here = !connection.encrypted();
      if (closes_here) {
        slot.claimed = true;
        work = {};
      }
    } else if (!reusable(slot) || cleaning == Cleaning::kClose) {
      close(slot, work, CloseReason::kUncleanable);
    } else if (connection.buffer_bytes() > kLargestBuffer) {
      close(slot, work, CloseReason::kLongRow);
    } else if (cleaning != Cleaning::kNone) {
      move(slot, SlotState::kResetting);
      ++work.cleanings;
    } else {
      settle(slot, work);
    }
  }
  if (closes_here) finish_close(slot, Farewell::kSaid);
  dispatch(work);
  if (leak.held == Duration::zero()) return;
  log(fabric::base::LogLevel::kInfo, [&] {
    return "a loan of which was warned came back after " + in_seconds(leak.held) + " from " +
           holder_name(leak.holder);
  });
}

}  // namespace pool
