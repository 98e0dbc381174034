// What a Prepared holds. Internal to this folder.
#pragma once

#include <memory>
#include <string_view>

#include "fabric/mysql/prepared.h"
#include "fabric/mysql/session.h"
#include "fabric/mysql/wire_reply.h"

namespace fabric::mysql {

struct Prepared::State {
  std::shared_ptr<Session> session;
  MYSQL_STMT* statement;  ///< the library prepares and closes it, and does nothing else with it
  SharedHead prepared;    ///< null: it yields no rows
  SharedHead latest;      ///< what the server has told of its columns last

  std::unique_ptr<Reply> run(enum_server_command command, std::string_view bytes,
                             base::Deadline deadline);
};

/// The error of the library's last call on a prepared statement.
MysqlError statement_error(Session& session, MYSQL_STMT* statement);

}  // namespace fabric::mysql
