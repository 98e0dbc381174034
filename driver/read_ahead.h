// Reads on for applications that have not fetched for a while: a server waits no longer than its
// net_write_timeout for somebody who does not read, and then cuts the link. One thread for the
// process looks at the connections with open results; a connection that is in a call is left alone.
// Owner: Runtime. Thread-safe; add() and remove() are called under the connection's mutex.
#pragma once

#include <set>

#include "fabric/base/mutex.h"
#include "fabric/base/ticker.h"

namespace driver {

class Connection;

class ReadAhead {
 public:
  ReadAhead() = default;
  ~ReadAhead() { end(); }
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  /// From now on `connection` is looked at, until remove().
  void add(Connection& connection);
  void remove(Connection& connection);
  /// Joins the thread.
  void end() { ticker_.end(); }

  /// Around fork(): waits until no connection is being read.
  void lock_for_fork() NO_THREAD_SAFETY_ANALYSIS;
  void unlock_after_fork() NO_THREAD_SAFETY_ANALYSIS;

 private:
  fabric::base::SteadyTime look_at_all();
  void look_at(Connection* connection) NO_THREAD_SAFETY_ANALYSIS;

  fabric::base::Mutex reading_;  ///< held while a connection is read; taken before mutex_
  fabric::base::Mutex mutex_;
  std::set<Connection*> connections_ GUARDED_BY(mutex_);
  fabric::base::Ticker ticker_{"fabric-ahead", [this] { return look_at_all(); }};
};

}  // namespace driver
