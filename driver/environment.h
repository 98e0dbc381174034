// The environment handle: the ODBC version an application asked for, and the way to the runtime.
#pragma once

#include <list>

#include "driver/handle.h"

namespace driver {

class Connection;

class Environment final : public Handle {
 public:
  static constexpr HandleKind kKind = HandleKind::kEnvironment;

  Environment() : Handle(kKind, own_mutex_) {}

  /// SQL_OV_ODBC2, SQL_OV_ODBC3 or SQL_OV_ODBC3_80; 0 while the application has not said.
  SQLINTEGER odbc_version = 0;
  /// SQLSetEnvAttr and SQLGetEnvAttr; throw base::Error (HY010, HY024, HY092, HYC00).
  void set_attribute(SQLINTEGER id, SQLPOINTER value);
  [[nodiscard]] SQLUINTEGER attribute(SQLINTEGER id) const;

  SQLUINTEGER connection_pooling = SQL_CP_OFF;
  SQLUINTEGER pooling_match = SQL_CP_STRICT_MATCH;

  // Connections come and go by their own handles' calls: these take a lock of their own.
  void add(Connection& connection) {
    const MutexLock lock(connections_mutex_);
    connections_.push_back(&connection);
  }
  void remove(Connection& connection) {
    const MutexLock lock(connections_mutex_);
    connections_.remove(&connection);
  }
  /// As of now; freeing one meanwhile is the application's to avoid.
  [[nodiscard]] std::list<Connection*> connections() {
    const MutexLock lock(connections_mutex_);
    return connections_;
  }

 private:
  Mutex own_mutex_;
  Mutex connections_mutex_;
  std::list<Connection*> connections_ GUARDED_BY(connections_mutex_);
};

}  // namespace driver
