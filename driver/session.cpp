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
  next_transaction_set_ = facts.next_isolation || facts.next_read_only;
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
  }
}

std::string Session::pin_names() const {
  std::string names = describe(pins_);
  if (next_transaction_set_) names += names.empty() ? "SET TRANSACTION" : ", SET TRANSACTION";
  return names;
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
  return sent;
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
  next_transaction_set_ = false;
  insert_id_lost_ = insert_id_lost_ || has_insert_id_;
  has_insert_id_ = false;
}

void Session::disconnected() {
  pins_ = {};
  next_transaction_set_ = false;
  charset_.reset();
  collation_.reset();
  has_insert_id_ = false;
  insert_id_lost_ = false;
}

}  // namespace driver
