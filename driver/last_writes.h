// What a session was told that it has written, by group: its first statement on another server of
// the group waits until that one has applied it. Guarded by the connection's mutex.
#pragma once

#include <map>
#include <set>
#include <string>

#include "fabric/base/deadline.h"
#include "fabric/mysql/server_connection.h"
#include "fabric/types.h"

namespace driver {

class LastWrites {
 public:
  /// A statement of the session may have written there.
  void note(const fabric::Server& server, const fabric::mysql::ServerConnection& connection);
  void forget() { groups_.clear(); }

  /// The session has moved to that server. One round trip on MariaDB, and none when it was there
  /// since its last write. True if anything had to be sent. Throws 08001 when the server had not
  /// applied it by the deadline, MysqlError with a connection of no more use.
  bool catch_up(const fabric::Server& server, fabric::mysql::ServerConnection& connection,
                fabric::base::Deadline deadline);

 private:
  struct Position {
    std::string gtid;           ///< empty: the server does not tell
    std::set<std::string> has;  ///< uuids of servers that are known to have it
  };
  std::map<std::string, Position> groups_;
};

}  // namespace driver
