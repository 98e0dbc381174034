// The physical connections to one server for one set of credentials: slots, waiters and a
// generation. Connecting, cleaning and closing happen on connectors, a borrower does no more than
// put its own connection right; but without pooling it may open and close its own. Owner: Pools,
// and every lease. Thread-safe; no I/O under the lock.
#pragma once

#include <array>
#include <atomic>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fabric/base/deadline.h"
#include "fabric/base/endpoint.h"
#include "fabric/base/mutex.h"
#include "fabric/mysql/server_connection.h"
#include "pool/lease.h"
#include "pool/options.h"
#include "pool/prober.h"
#include "pool/slot.h"
#include "pool/stats.h"
#include "pool/surroundings.h"
#include "pool/waiter_queue.h"

namespace pool {

struct LoanRequest {
  std::string database = {};               ///< put right on hand-over; empty: none wanted
  ResetPolicy reset = ResetPolicy::kAuto;  ///< what is to be done at give-back
  fabric::base::Deadline pool_deadline = fabric::base::Deadline::never();
  fabric::base::Deadline deadline = fabric::base::Deadline::never();
  std::shared_ptr<const std::string> holder = {};  ///< for warnings; null: not told
  fabric::base::Duration leak_warn{};              ///< warn of a longer loan; zero: never
  bool* met_dead = nullptr;  ///< set when a pooled connection was found dead; null: not of interest
  bool may_go_elsewhere = false;  ///< room at the server is not waited for: its 1040 is thrown
  bool stays = false;  ///< no better server can be named meanwhile: a recall would be for nothing
};

/// "12.5 s"
std::string in_seconds(fabric::base::Duration duration);
std::string holder_name(const std::shared_ptr<const std::string>& holder);

/// For another thread. A plain copy shares its text, whose counting inside libstdc++ TSan does not
/// see and reports.
fabric::mysql::MysqlError own_copy(const fabric::mysql::MysqlError& error);

class ServerPool : public std::enable_shared_from_this<ServerPool> {
 public:
  ServerPool(const fabric::base::Endpoint& server, const fabric::mysql::Credentials& credentials,
             const PoolOptions& options, const Surroundings& surroundings);
  ~ServerPool();  ///< closes the connections; nobody may wait
  ServerPool(const ServerPool&) = delete;
  ServerPool& operator=(const ServerPool&) = delete;

  /// A connection of the current generation, checked if it was idle for long, with the wanted
  /// database. First come, first served. An empty lease: the waiters were recalled, choose a server
  /// anew. Throws base::Error HYT01 (all in use until a deadline) or 08001 (not reached by then);
  /// MysqlError when the connect made for this caller fails, when the server falls silent, or when
  /// it refuses the database.
  Lease borrow(const LoanRequest& request);

  /// The server lost its role: idle connections close now, leased ones when they return, waiters
  /// are recalled.
  void retire_all();
  /// The server is in doubt: waiters are recalled, idle connections are checked before the next
  /// loan.
  void doubt();

  /// Takes over the larger limits of another DSN, and the shorter times but for the connect
  /// timeout. True when the limits differed.
  bool widen(const PoolOptions& options);

  /// Closes idle connections that are too old or idle for too long, and opens up to the minimum.
  void sweep(fabric::base::SteadyTime now);
  /// Opens a connection ahead of need, to see whether a suspect server answers again. Not when the
  /// pool has not been used for a while.
  void verify(fabric::base::SteadyTime now);
  /// The connectors have stopped: fails those who wait for them and closes what they were to clean.
  void end_service() noexcept;
  /// Nothing is open, and nobody waits.
  [[nodiscard]] bool empty() const;

  void note_pin(const std::string& reason);
  void note_retry();
  /// A statement was to be prepared: `known` if one was kept.
  void note_prepared(bool known) { ++(known ? prepared_hits_ : prepared_misses_); }
  /// The server has no room for another prepared statement: idle connections give theirs up.
  void make_room_for_statements();
  /// A loan was cleaned on its holder's own time; `whole`: by COM_CHANGE_USER.
  void note_reset(bool whole);

  [[nodiscard]] bool current(const Slot& slot) const { return slot.generation == generation_; }
  [[nodiscard]] const fabric::base::Endpoint& server() const { return connect_.server; }
  [[nodiscard]] PoolStats stats() const;
  /// Leases that are out, and borrowers who wait for one.
  [[nodiscard]] std::size_t outstanding() const;
  [[nodiscard]] std::size_t max_size() const;

  // Around fork(): the lock is held across it, so that the child finds whole lists.
  void lock_for_fork() NO_THREAD_SAFETY_ANALYSIS;
  void unlock_after_fork() NO_THREAD_SAFETY_ANALYSIS;
  /// In the child: closes the inherited descriptors, those of leases too.
  void abandon_after_fork() noexcept NO_THREAD_SAFETY_ANALYSIS;

 private:
  friend struct Lease::GiveBack;
  using Slots = std::list<Slot>;

  /// Work for connectors, noted under the lock and sent off it.
  struct Work {
    std::size_t connects = 0;
    std::size_t cleanings = 0;
  };

  /// How much of a close is waited for.
  enum class Farewell : std::uint8_t { kSaid, kSeen };

  // server_pool.cpp: borrowing and giving back
  Slot* take(const LoanRequest& request, fabric::base::Deadline deadline);
  Slot* wait_for_slot(const LoanRequest& request, fabric::base::Deadline deadline) REQUIRES(mutex_);
  Slot* open_own(const LoanRequest& request, fabric::base::Deadline deadline) REQUIRES(mutex_);
  bool make_ready(Slot& slot, fabric::base::Deadline deadline);
  void check(const Slot& slot, fabric::base::Deadline deadline);
  void give_back(Slot& slot) noexcept;
  fabric::base::Error timeout_error(fabric::base::Duration waited) REQUIRES(mutex_);

  // slot_moves.cpp: the only place where slots change state
  void move(Slot& slot, SlotState to) REQUIRES(mutex_);
  void settle(Slot& slot, Work& work) REQUIRES(mutex_);
  void close(Slot& slot, Work& work, CloseReason reason) REQUIRES(mutex_);
  void put_idle_again(Slot& slot) REQUIRES(mutex_);
  void reserve(Work& work) REQUIRES(mutex_);
  Slot& add_slot() REQUIRES(mutex_);
  Slot* pick_idle(const std::string& database) REQUIRES(mutex_);
  bool reusable(const Slot& slot) const REQUIRES(mutex_);
  void recall_waiters() REQUIRES(mutex_);
  Slot* claim(SlotState state) REQUIRES(mutex_);
  void remove(Slot& slot) REQUIRES(mutex_);
  bool tell_oldest(const fabric::mysql::MysqlError& error) REQUIRES(mutex_);
  Slots& list_of(SlotState state) REQUIRES(mutex_) { return slots_[pool::index_of(state)]; }
  std::size_t count(SlotState state) const REQUIRES(mutex_) {
    return slots_[pool::index_of(state)].size();
  }
  std::size_t open_places() const REQUIRES(mutex_);

  // upkeep.cpp
  struct Leak {
    std::shared_ptr<const std::string> holder;
    fabric::base::Duration held{};
    std::uint32_t server_thread = 0;
  };
  void close_aged(fabric::base::SteadyTime now, Work& work) REQUIRES(mutex_);
  void keep_alive(fabric::base::SteadyTime now, Work& work) REQUIRES(mutex_);
  void open_minimum(fabric::base::SteadyTime now, Work& work) REQUIRES(mutex_);
  std::vector<Leak> find_leaks(fabric::base::SteadyTime now) REQUIRES(mutex_);

  // connector_jobs.cpp: what runs on connectors
  void dispatch(Work work) noexcept;
  bool submit(Lane lane, void (ServerPool::*job)() noexcept) noexcept;
  void connect_one() noexcept;
  std::unique_ptr<fabric::mysql::ServerConnection> open(std::string database,
                                                        fabric::base::Deadline deadline);
  static fabric::mysql::MysqlError connect_error();
  std::unique_ptr<fabric::mysql::ServerConnection> open_in(std::string database,
                                                           fabric::base::Deadline deadline);
  bool refuse_one() noexcept;
  void publish(Slot& slot, std::unique_ptr<fabric::mysql::ServerConnection> connection);
  void install(Slot& slot, std::unique_ptr<fabric::mysql::ServerConnection> connection)
      REQUIRES(mutex_);
  void judge(const fabric::mysql::MysqlError& error) noexcept;
  fabric::base::SteadyTime give_up(Slot& slot, const fabric::mysql::MysqlError& error)
      REQUIRES(mutex_);
  void abandon(Slot& slot, const fabric::mysql::MysqlError& error) noexcept;
  void clean_one() noexcept;
  bool drop_one() noexcept;
  void clean(Slot& slot) noexcept;
  std::optional<ResetKind> clean(fabric::mysql::ServerConnection& connection, const Slot& slot,
                                 fabric::base::Deadline deadline);
  void finish_close(Slot& slot, Farewell farewell) noexcept;
  void learn_wait_timeout(fabric::mysql::ServerConnection& connection,
                          fabric::base::Deadline deadline);

  template <class Text>
  void log(fabric::base::LogLevel level, Text&& text) const noexcept {
    surroundings_.log.note(level, [&] {
      return "pool " + server().text() + " user " + connect_.credentials.user + ": " + text();
    });
  }

  const Surroundings surroundings_;
  const std::shared_ptr<Prober> prober_;
  const fabric::mysql::ConnectOptions connect_;

  mutable fabric::base::Mutex mutex_;
  PoolOptions options_ GUARDED_BY(mutex_);
  std::array<Slots, kSlotStates> slots_ GUARDED_BY(mutex_);
  WaiterQueue waiters_ GUARDED_BY(mutex_);
  std::atomic<std::uint64_t> generation_ = 1;  // changes under the lock only
  PoolStats counters_ GUARDED_BY(mutex_);
  std::atomic<std::uint64_t> prepared_hits_ = 0, prepared_misses_ = 0;
  fabric::base::SteadyTime last_borrow_ GUARDED_BY(mutex_);
  bool in_service_ GUARDED_BY(mutex_) = false;  ///< borrowed from since it was last retired
  unsigned failures_in_row_ GUARDED_BY(mutex_) = 0;
  std::optional<fabric::mysql::MysqlError> no_room_ GUARDED_BY(mutex_);  ///< the last answer: 1040
  fabric::base::SteadyTime room_asked_again_at_ GUARDED_BY(mutex_){};
  /// No connects ahead of need before then: the last one that nobody waited for failed.
  fabric::base::SteadyTime ahead_again_at_ GUARDED_BY(mutex_){};
  /// The server closes what idles longer; unknown until the first connection asked.
  std::optional<fabric::base::Duration> wait_timeout_ GUARDED_BY(mutex_);
};

}  // namespace pool
