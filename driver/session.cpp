#include "driver/session.h"

#include <algorithm>
#include <array>

#include "fabric/mysql/mysql_error.h"

namespace driver {

using fabric::mysql::MysqlError;

namespace {

bool is_of_charset(std::string_view variable) {
  constexpr std::array<std::string_view, 4> kNames{"CHARACTER_SET_CLIENT",
                                                   "CHARACTER_SET_CONNECTION",
                                                   "CHARACTER_SET_RESULTS", "COLLATION_CONNECTION"};
  return std::ranges::any_of(kNames, [variable](std::string_view name) {
    return sql::equals_ignoring_case(variable, name);
  });
}

/// What surely calls no stored function and no trigger: nobody can read LAST_INSERT_ID() there.
bool runs_no_code(const sql::StatementFacts& facts) {
  switch (facts.kind) {
    case sql::StatementKind::kEmpty:
    case sql::StatementKind::kBegin:
    case sql::StatementKind::kCommit:
    case sql::StatementKind::kRollback:
    case sql::StatementKind::kSavepoint:
    case sql::StatementKind::kXa:
    case sql::StatementKind::kUse:
    case sql::StatementKind::kShow:
    case sql::StatementKind::kPrepare:
    case sql::StatementKind::kLock:
    case sql::StatementKind::kAdmin:
      return true;
    default:
      return facts.pure_read || facts.server_read || facts.session_read || facts.settings_only;
  }
}

/// Whose OK packet tells whether it made an id; if not, LAST_INSERT_ID() stays as it was.
bool tells_insert_id(const sql::StatementFacts& facts) {
  return !facts.reads_insert_id &&
         (facts.kind == sql::StatementKind::kInsert || facts.kind == sql::StatementKind::kReplace);
}

std::string ask_insert_id(fabric::mysql::ServerConnection& connection,
                          fabric::base::Deadline deadline) {
  std::string id;
  const auto reply = connection.query("SELECT LAST_INSERT_ID()", deadline);
  while (const fabric::mysql::Row* row = reply->fetch(deadline)) {
    id.assign(reinterpret_cast<const char*>(row->front().data), row->front().size);
  }
  return id;
}

}  // namespace

std::string_view name_of(sql::Isolation isolation) {
  switch (isolation) {
    case sql::Isolation::kReadUncommitted:
      return "READ UNCOMMITTED";
    case sql::Isolation::kReadCommitted:
      return "READ COMMITTED";
    case sql::Isolation::kRepeatableRead:
      return "REPEATABLE READ";
    case sql::Isolation::kSerializable:
      break;
  }
  return "SERIALIZABLE";
}

void Session::executed(const sql::StatementFacts& facts,
                       const fabric::mysql::ServerConnection& connection,
                       const fabric::mysql::Reply* reply) {
  pins_.remove(facts.ends);
  pins_.add(facts.leaves);
  note_temporary_tables(facts);
  note_locks(facts);
  if (facts.leaves.has(sql::SessionEffect::kSequence)) sequences_lost_ = false;
  if (!facts.settings_only) {
    next_isolation_.reset();
    next_read_only_.reset();
  }
  note_settings(facts);
  note_database(connection);
  if (!facts.sets_insert_id) return;
  const bool told = tells_insert_id(facts) && reply != nullptr && reply->columns().empty();
  if (told && reply->counts().insert_id == 0) return;
  has_insert_id_ = true;
  insert_id_put_back_ = false;
  insert_id_lost_ = false;
  // An id that was given, and not made, is told as well: the kept one may still be the answer.
  if (!told) kept_insert_id_.reset();
}

void Session::failed(const sql::StatementFacts& facts) {
  const bool in_parts =
      facts.kind == sql::StatementKind::kMulti || facts.leaves.has(sql::SessionEffect::kStoredCode);
  if (!in_parts) return;
  pins_.add(facts.leaves);
  unknown_temporary_ |= facts.leaves.has(sql::SessionEffect::kTemporaryTable);
  unknown_locks_ |= facts.leaves.has(sql::SessionEffect::kAdvisoryLock);
  pins_.remove(sql::SessionEffect::kUnknown);  // more often a slip of the pen
}

bool Session::may_move() const {
  sql::SessionEffects held = pins_;
  held.remove(sql::SessionEffect::kSequence);
  return held.none();
}

/// A lock that was asked for twice has to be released twice. Whether GET_LOCK has got it is not
/// known: then the session stays pinned, no more.
void Session::note_locks(const sql::StatementFacts& facts) {
  if (facts.releases_lock) {
    const auto held = std::ranges::find_if(locks_, [&facts](const std::string& name) {
      return sql::equals_ignoring_case(name, facts.lock_name);
    });
    if (held != locks_.end()) locks_.erase(held);
  } else if (!facts.lock_name.empty()) {
    locks_.push_back(facts.lock_name);
  } else if (facts.leaves.has(sql::SessionEffect::kAdvisoryLock)) {
    unknown_locks_ = true;
  }
  if (!pins_.has(sql::SessionEffect::kAdvisoryLock)) {
    locks_.clear();
    unknown_locks_ = false;
  } else if (locks_.empty() && !unknown_locks_) {
    pins_.remove(sql::SessionEffect::kAdvisoryLock);
  }
}

/// Names of another case may be the same table: then the session stays pinned, no more.
void Session::note_temporary_tables(const sql::StatementFacts& facts) {
  if (!pins_.has(sql::SessionEffect::kTemporaryTable)) return;
  const bool makes = facts.leaves.has(sql::SessionEffect::kTemporaryTable);
  unknown_temporary_ |= (makes && facts.named_tables.empty()) || facts.renames_tables;
  for (sql::NamedTable table : facts.named_tables) {
    if (table.schema.empty()) table.schema = database;
    std::erase(temporary_tables_, table);
    if (makes) temporary_tables_.push_back(std::move(table));
  }
  if (temporary_tables_.empty() && !unknown_temporary_) {
    pins_.remove(sql::SessionEffect::kTemporaryTable);
  }
}

void Session::note_settings(const sql::StatementFacts& facts) {
  if (facts.next_isolation) next_isolation_ = facts.next_isolation;
  if (facts.next_read_only) next_read_only_ = facts.next_read_only;
  if (facts.autocommit) autocommit = *facts.autocommit;
  if (facts.isolation) isolation = facts.isolation;
  if (facts.read_only) read_only = facts.read_only;
  const bool dropped =
      std::ranges::find(facts.dropped_databases, database) != facts.dropped_databases.end();
  if (facts.database || dropped) {
    std::string now = facts.database.value_or("");
    // The database that the collation was taken from is not asked again.
    if (collation_of_database_ && now != database) pins_.add(sql::SessionEffect::kSessionVariables);
    database = std::move(now);
  }
  if (facts.charset) {
    charset_ = facts.charset;
    collation_ = facts.collation;
    collation_of_database_ = facts.collation_of_database;
    std::erase_if(variables_,
                  [](const sql::SessionSetting& set) { return is_of_charset(set.name); });
  }
  for (const sql::SessionSetting& set : facts.variables) {
    std::erase_if(variables_, [&set](const sql::SessionSetting& older) {
      return sql::equals_ignoring_case(older.name, set.name);
    });
    variables_.push_back(set);
  }
}

/// Servers tell of a USE wherever it was (but MySQL 5.6): in EXECUTE IMMEDIATE, say.
void Session::note_database(const fabric::mysql::ServerConnection& connection) {
  if (connection.database() == told_database_) return;
  database = told_database_ = connection.database();
}

/// A USE of INITSTMT is the session's first, and undoes no later one.
void Session::settle_database(fabric::mysql::ServerConnection& connection,
                              fabric::base::Deadline deadline) {
  const std::optional<std::string> said = sql::facts_of(init_statement).database;
  const bool told = connection.database() != database;
  if (!told && !said) return;
  if (!begun_) {
    database = told ? connection.database() : *said;
  } else if (!database.empty()) {
    connection.use(database, deadline);
  }
}

bool Session::may_have_charsets() const {
  const bool told = charset_ || std::ranges::any_of(variables_, [](const sql::SessionSetting& set) {
                      return is_of_charset(set.name);
                    });
  return told || !init_statement.empty() || pins_.has(sql::SessionEffect::kSessionVariables) ||
         pins_.has(sql::SessionEffect::kStoredCode) || pins_.has(sql::SessionEffect::kUnknown);
}

bool Session::restore(fabric::mysql::ServerConnection& connection,
                      fabric::base::Deadline deadline) {
  bool sent = false;
  const auto run = [&](const std::string& sql) {
    connection.run(sql, deadline);
    sent = true;
  };
  if (pad_space) run("SET SESSION sql_mode = CONCAT(@@sql_mode, ',PAD_CHAR_TO_FULL_LENGTH')");
  if (auto_is_null) run("SET SESSION sql_auto_is_null = 1");
  if (!init_statement.empty()) {
    run_init_statement(connection, deadline);
    settle_database(connection, deadline);
    sent = true;
  }
  const std::string settings = settings_text(connection.autocommit() != autocommit);
  if (!settings.empty()) run(settings);
  if (isolation) {  // its variable's name depends on the server
    run("SET SESSION TRANSACTION ISOLATION LEVEL " + std::string(name_of(*isolation)));
  }
  if (read_only) {
    run(*read_only ? "SET SESSION TRANSACTION READ ONLY" : "SET SESSION TRANSACTION READ WRITE");
  }
  if (next_isolation_) {
    run("SET TRANSACTION ISOLATION LEVEL " + std::string(name_of(*next_isolation_)));
  }
  if (next_read_only_) {
    run(*next_read_only_ ? "SET TRANSACTION READ ONLY" : "SET TRANSACTION READ WRITE");
  }
  told_database_ = connection.database();
  begun_ = true;
  return sent;
}

/// One SET for all that are variables everywhere.
std::string Session::settings_text(bool autocommit_differs) const {
  std::string text;
  const auto add = [&text](const std::string& assignment) {
    text += (text.empty() ? "SET " : ", ") + assignment;
  };
  if (charset_) {
    add((collation_of_database_ ? "CHARACTER SET " : "NAMES ") + *charset_ +
        (collation_ ? " COLLATE " + *collation_ : std::string()));
  }
  for (const sql::SessionSetting& set : variables_) add("SESSION " + set.name + " = " + set.value);
  if (autocommit_differs) add(autocommit ? "SESSION autocommit = 1" : "SESSION autocommit = 0");
  return text;
}

void Session::keep_insert_id(fabric::mysql::ServerConnection& connection,
                             fabric::base::Deadline deadline) {
  if (!insert_id_put_back_) {
    const std::string id = ask_insert_id(connection, deadline);
    if (id != "0") kept_insert_id_ = id;
  }
  has_insert_id_ = insert_id_put_back_ = false;
}

bool Session::misses_insert_id(const sql::StatementFacts& facts) const {
  return kept_insert_id_ && !insert_id_put_back_ && (facts.reads_insert_id || !runs_no_code(facts));
}

bool Session::put_insert_id_back(fabric::mysql::ServerConnection& connection,
                                 fabric::base::Deadline deadline) {
  if (has_insert_id_ && ask_insert_id(connection, deadline) != "0") {
    kept_insert_id_.reset();
    return false;
  }
  connection.run("SET LAST_INSERT_ID = " + *kept_insert_id_, deadline);
  has_insert_id_ = insert_id_put_back_ = true;
  return true;
}

void Session::run_init_statement(fabric::mysql::ServerConnection& connection,
                                 fabric::base::Deadline deadline) const {
  try {
    connection.run(init_statement, deadline);
  } catch (const MysqlError& error) {
    throw MysqlError(error.number(), fabric::base::code_of(error.state()),
                     std::string(kInitStatementFailed) + ": " + error.what(), error.loss(),
                     error.ended());
  }
}

void Session::forget_pins() {
  pins_ = {};
  temporary_tables_.clear();
  unknown_temporary_ = false;
  locks_.clear();
  unknown_locks_ = false;
}

void Session::forget_lost() {
  sequences_lost_ = sequences_lost_ || pins_.has(sql::SessionEffect::kSequence);
  forget_pins();
  if (has_insert_id_ && !insert_id_put_back_) {
    insert_id_lost_ = true;
    kept_insert_id_.reset();
  }
  has_insert_id_ = insert_id_put_back_ = false;
}

void Session::disconnected() {
  forget_pins();
  begun_ = false;
  read_only.reset();
  next_isolation_.reset();
  next_read_only_.reset();
  charset_.reset();
  collation_.reset();
  collation_of_database_ = false;
  variables_.clear();
  has_insert_id_ = insert_id_put_back_ = false;
  insert_id_lost_ = false;
  sequences_lost_ = false;
  kept_insert_id_.reset();
}

}  // namespace driver
