// Reads on for applications that have not fetched for a while: a server waits no longer than its
// net_write_timeout for somebody who does not read, and then cuts the link. One thread for the
// process looks at the connections with open results; a connection that is in a call is left alone.
// Owner: Runtime. Thread-safe; add() and remove() are called under the connection's mutex.
#pragma once

#include <set>

#include "fabric/base/mutex.h"
#include "fabric/base/worker.h"

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
  void end();

  /// Around fork(): waits until no connection is being read.
  void lock_for_fork() NO_THREAD_SAFETY_ANALYSIS;
  void unlock_after_fork() NO_THREAD_SAFETY_ANALYSIS;

 private:
  void run();
  void look_at(Connection* connection) NO_THREAD_SAFETY_ANALYSIS;

  fabric::base::Mutex reading_;  ///< held while a connection is read; taken before mutex_
  fabric::base::Mutex mutex_;
  fabric::base::CondVar changed_;
  std::set<Connection*> connections_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  fabric::base::Worker worker_ GUARDED_BY(mutex_);
};

}  // namespace driver
