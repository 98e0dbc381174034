// What a Prepared holds. Internal to this folder.
#pragma once

#include <memory>
#include <vector>

#include "fabric/mysql/prepared.h"
#include "fabric/mysql/session.h"
#include "fabric/mysql/statement_parameters.h"
#include "fabric/mysql/wire_reply.h"

namespace fabric::mysql {

struct Prepared::State {
  std::shared_ptr<Session> session;
  MYSQL_STMT* statement;
  std::vector<Column> columns;
  SharedHead latest;  ///< of its executions
  StatementParameters parameters;
};

}  // namespace fabric::mysql
