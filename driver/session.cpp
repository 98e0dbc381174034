#include "driver/session.h"

#include "fabric/mysql/mysql_error.h"

namespace driver {

using fabric::mysql::MysqlError;

std::string_view name_of(Isolation isolation) {
  switch (isolation) {
    case Isolation::kReadUncommitted:
      return "READ UNCOMMITTED";
    case Isolation::kReadCommitted:
      return "READ COMMITTED";
    case Isolation::kRepeatableRead:
      return "REPEATABLE READ";
    case Isolation::kSerializable:
      break;
  }
  return "SERIALIZABLE";
}

void Session::executed(const StatementFacts& facts,
                       const fabric::mysql::ServerConnection& connection) {
  pins_.remove(facts.ends);
  pins_.add(facts.leaves);
  if (!facts.settings_only) {
    next_isolation_.reset();
    next_read_only_.reset();
  }
  if (facts.next_isolation) next_isolation_ = facts.next_isolation;
  if (facts.next_read_only) next_read_only_ = facts.next_read_only;
  if (facts.autocommit) autocommit = *facts.autocommit;
  if (facts.isolation) isolation = facts.isolation;
  if (facts.read_only) read_only = facts.read_only;
  if (facts.charset) {
    charset_ = facts.charset;
    collation_ = facts.collation;
  }
  if (facts.database) database = *facts.database;
  if (facts.kind == StatementKind::kMulti) database = connection.database();
  if (facts.sets_insert_id) {
    has_insert_id_ = true;
    insert_id_lost_ = false;
    kept_insert_id_.reset();
  }
}

bool Session::restore(fabric::mysql::ServerConnection& connection,
                      fabric::base::Deadline deadline) const {
  bool sent = false;
  const auto run = [&](const std::string& sql) {
    connection.run(sql, deadline);
    sent = true;
  };
  if (pad_space) run("SET SESSION sql_mode = CONCAT(@@sql_mode, ',PAD_CHAR_TO_FULL_LENGTH')");
  if (auto_is_null) run("SET SESSION sql_auto_is_null = 1");
  if (!init_statement.empty()) {
    run_init_statement(connection, deadline);
    sent = true;
  }
  if (charset_) {
    run("SET NAMES " + *charset_ + (collation_ ? " COLLATE " + *collation_ : std::string()));
  }
  if (isolation) {
    run("SET SESSION TRANSACTION ISOLATION LEVEL " + std::string(name_of(*isolation)));
  }
  if (read_only) {
    run(*read_only ? "SET SESSION TRANSACTION READ ONLY" : "SET SESSION TRANSACTION READ WRITE");
  }
  if (connection.autocommit() != autocommit) {
    run(autocommit ? "SET autocommit=1" : "SET autocommit=0");
  }
  if (next_isolation_) {
    run("SET TRANSACTION ISOLATION LEVEL " + std::string(name_of(*next_isolation_)));
  }
  if (next_read_only_) {
    run(*next_read_only_ ? "SET TRANSACTION READ ONLY" : "SET TRANSACTION READ WRITE");
  }
  return sent;
}

void Session::keep_insert_id(fabric::mysql::ServerConnection& connection,
                             fabric::base::Deadline deadline) {
  const auto reply = connection.query("SELECT LAST_INSERT_ID()", deadline);
  while (const fabric::mysql::Row* row = reply->fetch(deadline)) {
    kept_insert_id_.emplace(reinterpret_cast<const char*>(row->front().data), row->front().size);
  }
  has_insert_id_ = false;
}

bool Session::put_insert_id_back(const StatementFacts& facts,
                                 fabric::mysql::ServerConnection& connection,
                                 fabric::base::Deadline deadline) {
  if (!kept_insert_id_ || !(facts.reads_insert_id || facts.sets_insert_id)) return false;
  connection.run("SET LAST_INSERT_ID = " + *kept_insert_id_, deadline);
  kept_insert_id_.reset();
  has_insert_id_ = true;
  return true;
}

void Session::run_init_statement(fabric::mysql::ServerConnection& connection,
                                 fabric::base::Deadline deadline) const {
  try {
    connection.run(init_statement, deadline);
  } catch (const MysqlError& error) {
    throw MysqlError(error.number(), std::string(fabric::base::code_of(error.state())),
                     std::string("INITSTMT failed: ") + error.what(), error.loss(), error.ended());
  }
}

void Session::forget_lost() {
  pins_ = {};
  insert_id_lost_ = insert_id_lost_ || has_insert_id_;
  has_insert_id_ = false;
}

void Session::disconnected() {
  pins_ = {};
  read_only.reset();
  next_isolation_.reset();
  next_read_only_.reset();
  charset_.reset();
  collation_.reset();
  has_insert_id_ = false;
  insert_id_lost_ = false;
  kept_insert_id_.reset();
}

}  // namespace driver
