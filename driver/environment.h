// The environment handle: the ODBC version an application asked for, and the way to the runtime.
#pragma once

#include <atomic>

#include "driver/handle.h"

namespace driver {

class Environment final : public Handle {
 public:
  static constexpr HandleKind kKind = HandleKind::kEnvironment;

  Environment() : Handle(kKind, own_mutex_) {}

  /// SQL_OV_ODBC2, SQL_OV_ODBC3 or SQL_OV_ODBC3_80; 0 while the application has not said.
  SQLINTEGER odbc_version = 0;
  SQLUINTEGER connection_pooling = SQL_CP_OFF;
  SQLUINTEGER pooling_match = SQL_CP_STRICT_MATCH;
  std::atomic<int> connections{0};

 private:
  Mutex own_mutex_;
};

}  // namespace driver
