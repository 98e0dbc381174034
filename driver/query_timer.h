// SQL_ATTR_QUERY_TIMEOUT: knows when the statements in flight are due, and has the late ones ended
// at their server by KILL QUERY, so that link, session and transaction stay. One thread for the
// process, started by the first timeout; the KILLs run on connectors. Owner: Runtime. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "driver/cancel.h"
#include "fabric/base/deadline.h"
#include "fabric/base/mutex.h"
#include "fabric/base/ticker.h"
#include "pool/connectors.h"

namespace driver {

class QueryTimer {
 public:
  explicit QueryTimer(pool::Connectors& connectors) : connectors_(connectors) {}
  ~QueryTimer() { end(); }
  QueryTimer(const QueryTimer&) = delete;
  QueryTimer& operator=(const QueryTimer&) = delete;

  /// One wait for a server. Its end waits for the answer of a KILL sent meanwhile, so that the KILL
  /// cannot hit what the connection does next.
  class Alarm {
   public:
    Alarm() = default;  ///< never goes off
    Alarm(Alarm&& other) noexcept = default;
    Alarm& operator=(Alarm&&) = delete;
    ~Alarm() {
      if (point_ != nullptr) disarm();
    }
    /// The statement was late, and its end was asked for.
    [[nodiscard]] bool went_off() const;

   private:
    friend class QueryTimer;
    void disarm();
    QueryTimer* timer_ = nullptr;
    std::shared_ptr<CancelPoint> point_;  ///< null when moved from
    std::uint64_t id_ = 0;
  };

  /// Never for a deadline that never comes.
  [[nodiscard]] Alarm set(const std::shared_ptr<CancelPoint>& point, fabric::base::Deadline due);

  /// Joins the thread. Alarms set later do not go off.
  void end() { ticker_.end(); }

 private:
  struct Entry {
    std::uint64_t id;
    std::shared_ptr<CancelPoint> point;
  };
  using Entries = std::multimap<fabric::base::SteadyTime, Entry>;

  fabric::base::SteadyTime ring_due();
  void cancel(std::uint64_t id);
  void ring(const Entry& entry);

  pool::Connectors& connectors_;
  fabric::base::Mutex mutex_;
  Entries entries_ GUARDED_BY(mutex_);
  std::map<std::uint64_t, Entries::iterator> by_id_ GUARDED_BY(mutex_);
  std::uint64_t next_id_ GUARDED_BY(mutex_) = 1;
  /// Often due earlier than needed, so that most alarms wake nobody.
  fabric::base::Ticker ticker_{"fabric-timer", [this] { return ring_due(); }};
};

}  // namespace driver
